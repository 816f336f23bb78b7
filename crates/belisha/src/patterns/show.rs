//! The page of patterns.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use belisha_rules::patterns::Figure;
use belisha_ui::{BigNumber, Button, Column, EmptyState, Frame, Html, Select, SelectOption, Table};

use super::counting::{self, Counted, Counts, Narrowed};
use super::tables::{self, Grid};
use super::{cases, export};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;

pub(crate) fn url() -> String {
    "/patterns".to_owned()
}

#[derive(Template)]
#[template(path = "patterns/show.html")]
struct PatternsPage {
    frame: Frame,
    term: Select,
    kind: Select,
    narrow: Button,
    guarded: bool,
    numbers: Vec<BigNumber>,
    empty: Option<EmptyState>,
    charts: Vec<Chart>,
    names: Option<Table>,
    names_file: String,
}

struct Chart {
    title: &'static str,
    finding: String,
    table: Table,
    data: String,
}

pub(super) async fn get(
    viewer: Viewer,
    Query(narrowed): Query<Narrowed>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let counts = counting::counts(&mut records, &viewer, &narrowed).await?;
    let charts = tables::grids(&viewer, &counts)
        .into_iter()
        .filter(|grid| !grid.rows.is_empty())
        .map(|grid| Chart {
            title: grid.title,
            finding: grid.finding(counts.sees_all),
            data: export::url(grid.key, &narrowed),
            table: table(&grid, &counts, &narrowed),
        })
        .collect();
    let terms = std::iter::once(SelectOption::new("", "All terms"))
        .chain(
            counts
                .terms
                .iter()
                .map(|term| SelectOption::new(term.id.clone(), term.name.clone())),
        )
        .collect();
    let kinds = vec![
        SelectOption::new("", "Both kinds"),
        SelectOption::new("pupil-welfare", "Pupil’s welfare"),
        SelectOption::new("child-protection", "Child protection"),
    ];
    crate::web::page(&PatternsPage {
        frame: frame::of(&viewer),
        term: Select {
            chosen: Some(narrowed.term.clone()),
            ..Select::new("term", "Term", terms)
        },
        kind: Select {
            chosen: Some(narrowed.kind.clone()),
            ..Select::new("kind", "Kind of case", kinds)
        },
        narrow: Button::secondary("Show"),
        guarded: !counts.sees_all,
        numbers: numbers(&counts, &narrowed),
        empty: counts.cases.is_empty().then(|| {
            EmptyState::new(
                "No case falls into this",
                "Cases about pupils are counted here. Choose another term, or all of them.",
            )
        }),
        charts,
        names: names(&counts, &narrowed),
        names_file: export::url(export::NAMES, &narrowed),
    })
}

fn numbers(counts: &Counts, narrowed: &Narrowed) -> Vec<BigNumber> {
    let mut numbers = Vec::new();
    // How long it takes is said below, and leads to those that were acknowledged.
    let shown = tables::NUMBERS.into_iter().take(4);
    for (which, label, is_counted) in shown {
        let of: Vec<&Counted> = counts
            .cases
            .iter()
            .filter(|case| is_counted(case))
            .collect();
        let figure = Grid::figure(&of, counts.sees_all);
        if let Figure::Exact(count) | Figure::About(count) = figure {
            let label = match figure {
                Figure::About(_) => format!("{label}, rounded"),
                Figure::Exact(_) | Figure::Few => label.to_owned(),
            };
            numbers.push(BigNumber {
                href: of
                    .iter()
                    .any(|case| case.may_open)
                    .then(|| cases::url("all", which, "", narrowed)),
                needs_action: which == "overdue" && count > 0,
                ..BigNumber::new(u64::try_from(count).unwrap_or(u64::MAX), label)
            });
        }
    }
    if let Some(minutes) = tables::minutes_to_acknowledge(counts) {
        let (amount, unit) = if minutes < 120 {
            (
                minutes,
                "minutes until a report is acknowledged, in the middle case",
            )
        } else {
            (
                minutes / 60,
                "hours until a report is acknowledged, in the middle case",
            )
        };
        let behind = counts
            .cases
            .iter()
            .any(|case| case.may_open && case.acknowledged_at.is_some());
        numbers.push(BigNumber {
            href: behind.then(|| cases::url("all", "acknowledged", "", narrowed)),
            ..BigNumber::new(u64::try_from(amount).unwrap_or(0), unit)
        });
    }
    numbers
}

fn table(grid: &Grid<'_>, counts: &Counts, narrowed: &Narrowed) -> Table {
    let warmest = grid.warmest(counts.sees_all);
    let mut columns = vec![Column::new(grid.corner)];
    columns.extend(grid.columns.iter().map(Column::numeric));
    let rows = grid
        .rows
        .iter()
        .map(|(name, cells)| {
            let mut line: Vec<Html> = vec![name.clone().into()];
            for (cell, column) in cells.iter().zip(&grid.columns) {
                let figure = Grid::figure(cell, counts.sees_all);
                let words = figure.words();
                let may_open = cell.iter().any(|case| case.may_open);
                let shown = if may_open {
                    Html::link(&words, &cases::url(grid.key, name, column, narrowed))
                } else {
                    words.into()
                };
                let heat = figure.heat(warmest);
                line.push(Html::trusted(format!(
                    "<span class=\"belisha-heat belisha-heat--{heat}\">{shown}</span>"
                )));
            }
            line
        })
        .collect();
    Table {
        caption_hidden: true,
        ..Table::new(grid.title, columns, rows)
    }
}

fn names(counts: &Counts, narrowed: &Narrowed) -> Option<Table> {
    let lines: Vec<Vec<Html>> = tables::repeated(counts)
        .into_iter()
        .map(|repeated| {
            // Their id, and not their name: an address is kept where nobody looks after it.
            let behind = cases::url("child", &repeated.child.to_string(), "", narrowed);
            vec![
                repeated.name.into(),
                Html::link(&repeated.cases.len().to_string(), &behind),
            ]
        })
        .collect();
    (!lines.is_empty()).then(|| {
        Table::new(
            "Children in three cases or more",
            vec![Column::new("Child"), Column::numeric("Cases")],
            lines,
        )
    })
}
