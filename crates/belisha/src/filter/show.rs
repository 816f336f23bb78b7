//! The page of the filter: what each group may reach, what the school itself decided, and where to
//! ask for more.

use askama::Template;
use axum::response::Response;
use belisha_filter::categories;
use belisha_filter::verdict::PartOfDay;
use belisha_policy::controls::filter_group;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Column, Details, EmptyState, Frame, Html, InsetText, Table};

use super::entries::{self, Stored};
use super::{lists, settings};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::moment_at;

/// Where the filter stands.
pub(crate) fn url() -> String {
    "/filter".to_owned()
}

struct Group {
    name: String,
    sentence: String,
    blocked: Details,
}

/// Somewhere to go from here.
struct Place {
    link: Html,
    words: &'static str,
}

#[derive(Template)]
#[template(path = "filter/show.html")]
struct ShowPage {
    frame: Frame,
    lists: InsetText,
    places: Vec<Place>,
    groups: Vec<Group>,
    entries: Option<Table>,
    empty: Option<EmptyState>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadFilter, &RecordFacts::of(Kind::Filter))?;
    let mut records = viewer.read().await?;
    let judge = lists::judge(&mut records, &viewer.school).await?;
    let stored = entries::in_force(&mut records).await?;
    drop(records);
    let sentences: Vec<(String, String)> = viewer
        .policy
        .policy
        .all(&filter_group::CONTROL)
        .map(|bound| (bound.get(&filter_group::GROUP), bound.sentence()))
        .collect();
    let groups = judge
        .groups()
        .map(|group| {
            let blocked: Vec<Html> = categories::CATEGORIES
                .iter()
                .filter(|category| group.stops(category.key, PartOfDay::Lesson))
                .map(|category| {
                    Html::join(&[
                        Html::trusted("<li>"),
                        category.title.into(),
                        Html::trusted("</li>"),
                    ])
                })
                .collect();
            Group {
                name: group.name.clone(),
                sentence: sentences
                    .iter()
                    .find(|(name, _)| *name == group.name)
                    .map(|(_, sentence)| sentence.clone())
                    .unwrap_or_default(),
                blocked: Details::new(
                    format!("What is blocked for {}", group.name),
                    Html::join(&[
                        Html::trusted("<ul>"),
                        Html::join(&blocked),
                        Html::trusted("</ul>"),
                    ]),
                ),
            }
        })
        .collect();
    let rows: Vec<Vec<Html>> = stored
        .iter()
        .map(|entry| row(&viewer, entry, &judge))
        .collect();
    let columns = ["Site", "For", "Is", "Why", "Until", "By"]
        .map(Column::new)
        .to_vec();
    crate::web::page(&ShowPage {
        frame: frame::of(&viewer),
        lists: InsetText::new(in_words(&judge)),
        places: places(&viewer),
        groups,
        empty: rows.is_empty().then(|| {
            EmptyState::new(
                "The school has judged no site itself",
                "What is opened or blocked by approval is listed here, with its reason and its end.",
            )
        }),
        entries: (!rows.is_empty()).then(|| Table::new("Sites that the school judged itself", columns, rows)),
    })
}

fn row(viewer: &Viewer, entry: &Stored, judge: &lists::Judge) -> Vec<Html> {
    let known = judge.policy.group(&entry.group).is_ok();
    let until = entry.until.map_or_else(
        || "Somebody changes it".to_owned(),
        |until| moment_at(&viewer.school, until),
    );
    vec![
        Html::link(&entry.name, &super::check_url(&entry.name, &entry.group)),
        if known {
            settings::group_in_words(&entry.group).into()
        } else {
            format!("{} (not in the policy: no effect)", entry.group).into()
        },
        entry.decision.words().into(),
        entry.reason.clone().into(),
        until.into(),
        Html::link(
            &format!("Request {}", entry.number),
            &crate::approvals::show_url(entry.approval),
        ),
    ]
}

/// What lists there are, and which duty is not met by them.
fn in_words(judge: &lists::Judge) -> String {
    let Some(index) = judge.index() else {
        return "No lists are compiled yet. Until whoever runs the server makes them, the filter knows only what the school itself decided.".to_owned();
    };
    let lists = index.lists().len();
    if index.hashed().is_empty() {
        format!(
            "{lists} lists are in use. None of them is a list of illegal content, so the duty to block it is not met by this filter alone."
        )
    } else {
        format!(
            "{lists} lists are in use, and lists of illegal content that nobody at school can switch off."
        )
    }
}

/// Where this viewer may go from here.
fn places(viewer: &Viewer) -> Vec<Place> {
    let log = RecordFacts::of(Kind::FilterLog);
    let filter = RecordFacts::of(Kind::Filter);
    [
        (
            "Ask the filter",
            "/filter/check".to_owned(),
            "what a group gets of a site, and why",
            Action::ReadFilter,
            &filter,
        ),
        (
            "Lists",
            super::versions::url(),
            "which are in use, which are held, and the way back",
            Action::ReadFilter,
            &filter,
        ),
        (
            "Devices",
            super::devices::url(),
            "what the filter knows each by, and which group it follows",
            Action::ReadFilter,
            &filter,
        ),
        (
            "Other sites",
            super::nodes::url(),
            "resolvers elsewhere that follow the same settings",
            Action::ReadFilter,
            &filter,
        ),
        (
            "Requests",
            crate::approvals::url(),
            "who asked for what, who agreed, and what became of it",
            Action::ReadFilter,
            &filter,
        ),
        (
            "Alerts",
            "/filter/alerts".to_owned(),
            "what is unusual in the log",
            Action::ReadTechnicalAlert,
            &log,
        ),
        (
            "Look up in the log",
            "/filter/log".to_owned(),
            "what a device asked for, for a reason",
            Action::SearchFilterLog,
            &log,
        ),
        (
            "Numbers",
            "/filter/figures".to_owned(),
            "what was blocked for whom, term by term",
            Action::ReadFilterFigures,
            &filter,
        ),
        (
            "Evidence",
            super::evidence::url(),
            "what national definitions ask for, and what is met here",
            Action::ReadFilter,
            &filter,
        ),
    ]
    .into_iter()
    .filter(|(.., action, facts)| viewer.may(*action, facts).is_allowed())
    .map(|(text, href, words, ..)| Place {
        link: Html::link(text, &href),
        words,
    })
    .collect()
}
