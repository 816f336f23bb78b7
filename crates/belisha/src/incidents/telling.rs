//! A case as plain lines, for what leaves the school: what was reported, written, done and
//! decided, in order of time, as the viewer's own key opens it.

mod decided;

use std::collections::BTreeSet;

use belisha_policy::Word as _;
use belisha_rules::ids::{PersonId, ReportId};
use jiff::Timestamp;
use jiff::civil::Date;

use super::case::read_optional;
use super::queries::{Case, object, report_object};
use super::{chronology, times};
use crate::db::{Connection, sql};
use crate::entries::EntryKind;
use crate::problem::Problem;
use crate::records::{self, OpenRecord};
use crate::viewer::Viewer;

/// One thing that happened.
pub(crate) struct Told {
    pub(crate) at: Timestamp,
    /// The day it happened, where that is another one.
    pub(crate) on: Option<Date>,
    pub(crate) what: String,
    /// `person:…`, or the program.
    pub(crate) by: String,
    pub(crate) text: String,
}

/// Everything, oldest first. What was corrected stands with its correction.
pub(crate) async fn all(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    record: &OpenRecord,
) -> Result<Vec<Told>, Problem> {
    let mut told = reports(connection, viewer, case).await?;
    written(connection, viewer, case, record, &mut told).await?;
    actions(connection, case, record, &mut told).await?;
    decided::add(connection, viewer, case, record, &mut told).await?;
    told.extend(crate::reviews::told(connection, viewer, case, record).await?);
    told.extend(crate::referrals::told(connection, case, record).await?);
    done(connection, case, &mut told).await?;
    told.sort_by_key(|told| told.at);
    Ok(told)
}

/// The reports of a case that one person sent.
pub(crate) async fn reports_of(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    person: PersonId,
) -> Result<Vec<Told>, Problem> {
    let by = format!("person:{person}");
    let mut told = reports(connection, viewer, case).await?;
    told.retain(|told| told.by == by);
    Ok(told)
}

async fn reports(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
) -> Result<Vec<Told>, Problem> {
    let rows = sql(
        "select id, reporter, happened_on, reported_at, sealed_words, sealed_place,
                sealed_knows_how, sealed_others
         from report where incident = $1 order by reported_at, id",
    )
    .bind(case.id.to_string())
    .all(connection)
    .await?;
    let mut told = Vec::new();
    for row in rows {
        let id: ReportId = row.read("id", |text| text.parse().ok())?;
        let record = records::open(connection, viewer, &report_object(id)).await?;
        let mut text = read_optional(&record, "words", row.get("sealed_words")?)?;
        for (label, field, column) in [
            ("Where", "place", "sealed_place"),
            ("How they know", "knows-how", "sealed_knows_how"),
            ("Named, and not on the register", "others", "sealed_others"),
        ] {
            let more = read_optional(&record, field, row.get(column)?)?;
            if !more.trim().is_empty() {
                text.push_str(&format!("\n\n{label}: {more}"));
            }
        }
        let at = row.instant("reported_at")?;
        let on = row.date("happened_on")?;
        told.push(Told {
            at,
            on: (on != viewer.school.date_of(at)).then_some(on),
            what: "Report".into(),
            by: row
                .get::<Option<String>>("reporter")?
                .map_or_else(String::new, |person| format!("person:{person}")),
            text,
        });
    }
    Ok(told)
}

async fn written(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    record: &OpenRecord,
    told: &mut Vec<Told>,
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
    for row in &rows {
        let id: String = row.get("id")?;
        let at = row.instant("made_at")?;
        let on = row.date("happened_on")?;
        let mut what = match row.get::<Option<String>>("corrects")? {
            Some(_) => "Correction".to_owned(),
            None => chronology::title_of(&row.get::<String>("kind")?),
        };
        if corrected.contains(&id) {
            what.push_str(" (corrected later)");
        }
        told.push(Told {
            at,
            on: (on != viewer.school.date_of(at)).then_some(on),
            what,
            by: row.get("made_by")?,
            text: record.read(&format!("entry-{id}"), 0, &row.get::<Vec<u8>>("sealed")?)?,
        });
    }
    Ok(())
}

async fn actions(
    connection: &mut Connection,
    case: &Case,
    record: &OpenRecord,
    told: &mut Vec<Told>,
) -> Result<(), Problem> {
    let rows = sql(
        "select id, due_on, made_at, made_by, done_at, done_by, sealed_words, sealed_outcome
         from incident_action where incident = $1 order by made_at, id",
    )
    .bind(case.id.to_string())
    .all(connection)
    .await?;
    for row in rows {
        let id: String = row.get("id")?;
        let words = read_optional(record, &format!("action-{id}"), row.get("sealed_words")?)?;
        let due = times::day(row.date("due_on")?);
        told.push(Told {
            at: row.instant("made_at")?,
            on: None,
            what: "To be done".into(),
            by: row.get("made_by")?,
            text: format!("{words}\n\nBy {due}"),
        });
        if let Some(at) = row.instant_optional("done_at")? {
            let outcome =
                read_optional(record, &format!("outcome-{id}"), row.get("sealed_outcome")?)?;
            told.push(Told {
                at,
                on: None,
                what: "Done".into(),
                by: row.get::<Option<String>>("done_by")?.unwrap_or_default(),
                text: format!("{words}\n\n{outcome}"),
            });
        }
    }
    Ok(())
}

/// What the journal says was done, as far as it is not told by its words above.
async fn done(
    connection: &mut Connection,
    case: &Case,
    told: &mut Vec<Told>,
) -> Result<(), Problem> {
    let rows = sql("select at_ms, action, actor from journal_entry
         where object = $1 and action in ('incident.acknowledged', 'incident.moved-on', 'incident.confirmed',
               'incident.closed', 'incident.reopened')
         order by sequence")
    .bind(object(case.id).as_str())
    .all(connection)
    .await?;
    for row in rows {
        let kind = row.read("action", EntryKind::from_key)?;
        told.push(Told {
            at: row.instant("at_ms")?,
            on: None,
            what: crate::web::words::capital(kind.name()),
            by: row.get("actor")?,
            text: String::new(),
        });
    }
    Ok(())
}
