//! The reference of the outside log, where the policy keeps one, such as a recording system.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::ClosureRule;
use belisha_ui::{Html, Label, TextInput};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::case;
use super::queries::{self, Case, object, settle};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/external-record")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reference: String,
}

/// The case and the name of the log; not found where the policy keeps none or the
/// case is sealed, since a sealed case stays out of logs that others can open.
async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
) -> Result<(Case, String), Problem> {
    let found = queries::load(connection, viewer, id).await?;
    viewer.require(Action::AddEntry, &found.facts)?;
    let log = ClosureRule::of(&viewer.policy.policy)
        .external_record
        .filter(|_| !found.kind.is_sealed())
        .ok_or(Problem::NotFound)?;
    Ok((found, log))
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let (found, log) = load(&mut viewer.read().await?, &viewer, id).await?;
    page(
        &viewer,
        &found,
        &log,
        &Form::default(),
        Wrong::default(),
        None,
    )
}

fn page(
    viewer: &Viewer,
    found: &Case,
    log: &str,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let mut page = ActPage::of(viewer, found, "Outside reference", "Save the reference");
    page.fields = vec![Html::of(&TextInput {
        value: form.reference.clone(),
        error: wrong.at("reference"),
        ..TextInput::new("reference", Label::medium(format!("Reference in {log}")))
    })];
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let (found, log) = load(&mut tx, &viewer, id).await?;
    let mut wrong = Wrong::default();
    wrong.need("reference", &sent.form.reference, "Enter the reference");
    if !wrong.is_empty() {
        drop(tx);
        return page(
            &viewer,
            &found,
            &log,
            &sent.form,
            wrong,
            Some(sent.submission),
        );
    }
    tx.once(&sent.submission, &case::url(id)).await?;
    if !found.incident.state().is_open() {
        return Err(Problem::refused(
            "This case has ended",
            "Open the case again before you change its reference.",
        ));
    }
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let school = tx.school().clone();
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run_one(
        sql("insert into incident_external_record (incident, recorded_at, recorded_by, log_name, sealed_reference)
             values ($1, $2, $3, $4, $5)
             on conflict (incident) do update
             set recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by,
                 log_name = excluded.log_name, sealed_reference = excluded.sealed_reference")
        .bind(id.to_string())
        .bind(now)
        .bind(by)
        .bind(log)
        .bind(record.seal(&school, "external-reference", 0, sent.form.reference.trim())),
    )
    .await?;
    settle(&mut tx, id).await?;
    let entry = Entry::of(EntryKind::IncidentExternallyRecorded, object(id));
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&case::url(id)))
}
