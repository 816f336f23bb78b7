//! The explanation: a name, a group and a time lead to what the filter does, with the whole chain of
//! reasons. Asking is no reading of anybody's log, and stays out of the journal.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use belisha_filter::lists::split_page;
use belisha_filter::verdict::Outcome;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    Button, Column, DateInput, ErrorSummary, Frame, Html, InputWidth, InsetText, Label, Select,
    SelectOption, Table, Tag, TagColour, TextInput,
};
use jiff::Timestamp;
use jiff::civil::Time;
use serde::Deserialize;

use super::lists::{self, Judge};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::{moment_at, read_date, read_time};
use crate::web::wrong::Wrong;

/// Where a name is explained.
pub(crate) fn url(name: &str, group: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("name", name).append_pair("group", group);
    format!("/filter/check?{}", query.finish())
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Asked {
    name: String,
    group: String,
    on_day: String,
    on_month: String,
    on_year: String,
    at: String,
}

/// What was found.
struct Answer {
    sentence: String,
    outcome: Tag,
    chain: Table,
    ask: Option<Html>,
}

#[derive(Template)]
#[template(path = "filter/check.html")]
struct CheckPage {
    frame: Frame,
    errors: ErrorSummary,
    lists: Option<InsetText>,
    name: TextInput,
    group: Select,
    on: DateInput,
    at: TextInput,
    send: Button,
    answer: Option<Answer>,
}

pub(super) async fn get(viewer: Viewer, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    viewer.require(Action::ReadFilter, &RecordFacts::of(Kind::Filter))?;
    let is_asked = query.as_ref().is_some_and(|query| query.contains("name="));
    let asked: Asked = query
        .and_then(|query| serde_html_form::from_str(&query).ok())
        .unwrap_or_default();
    let judge = lists::judge(&mut viewer.read().await?, &viewer.school).await?;
    let mut wrong = Wrong::default();
    let answer = if is_asked {
        answer(&viewer, &judge, &asked, &mut wrong)
    } else {
        None
    };
    let mut frame = frame::of(&viewer);
    frame.has_errors = !wrong.is_empty();
    let groups = judge
        .groups()
        .map(|group| SelectOption::new(group.name.clone(), group.name.clone()))
        .collect();
    crate::web::page(&CheckPage {
        frame,
        lists: (!judge.has_lists()).then(|| {
            InsetText::new(
                "No lists are compiled yet, so nothing can be asked. Whoever runs the server makes them with “belisha filter compile”.",
            )
        }),
        name: TextInput {
            value: asked.name.clone(),
            error: wrong.at("name"),
            spellcheck: Some(false),
            hint: Some("Such as example.org".into()),
            ..TextInput::new("name", Label::medium("Which site?"))
        },
        group: Select {
            chosen: Some(asked.group.clone()),
            error: wrong.at("group"),
            ..Select::new("group", Label::medium("For whom?"), groups)
        },
        on: DateInput {
            day: asked.on_day.clone(),
            month: asked.on_month.clone(),
            year: asked.on_year.clone(),
            hint: Some("Left empty, it is now.".into()),
            error: wrong.at("on-day"),
            ..DateInput::new("on", Label::medium("On which day?"))
        },
        at: TextInput {
            value: asked.at.clone(),
            width: Some(InputWidth::Five),
            hint: Some("Such as 10:45".into()),
            error: wrong.at("at"),
            ..TextInput::new("at", Label::medium("At what time?"))
        },
        send: Button {
            once: false,
            ..Button::submit("Ask the filter")
        },
        errors: ErrorSummary::new(wrong.into_errors()),
        answer,
    })
}

fn answer(viewer: &Viewer, judge: &Judge, asked: &Asked, wrong: &mut Wrong) -> Option<Answer> {
    let host = split_page(asked.name.trim()).map(|(host, _)| host).ok();
    if host.is_none() {
        wrong.say("name", "Enter the name of a site, such as example.org");
    }
    let at = moment(viewer, asked, wrong)?;
    let host = host?;
    let Some(group) = judge.groups().find(|group| group.name == asked.group) else {
        wrong.say("group", "Choose for whom");
        return None;
    };
    let verdict = judge.verdict(&group.name, &host, at)?;
    let (word, colour) = match verdict.outcome {
        Outcome::Allowed => ("open", TagColour::Green),
        Outcome::Blocked => ("blocked", TagColour::Red),
    };
    let rows = verdict
        .chain
        .iter()
        .map(|step| vec![Html::from(step.asked), Html::from(step.found.as_str())])
        .collect();
    let may_ask = viewer
        .may(Action::AskApproval, &RecordFacts::of(Kind::Approval))
        .is_allowed();
    let blocked = verdict.outcome == Outcome::Blocked && !judge.is_illegal(&host);
    Some(Answer {
        sentence: format!(
            "{host} is {word} for {} on {}.",
            group.name,
            moment_at(&viewer.school, at)
        ),
        outcome: Tag {
            colour,
            ..Tag::new(word)
        },
        chain: Table::new(
            "Why",
            vec![Column::new("Asked of"), Column::new("Found")],
            rows,
        ),
        ask: (may_ask && blocked).then(|| {
            Html::link(
                "Ask for this site",
                &crate::approvals::ask_change_url(&host, &group.name),
            )
        }),
    })
}

/// When: now, unless a day or a time is given.
fn moment(viewer: &Viewer, asked: &Asked, wrong: &mut Wrong) -> Option<Timestamp> {
    let no_day = [&asked.on_day, &asked.on_month, &asked.on_year]
        .iter()
        .all(|part| part.trim().is_empty());
    if no_day && asked.at.trim().is_empty() {
        return Some(viewer.now);
    }
    let day = if no_day {
        Some(viewer.today())
    } else {
        read_date(&asked.on_day, &asked.on_month, &asked.on_year)
    };
    if day.is_none() {
        wrong.say("on-day", "Enter a day, such as 27 3 2027");
    }
    let time = if asked.at.trim().is_empty() {
        Some(Time::constant(10, 0, 0, 0))
    } else {
        read_time(&asked.at)
    };
    if time.is_none() {
        wrong.say("at", "Enter a time, such as 10:45");
    }
    viewer.school.instant(day?, time?)
}
