//! One question a page. Each page is the answer to a form, so that the browser's history
//! holds nothing of what a child has said.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{
    Button, ErrorSummary, FieldError, Frame, Html, Label, Picture, PictureChoice, SummaryList,
    SummaryRow, TextInput, Textarea, WarningText,
};

use super::adults::Trusted;
use super::form::{ABOUT, Answer, Form, NAMED, SAFE, Step, WHEN, WHO, adults_of, said};
use super::pictures::{drawing, letters};
use super::{danger, is_open, sending, start, unkept, young_frame};
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::sent::Sent;

#[derive(Template)]
#[template(path = "incidents/tell/question.html")]
struct QuestionPage {
    frame: Frame,
    errors: ErrorSummary,
    title: &'static str,
    progress: String,
    here: String,
    step: &'static str,
    question: Html,
    hidden: Vec<(&'static str, String)>,
    next: Button,
    back: Option<Button>,
    danger: WarningText,
}

#[derive(Template)]
#[template(path = "incidents/tell/check.html")]
struct CheckPage {
    frame: Frame,
    errors: ErrorSummary,
    answers: SummaryList,
    changes: Vec<Button>,
    who_reads: String,
    submission: String,
    hidden: Vec<(&'static str, String)>,
    send_to: String,
    send: Button,
    danger: WarningText,
}

pub(super) async fn post(here: Here, sent: Sent<Form>) -> Result<Response, Problem> {
    is_open(&here.school).await?;
    let adults = adults_of(&here).await?;
    let form = &sent.form;
    let asked = Step::from_key(&form.step);
    let (show, wrong) = match (asked, form.press.as_str()) {
        (None, _) => (Step::About, None),
        (Some(step), "back") => (step.before().unwrap_or(Step::About), None),
        (Some(step), "next") => match form.wrong(step, &adults) {
            Some(wrong) => (step, Some(wrong)),
            // Whoever came back to change one answer goes on to the check.
            None if form.first_wrong(&adults).is_none() => (Step::Check, None),
            None => (step.next(), None),
        },
        (Some(step), press) => (Step::from_key(press).unwrap_or(step), None),
    };
    match show {
        Step::Check => check(&here, form, &adults, None, None).await,
        step => question(&here, form, step, &adults, wrong),
    }
}

fn question(
    here: &Here,
    form: &Form,
    step: Step,
    adults: &[Trusted],
    wrong: Option<(&'static str, &'static str)>,
) -> Result<Response, Problem> {
    let error = |field: &str| {
        wrong
            .filter(|(at, _)| *at == field)
            .map(|(_, says)| says.to_owned())
    };
    let pictures = |name: &str, question: &str, answers: &[Answer], chosen: &str| PictureChoice {
        chosen: (!chosen.is_empty()).then(|| chosen.to_owned()),
        error: error(name),
        ..PictureChoice::new(
            name,
            question,
            answers
                .iter()
                .map(|(value, words, picture)| Picture::new(*value, *words, drawing(picture)))
                .collect(),
        )
    };
    let title = title(step);
    let question = match step {
        Step::About => Html::of(&pictures("about", title, &ABOUT, &form.about)),
        Step::Words => Html::of(&Textarea {
            value: form.words.clone(),
            error: error("words"),
            rows: 5,
            hint: Some("A few words are enough. Or leave it empty and press Next.".into()),
            ..Textarea::new("words", Label::page_heading(title))
        }),
        Step::When => Html::of(&pictures("when", title, &WHEN, &form.when)),
        Step::Who => Html::join(&[
            Html::of(&pictures("who", title, &WHO, &form.who)),
            Html::of(&TextInput {
                value: form.who_name.clone(),
                error: error("who-name"),
                hint: Some("You can leave this empty".into()),
                autocomplete: Some("off".into()),
                ..TextInput::new("who-name", "Their name, if you know it")
            }),
        ]),
        Step::Safe => Html::of(&pictures("safe", title, &SAFE, &form.safe)),
        Step::Adult => Html::of(&PictureChoice {
            chosen: (!form.adult.is_empty()).then(|| form.adult.clone()),
            error: error("adult"),
            hint: Some("Choose the grown-up you trust most.".into()),
            ..PictureChoice::new(
                "adult",
                title,
                std::iter::once(Picture::new(
                    "anyone",
                    "Anyone who can help",
                    drawing("anyone"),
                ))
                .chain(adults.iter().map(|trusted| {
                    Picture::new(
                        trusted.person.to_string(),
                        format!("{}, {}", trusted.name, trusted.what),
                        letters(&trusted.name),
                    )
                }))
                .collect(),
            )
        }),
        Step::Name => Html::join(&[
            Html::of(&pictures("named", title, &NAMED, &form.named)),
            Html::of(&TextInput {
                value: form.name.clone(),
                error: error("name"),
                hint: Some("Only if you chose “Yes”".into()),
                autocomplete: Some("off".into()),
                ..TextInput::new("name", "My name")
            }),
        ]),
        Step::Check => Html::default(),
    };
    let press = |value: &str, text: &str, button: Button| Button {
        name: Some("press".into()),
        value: Some(value.into()),
        once: false,
        text: text.into(),
        ..button
    };
    let page = QuestionPage {
        frame: Frame {
            has_errors: wrong.is_some(),
            ..young_frame(&here.school)
        },
        errors: ErrorSummary::new(
            wrong
                .iter()
                .map(|(field, says)| FieldError::new(*field, *says))
                .collect(),
        ),
        title,
        progress: format!("Question {} of {}", step.number(), Step::Check.number() - 1),
        here: start::url(),
        step: step.key(),
        question,
        hidden: form.others(step),
        next: press("next", "Next", Button::submit("Next")),
        back: step
            .before()
            .map(|_| press("back", "Go back", Button::secondary("Go back"))),
        danger: danger(),
    };
    let status = match wrong {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Ok(unkept((status, crate::web::page(&page)?).into_response()))
}

fn title(step: Step) -> &'static str {
    match step {
        Step::About => "What happened?",
        Step::Words => "Tell us more",
        Step::When => "When was it?",
        Step::Who => "Who is it about?",
        Step::Safe => "Are you safe now?",
        Step::Adult => "Who do you want to know?",
        Step::Name => "Do you want to say your name?",
        Step::Check => "Is this right?",
    }
}

/// The answers before they are sent, with what went wrong at sending.
pub(super) async fn check(
    here: &Here,
    form: &Form,
    adults: &[Trusted],
    submission: Option<String>,
    wrong: Option<&str>,
) -> Result<Response, Problem> {
    let or = |text: &str, none: &str| {
        if text.trim().is_empty() {
            Html::from(none)
        } else {
            Html::paragraphs(text)
        }
    };
    let adult = adults
        .iter()
        .find(|trusted| trusted.person.to_string() == form.adult)
        .map_or("Anyone who can help", |trusted| trusted.name.as_str());
    let who = said(&WHO, &form.who).unwrap_or_default();
    let rows = vec![
        SummaryRow::new(
            "What happened",
            said(&ABOUT, &form.about).unwrap_or_default(),
        ),
        SummaryRow::new("More", or(&form.words, "Nothing more")),
        SummaryRow::new("When", said(&WHEN, &form.when).unwrap_or_default()),
        SummaryRow::new(
            "Who",
            match form.who_name.trim() {
                "" => who.to_owned(),
                name => format!("{who}: {name}"),
            },
        ),
        SummaryRow::new("Safe now", said(&SAFE, &form.safe).unwrap_or_default()),
        SummaryRow::new("Who should know", adult),
        SummaryRow::new("My name", or(&form.own_name(), "I do not say it")),
    ];
    let changes = Step::ALL
        .into_iter()
        .filter(|step| *step != Step::Check)
        .map(|step| Button {
            name: Some("press".into()),
            value: Some(step.key().into()),
            form_action: Some(start::url()),
            once: false,
            ..Button::secondary(format!("Change “{}”", title(step)))
        })
        .collect();
    let page = CheckPage {
        frame: Frame {
            has_errors: wrong.is_some(),
            ..young_frame(&here.school)
        },
        errors: ErrorSummary::new(
            wrong
                .iter()
                .map(|says| FieldError::new("send", *says))
                .collect(),
        ),
        answers: SummaryList::new(rows),
        changes,
        who_reads: "Grown-ups at school whose job is to keep children safe will read this. They \
                    tell nobody who does not need to know. If it is about one of them, that one \
                    does not see it."
            .to_owned(),
        submission: submission.unwrap_or_else(|| here.school.new_row_id()),
        hidden: form.others(Step::Check),
        send_to: sending::url(),
        send: Button::submit("Send it"),
        danger: danger(),
    };
    let status = match wrong {
        Some(_) => StatusCode::TOO_MANY_REQUESTS,
        None => StatusCode::OK,
    };
    Ok(unkept((status, crate::web::page(&page)?).into_response()))
}
