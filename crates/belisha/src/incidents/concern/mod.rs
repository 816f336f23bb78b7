//! The public page of a school: how a parent or carer, a visitor, a governor or a former
//! pupil reports without an account. The advice on it is the policy's own words; the
//! answer comes under a code.

mod code;
mod form;
mod new;
mod poster;
mod sending;

use belisha_policy::controls::tell_someone;
use belisha_ui::{ExitThisPage, Frame, Leaving};

use crate::home::frame;
use crate::problem::Problem;
use crate::school::School;
use crate::web::route::{Needs, Route, get, post};

pub(crate) use new::url;
pub(crate) use poster::url as poster_url;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/concern", Needs::Nothing, new::get),
        post("/concern", Needs::Nothing, new::post),
        post("/concern/check", Needs::Nothing, sending::check),
        post("/concern/send", Needs::Nothing, sending::post),
        get("/concern/answer", Needs::Nothing, code::get),
        post("/concern/answer", Needs::Nothing, code::post),
        post("/concern/answer/more", Needs::Nothing, code::write_back),
        get("/concern/poster", Needs::Session, poster::get),
    ]
}

fn public_frame(school: &School) -> Frame {
    Frame {
        home: url(),
        leaving: Leaving::ExitThisPage(ExitThisPage::new(super::tell::exit_url())),
        ..frame::of_school(&school.settings().name)
    }
}

/// Whether this school's policy opens the page to families and visitors.
async fn is_open(school: &School) -> Result<(), Problem> {
    let mut records = school.database.read().await?;
    let in_force = school.in_force(&mut records).await?;
    if in_force.policy.get(&tell_someone::FAMILIES) {
        Ok(())
    } else {
        Err(Problem::refused(
            "This school takes no reports here",
            "Ring or visit the school office. If somebody is in danger, ring 999.",
        ))
    }
}
