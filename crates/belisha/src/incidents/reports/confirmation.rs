//! Confirmation: the reporter says that what is recorded is what they reported.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::ReportId;
use belisha_rules::incidents::{ConfirmRefused, confirm_record};
use serde::Deserialize;

use super::show;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::incidents::queries::{object, settle};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: ReportId) -> String {
    format!("/reports/{id}/confirmation")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<ReportId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let Form {} = sent.form;
    let mut tx = viewer.write().await?;
    let entry = confirm(&mut tx, &viewer, id, &sent.submission).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&show::url(id)))
}

async fn confirm(
    tx: &mut Tx,
    viewer: &Viewer,
    id: ReportId,
    submission: &str,
) -> Result<Entry, Problem> {
    let own = show::load(tx, viewer, id).await?;
    viewer.require(Action::ConfirmOwnReport, &own.case.facts)?;
    tx.once(submission, &show::url(id)).await?;
    let identity = viewer.access.identity().ok_or(Problem::NotFound)?;
    confirm_record(&own.case.incident, identity).map_err(|refused| match refused {
        ConfirmRefused::NotAReporter => Problem::NotFound,
        ConfirmRefused::AlreadyConfirmed => Problem::refused(
            "This record is confirmed already",
            "A reporter has said that it is right. If something is missing, report it as something more.",
        ),
    })?;
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run_one(
        sql(
            "insert into incident_confirmation (incident, confirmed_at, confirmed_by)
             values ($1, $2, $3)",
        )
        .bind(own.incident.to_string())
        .bind(now)
        .bind(by),
    )
    .await?;
    settle(tx, own.incident).await?;
    Ok(Entry::of(
        EntryKind::IncidentConfirmed,
        object(own.incident),
    ))
}
