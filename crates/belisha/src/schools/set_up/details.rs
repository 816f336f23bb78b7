//! Step one: the school.

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{BackLink, Button, ErrorSummary, Frame, Html};

use super::{begun, entry, terms, write};
use crate::home::frame;
use crate::problem::Problem;
use crate::schools::details::{Details, summary};
use crate::viewer::Here;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/set-up/school".to_owned()
}

/// A step that is one form.
#[derive(Template)]
#[template(path = "schools/set_up/step.html")]
pub(super) struct StepPage {
    pub(super) frame: Frame,
    pub(super) back: BackLink,
    pub(super) errors: ErrorSummary,
    pub(super) heading: &'static str,
    pub(super) lead: &'static str,
    pub(super) action: String,
    pub(super) fields: Html,
    pub(super) go_on: Button,
}

fn page(details: &Details, faults: &[(&'static str, &'static str)]) -> Result<Response, Problem> {
    crate::web::page(&StepPage {
        frame: Frame {
            has_errors: !faults.is_empty(),
            ..frame::bare()
        },
        back: BackLink::to(super::url()),
        errors: summary(faults),
        heading: "The school",
        lead: "It stands on letters and at the head of every page.",
        action: url(),
        fields: details.fields(faults),
        go_on: Button::submit("Continue"),
    })
}

pub(super) async fn get(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let kept = Details::kept(&mut here.school.database.read().await?).await?;
    page(&kept.unwrap_or_else(Details::blank), &[])
}

pub(super) async fn post(
    here: Here,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Details>,
) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let faults = form.faults();
    if !faults.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&form, &faults)?).into_response());
    }
    let mut tx = write(&here).await?;
    form.write(&mut tx).await?;
    tx.commit(entry("school")).await?;
    here.school.settings_changed().await?;
    Ok(crate::web::go_to(&terms::url()))
}
