//! The decision about the police, once the triage has asked the question.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::respond;
use belisha_ui::{Choice, Html, Label, Radios, Textarea};
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
    format!("/incidents/{id}/police")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    decision: String,
    reason: String,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let found = queries::load(&mut viewer.read().await?, &viewer, id).await?;
    viewer.require(Action::Triage, &found.facts)?;
    page(&viewer, &found, &Form::default(), Wrong::default(), None)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let mut page = ActPage::of(viewer, found, "Decide on the police", "Save the decision");
    page.fields = vec![
        Html::of(&Radios {
            chosen: (!form.decision.is_empty()).then(|| form.decision.clone()),
            error: wrong.at("decision"),
            ..Radios::new(
                "decision",
                Label::medium("Are the police told?"),
                vec![
                    Choice::new("told", "Yes, they have been told"),
                    Choice::new("not-told", "No, for a reason"),
                ],
            )
        }),
        Html::of(&Textarea {
            value: form.reason.clone(),
            error: wrong.at("reason"),
            hint: Some("Their reference and advice, or the reason for not telling them".into()),
            ..Textarea::new("reason", Label::medium("What was said, or why not?"))
        }),
    ];
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let found = queries::load(&mut tx, &viewer, id).await?;
    viewer.require(Action::Triage, &found.facts)?;
    let form = &sent.form;
    let mut wrong = Wrong::default();
    let decision = match form.decision.as_str() {
        "told" => "told",
        "not-told" => "not-told",
        _ => {
            wrong.say("decision", "Say whether the police have been told");
            ""
        }
    };
    wrong.need(
        "reason",
        &form.reason,
        "Give their reference, or the reason",
    );
    if !wrong.is_empty() {
        drop(tx);
        return page(&viewer, &found, form, wrong, Some(sent.submission));
    }
    tx.once(&sent.submission, &case::url(id)).await?;
    respond(&found.incident)
        .map_err(|wrong| Problem::refused("This cannot be decided now", wrong.sentence()))?;
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let school = tx.school().clone();
    let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
    tx.run_one(
        sql(
            "insert into incident_police (id, incident, decision, made_at, made_by, sealed_reason)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&row)
        .bind(id.to_string())
        .bind(decision)
        .bind(now)
        .bind(by)
        .bind(record.seal(&school, &format!("police-{row}"), 0, form.reason.trim())),
    )
    .await?;
    entry::write(&mut tx, &record, id, "police", &form.reason, today, None).await?;
    settle(&mut tx, id).await?;
    let entry = Entry::of(EntryKind::IncidentPoliceDecided, object(id));
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&case::url(id)))
}
