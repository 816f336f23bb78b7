//! The lines of the journal that a person may see.

use std::collections::BTreeSet;

use belisha_policy::Word as _;
use belisha_rules::ids::PersonId;
use belisha_rules::people::Identity;
use jiff::Timestamp;

use crate::db::{Connection, sql};
use crate::entries::EntryKind;
use crate::problem::Fault;

/// How far a person's sight goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sight {
    /// What they did themselves.
    Own,
    /// How the program is run: accounts, sessions, tokens, backups, the journal itself.
    Technical,
    /// Everything but cases.
    All,
}

/// The nouns of entries that whoever runs the program works with.
const TECHNICAL: &[&str] = &[
    "account",
    "backup",
    "journal",
    "recovery-kit",
    "school",
    "session",
    "token",
];

/// A line as the page shows it. It has no number: numbers have gaps, and gaps tell.
pub(super) struct ShownLine {
    pub(super) at: Timestamp,
    /// The person, or the program itself.
    pub(super) by: Option<String>,
    pub(super) kind: EntryKind,
    pub(super) refused: bool,
    pub(super) facts: Vec<(String, String)>,
}

/// Lines older than an instant, newest first: at least this many, where there are so
/// many, and all of the last millisecond, so that paging by time leaves none out.
pub(super) async fn lines(
    connection: &mut Connection,
    sight: Sight,
    viewer: &Identity,
    noun: Option<&str>,
    before: Timestamp,
    count: usize,
) -> Result<Vec<ShownLine>, Fault> {
    let mine: BTreeSet<String> = std::iter::once(&viewer.person)
        .chain(&viewer.aliases)
        .map(|id| format!("person:{id}"))
        .collect();
    let barred = barred(connection, viewer).await?;
    let mut shown: Vec<ShownLine> = Vec::new();
    let mut from = i64::MAX;
    loop {
        let rows = sql(
            "select entry.sequence, entry.at_ms, entry.action, entry.object, entry.actor, entry.line, person.name
             from journal_entry entry
             left join person on person.id = substr(entry.actor, 8)
             where entry.sequence < $1 and entry.at_ms < $2
             order by entry.sequence desc limit 500",
        )
        .bind(from)
        .bind(before)
        .all(connection)
        .await?;
        let Some(last) = rows.last() else {
            return Ok(shown);
        };
        from = last.get("sequence")?;
        for row in &rows {
            let (action, object, actor): (String, String, String) =
                (row.get("action")?, row.get("object")?, row.get("actor")?);
            let kind_noun = action.split('.').next().unwrap_or_default();
            let is_mine = mine.contains(&actor);
            let sees = if is_case(kind_noun, &object) {
                is_mine && !barred.contains(&object)
            } else {
                is_mine
                    || match sight {
                        Sight::Own => false,
                        Sight::Technical => TECHNICAL.contains(&kind_noun),
                        Sight::All => true,
                    }
            };
            if !sees || noun.is_some_and(|noun| noun != kind_noun) {
                continue;
            }
            let at = row.instant("at_ms")?;
            if shown.len() >= count && shown.last().is_some_and(|last| last.at != at) {
                return Ok(shown);
            }
            let Some(kind) = EntryKind::from_key(&action) else {
                continue;
            };
            let entry = belisha_journal::Entry::read(&row.get::<String>("line")?)
                .map_err(|error| Fault::at("reading a line of the journal".into(), error))?;
            shown.push(ShownLine {
                at,
                by: row.get("name")?,
                kind,
                refused: entry.draft.result == belisha_journal::Outcome::Refused,
                facts: entry.draft.facts.into_iter().collect(),
            });
        }
    }
}

/// Whether a line is about a case. A case has its own timeline for those who may open
/// it; here, nobody learns of one that others work on.
fn is_case(noun: &str, object: &str) -> bool {
    let object = object.split(':').next().unwrap_or_default();
    [
        "incident",
        "report",
        "record",
        "file",
        "export",
        "retention",
        "data-request",
    ]
    .iter()
    .any(|word| noun.starts_with(word) || object.starts_with(word))
}

/// The cases of which this person is a part: even their own lines about these are not
/// shown, since they may have become the subject after they wrote them.
async fn barred(connection: &mut Connection, viewer: &Identity) -> Result<BTreeSet<String>, Fault> {
    let mut barred = BTreeSet::new();
    let ids: Vec<PersonId> = std::iter::once(viewer.person)
        .chain(viewer.aliases.iter().copied())
        .collect();
    for id in ids {
        for row in sql("select incident from incident_person
             where person = $1 and part in ('alleged', 'harmed') and removed_at is null")
        .bind(id.to_string())
        .all(connection)
        .await?
        {
            barred.insert(format!("incident:{}", row.get::<String>("incident")?));
        }
    }
    Ok(barred)
}
