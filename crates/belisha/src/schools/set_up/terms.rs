//! Step two: terms and closures.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, Frame};

use super::details::StepPage;
use super::{begun, entry, people, write};
use crate::home::frame;
use crate::problem::Problem;
use crate::schools::terms::{Calendar, Typed};
use crate::viewer::Here;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/set-up/terms".to_owned()
}

fn page(typed: &Typed, errors: Vec<FieldError>) -> Result<Response, Problem> {
    crate::web::page(&StepPage {
        frame: Frame {
            has_errors: !errors.is_empty(),
            ..frame::bare()
        },
        back: BackLink::to(super::url()),
        errors: ErrorSummary::new(errors),
        heading: "Terms and closures",
        lead: "Deadlines count school days. These are the usual dates: put in your own.",
        action: url(),
        fields: typed.fields(),
        go_on: Button::submit("Continue"),
    })
}

pub(super) async fn get(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let kept = Calendar::kept(&mut here.school.database.read().await?).await?;
    let calendar = if kept.terms.is_empty() {
        Calendar::usual(here.school.today())
    } else {
        kept
    };
    page(&calendar.typed(), Vec::new())
}

pub(super) async fn post(
    here: Here,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Typed>,
) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    match form.read() {
        Ok(calendar) => {
            let mut tx = write(&here).await?;
            calendar.write(&mut tx).await?;
            tx.commit(entry("terms")).await?;
            Ok(crate::web::go_to(&people::url()))
        }
        Err(faults) => {
            let errors = faults
                .into_iter()
                .map(|(field, says)| FieldError::new(field, says))
                .collect();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&form, errors)?).into_response())
        }
    }
}
