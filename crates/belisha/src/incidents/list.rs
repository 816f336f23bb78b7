//! The queue of cases: new, mine, overdue, all open, closed; only what the viewer may read.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::access::Role;
use belisha_rules::incidents::State;
use belisha_ui::{
    Button, Column, EmptyState, Frame, Html, NavigationItem, PageLink, Pagination, SubNavigation,
    Table, Tag, TagColour,
};
use serde::Deserialize;

use super::queries::{self, Row, Show};
use super::words::{AtRisk, kind_name};
use super::{case, concern, guidance, handing_over, low_level, reports, search, sight, times};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;

/// So many lines are on one page.
const PAGE: i64 = 25;

pub(crate) fn url() -> String {
    "/incidents".to_owned()
}

/// One of the lists, for links that lead to what a number counts.
pub(crate) fn url_of(show: Show) -> String {
    format!("/incidents?show={}", show.key())
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "incidents/list.html")]
struct QueuePage {
    frame: Frame,
    report: Button,
    mine: Button,
    poster: Button,
    more: Vec<Button>,
    lists: SubNavigation,
    heading: &'static str,
    table: Option<Table>,
    empty: EmptyState,
    pagination: Pagination,
}

pub(super) async fn get(viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let show = Show::from_key(&asked.show).unwrap_or(Show::Open);
    let page = asked.page.parse::<i64>().unwrap_or(1).clamp(1, 10_000);
    let mut records = viewer.read().await?;
    let (rows, more) = queries::list(&mut records, &viewer, show, (page - 1) * PAGE, PAGE).await?;
    drop(records);
    let lists = Show::all()
        .filter(|list| is_offered(&viewer, *list))
        .map(|list| NavigationItem {
            current: list == show,
            ..NavigationItem::new(list.name(), url_of(list))
        })
        .collect();
    let columns = ["Reference", "About", "State", "Reported", "Next", "With"]
        .map(Column::new)
        .to_vec();
    let link = |number: i64| PageLink::new(format!("{}&page={number}", url_of(show)));
    let lines: Vec<Vec<Html>> = rows.iter().map(|row| line(&viewer, row)).collect();
    crate::web::page(&QueuePage {
        frame: frame::of(&viewer),
        report: Button::link("Report a concern", reports::new_url()),
        mine: plain("My reports", reports::url()),
        poster: plain("Ways to tell us, to print", concern::poster_url()),
        more: more_pages(&viewer, show),
        lists: SubNavigation::new("Lists of cases", lists),
        heading: show.name(),
        table: (!lines.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(show.name(), columns, lines)
        }),
        empty: empty(show),
        pagination: Pagination::around(
            (page > 1).then(|| link(page - 1)),
            more.then(|| link(page + 1)),
        ),
    })
}

fn plain(text: &str, href: String) -> Button {
    Button {
        href: Some(href),
        once: false,
        ..Button::secondary(text)
    }
}

/// Whether a list stands in the navigation. By role alone, so that nobody learns from it
/// whether there is anything in it.
fn is_offered(viewer: &Viewer, list: Show) -> bool {
    match list {
        Show::New | Show::Mine | Show::Overdue | Show::Open | Show::Closed => true,
        Show::LowLevel => [
            Role::Head,
            Role::Lead,
            Role::DeputyLead,
            Role::Chair,
            Role::ViceChair,
        ]
        .iter()
        .any(|role| viewer.access.roles().contains(role)),
        Show::LowLevelClosed => false,
    }
}

