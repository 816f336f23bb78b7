//! The cases behind a figure: those among them that the viewer may open, and no others.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use belisha_ui::{BackLink, Column, EmptyState, Frame, Html, Table};
use serde::Deserialize;

use super::counting::{self, Counted, Narrowed};
use super::{show, tables};
use crate::home::frame;
use crate::incidents::case;
use crate::incidents::words::kind_name;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::{capital, date};

/// Where the list behind a cell stands.
pub(super) fn url(grid: &str, row: &str, column: &str, narrowed: &Narrowed) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([
        ("grid", grid),
        ("row", row),
        ("column", column),
        ("term", &narrowed.term),
        ("kind", &narrowed.kind),
    ]);
    format!("/patterns/cases?{}", query.finish())
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    grid: String,
    row: String,
    column: String,
    term: String,
    kind: String,
}

#[derive(Template)]
#[template(path = "patterns/cases.html")]
struct CasesPage {
    frame: Frame,
    back: BackLink,
    what: String,
    table: Option<Table>,
    empty: EmptyState,
}

pub(super) async fn get(viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let narrowed = Narrowed {
        term: asked.term.clone(),
        kind: asked.kind.clone(),
    };
    let mut records = viewer.read().await?;
    let counts = counting::counts(&mut records, &viewer, &narrowed).await?;
    let behind: Option<(String, Vec<&Counted>)> = match asked.grid.as_str() {
        "all" => tables::NUMBERS
            .into_iter()
            .find(|(which, _, _)| *which == asked.row)
            .map(|(_, label, is_counted)| {
                let of = counts.cases.iter().filter(|case| is_counted(case));
                (capital(label), of.collect())
            }),
        "child" => tables::repeated(&counts)
            .into_iter()
            .find(|repeated| repeated.child.to_string() == asked.row)
            .map(|repeated| (repeated.name.to_owned(), repeated.cases)),
        key => tables::grids(&viewer, &counts)
            .into_iter()
            .find(|grid| grid.key == key)
            .and_then(|grid| {
                let column = grid.columns.iter().position(|name| *name == asked.column)?;
                let (row, cells) = grid.rows.into_iter().find(|(name, _)| *name == asked.row)?;
                Some((
                    format!("{row}, {}", asked.column),
                    cells.into_iter().nth(column)?,
                ))
            }),
    };
    let (what, of) = behind.unwrap_or_default();
    let lines: Vec<Vec<Html>> = of
        .into_iter()
        .filter(|case| case.may_open)
        .map(|case| {
            vec![
                Html::link(&case.reference, &case::url(case.id)),
                kind_name(case.kind).into(),
                date(case.opened_on).into(),
                if case.is_open { "open" } else { "ended" }.into(),
            ]
        })
        .collect();
    crate::web::page(&CasesPage {
        frame: frame::of(&viewer),
        back: BackLink::to(show::url()),
        what,
        table: (!lines.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(
                "Cases",
                ["Case", "Kind", "Reported", "State"]
                    .map(Column::new)
                    .to_vec(),
                lines,
            )
        }),
        empty: EmptyState::new(
            "There is no case behind this that you may open",
            "Only cases that you may open are listed.",
        ),
    })
}
