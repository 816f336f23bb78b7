//! Checking and sending a report from the public page.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Word as _;
use belisha_rules::routing::route_for;
use belisha_ui::{
    Button, ErrorSummary, FieldError, Frame, Html, InsetText, SummaryList, SummaryRow, WarningText,
};

use super::form::{ABOUT_WHOM, Form};
use super::new;
use super::{code, is_open, public_frame};
use crate::incidents::help_lines::telephone;
use crate::incidents::reports::{Channel, Outcome, Sender, Source, send_from_outside};
use crate::incidents::routing::{self, Asked};
use crate::incidents::words::AtRisk;
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::sent::Sent;
use crate::web::words::capital;

pub(super) fn check_url() -> String {
    "/concern/check".to_owned()
}

fn send_url() -> String {
    "/concern/send".to_owned()
}

#[derive(Template)]
#[template(path = "incidents/concern/check.html")]
struct CheckPage {
    frame: Frame,
    errors: ErrorSummary,
    receives: InsetText,
    shut: Option<WarningText>,
    answers: SummaryList,
    submission: String,
    hidden: Vec<(&'static str, String)>,
    send_to: String,
    send: Button,
    change: Button,
}

#[derive(Template)]
#[template(path = "incidents/concern/sent.html")]
struct SentPage {
    frame: Frame,
    words: Vec<String>,
    advice: Option<Html>,
    answer: Button,
    danger: WarningText,
}

pub(super) async fn check(here: Here, sent: Sent<Form>) -> Result<Response, Problem> {
    is_open(&here.school).await?;
    let wrong = sent.form.wrong(here.school.today());
    if !wrong.is_empty() {
        return new::page(&here, &sent.form, wrong).await;
    }
    check_page(&here, &sent.form, None, None).await
}

/// The answers before they are sent, and who will read them.
async fn check_page(
    here: &Here,
    form: &Form,
    submission: Option<String>,
    wrong: Option<&str>,
) -> Result<Response, Problem> {
    let school = &here.school;
    let now = school.clock.now();
    let mut records = school.database.read().await?;
    let report = form.report(&mut records, here).await?;
    let asked = Asked::of(&report, form.sender().unwrap_or(Sender::Other), now);
    let planned = routing::plan(&mut records, school, &asked).await?;
    // By posts and not by persons: the page must not say whom a name was taken for.
    let about = match &planned.plan {
        Ok(plan) => plan.about,
        Err(none) => none.about,
    };
    let besides = &planned.besides;
    let first = match route_for(about, &planned.routes) {
        Some(_)
            if !besides.first.is_empty() && !belisha_rules::routing::kind_of(about).is_sealed() =>
        {
            besides.first.clone()
        }
        Some(route) => route.first.clone(),
        None => Vec::new(),
    };
    let posts: Vec<&str> = first.iter().map(|post| post.with_article()).collect();
    let receives = format!(
        "This goes to {}. Whoever it is about does not see it: it then goes to the next person \
         whom the policy names.",
        if posts.is_empty() {
            "whoever the policy names".to_owned()
        } else {
            belisha_policy::and(&posts)
        }
    );
    let or_none = |text: &str| {
        if text.trim().is_empty() {
            Html::from("Not said")
        } else {
            Html::paragraphs(text)
        }
    };
    let whom = ABOUT_WHOM
        .iter()
        .find(|(key, _)| *key == form.about_whom)
        .map_or("", |(_, name)| *name);
    let rows = vec![
        SummaryRow::new(
            "You are",
            form.sender()
                .map_or_else(String::new, |sender| capital(sender.name())),
        ),
        SummaryRow::new("What worries you", Html::paragraphs(&report.words)),
        SummaryRow::new(
            "A child is in danger now",
            AtRisk::from_key(&form.at_risk).map_or("", |answer| answer.name()),
        ),
        SummaryRow::new("Whom it is about", whom),
        SummaryRow::new("Names", or_none(&form.names)),
        SummaryRow::new("Where", or_none(&form.place)),
        SummaryRow::new("When", crate::incidents::times::day(report.happened_on)),
        SummaryRow::new("Your name", or_none(&form.name)),
        SummaryRow::new("How to reach you", or_none(&form.contact)),
    ];
    let page = CheckPage {
        frame: Frame {
            has_errors: wrong.is_some(),
            ..public_frame(school)
        },
        errors: ErrorSummary::new(
            wrong
                .iter()
                .map(|says| FieldError::new("send", *says))
                .collect(),
        ),
        receives: InsetText::new(receives),
        shut: planned.shut_sentence(now).map(WarningText::new),
        answers: SummaryList::new(rows),
        submission: submission.unwrap_or_else(|| school.new_row_id()),
        hidden: form.pairs(),
        send_to: send_url(),
        send: Button::submit("Send it"),
        change: Button {
            form_action: Some(new::url()),
            once: false,
            ..Button::secondary("Change something")
        },
    };
    let status = match wrong {
        Some(_) => StatusCode::TOO_MANY_REQUESTS,
        None => StatusCode::OK,
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

pub(super) async fn post(here: Here, sent: Sent<Form>) -> Result<Response, Problem> {
    is_open(&here.school).await?;
    let form = &sent.form;
    let wrong = form.wrong(here.school.today());
    let (Some(sender), true) = (form.sender(), wrong.is_empty()) else {
        return new::page(&here, form, wrong).await;
    };
    let report = {
        let mut records = here.school.database.read().await?;
        form.report(&mut records, &here).await?
    };
    let source = Source {
        channel: Channel::Concern,
        from: sender,
        reporter: None,
        named: form.named(),
        chosen: None,
    };
    match send_from_outside(&here, &report, &source, &sent.submission).await? {
        Outcome::Sent(given) => {
            let to = match sender {
                Sender::Visitor => belisha_policy::Audience::Visitors,
                Sender::Account
                | Sender::Pupil
                | Sender::Parent
                | Sender::Governor
                | Sender::FormerPupil
                | Sender::Other => belisha_policy::Audience::Families,
            };
            crate::web::page(&SentPage {
                frame: public_frame(&here.school),
                words: given.words().split(' ').map(str::to_owned).collect(),
                advice: new::advice(&here.school, to).await?,
                answer: Button::link("Look for the answer", code::url()),
                danger: WarningText::new(format!(
                    "If somebody is in danger now, ring {}. Do not wait for an answer here.",
                    telephone("emergency")
                )),
            })
        }
        Outcome::Later(later) => {
            let says = format!(
                "Very many reports come from your network just now. Wait until {}, then press “Send it” again. \
                 Nothing you wrote is lost. If it cannot wait, ring the school or the police",
                crate::incidents::times::moment(&here.school, later.at)
            );
            check_page(&here, form, Some(sent.submission), Some(&says)).await
        }
    }
}
