//! The report page: one page, finished by thumb in under a minute.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::{Matter, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    Button, Checkboxes, Choice, DateInput, Details, ErrorSummary, Frame, Html, InputWidth, Label,
    Radios, Select, SelectOption, TextInput, Textarea, TypeAhead, WarningText,
};
use serde::Deserialize;

use super::form::{Faulty, Form, PEOPLE_AT_MOST, offered};
use super::naming;
use super::report::How;
use crate::drafts;
use crate::home::frame;
use crate::incidents::classification;
use crate::incidents::words::{AtRisk, Part};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url() -> String {
    "/reports/new".to_owned()
}

#[derive(Template)]
#[template(path = "incidents/reports/new.html")]
struct NewReportPage {
    frame: Frame,
    errors: ErrorSummary,
    submission: String,
    check: String,
    draft: String,
    /// What to do first, where it is about a nude picture of a child.
    of_a_picture: Option<WarningText>,
    /// Where whoever was shown one begins.
    shown: String,
    words: Textarea,
    at_risk: Radios,
    told_lead: Radios,
    people: Vec<PersonLine>,
    more: Option<Button>,
    when: Radios,
    place: TypeAhead,
    how: Select,
    knows_how: TextInput,
    /// What it is about and on which services, folded away: nobody in a hurry needs it.
    more_about: Details,
    alert: String,
    go_on: Button,
}

/// The fields of one person.
struct PersonLine {
    who: TypeAhead,
    part: Select,
    meant: Option<Select>,
    meant_value: String,
}

/// What the report is about, where another page leads here with it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    about: String,
}

/// Whoever was shown a picture begins with what it is about, and with what to do now.
const SHOWN: &str = "shown";

pub(super) async fn get(viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    viewer.require(Action::RaiseConcern, &RecordFacts::of(Kind::NewConcern))?;
    let submission = viewer.school.new_row_id();
    let form = if asked.about == SHOWN {
        Form {
            category: vec![classification::matter_key(Matter::NudeImage)],
            how: How::Saw.key().to_owned(),
            ..Form::new()
        }
    } else {
        begun(&viewer).await?.unwrap_or_else(Form::new)
    };
    page(&viewer, &form, Faulty::default(), submission)
}

/// What the person had begun to write, if the page kept any of it.
async fn begun(viewer: &Viewer) -> Result<Option<Form>, Problem> {
    let mut records = viewer.read().await?;
    let kept = drafts::kept(&mut records, &viewer.school, viewer.person, super::DRAFT).await?;
    Ok(kept.and_then(|pairs| {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        // A draft of an older page may not fit this one; then there is nothing to show.
        Sent::<Form>::read(body.as_bytes())
            .ok()
            .map(|sent| sent.form)
    }))
}

/// The page again with what was typed: with more lines, or to change something.
pub(super) async fn post(viewer: Viewer, sent: Sent<Form>) -> Result<Response, Problem> {
    viewer.require(Action::RaiseConcern, &RecordFacts::of(Kind::NewConcern))?;
    let lines = match sent.form.press.as_str() {
        "more" => sent.form.who.len() + 2,
        _ => sent.form.who.len(),
    };
    let form = sent.form.with_lines(lines);
    page(&viewer, &form, Faulty::default(), sent.submission)
}

