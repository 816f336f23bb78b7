//! Coming back with the four words.

use axum::response::Response;

use super::{is_open, unkept, young_frame};
use crate::incidents::reports::Channel;
use crate::incidents::reports::code_page::{self, Form, Voice};
use crate::problem::Problem;
use crate::school::School;
use crate::viewer::Here;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/tell/answer".to_owned()
}

fn voice(school: &School) -> Voice {
    Voice {
        channel: Channel::Tell,
        frame: young_frame(school),
        url: url(),
        write_url: "/tell/answer/more".to_owned(),
        title: "Your answer",
        ask: "What are your four secret words?",
        hint: "Leave a space between the words",
        wrong: "Those are not the right words. Look at each word again",
        wait: "Wait five minutes, then try again. If it cannot wait, tell a grown-up near you",
        nothing_yet: "There is no answer yet. Look again later. If it cannot wait, tell a grown-up near you.",
        read: "Open",
        from_school: "We wrote",
        from_you: "You wrote",
        more: "Do you want to say more?",
        send: "Send it",
        thanks: "Thank you. We have it.",
    }
}

pub(super) async fn get(here: Here) -> Result<Response, Problem> {
    is_open(&here.school).await?;
    code_page::ask(voice(&here.school), "", None).map(unkept)
}

pub(super) async fn post(here: Here, sent: Sent<Form>) -> Result<Response, Problem> {
    let voice = voice(&here.school);
    code_page::read(here, voice, sent).await.map(unkept)
}

pub(super) async fn write_back(here: Here, sent: Sent<Form>) -> Result<Response, Problem> {
    let voice = voice(&here.school);
    code_page::write_back(here, voice, sent).await.map(unkept)
}
