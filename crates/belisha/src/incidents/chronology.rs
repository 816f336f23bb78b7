//! The chronology: what people wrote, and what the journal says was done, newest first.
//! An entry that was corrected stays, struck through, with the correction above it.

use std::collections::{BTreeMap, BTreeSet};

use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_ui::{Html, Timeline, TimelineItem};
use jiff::Timestamp;

use super::queries::{Case, object};
use super::{correction, times};
use crate::db::{Connection, sql};
use crate::entries::EntryKind;
use crate::problem::{Fault, Problem};
use crate::records::OpenRecord;
use crate::viewer::Viewer;

/// The whole chronology of a case that the viewer has open.
pub(super) async fn timeline(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    record: &OpenRecord,
) -> Result<Timeline, Problem> {
    let mut items: Vec<(Timestamp, i64, TimelineItem)> = Vec::new();
    let names = Names::of(connection, case).await?;
    written(connection, viewer, case, record, &names, &mut items).await?;
    done(connection, viewer, case, &names, &mut items).await?;
    items.sort_by_key(|(at, sequence, _)| std::cmp::Reverse((*at, *sequence)));
    Ok(Timeline::new(
        items.into_iter().map(|(_, _, item)| item).collect(),
    ))
}

async fn written(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    record: &OpenRecord,
    names: &Names,
    items: &mut Vec<(Timestamp, i64, TimelineItem)>,
) -> Result<(), Problem> {
    let rows = sql(
        "select id, kind, made_at, made_by, happened_on, corrects, sealed
         from incident_entry where incident = $1 order by made_at, id",
    )
    .bind(case.id.to_string())
    .all(connection)
    .await?;
    let mut corrected: BTreeSet<String> = BTreeSet::new();
    for row in &rows {
        corrected.extend(row.get::<Option<String>>("corrects")?);
    }
    let may_correct = case.incident.state().is_open() && case.allows(viewer, Action::AddEntry);
    for row in &rows {
        let id: String = row.get("id")?;
        let words = record.read(&format!("entry-{id}"), 0, &row.get::<Vec<u8>>("sealed")?)?;
        let at = row.instant("made_at")?;
        let on = row.date("happened_on")?;
        let mut parts = Vec::new();
        let is_corrected = corrected.contains(&id);
        let text = Html::paragraphs(&words);
        if is_corrected {
            parts.push(Html::trusted(format!("<del>{text}</del>")));
            parts.push(Html::trusted("<p>Corrected by a later entry.</p>"));
        } else {
            parts.push(text);
        }
        if on != viewer.school.date_of(at) {
            let happened = format!("It happened on {}.", times::day(on));
            parts.push(Html::paragraphs(&happened));
        }
        if may_correct && !is_corrected {
            parts.push(Html::link(
                "Correct this entry",
                &correction::url(case.id, &id),
            ));
        }
        let title = match row.get::<Option<String>>("corrects")? {
            Some(_) => "Correction".to_owned(),
            None => title_of(&row.get::<String>("kind")?),
        };
        items.push((
            at,
            i64::MAX,
            TimelineItem {
                by: Some(names.of_key(&row.get::<String>("made_by")?)),
                description: Some(Html::join(&parts)),
                ..TimelineItem::new(title, times::element(&viewer.school, at))
            },
        ));
    }
    Ok(())
}

pub(super) fn title_of(kind: &str) -> String {
    match kind {
        "triage" => "Triage",
        "closure" => "Why the case was closed",
        "reopening" => "Why the case was opened again",
        "parents" => "Parents",
        "police" => "Decision about the police",
        "people" => "Who is involved",
        "sharing" => "Who may see the case",
        "assignment" => "Given into somebody’s hands",
        "sanction" => "Sanction",
        "support" => "Support",
        "lesson" => "What was learnt",
        "investigation" => "What the investigation found",
        "evidence" => "Evidence noted",
        "extract" => "Extract of the journal",
        "link" => "Link with another case",
        "merging" => "Merged or separated",
        "answer" => "Answer to whoever reported",
        "wrote-back" => "What whoever reported wrote back",
        "referral" => "Referral",
        "custody" => "Device set aside",
        "account" => "Account made safe",
        "withholding" => "The filter and its log",
        "lowering" => "Why the allegation was lowered",
        _ => "Entry",
    }
    .to_owned()
}

/// What the journal says of the case, save who looked: that has its own page.
async fn done(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    names: &Names,
    items: &mut Vec<(Timestamp, i64, TimelineItem)>,
) -> Result<(), Fault> {
    let rows = sql("select sequence, at_ms, action, actor from journal_entry
         where object = $1 and action not in ('incident.opened', 'incident.entry-added', 'file.opened',
                                              'file.downloaded', 'file.refused')
         order by sequence")
    .bind(object(case.id).as_str())
    .all(connection)
    .await?;
    for row in rows {
        let at = row.instant("at_ms")?;
        let kind = row.read("action", EntryKind::from_key)?;
        let name = kind.name();
        let mut letters = name.chars();
        let title: String = letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect())
            .unwrap_or_default();
        items.push((
            at,
            row.get("sequence")?,
            TimelineItem {
                by: Some(names.of_key(&row.get::<String>("actor")?)),
                ..TimelineItem::new(title, times::element(&viewer.school, at))
            },
        ));
    }
    Ok(())
}

/// The names of everybody who acted in a case.
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    pub(super) async fn of(connection: &mut Connection, case: &Case) -> Result<Self, Fault> {
        let rows = sql(
            // By the id within the key, which the index finds; the key put together from
            // each id would be compared with everybody on the register. Whoever only
            // opened the case is named on another page.
            "select distinct journal_entry.actor, person.name from journal_entry
             join person on person.id = substr(journal_entry.actor, 8)
             where journal_entry.object = $1 and journal_entry.action <> 'incident.opened'",
        )
        .bind(object(case.id).as_str())
        .all(connection)
        .await?;
        let mut names = BTreeMap::new();
        for row in rows {
            names.insert(row.get("actor")?, row.get("name")?);
        }
        Ok(Self(names))
    }

    /// The name behind `person:…`; the program itself for its own duties.
    pub(super) fn of_key(&self, key: &str) -> String {
        self.0
            .get(key)
            .cloned()
            .unwrap_or_else(|| "Belisha".to_owned())
    }
}
