//! The public page: the policy's advice first, then one form.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::{Audience, Word as _};
use belisha_ui::{
    Button, Checkboxes, Choice, DateInput, Details, ErrorSummary, FieldError, Frame, Html, Label,
    Radios, TextInput, Textarea, WarningText,
};

use super::form::{ABOUT_WHOM, Form, SENDERS};
use super::{code, is_open, public_frame, sending};
use crate::incidents::classification::{list, matter_key};
use crate::incidents::help_lines::telephone;
use crate::incidents::words::AtRisk;
use crate::problem::Problem;
use crate::school::School;
use crate::viewer::Here;
use crate::web::sent::Sent;
use crate::web::words::capital;

pub(crate) fn url() -> String {
    "/concern".to_owned()
}

#[derive(Template)]
#[template(path = "incidents/concern/new.html")]
struct ConcernPage {
    frame: Frame,
    errors: ErrorSummary,
    school: String,
    danger: WarningText,
    advice: Vec<Html>,
    check: String,
    sender: Radios,
    words: Textarea,
    at_risk: Radios,
    about_whom: Radios,
    names: TextInput,
    place: TextInput,
    on: DateInput,
    matter: Details,
    told_police: Radios,
    name: TextInput,
    contact: TextInput,
    go_on: Button,
    answer: Button,
}

pub(super) async fn get(here: Here) -> Result<Response, Problem> {
    is_open(&here.school).await?;
    page(&here, &Form::default(), Vec::new()).await
}

/// The page again with what was typed, to change something.
pub(super) async fn post(here: Here, sent: Sent<Form>) -> Result<Response, Problem> {
    is_open(&here.school).await?;
    page(&here, &sent.form, Vec::new()).await
}

/// What the policy in force advises, in its own words.
pub(super) async fn advice(school: &School, to: Audience) -> Result<Option<Html>, Problem> {
    let mut records = school.database.read().await?;
    let in_force = school.in_force(&mut records).await?;
    Ok(in_force
        .policy
        .reporting_advice(to)
        .map(|clause| Html::trusted(clause.words_as_html())))
}

pub(super) async fn page(
    here: &Here,
    form: &Form,
    wrong: Vec<FieldError>,
) -> Result<Response, Problem> {
    let error = |field: &str| {
        wrong
            .iter()
            .find(|error| error.field_id.as_deref() == Some(field))
            .map(|error| error.text.clone())
    };
    let chosen = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let mut said = Vec::new();
    for to in [Audience::Families, Audience::Visitors] {
        said.extend(advice(&here.school, to).await?);
    }
    let line = |name: &str, label: Label, hint: &str, value: &str| TextInput {
        value: value.to_owned(),
        error: error(name),
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
        ..TextInput::new(name, label)
    };
    let has_errors = !wrong.is_empty();
    let page = ConcernPage {
        frame: Frame {
            has_errors,
            ..public_frame(&here.school)
        },
        school: here.school.settings().name.clone(),
        danger: WarningText::new(format!(
            "If somebody is in danger now, ring {}. Nobody may read this page’s reports at night \
             or in the holidays.",
            telephone("emergency")
        )),
        advice: said,
        check: sending::check_url(),
        sender: Radios {
            chosen: chosen(&form.sender),
            error: error("sender"),
            ..Radios::new(
                "sender",
                Label::medium("Who are you to the school?"),
                SENDERS
                    .into_iter()
                    .map(|sender| Choice::new(sender.key(), capital(sender.name())))
                    .collect(),
            )
        },
        words: Textarea {
            value: form.words.clone(),
            error: error("words"),
            rows: 6,
            hint: Some("What happened, what you saw or were told. Do not send pictures.".into()),
            ..Textarea::new("words", Label::medium("What worries you?"))
        },
        at_risk: Radios {
            inline: true,
            chosen: chosen(&form.at_risk),
            error: error("at-risk"),
            ..Radios::new(
                "at-risk",
                Label::medium("Is a child in danger now?"),
                AtRisk::all()
                    .map(|answer| Choice::new(answer.key(), answer.name()))
                    .collect(),
            )
        },
        about_whom: Radios {
            chosen: chosen(&form.about_whom),
            error: error("about-whom"),
            ..Radios::new(
                "about-whom",
                Label::medium("Whom is it about?"),
                ABOUT_WHOM
                    .iter()
                    .map(|(key, name)| Choice::new(*key, *name))
                    .collect(),
            )
        },
        names: line(
            "names",
            Label::from("Their names, if you know them"),
            "Write “the headteacher” if you do not know the name. We do not say whether anybody \
             of this name is at the school.",
            &form.names,
        ),
        place: line(
            "place",
            Label::from("Where was it?"),
            "A place, or a game, app or site",
            &form.place,
        ),
        on: DateInput {
            day: form.on_day.clone(),
            month: form.on_month.clone(),
            year: form.on_year.clone(),
            error: error("on-day").or_else(|| error("on-year")),
            hint: Some("Leave it empty if it was today, or if you do not know".into()),
            ..DateInput::new("on", "On which day?")
        },
        matter: Details {
            open: !form.matter.is_empty(),
            ..Details::new(
                "Say what it is about",
                Html::of(&Checkboxes {
                    chosen: form.matter.clone(),
                    ..Checkboxes::new(
                        "matter",
                        "What is it about?",
                        list()
                            .matters
                            .iter()
                            .map(|asked| Choice::new(matter_key(asked.matter), asked.asks.clone()))
                            .collect(),
                    )
                }),
            )
        },
        told_police: Radios {
            chosen: chosen(&form.told_police),
            hint: Some(
                "For an indecent picture of a child, or a threat, go to the police at once.".into(),
            ),
            ..Radios::yes_or_no("told-police", Label::medium("Have you told the police?"))
        },
        name: line(
            "name",
            Label::medium("Your name, if you want to give it"),
            "",
            &form.name,
        ),
        contact: line(
            "contact",
            Label::from("How can we reach you, if you want us to?"),
            "A telephone number or an e-mail address. Without one, you find our answer under a code.",
            &form.contact,
        ),
        go_on: Button::submit("Continue"),
        answer: Button {
            once: false,
            href: Some(code::url()),
            ..Button::secondary("I have a code: show me the answer")
        },
        errors: ErrorSummary::new(wrong.clone()),
    };
    let status = if has_errors {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, crate::web::page(&page)?).into_response())
}
