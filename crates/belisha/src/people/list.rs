//! The register as a list, 25 people a page.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use belisha_policy::{Standing, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PersonId;
use belisha_ui::{
    Button, Checkboxes, Column, EmptyState, Frame, Html, InputKind, Pagination, Select,
    SelectOption, SubNavigation, Table, Tag, TextInput,
};
use serde::Deserialize;

use super::dates::in_words;
use super::queries::{self, Listed, Narrowed};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::capital;

const PAGE: i64 = 25;
/// Stands beside whoever owes the agreement that gates contact with pupils.
pub(super) const NOT_CLEARED: &str = "Not cleared for contact with pupils";

pub(crate) fn url() -> String {
    "/people".to_owned()
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    kind: String,
    class: String,
    q: String,
    leavers: String,
    page: String,
}

#[derive(Template)]
#[template(path = "people/list.html")]
struct ListPage {
    frame: Frame,
    places: SubNavigation,
    kind: Select,
    class: Select,
    name: TextInput,
    leavers: Checkboxes,
    apply: Button,
    clear: String,
    is_narrowed: bool,
    shown: String,
    people: Option<Table>,
    empty: EmptyState,
    pages: Pagination,
    add: Option<Button>,
}

pub(crate) async fn get(viewer: Viewer, Query(wanted): Query<Wanted>) -> Result<Response, Problem> {
    let register = RecordFacts::of(Kind::Register);
    viewer.require(Action::ReadRegister, &register)?;
    let may_edit = viewer.may(Action::EditPeople, &register).is_allowed();
    let narrowed = Narrowed {
        standing: Standing::from_key(&wanted.kind),
        class: &wanted.class,
        name: &wanted.q,
        leavers: wanted.leavers == "yes",
    };
    let mut records = viewer.read().await?;
    let count = queries::count(&mut records, &narrowed, viewer.today()).await?;
    let pages = (count + PAGE - 1) / PAGE;
    let page = wanted.page.parse().unwrap_or(1).clamp(1, pages.max(1));
    let found = queries::list(
        &mut records,
        &narrowed,
        viewer.today(),
        PAGE,
        (page - 1) * PAGE,
    )
    .await?;
    let classes = super::classes::all(&mut records).await?;
    let not_cleared = crate::agreements::not_cleared(&mut records, viewer.today()).await?;
    let is_narrowed = narrowed.standing.is_some()
        || [&wanted.class, &wanted.q, &wanted.leavers]
            .iter()
            .any(|text| !text.is_empty());
    crate::web::page(&ListPage {
        frame: frame::of(&viewer),
        places: super::places(&viewer),
        kind: Select {
            chosen: Some(wanted.kind.clone()),
            ..Select::new("kind", "Kind", kinds("Everybody"))
        },
        class: Select {
            chosen: Some(wanted.class.clone()),
            ..Select::new(
                "class",
                "Class",
                std::iter::once(SelectOption::new("", "All classes"))
                    .chain(
                        classes
                            .iter()
                            .map(|class| SelectOption::new(&class.id, &class.name)),
                    )
                    .collect(),
            )
        },
        name: TextInput {
            value: wanted.q.clone(),
            kind: InputKind::Search,
            spellcheck: Some(false),
            ..TextInput::new("q", "Name")
        },
        leavers: Checkboxes {
            chosen: narrowed
                .leavers
                .then(|| "yes".to_owned())
                .into_iter()
                .collect(),
            ..Checkboxes::confirm("leavers", "Show people who have left")
        },
        apply: Button::secondary("Apply"),
        clear: url(),
        is_narrowed,
        shown: shown(page, count, found.len()),
        people: (!found.is_empty()).then(|| table(&found, &not_cleared)),
        empty: empty(is_narrowed, may_edit),
        pages: Pagination::numbered(to_count(page), to_count(pages), |number| {
            wanted.on_page(number)
        }),
        add: may_edit.then(|| Button::link("Add a person", super::add::url())),
    })
}

impl Wanted {
    fn on_page(&self, number: usize) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("kind", &self.kind)
            .append_pair("class", &self.class)
            .append_pair("q", &self.q)
            .append_pair("leavers", &self.leavers)
            .append_pair("page", &number.to_string())
            .finish();
        format!("{}?{query}", url())
    }
}

/// The kinds of people as answers, with one that stands for all or none first.
pub(super) fn kinds(first: &str) -> Vec<SelectOption> {
    std::iter::once(SelectOption::new("", first))
        .chain(
            Standing::all()
                .map(|standing| SelectOption::new(standing.key(), capital(standing.name()))),
        )
        .collect()
}

fn shown(page: i64, count: i64, here: usize) -> String {
    let first = (page - 1) * PAGE + 1;
    let last = first + i64::try_from(here).unwrap_or(0) - 1;
    match count {
        0 => String::new(),
        1 => "1 person".into(),
        _ if count <= PAGE => format!("{count} people"),
        _ => format!("{first} to {last} of {count} people"),
    }
}

fn to_count(number: i64) -> usize {
    usize::try_from(number).unwrap_or(1)
}

fn table(found: &[Listed], not_cleared: &BTreeSet<PersonId>) -> Table {
    Table {
        caption_hidden: true,
        ..Table::new(
            "People",
            vec![
                Column::new("Name"),
                Column::new("Kind"),
                Column::new("Class or job"),
            ],
            found
                .iter()
                .map(|listed| row(listed, not_cleared))
                .collect(),
        )
    }
}

fn row(listed: &Listed, not_cleared: &BTreeSet<PersonId>) -> Vec<Html> {
    let kind = match listed.ends_on {
        Some(day) => format!(
            "{}, until {}",
            capital(listed.standing.name()),
            in_words(day)
        ),
        None => capital(listed.standing.name()),
    };
    vec![
        name(listed, not_cleared),
        kind.into(),
        listed
            .class
            .clone()
            .unwrap_or_else(|| listed.job_title.clone())
            .into(),
    ]
}

/// The name, with a word for whoever must sign before they work with pupils.
fn name(listed: &Listed, not_cleared: &BTreeSet<PersonId>) -> Html {
    let link = Html::link(&listed.name, &super::person::url(listed.id));
    if not_cleared.contains(&listed.id) {
        Html::join(&[link, " ".into(), Html::of(&Tag::new(NOT_CLEARED))])
    } else {
        link
    }
}

fn empty(is_narrowed: bool, may_edit: bool) -> EmptyState {
    if is_narrowed {
        EmptyState::new(
            "Nobody matches",
            "Try fewer letters of the name, another kind, or show people who have left.",
        )
    } else {
        EmptyState {
            action: may_edit.then(|| Button::link("Import people", super::import::upload::url())),
            ..EmptyState::new(
                "Nobody is in the register yet",
                "Pupils, staff, governors, parents and carers will be listed here once they are imported or added.",
            )
        }
    }
}