/// The page with what was typed, and what needs correcting.
pub(super) fn page(
    viewer: &Viewer,
    form: &Form,
    faulty: Faulty,
    submission: String,
) -> Result<Response, Problem> {
    let form = form.clone().with_lines(1);
    let has_errors = !faulty.errors.is_empty();
    let error = |field: &str| {
        faulty
            .errors
            .iter()
            .find(|error| error.field_id.as_deref() == Some(field))
            .map(|error| error.text.clone())
    };
    let chosen = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let is_of_a_picture = form
        .category
        .contains(&classification::matter_key(Matter::NudeImage));
    let people = (0..form.who.len())
        .map(|line| person_line(&form, &faulty, line, &error))
        .collect();
    let page = NewReportPage {
        frame: Frame {
            has_errors,
            ..frame::of(viewer)
        },
        submission,
        check: super::check::url(),
        draft: super::draft_url(),
        of_a_picture: is_of_a_picture.then(|| {
            WarningText::new(
                "Go to the headteacher or your line manager now, and send this as well. Show the picture to nobody, and do not copy it, send it on or delete it.",
            )
        }),
        shown: format!("{}?about={SHOWN}", url()),
        words: Textarea {
            value: form.words.clone(),
            error: error("words"),
            rows: 5,
            hint: Some(
                if is_of_a_picture {
                    "Who showed it or spoke of it, to whom, when and where, and what was done then. Not what is in the picture."
                } else {
                    "Your own words are best. Write what you saw or heard."
                }
                .into(),
            ),
            ..Textarea::new("words", Label::medium("What happened?"))
        },
        at_risk: Radios {
            inline: true,
            chosen: chosen(&form.at_risk),
            error: error("at-risk"),
            ..Radios::new(
                "at-risk",
                Label::medium("Is a child at risk now?"),
                AtRisk::all()
                    .map(|answer| Choice::new(answer.key(), answer.name()))
                    .collect(),
            )
        },
        told_lead: Radios {
            chosen: chosen(&form.told_lead),
            error: error("told-lead"),
            ..Radios::yes_or_no(
                "told-lead",
                Label::medium("Have you told the safeguarding lead in person?"),
            )
        },
        people,
        more: (form.who.len() < PEOPLE_AT_MOST).then(|| Button {
            name: Some("press".into()),
            value: Some("more".into()),
            form_action: Some(url()),
            once: false,
            ..Button::secondary("Add another person")
        }),
        when: when(&form, &error),
        place: TypeAhead {
            value: form.place.clone(),
            error: error("place"),
            hint: Some("A room, a journey home, or a game, app or site".into()),
            ..TypeAhead::new(
                "place",
                Label::medium("Where?"),
                classification::list().places.clone(),
            )
        },
        how: Select {
            chosen: Some(form.how.clone()),
            ..Select::new(
                "how",
                Label::medium("How do you know?"),
                std::iter::once(SelectOption::new("", "Choose, if you like"))
                    .chain(How::all().map(|how| SelectOption::new(how.key(), how.name())))
                    .collect(),
            )
        },
        knows_how: TextInput {
            value: form.knows_how.clone(),
            error: error("knows-how"),
            hint: Some("“Sam told me at lunch”".into()),
            ..TextInput::new("knows-how", "In your words")
        },
        more_about: more_about(viewer, &form),
        alert: form.alert.clone(),
        go_on: Button::submit("Continue"),
        errors: ErrorSummary::new(faulty.errors),
    };
    let status = if has_errors {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

/// What it is about, and on which services: optional, and never needed to send.
fn more_about(viewer: &Viewer, form: &Form) -> Details {
    let categories = Checkboxes {
        chosen: form.category.clone(),
        hint: Some("Tick what fits, or leave it to whoever takes the case".into()),
        ..Checkboxes::new(
            "category",
            "What is it about?",
            offered(viewer)
                .into_iter()
                .map(|(key, words)| Choice::new(key, words))
                .collect(),
        )
    };
    let services = Checkboxes {
        chosen: form.service.clone(),
        hint: Some("Write any other in the box “Where?”".into()),
        ..Checkboxes::new(
            "service",
            "On which services or apps?",
            classification::list()
                .services
                .iter()
                .map(|service| Choice::new(service.key.clone(), service.name.clone()))
                .collect(),
        )
    };
    Details {
        open: !form.category.is_empty() || !form.service.is_empty(),
        ..Details::new(
            "Say what it is about, and which apps",
            Html::join(&[Html::of(&categories), Html::of(&services)]),
        )
    }
}

fn person_line(
    form: &Form,
    faulty: &Faulty,
    line: usize,
    error: &impl Fn(&str) -> Option<String>,
) -> PersonLine {
    let number = line + 1;
    let (who, part, meant) = (
        format!("who-{number}"),
        format!("part-{number}"),
        format!("meant-{number}"),
    );
    let parts = std::iter::once(SelectOption::new("", "Choose"))
        .chain(
            Part::all()
                .filter(|part| *part != Part::Reporter)
                .map(|part| SelectOption::new(part.key(), part.name())),
        )
        .collect();
    let chosen = form.meant[line].clone();
    PersonLine {
        who: TypeAhead {
            id: who.clone(),
            value: form.who[line].clone(),
            error: error(&who),
            hint: (number == 1)
                .then(|| "A name, a post such as headteacher, or a few words".to_owned()),
            suggestions_url: Some(naming::url()),
            ..TypeAhead::new("who", format!("Person {number}"), Vec::new())
        },
        part: Select {
            id: part.clone(),
            error: error(&part),
            chosen: Some(form.part[line].clone()),
            ..Select::new(
                "part",
                format!("What person {number} has to do with it"),
                parts,
            )
        },
        meant: faulty
            .unclear
            .iter()
            .find(|(unclear, _)| *unclear == line)
            .map(|(_, candidates)| Select {
                id: meant.clone(),
                error: error(&meant),
                chosen: Some(chosen.clone()),
                ..Select::new(
                    "meant",
                    format!("Who is {}?", form.who[line].trim()),
                    std::iter::once(SelectOption::new("", "Choose"))
                        .chain(candidates.iter().map(|candidate| {
                            SelectOption::new(candidate.person.to_string(), candidate.label.clone())
                        }))
                        .chain([
                            SelectOption::new(
                                naming::ADULT,
                                "An adult who works or helps at the school",
                            ),
                            SelectOption::new(
                                naming::OUTSIDE,
                                "Somebody else: keep the name as written",
                            ),
                        ])
                        .collect(),
                )
            }),
        meant_value: chosen,
    }
}

fn when(form: &Form, error: &impl Fn(&str) -> Option<String>) -> Radios {
    let time = |name: &str, value: &str| TextInput {
        value: value.to_owned(),
        error: error(name),
        width: Some(InputWidth::Five),
        hint: Some("If you know it, such as 10:45".into()),
        ..TextInput::new(name, "About what time?")
    };
    let on = DateInput {
        day: form.on_day.clone(),
        month: form.on_month.clone(),
        year: form.on_year.clone(),
        error: error("on-day").or_else(|| error("on-year")),
        ..DateInput::new("on", "On which day?")
    };
    Radios {
        chosen: Some(form.when.clone()),
        error: error("when"),
        ..Radios::new(
            "when",
            Label::medium("When?"),
            vec![
                Choice::new("now", "Now, or a moment ago"),
                Choice {
                    reveals: Some(Html::of(&time("today-time", &form.today_time))),
                    ..Choice::new("today", "Earlier today")
                },
                Choice {
                    reveals: Some(Html::join(&[
                        Html::of(&on),
                        Html::of(&time("on-time", &form.on_time)),
                    ])),
                    ..Choice::new("other", "On another day")
                },
            ],
        )
    }
}
