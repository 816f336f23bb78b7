//! The register of requests, one list for each law, and what of it stands on Today.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_policy::controls::data_requests::NOTICE;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::data_requests::{Due, RequestKind};
use belisha_ui::{
    BackLink, BigNumber, Button, Column, EmptyState, Frame, Html, NavigationItem, SubNavigation,
    Table, Tag, TagColour,
};
use serde::Deserialize;

use super::queries::{Asked, object, of_kind, open};
use super::{new, show_url};
use crate::db::Connection;
use crate::home::frame;
use crate::problem::Problem;
use crate::records;
use crate::schools::calendar;
use crate::viewer::Viewer;
use crate::web::words::{capital, date};

pub(crate) fn url() -> String {
    "/data-requests".to_owned()
}

fn url_of(kind: RequestKind) -> String {
    format!("/data-requests?kind={}", kind.key())
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asking {
    kind: String,
}

#[derive(Template)]
#[template(path = "data_requests/list.html")]
struct RegisterPage {
    frame: Frame,
    back: BackLink,
    lists: SubNavigation,
    heading: String,
    time: &'static str,
    record: Option<Button>,
    table: Option<Table>,
    nothing: EmptyState,
}

pub(super) async fn get(viewer: Viewer, Query(asking): Query<Asking>) -> Result<Response, Problem> {
    viewer.require(Action::ReadDataRequest, &RecordFacts::of(Kind::DataRequest))?;
    let kind = RequestKind::from_key(&asking.kind).unwrap_or(RequestKind::SubjectAccess);
    let mut records = viewer.read().await?;
    let days = calendar::of(&mut records, &viewer.school).await?;
    let mut lines = Vec::new();
    for asked in of_kind(&mut records, &viewer, kind).await? {
        let record = records::open(&mut records, &viewer, &object(asked.id)).await?;
        let asker = record.read("asker", 0, &asked.sealed_asker)?;
        let about = record.read("about", 0, &asked.sealed_about)?;
        let due = asked.request.due(viewer.today(), &days);
        lines.push(vec![
            Html::link(&first_line(&asker), &show_url(asked.id)),
            about.into(),
            date(asked.request.received_on).into(),
            standing(&viewer, due),
        ]);
    }
    let may_record = viewer
        .may(
            Action::RecordDataRequest,
            &RecordFacts::of(Kind::DataRequest),
        )
        .is_allowed();
    let lists = RequestKind::all()
        .map(|one| NavigationItem {
            current: one == kind,
            ..NavigationItem::new(capital(one.name()), url_of(one))
        })
        .collect();
    crate::web::page(&RegisterPage {
        frame: frame::of(&viewer),
        back: BackLink::to(crate::home::url()),
        lists: SubNavigation::new("Kinds of request", lists),
        heading: format!("Requests: {}", kind.name()),
        time: kind.time(),
        record: may_record.then(|| Button::link("Record a request", new::url(kind))),
        table: (!lines.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(
                "Requests",
                ["Who asks", "About", "Received", "Where it stands"]
                    .map(Column::new)
                    .to_vec(),
                lines,
            )
        }),
        nothing: EmptyState::new(
            "Nobody has asked yet",
            "A request may come by mail, by telephone or across the counter, and need not use the words of the law. Write it down on the day it comes.",
        ),
    })
}

/// The name of whoever asks, which is the first line of what was written of them.
pub(super) fn first_line(asker: &str) -> String {
    asker.lines().next().unwrap_or_default().to_owned()
}

/// Where a request stands, as a cell of the register and a row of its page.
pub(super) fn standing(viewer: &Viewer, due: Due) -> Html {
    let tag = |colour, text: &str, more: String| {
        Html::join(&[
            Html::of(&Tag {
                colour,
                ..Tag::new(text)
            }),
            format!(" {more}").into(),
        ])
    };
    match due {
        Due::On(last) if last < viewer.today() => {
            tag(TagColour::Red, "Overdue", format!("since {}", date(last)))
        }
        Due::On(last) if is_near(viewer, due) => {
            tag(TagColour::Amber, "Due soon", format!("by {}", date(last)))
        }
        Due::On(last) => format!("answer by {}", date(last)).into(),
        Due::Waits { .. } => "the clock begins when it is checked who asks".into(),
        Due::Paused { days_left } => format!(
            "waits for what they mean; {} left",
            crate::web::words::counted(days_left, "day", "days")
        )
        .into(),
        Due::Ended(step, day) => format!("{} on {}", step.name(), date(day)).into(),
    }
}

/// Whether the last day is so near that the policy calls it urgent.
fn is_near(viewer: &Viewer, due: Due) -> bool {
    let from = |last| viewer.policy.policy.get(&NOTICE).before(last);
    matches!(due, Due::On(last) if from(last) <= viewer.today())
}

/// What stands on Today, for those who answer.
pub(crate) async fn numbers(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<Vec<BigNumber>, Problem> {
    let may_answer = viewer.may(
        Action::AnswerDataRequest,
        &RecordFacts::of(Kind::DataRequest),
    );
    if !may_answer.is_allowed() {
        return Ok(Vec::new());
    }
    let waiting: Vec<Asked> = open(connection, viewer).await?;
    let Some(soonest) = waiting
        .iter()
        .find(|asked| asked.due_on.is_some())
        .or(waiting.first())
    else {
        return Ok(Vec::new());
    };
    let days = calendar::of(connection, &viewer.school).await?;
    let needs_action = waiting
        .iter()
        .any(|asked| is_near(viewer, asked.request.due(viewer.today(), &days)));
    let label = match waiting.iter().filter_map(|asked| asked.due_on).min() {
        Some(day) if waiting.len() == 1 => {
            format!("request to see data, to answer by {}", date(day))
        }
        Some(day) => format!("requests to see data, the first by {}", date(day)),
        None if waiting.len() == 1 => "request to see data".to_owned(),
        None => "requests to see data".to_owned(),
    };
    Ok(vec![BigNumber {
        href: Some(if waiting.len() == 1 {
            show_url(soonest.id)
        } else {
            url_of(soonest.request.kind)
        }),
        needs_action,
        ..BigNumber::new(u64::try_from(waiting.len()).unwrap_or(u64::MAX), label)
    }])
}
