//! Decisions about lists in the records, and the lists as they lie in the filter's folder.

use std::path::PathBuf;

use belisha_filter::compile::kept_beside;
use belisha_filter::decided::{Decided, Decisions, ListStanding, Standing, standing};
use belisha_filter::lists::{Keep, Kept, Kind, ListFile, scan, version_of};
use jiff::Timestamp;

use crate::db::{Connection, Row, sql};
use crate::filter::lists::index_file;
use crate::filter::settings;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;

/// Something that was decided.
pub(super) struct Decision {
    pub(super) list: String,
    pub(super) decided: Decided,
    pub(super) reason: String,
    pub(super) made_at: Timestamp,
}

/// What is decided now, by list.
pub(super) async fn decisions(connection: &mut Connection) -> Result<Vec<Decision>, Fault> {
    sql(
        "select list, decision, version, reason, made_at from filter_list_decision
         where ended_at is null order by list",
    )
    .all(connection)
    .await?
    .iter()
    .map(decision)
    .collect()
}

fn decision(row: &Row) -> Result<Decision, Fault> {
    let version: String = row.get("version")?;
    Ok(Decision {
        list: row.get("list")?,
        decided: row.read("decision", |word| match word {
            "take" => Some(Decided::Take(version.clone())),
            "refuse" => Some(Decided::Refuse(version.clone())),
            "back" => Some(Decided::Back(version.clone())),
            _ => None,
        })?,
        reason: row.get("reason")?,
        made_at: row.instant("made_at")?,
    })
}

/// The decisions as the compiler reads them.
pub(super) fn for_the_compiler(decisions: Vec<Decision>) -> Decisions {
    decisions
        .into_iter()
        .map(|decision| (decision.list, decision.decided))
        .collect()
}

/// Writes a decision in the place of the one before.
pub(super) async fn decide(
    tx: &mut Tx,
    list: &str,
    decided: &Decided,
    reason: &str,
) -> Result<(), Problem> {
    let (now, by, id) = (tx.now(), tx.actor().key(), tx.school().new_row_id());
    let (word, version) = match decided {
        Decided::Take(version) => ("take", version),
        Decided::Refuse(version) => ("refuse", version),
        Decided::Back(version) => ("back", version),
    };
    tx.run(
        sql("update filter_list_decision set ended_at = $2 where list = $1 and ended_at is null")
            .bind(list)
            .bind(now),
    )
    .await?;
    tx.run_one(
        sql("insert into filter_list_decision (id, list, decision, version, reason, made_at, made_by, ended_at)
             values ($1, $2, $3, $4, $5, $6, $7, null)")
        .bind(id)
        .bind(list)
        .bind(word)
        .bind(version)
        .bind(reason)
        .bind(now)
        .bind(by),
    )
    .await?;
    Ok(())
}

/// The folder of lists of a school.
pub(super) fn folder(school: &School) -> PathBuf {
    settings::folder(school).join("lists")
}

/// How the lists stood when the index was made.
pub(super) fn stood(school: &School) -> Option<Standing> {
    standing(&index_file(school))
}

/// One list with its versions.
pub(super) struct Found {
    pub(super) standing: ListStanding,
    /// The version in use first, then those before it.
    pub(super) kept: Vec<Kept>,
    keep: Keep,
    /// The one in the folder.
    fresh: Option<ListFile>,
}

/// The list that an address names. One of illegal content has no page.
pub(super) fn find(school: &School, slug: &str) -> Result<Found, Problem> {
    let stood = stood(school).ok_or(Problem::NotFound)?;
    let named = |list: &ListStanding| list.kind != Kind::Illegal && super::slug(&list.name) == slug;
    let standing = stood
        .lists
        .into_iter()
        .find(named)
        .ok_or(Problem::NotFound)?;
    let keep = Keep::open(&kept_beside(&index_file(school)))
        .map_err(|error| Fault::at("reading the versions of a list".into(), error))?;
    let fresh = scan(&folder(school)).ok().and_then(|found| {
        found
            .lists
            .into_iter()
            .find(|list| list.name == standing.name)
    });
    Ok(Found {
        kept: keep.versions(&standing.name).cloned().collect(),
        standing,
        keep,
        fresh,
    })
}

impl Found {
    /// A version's files, wherever they are: those in the folder where it is the newest.
    pub(super) fn files(&self, version: &str) -> Option<ListFile> {
        if let Some(kept) = self.kept.iter().find(|kept| kept.digest == version) {
            return Some(ListFile {
                name: self.standing.name.clone(),
                category: kept.category.clone(),
                kind: kept.kind,
                files: self.keep.files(kept),
            });
        }
        let fresh = self.fresh.clone()?;
        (version_of(&fresh).ok()? == version).then_some(fresh)
    }

    /// The version that the folder holds and that is not in use.
    pub(super) fn waiting(&self) -> Option<&str> {
        let found = self.standing.found.as_str();
        (!found.is_empty() && found != self.standing.in_use).then_some(found)
    }

    /// The version in use before the one in use now.
    pub(super) fn before(&self) -> Option<&Kept> {
        let at = self
            .kept
            .iter()
            .position(|kept| kept.digest == self.standing.in_use)?;
        self.kept.get(at + 1)
    }
}
