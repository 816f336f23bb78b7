//! Assurance: the whole policy by section with how each clause stands, numbers without
//! names, for those who answer for the school. Prints well.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use belisha_policy::{Clause, Depth, Post, Standing};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::assurance::Status;
use belisha_ui::{Column, Frame, Html, NavigationItem, SubNavigation, Table, WarningText};

use super::counted;
use super::days::written;
use super::standing::ClauseStanding;
use super::{clause, shown};
use jiff::civil::Date;

use crate::db::Connection;
use crate::home;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::capital;

pub(crate) fn url() -> String {
    "/assurance".to_owned()
}

/// The order in which the table and its filter name them: what asks for action first.
const ORDER: [Status; 6] = [
    Status::NotMet,
    Status::DueSoon,
    Status::Attested,
    Status::Met,
    Status::Enforced,
    Status::Stated,
];

fn rank(status: Status) -> usize {
    ORDER
        .iter()
        .position(|known| *known == status)
        .unwrap_or(ORDER.len())
}

/// How a status is written in the page's own address.
fn key(status: Status) -> String {
    status.name().replace(' ', "-")
}

#[derive(Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    status: String,
}

struct Section {
    title: String,
    table: Table,
}

/// A row of the table with the rank of its status, most urgent first.
type Ranked = (usize, Vec<Html>);

#[derive(Template)]
#[template(path = "policies/assurance.html")]
struct AssurancePage {
    frame: Frame,
    navigation: SubNavigation,
    version: i64,
    today: String,
    filter: SubNavigation,
    filtered: Option<&'static str>,
    /// The server's certificate, when it runs out.
    certificate: Option<WarningText>,
    total: usize,
    stated: usize,
    /// What is not met or due soon, wherever it stands; shown before the sections.
    first: Option<Table>,
    sections: Vec<Section>,
}

pub(super) async fn get(viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    viewer.require(Action::ReadAssurance, &RecordFacts::of(Kind::Assurance))?;
    let day = viewer.today();
    let policy = &viewer.policy.policy;
    let mut records = viewer.read().await?;
    let standings = counted::today(&mut records, &viewer).await?;
    drop(records);
    let only = ORDER
        .into_iter()
        .find(|status| key(*status) == asked.status);

    let mut counts = [0_usize; ORDER.len()];
    let mut first = Vec::new();
    let mut sections: Vec<(String, Vec<Ranked>)> = Vec::new();
    for part in &policy.clauses {
        if part.depth == Depth::Section {
            sections.push((format!("{} {}", part.number, part.title), Vec::new()));
            if part.controls.is_empty() {
                continue;
            }
        }
        let Some(standing) = standings.get(part.id.as_str()) else {
            continue;
        };
        let status = standing.status.unwrap_or(Status::Stated);
        if let Some(count) = counts.get_mut(rank(status)) {
            *count += 1;
        }
        if only.is_none() && matches!(status, Status::NotMet | Status::DueSoon) {
            first.push((rank(status), row(part, standing, status, day)));
        }
        if only.is_none_or(|only| only == status)
            && let Some((_, rows)) = sections.last_mut()
        {
            rows.push((rank(status), row(part, standing, status, day)));
        }
    }
    let total = counts.iter().sum();
    let filter = std::iter::once((format!("All {total}"), None))
        .chain(ORDER.into_iter().map(|status| {
            let count = counts.get(rank(status)).copied().unwrap_or_default();
            (format!("{} {count}", capital(status.name())), Some(status))
        }))
        .map(|(text, status)| NavigationItem {
            current: status == only,
            ..NavigationItem::new(text, status.map_or_else(url, url_of))
        })
        .collect();
    crate::web::page(&AssurancePage {
        frame: home::frame::of(&viewer),
        navigation: shown::parts(&viewer, &url()),
        version: viewer.policy.number,
        today: written(day),
        filter: SubNavigation::new("Show clauses that are", filter),
        filtered: only.map(Status::name),
        certificate: crate::operations::page::certificate_warning(&viewer).map(WarningText::new),
        total,
        stated: counts
            .get(rank(Status::Stated))
            .copied()
            .unwrap_or_default(),
        first: (!first.is_empty()).then(|| table("What asks for action".to_owned(), first)),
        sections: sections
            .into_iter()
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(title, rows)| Section {
                table: table(title.clone(), rows),
                title,
            })
            .collect(),
    })
}

/// How many clauses stand how, for the Today page.
pub(crate) struct Numbers {
    pub(crate) met: u64,
    pub(crate) due_soon: u64,
    pub(crate) not_met: u64,
}

/// The numbers for those who answer for the whole; nothing for everybody else.
pub(crate) async fn numbers(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<Option<Numbers>, Problem> {
    let answers = viewer.hats.answers_for(Post::Headteacher)
        || viewer.hats.standings.contains(&Standing::Governor);
    if !answers || !shown::sees_numbers(viewer) {
        return Ok(None);
    }
    let standings = counted::today(connection, viewer).await?;
    let mut numbers = Numbers {
        met: 0,
        due_soon: 0,
        not_met: 0,
    };
    for standing in standings.values() {
        match standing.status.unwrap_or(Status::Stated) {
            Status::Enforced | Status::Met | Status::Attested => numbers.met += 1,
            Status::DueSoon => numbers.due_soon += 1,
            Status::NotMet => numbers.not_met += 1,
            Status::Stated => {}
        }
    }
    Ok(Some(numbers))
}

/// The page, narrowed to the clauses that stand so.
pub(crate) fn url_of(status: Status) -> String {
    format!("{}?status={}", url(), key(status))
}

/// A table of clauses, those that ask for action first.
fn table(title: String, mut rows: Vec<(usize, Vec<Html>)>) -> Table {
    // Stable: clauses of one status keep the order of the policy.
    rows.sort_by_key(|(rank, _)| *rank);
    Table {
        caption_hidden: true,
        ..Table::new(
            title,
            vec![
                Column::new("Clause"),
                Column::new("Stands"),
                Column::new("On what"),
            ],
            rows.into_iter().map(|(_, cells)| cells).collect(),
        )
    }
}

fn row(part: &Clause, standing: &ClauseStanding, status: Status, day: Date) -> Vec<Html> {
    let mut on_what: Vec<String> = standing
        .controls
        .iter()
        .map(|control| shown::numbers(control, day))
        .collect();
    on_what.dedup();
    if part.controls.is_empty() {
        on_what.push(match &standing.word {
            Some(word) if word.until >= day => {
                format!("The word of {}, until {}.", word.by, written(word.until))
            }
            Some(word) => format!("A word that ran out on {}.", written(word.until)),
            None => "Words only.".to_owned(),
        });
    }
    vec![
        Html::link(
            &format!("{} {}", part.number, part.title),
            &clause::url(&part.id),
        ),
        Html::of(&shown::tag(status)),
        Html::from(on_what.join(" ")),
    ]
}