/// Pages beside the lists, for those whose they are.
fn more_pages(viewer: &Viewer, show: Show) -> Vec<Button> {
    let mut more = vec![plain("Search in cases", search::url())];
    if crate::exports::may_have_any(viewer) {
        more.push(plain("Packs to leave the school", crate::exports::url()));
    }
    if show == Show::Closed && crate::retention::may_decide_any(viewer) {
        more.push(plain("Cases whose time is over", crate::retention::url()));
    }
    if matches!(show, Show::LowLevel | Show::LowLevelClosed) {
        let (text, other) = match show {
            Show::LowLevel => ("Those that were closed", Show::LowLevelClosed),
            _ => ("Those that are open", Show::LowLevel),
        };
        more.push(plain(text, url_of(other)));
        if low_level::sees_pattern(viewer) {
            more.push(plain("By adult", low_level::url()));
        }
    }
    if sight::may_ask(viewer) || viewer.access.roles().contains(&Role::Lead) {
        more.push(plain("Emergency sights", sight::list_url()));
    }
    if [Role::Head, Role::Chair, Role::ViceChair]
        .iter()
        .any(|role| viewer.access.roles().contains(role))
    {
        more.push(plain("Hand over sealed cases", handing_over::list_url()));
    }
    more
}

fn line(viewer: &Viewer, row: &Row) -> Vec<Html> {
    let edition = guidance::of(&row.guidance);
    let mut about: Vec<Html> = vec![kind_name(row.kind).into()];
    if let Some(risk) = edition.risk(&row.category) {
        about.push(format!(": {}", risk.name).into());
    }
    if row.risk == AtRisk::Yes && row.state.is_open() {
        about.push(Html::trusted(" "));
        about.push(Html::of(&Tag {
            colour: TagColour::Red,
            ..Tag::new("Child at risk")
        }));
    }
    let next = match (row.state, row.acknowledge_by, row.next_action_on) {
        (State::Reported, Some(by), _) => {
            let text = format!("acknowledge by {}", times::moment(&viewer.school, by));
            due(text, by < viewer.now)
        }
        (state, _, Some(on)) if state.is_open() => {
            due(format!("action by {}", times::day(on)), on < viewer.today())
        }
        _ => Html::default(),
    };
    let mut reported: Vec<Html> = vec![times::moment(&viewer.school, row.opened_at).into()];
    if row.late {
        reported.push(" (late)".into());
    }
    vec![
        Html::trusted(format!(
            r#"<span class="belisha-reference">{}</span>"#,
            Html::link(&row.reference, &case::url(row.id))
        )),
        Html::join(&about),
        state_tag(row.state),
        Html::join(&reported),
        next,
        row.acknowledged_by.clone().unwrap_or_default().into(),
    ]
}

fn due(text: String, is_overdue: bool) -> Html {
    if is_overdue {
        Html::join(&[
            Html::of(&Tag {
                colour: TagColour::Red,
                ..Tag::new("Overdue")
            }),
            format!(" {text}").into(),
        ])
    } else {
        text.into()
    }
}

/// The state of a case as a tag.
pub(super) fn state_tag(state: State) -> Html {
    let colour = match state {
        State::Reported | State::Reopened => TagColour::Amber,
        State::Acknowledged
        | State::Triaged
        | State::InReview
        | State::Investigating
        | State::Responding => TagColour::Plain,
        State::Closed => TagColour::Green,
        State::NoFurtherAction | State::Merged => TagColour::Grey,
    };
    let name = state.name();
    let mut letters = name.chars();
    let capital: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    Html::of(&Tag {
        colour,
        ..Tag::new(capital)
    })
}

fn empty(show: Show) -> EmptyState {
    let (title, body) = match show {
        Show::New => (
            "Nothing new waits for you",
            "A report that is sent to you stands here until somebody acknowledges it.",
        ),
        Show::Mine => (
            "You have no open case",
            "Cases that you acknowledge, or have something to do in, stand here.",
        ),
        Show::Overdue => (
            "Nothing is overdue",
            "A report that nobody acknowledged in time, or an action past its day, would stand here.",
        ),
        Show::Open => (
            "There is no open case that you can read",
            "If you are worried about somebody, report it; that is always possible.",
        ),
        Show::Closed => (
            "There is no closed case that you can read",
            "A case moves here when it is closed or ends with no further action.",
        ),
        Show::LowLevel => (
            "There is no open low-level concern that you can read",
            "A concern about an adult that is below the threshold of harm stands here, apart from all other cases.",
        ),
        Show::LowLevelClosed => (
            "There is no closed low-level concern that you can read",
            "A low-level concern moves here when it is closed.",
        ),
    };
    EmptyState::new(title, body)
}
