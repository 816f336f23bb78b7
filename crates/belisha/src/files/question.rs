//! The question that stands before every file.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::access::Action;
use belisha_rules::files::{EntryRefused, may_be_asked_for};
use belisha_rules::ids::IncidentId;
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, Frame, Label, Radios};
use serde::Deserialize;

use super::{list, queries, upload};
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::incidents::queries::{Case, load, object};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

pub(crate) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/files/question")
}

#[derive(Template)]
#[template(path = "files/question.html")]
struct QuestionPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    reference: String,
    submission: String,
    question: Radios,
    send: Button,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let case = load(&mut records, &viewer, id).await?;
    viewer.require(Action::AddEntry, &case.facts)?;
    let arriving = queries::arriving(&mut records, &viewer, &case).await?;
    may_be_asked_for(&arriving).map_err(no_file)?;
    page(&viewer, &case, None)
}

fn page(viewer: &Viewer, case: &Case, error: Option<String>) -> Result<Response, Problem> {
    let wrong = error.is_some();
    let page = QuestionPage {
        frame: Frame {
            has_errors: wrong,
            ..frame::of(viewer)
        },
        back: BackLink::to(list::url(case.id)),
        errors: ErrorSummary::new(
            error
                .iter()
                .map(|says| FieldError::new("undressed", says.clone()))
                .collect(),
        ),
        reference: case.reference.clone(),
        submission: viewer.school.new_row_id(),
        question: Radios {
            error,
            hint: Some(
                "Think of every picture in it, also small ones and those in a chat. If you are not sure, answer yes."
                    .into(),
            ),
            ..Radios::yes_or_no(
                "undressed",
                Label::page_heading("Could any picture in this show a child undressed?"),
            )
        },
        send: Button::submit("Continue"),
    };
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    undressed: String,
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let case = load(&mut records, &viewer, id).await?;
    viewer.require(Action::AddEntry, &case.facts)?;
    let arriving = queries::arriving(&mut records, &viewer, &case).await?;
    drop(records);
    match sent.form.undressed.as_str() {
        "no" => {
            if let Err(why) = may_be_asked_for(&arriving) {
                return Err(refuse(&viewer, &case, why).await?);
            }
            Ok(crate::web::go_to(&upload::url(id)))
        }
        "yes" => Err(refuse(&viewer, &case, EntryRefused::SaidToShowAChild).await?),
        _ => page(
            &viewer,
            &case,
            Some(EntryRefused::NotAnswered.sentence().into()),
        ),
    }
}

/// Writes down that a file was not let in, and says so.
pub(super) async fn refuse(
    viewer: &Viewer,
    case: &Case,
    why: EntryRefused,
) -> Result<Problem, Problem> {
    let tx = viewer.write().await?;
    tx.commit(
        Entry::of(EntryKind::FileRefused, object(case.id))
            .fact("why", why.key())
            .refused(),
    )
    .await?;
    Ok(no_file(why))
}

fn no_file(why: EntryRefused) -> Problem {
    let title = match why {
        EntryRefused::SaidToShowAChild => "Do not add this file",
        EntryRefused::CouldBeIndecent => "No file can be added to this case",
        EntryRefused::NotAnswered
        | EntryRefused::NotYetClassified
        | EntryRefused::RecordEnded
        | EntryRefused::RecordIsFull
        | EntryRefused::EnoughToday
        | EntryRefused::DiskIsFull => "No file can be added now",
    };
    Problem::refused(title, why.sentence())
}
