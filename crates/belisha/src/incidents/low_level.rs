//! Low-level concerns about adults: a list of their own, and the pattern that several small
//! ones make. Only the headteacher sees the pattern, and never what is about themselves.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use belisha_rules::access::Role;
use belisha_rules::ids::PersonId;
use belisha_ui::{BackLink, Column, EmptyState, Frame, Html, Table};
use jiff::Timestamp;

use super::queries::{self, Show};
use super::words::Part;
use super::{case, guidance, list, times};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;

pub(super) fn url() -> String {
    "/incidents/low-level".to_owned()
}

/// Whether the pattern exists for the viewer.
pub(super) fn sees_pattern(viewer: &Viewer) -> bool {
    viewer.access.roles().contains(&Role::Head)
}

#[derive(Template)]
#[template(path = "incidents/low_level.html")]
struct LowLevelPage {
    frame: Frame,
    back: BackLink,
    finding: String,
    table: Option<Table>,
    empty: EmptyState,
}

/// What there is about one adult.
struct About {
    name: String,
    newest: Timestamp,
    cases: Vec<Html>,
    risks: Vec<String>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    if !sees_pattern(&viewer) {
        return Err(Problem::NotFound);
    }
    let mut records = viewer.read().await?;
    let mut adults: BTreeMap<PersonId, About> = BTreeMap::new();
    for show in [Show::LowLevel, Show::LowLevelClosed] {
        let (rows, _) = queries::list(&mut records, &viewer, show, 0, 500).await?;
        for row in rows {
            let found = queries::load(&mut records, &viewer, row.id).await?;
            let link = Html::link(
                &format!(
                    "{} ({})",
                    row.reference,
                    times::day(viewer.school.date_of(row.opened_at))
                ),
                &case::url(row.id),
            );
            let edition = guidance::of(&row.guidance);
            let risk = edition.risk(&row.category).map(|risk| risk.name.clone());
            for involved in found
                .people
                .iter()
                .filter(|involved| involved.part == Part::Alleged)
            {
                // Two entries of one person count as one: the name that is kept stands for both.
                let identity = crate::people::hats::identity(&mut records, involved.person).await?;
                let key = identity
                    .aliases
                    .iter()
                    .copied()
                    .chain([involved.person])
                    .min()
                    .unwrap_or(involved.person);
                let about = adults.entry(key).or_insert_with(|| About {
                    name: involved.name.clone(),
                    newest: row.opened_at,
                    cases: Vec::new(),
                    risks: Vec::new(),
                });
                about.newest = about.newest.max(row.opened_at);
                about.cases.push(link.clone());
                if let Some(risk) = &risk
                    && !about.risks.contains(risk)
                {
                    about.risks.push(risk.clone());
                }
            }
        }
    }
    let mut adults: Vec<About> = adults.into_values().collect();
    adults.sort_by(|one, other| {
        (other.cases.len(), other.newest).cmp(&(one.cases.len(), one.newest))
    });
    let repeated = adults.iter().filter(|about| about.cases.len() > 1).count();
    let finding = match (adults.len(), repeated) {
        (0, _) => String::new(),
        (_, 0) => "No adult has more than one low-level concern.".to_owned(),
        (_, 1) => "One adult has more than one low-level concern. Read them together: several small concerns may be one that is not small.".to_owned(),
        (_, several) => format!(
            "{several} adults have more than one low-level concern. Read each person’s together: several small concerns may be one that is not small."
        ),
    };
    let lines: Vec<Vec<Html>> = adults
        .into_iter()
        .map(|about| {
            vec![
                about.name.into(),
                about.cases.len().to_string().into(),
                times::day(viewer.school.date_of(about.newest)).into(),
                about.risks.join(", ").into(),
                lines_of(&about.cases),
            ]
        })
        .collect();
    crate::web::page(&LowLevelPage {
        frame: frame::of(&viewer),
        back: BackLink::to(list::url_of(Show::LowLevel)),
        finding,
        table: (!lines.is_empty()).then(|| {
            Table::new(
                "By adult, most concerns first",
                vec![
                    Column::new("Adult"),
                    Column::numeric("Concerns"),
                    Column::new("Newest"),
                    Column::new("What about"),
                    Column::new("Cases"),
                ],
                lines,
            )
        }),
        empty: EmptyState::new(
            "There is no low-level concern that you can read",
            "A concern about an adult that is below the threshold of harm is kept here, apart from all other cases.",
        ),
    })
}

/// One below the other.
fn lines_of(links: &[Html]) -> Html {
    let mut parts = Vec::new();
    for link in links {
        if !parts.is_empty() {
            parts.push(Html::trusted("<br>"));
        }
        parts.push(link.clone());
    }
    Html::join(&parts)
}
