//! Completion: an action is done, and what came of it.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{CompleteActionRefused, complete_action};
use belisha_ui::{Html, InsetText, Label, Textarea};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::case;
use super::queries::{self, Case, object, settle};
use crate::db::{Connection, Row, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId, action: &str) -> String {
    format!("/incidents/{id}/actions/{action}/completion")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    outcome: String,
}

async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
    action: &str,
) -> Result<(Case, Row), Problem> {
    let found = queries::load(connection, viewer, id).await?;
    let row = sql(
        "select kind, done_at, sealed_words from incident_action where id = $1 and incident = $2",
    )
    .bind(action)
    .bind(id.to_string())
    .optional(connection)
    .await?
    .ok_or(Problem::NotFound)?;
    viewer.require(Action::AddAction, &found.facts)?;
    Ok((found, row))
}

pub(super) async fn get(
    viewer: Viewer,
    Path((id, action)): Path<(IncidentId, String)>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let (found, row) = load(&mut records, &viewer, id, &action).await?;
    case::prove(&viewer, &found, &url(id, &action))?;
    let record = records::open(&mut records, &viewer, &object(id)).await?;
    let words = record.read(
        &format!("action-{action}"),
        0,
        &row.get::<Vec<u8>>("sealed_words")?,
    )?;
    page(
        &viewer,
        &found,
        &words,
        &Form::default(),
        Wrong::default(),
        None,
    )
}

fn page(
    viewer: &Viewer,
    found: &Case,
    words: &str,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let mut page = ActPage::of(viewer, found, "Complete an action", "It is done");
    page.lead = Html::of(&InsetText::new(Html::paragraphs(words)));
    page.fields = vec![Html::of(&Textarea {
        value: form.outcome.clone(),
        error: wrong.at("outcome"),
        hint: Some("Who was spoken to, what was agreed, what was advised".into()),
        ..Textarea::new("outcome", Label::medium("What came of it?"))
    })];
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path((id, action)): Path<(IncidentId, String)>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let (found, row) = load(&mut tx, &viewer, id, &action).await?;
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let mut wrong = Wrong::default();
    wrong.need("outcome", &sent.form.outcome, "Say what came of it");
    if !wrong.is_empty() {
        let words = record.read(
            &format!("action-{action}"),
            0,
            &row.get::<Vec<u8>>("sealed_words")?,
        )?;
        drop(tx);
        return page(
            &viewer,
            &found,
            &words,
            &sent.form,
            wrong,
            Some(sent.submission),
        );
    }
    tx.once(&sent.submission, &case::url(id)).await?;
    let already_done = row.instant_optional("done_at")?.is_some();
    complete_action(&found.incident, already_done).map_err(|refused| match refused {
        CompleteActionRefused::AlreadyDone => Problem::refused(
            "This action is done already",
            "What came of it stands on the case. Write in the chronology if there is more to say.",
        ),
        CompleteActionRefused::CaseHasEnded => Problem::refused(
            "This case has ended",
            "Open the case again before you complete an action in it.",
        ),
    })?;
    let school = tx.school().clone();
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run_one(
        sql(
            "update incident_action set done_at = $2, done_by = $3, sealed_outcome = $4
             where id = $1 and done_at is null",
        )
        .bind(&action)
        .bind(now)
        .bind(by)
        .bind(record.seal(
            &school,
            &format!("outcome-{action}"),
            0,
            sent.form.outcome.trim(),
        )),
    )
    .await?;
    settle(&mut tx, id).await?;
    let entry = Entry::of(EntryKind::IncidentActionDone, object(id))
        .fact("action", &action)
        .fact("kind", row.get::<String>("kind")?);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&case::url(id)))
}
