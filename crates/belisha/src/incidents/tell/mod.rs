//! Tell someone: how a child reports, on a school device and without an account. One
//! question a page, big words and pictures, a way out on every page. The answers travel
//! from page to page and nothing is kept before the child sends it; nothing stands in the
//! browser's history, because each page is the answer to a form.

mod adults;
mod code;
mod exit;
mod form;
mod pictures;
mod question;
mod sending;
mod start;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::controls::tell_someone;
use belisha_ui::{ExitThisPage, Frame, WarningText};

use super::help_lines::telephone;
use crate::home::frame;
use crate::problem::Problem;
use crate::school::School;
use crate::web::route::{Needs, Route, get, post};

pub(crate) use exit::url as exit_url;
pub(crate) use start::url;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/tell", Needs::Nothing, start::get),
        post("/tell", Needs::Nothing, question::post),
        post("/tell/send", Needs::Nothing, sending::post),
        get("/tell/answer", Needs::Nothing, code::get),
        post("/tell/answer", Needs::Nothing, code::post),
        post("/tell/answer/more", Needs::Nothing, code::write_back),
        get("/exit", Needs::Nothing, exit::get),
    ]
}

/// A page for a young reader: the school, and the way out.
fn young_frame(school: &School) -> Frame {
    Frame {
        home: url(),
        body_class: Some("belisha-large".into()),
        leaving: belisha_ui::Leaving::ExitThisPage(ExitThisPage::new(exit::url())),
        footer: Vec::new(),
        ..frame::of_school(&school.settings().name)
    }
}

/// What stands on every page.
fn danger() -> WarningText {
    WarningText::new(format!(
        "In danger now? Tell a grown-up near you. Ring {}. Or ring Childline on {}. It is free.",
        telephone("emergency"),
        telephone("childline")
    ))
}

/// Whether this school's policy opens the pages to pupils.
async fn is_open(school: &School) -> Result<(), Problem> {
    let mut records = school.database.read().await?;
    let in_force = school.in_force(&mut records).await?;
    if in_force.policy.get(&tell_someone::PUPILS) {
        Ok(())
    } else {
        Err(Problem::refused(
            "You cannot tell us here",
            "Tell a grown-up you trust. They will help you.",
        ))
    }
}

/// A page that stays in no cache and on no list of visited pages.
fn unkept(response: Response) -> Response {
    ([(header::CACHE_CONTROL, "no-store, max-age=0")], response).into_response()
}
