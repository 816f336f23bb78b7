//! Reopening: an ended case is opened again, because something new was learnt.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{ReopenRefused, reopen};
use belisha_ui::{Html, Label, Textarea};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::{case, entry};
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/reopening")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reason: String,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let found = queries::load(&mut viewer.read().await?, &viewer, id).await?;
    viewer.require(Action::ReopenCase, &found.facts)?;
    page(&viewer, &found, &Form::default(), Wrong::default(), None)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let mut page = ActPage::of(viewer, found, "Open the case again", "Open the case again");
    page.fields = vec![Html::of(&Textarea {
        value: form.reason.clone(),
        error: wrong.at("reason"),
        ..Textarea::new("reason", Label::medium("What is new?"))
    })];
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let found = queries::load(&mut tx, &viewer, id).await?;
    viewer.require(Action::ReopenCase, &found.facts)?;
    let form = &sent.form;
    let mut wrong = Wrong::default();
    wrong.need("reason", &form.reason, "Say what is new");
    if !wrong.is_empty() {
        drop(tx);
        return page(&viewer, &found, form, wrong, Some(sent.submission));
    }
    tx.once(&sent.submission, &case::url(id)).await?;
    reopen(&found.incident, &form.reason).map_err(|refused| match refused {
        ReopenRefused::WrongState(wrong) => {
            Problem::refused("This case is open already", wrong.sentence())
        }
        ReopenRefused::ReasonMissing => Problem::refused("A reason is missing", "Say what is new."),
    })?;
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let school = tx.school().clone();
    let (now, by, today) = (tx.now(), tx.actor().key(), tx.today());
    tx.run_one(
        sql("update incident_closure set reopened_at = $2, reopened_by = $3, sealed_reopen_reason = $4
             where incident = $1 and reopened_at is null")
        .bind(id.to_string())
        .bind(now)
        .bind(by)
        .bind(record.seal(&school, "reopening", 0, form.reason.trim())),
    )
    .await?;
    entry::write(&mut tx, &record, id, "reopening", &form.reason, today, None).await?;
    settle(&mut tx, id).await?;
    tx.commit(Entry::of(EntryKind::IncidentReopened, object(id)))
        .await?;
    Ok(crate::web::go_to(&case::url(id)))
}
