//! The end of a case whose time is over: its rows are deleted and its keys destroyed, with
//! its reports, the cases that were merged into it, and every copy that the school kept.

use belisha_rules::ids::{IncidentId, ReportId};

use super::giving::with_merged;
use super::queries::{object, report_object};
use super::reports::answers;
use crate::db::sql;
use crate::entries::Object;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::{exports, files, notices, records, referrals, reviews};

/// What went with a case.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Erased {
    pub(crate) keys: u64,
    pub(crate) files: u64,
}

/// The case, and those that were merged into it: they end together.
pub(crate) async fn erase(tx: &mut Tx, id: IncidentId) -> Result<Erased, Problem> {
    let mut erased = Erased::default();
    let mut cases = with_merged(tx, id).await?;
    // The others first: they point to this one.
    cases.sort_by_key(|case| *case == id);
    for case in &cases {
        tx.run(
            sql("delete from incident_merge where incident = $1 or into_incident = $1")
                .bind(case.to_string()),
        )
        .await?;
    }
    for case in cases {
        erase_one(tx, case, &mut erased).await?;
    }
    Ok(erased)
}

async fn erase_one(tx: &mut Tx, id: IncidentId, erased: &mut Erased) -> Result<(), Problem> {
    reviews_and_files(tx, id, erased).await?;
    let reports = sql("select id from report where incident = $1")
        .bind(id.to_string())
        .all(tx)
        .await?;
    for row in reports {
        erase_report(tx, row.read("id", |text| text.parse().ok())?, erased).await?;
    }
    let sights = sql("select id from incident_sight where incident = $1")
        .bind(id.to_string())
        .all(tx)
        .await?;
    for row in sights {
        let sight = Object::new("incident-sight", row.get::<String>("id")?);
        forget(tx, &sight, erased).await?;
    }
    for statement in [
        sql("delete from incident_sight_alert
             where sight in (select id from incident_sight where incident = $1)"),
        sql("delete from incident_sight where incident = $1"),
        sql("delete from incident_custody_move
             where custody in (select id from incident_custody where incident = $1)"),
        sql("delete from incident_custody where incident = $1"),
        sql("delete from incident_person where incident = $1"),
        sql("delete from incident_reader where incident = $1"),
        sql("delete from incident_entry where incident = $1"),
        sql("delete from incident_action where incident = $1"),
        sql("delete from incident_triage where incident = $1"),
        sql("delete from incident_parents where incident = $1"),
        sql("delete from incident_confirmation where incident = $1"),
        sql("delete from incident_external_record where incident = $1"),
        sql("delete from incident_closure where incident = $1"),
        sql("delete from incident_police where incident = $1"),
        sql("delete from incident_gap where incident = $1"),
        sql("delete from incident_category where incident = $1"),
        sql("delete from incident_service where incident = $1"),
        sql("delete from incident_left where incident = $1"),
        sql("delete from incident_lowering where incident = $1"),
        sql("delete from incident_assignment where incident = $1"),
        sql("delete from incident_link where incident = $1 or other = $1"),
        sql("delete from incident_sanction where incident = $1"),
        sql("delete from incident_support where incident = $1"),
        sql("delete from incident_lesson where incident = $1"),
        sql("delete from incident_withholding where incident = $1"),
        sql("delete from incident_investigation where incident = $1"),
        sql("delete from incident_evidence where incident = $1"),
        sql("delete from incident where id = $1"),
    ] {
        tx.run(statement.bind(id.to_string())).await?;
    }
    forget(tx, &object(id), erased).await
}

async fn reviews_and_files(
    tx: &mut Tx,
    id: IncidentId,
    erased: &mut Erased,
) -> Result<(), Problem> {
    referrals::erase(tx, id).await?;
    reviews::erase(tx, id).await?;
    erased.keys += exports::erase(tx, id).await?;
    let went = files::erase(tx, &object(id)).await?;
    erased.files += went.files;
    erased.keys += went.keys;
    crate::retention::forget(tx, id).await
}

async fn erase_report(tx: &mut Tx, id: ReportId, erased: &mut Erased) -> Result<(), Problem> {
    for statement in [
        sql("delete from report_message where report = $1"),
        sql("delete from report_answer_code where report = $1"),
        // The alert is of the log of the filter, and ends with it.
        sql("update report_alert set report = null where report = $1"),
        sql("delete from report where id = $1"),
    ] {
        tx.run(statement.bind(id.to_string())).await?;
    }
    forget(tx, &answers::object(id), erased).await?;
    forget(tx, &report_object(id), erased).await
}

/// Destroys the key of a record, and takes off people's lists what speaks of it.
async fn forget(tx: &mut Tx, object: &Object, erased: &mut Erased) -> Result<(), Problem> {
    erased.keys += u64::from(records::destroy(tx, object).await?);
    notices::forget(tx, object).await
}
