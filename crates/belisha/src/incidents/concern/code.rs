//! Coming back with the code of the public page.

use axum::response::Response;

use super::{is_open, public_frame};
use crate::incidents::reports::Channel;
use crate::incidents::reports::code_page::{self, Form, Voice};
use crate::problem::Problem;
use crate::school::School;
use crate::viewer::Here;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/concern/answer".to_owned()
}

fn voice(school: &School) -> Voice {
    Voice {
        channel: Channel::Concern,
        frame: public_frame(school),
        url: url(),
        write_url: "/concern/answer/more".to_owned(),
        title: "The answer to your report",
        ask: "Your code",
        hint: "The four words you were given, with spaces between them",
        wrong: "No report has this code. Check each word; a code also ends after some months",
        wait: "There were too many wrong codes from your network. Wait five minutes, then try again",
        nothing_yet: "There is no answer yet. If it cannot wait, ring the school.",
        read: "Show the answer",
        from_school: "The school wrote",
        from_you: "You wrote",
        more: "Write back",
        send: "Send",
        thanks: "Thank you. It has gone to whoever has your report.",
    }
}

pub(super) async fn get(here: Here) -> Result<Response, Problem> {
    is_open(&here.school).await?;
    code_page::ask(voice(&here.school), "", None)
}

pub(super) async fn post(here: Here, sent: Sent<Form>) -> Result<Response, Problem> {
    let voice = voice(&here.school);
    code_page::read(here, voice, sent).await
}

pub(super) async fn write_back(here: Here, sent: Sent<Form>) -> Result<Response, Problem> {
    let voice = voice(&here.school);
    code_page::write_back(here, voice, sent).await
}
