//! Acknowledgement: somebody in charge says that they have it, and the alert stops moving on.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, PersonId, ReportId};
use belisha_rules::incidents::{self, ClosureRule};
use serde::Deserialize;

use super::case;
use super::queries::{self, object, report_object, settle};
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/acknowledgement")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let Form {} = sent.form;
    let mut tx = viewer.write().await?;
    let entry = acknowledge(&mut tx, &viewer, id, &sent.submission).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&case::url(id)))
}

async fn acknowledge(
    tx: &mut Tx,
    viewer: &Viewer,
    id: IncidentId,
    submission: &str,
) -> Result<Entry, Problem> {
    let found = queries::load(tx, viewer, id).await?;
    viewer.require(Action::Acknowledge, &found.facts)?;
    tx.once(submission, &case::url(id)).await?;
    incidents::acknowledge(&found.incident).map_err(|wrong| {
        let who = found
            .acknowledged_by
            .and_then(|by| found.readers.iter().find(|reader| reader.person == by))
            .map_or_else(String::new, |reader| format!(" {} has it.", reader.name));
        Problem::refused(
            "This case was acknowledged before",
            format!("{}{who}", wrong.sentence()),
        )
    })?;
    let (now, by) = (tx.now(), tx.person()?);
    tx.run_one(
        sql(
            "update incident set acknowledged_at = $2, acknowledged_by = $3, moves_on_at = null
             where id = $1 and acknowledged_at is null",
        )
        .bind(id.to_string())
        .bind(now)
        .bind(by.to_string()),
    )
    .await?;
    settle(tx, id).await?;
    // Whoever was told waits no longer: it is in hand.
    for kind in [NoticeKind::IncidentForYou, NoticeKind::IncidentMovedOn] {
        notices::settled_for_all(tx, kind, &object(id)).await?;
    }
    if ClosureRule::of(&viewer.policy.policy).reporter_confirms {
        ask_reporters(tx, id).await?;
    }
    Ok(Entry::of(EntryKind::IncidentAcknowledged, object(id)))
}

/// Where the policy wants the reporter's word, the reporter is asked for it.
async fn ask_reporters(tx: &mut Tx, id: IncidentId) -> Result<(), Problem> {
    let rows = sql(
        "select id, reporter from report where incident = $1 and reporter is not null
           and reporter not in (select person from incident_person
             where incident = $1 and part = 'alleged' and removed_at is null)",
    )
    .bind(id.to_string())
    .all(tx)
    .await?;
    for row in rows {
        let report: ReportId = row.read("id", |text| text.parse().ok())?;
        let reporter: PersonId = row.read("reporter", |text| text.parse().ok())?;
        let kind = NoticeKind::IncidentConfirmRecord;
        notices::tell(tx, reporter, kind, &report_object(report), false).await?;
    }
    Ok(())
}
