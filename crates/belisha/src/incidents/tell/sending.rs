//! Sending what a child told, and the four words that open the answer.

use askama::Template;
use axum::response::Response;
use belisha_ui::{Button, Frame, WarningText};

use super::form::{Form, adults_of};
use super::{code, danger, is_open, question, unkept, young_frame};
use crate::incidents::reports::{Channel, Outcome, Sender, Source, send_from_outside};
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/tell/send".to_owned()
}

#[derive(Template)]
#[template(path = "incidents/tell/sent.html")]
struct SentPage {
    frame: Frame,
    words: Vec<String>,
    answer: Button,
    danger: WarningText,
}

pub(super) async fn post(here: Here, sent: Sent<Form>) -> Result<Response, Problem> {
    is_open(&here.school).await?;
    let form = &sent.form;
    let adults = adults_of(&here).await?;
    if let Some(step) = form.first_wrong(&adults) {
        // An answer is missing, as when a page was left open over a change: ask for it.
        let again = Form {
            step: step.key().to_owned(),
            press: "next".to_owned(),
            ..form.clone()
        };
        let sent = Sent {
            form: again,
            submission: sent.submission,
        };
        return question::post(here, sent).await;
    }
    let report = {
        let mut records = here.school.database.read().await?;
        form.report(&mut records, &here).await?
    };
    let source = Source {
        channel: Channel::Tell,
        from: Sender::Pupil,
        reporter: None,
        named: form.own_name(),
        chosen: form.chosen(&adults),
    };
    match send_from_outside(&here, &report, &source, &sent.submission).await? {
        Outcome::Sent(code) => {
            let page = crate::web::page(&SentPage {
                frame: young_frame(&here.school),
                words: code.words().split(' ').map(str::to_owned).collect(),
                answer: Button::link("Look for the answer", code::url()),
                danger: danger(),
            })?;
            Ok(unkept(page))
        }
        Outcome::Later(_) => {
            let says = "Very many children are telling us something just now. Wait one minute, then \
                        press “Send it” again. Nothing is lost. If it cannot wait, tell a grown-up near you";
            question::check(&here, form, &adults, Some(sent.submission), Some(says)).await
        }
    }
}
