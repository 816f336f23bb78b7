//! The first page: what this is, the way in, and the way to an answer.

use askama::Template;
use axum::response::Response;
use belisha_ui::{Button, Frame, Html, WarningText};

use super::adults::Trusted;
use super::form::adults_of;
use super::pictures::drawing;
use super::{code, danger, is_open, unkept, young_frame};
use crate::problem::Problem;
use crate::viewer::Here;

pub(crate) fn url() -> String {
    "/tell".to_owned()
}

#[derive(Template)]
#[template(path = "incidents/tell/start.html")]
struct StartPage {
    frame: Frame,
    danger: WarningText,
    drawing: Html,
    here: String,
    start: Button,
    answer: Button,
    adults: Vec<Trusted>,
}

pub(super) async fn get(here: Here) -> Result<Response, Problem> {
    is_open(&here.school).await?;
    let page = crate::web::page(&StartPage {
        frame: young_frame(&here.school),
        danger: danger(),
        drawing: drawing("tell"),
        here: url(),
        adults: adults_of(&here).await?,
        start: Button::submit("Start"),
        answer: Button {
            href: Some(code::url()),
            once: false,
            ..Button::secondary("I have four secret words")
        },
    })?;
    Ok(unkept(page))
}
