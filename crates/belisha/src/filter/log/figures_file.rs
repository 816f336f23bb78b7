//! The numbers of the filter as a file for a spreadsheet: the same as on the page, guarded alike.

use axum::extract::Query;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::calendar::Days;
use jiff::civil::Date;
use serde::Deserialize;

use super::figures::{Figures, Grid, Which};
use crate::entries::{Entry, EntryKind, Object};
use crate::exports::cell;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

/// What the address calls a grid.
fn key(which: Which) -> &'static str {
    match which {
        Which::Groups => "groups",
        Which::Terms => "terms",
    }
}

pub(super) fn url(which: Which, term: Days) -> String {
    format!(
        "/filter/figures/file?grid={}&from={}",
        key(which),
        term.first
    )
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    grid: String,
    from: String,
}

pub(super) async fn get(viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let from: Option<Date> = asked.from.parse().ok();
    let found = Figures::load(&mut viewer.read().await?, &viewer, from).await?;
    let which = [Which::Groups, Which::Terms]
        .into_iter()
        .find(|which| key(*which) == asked.grid)
        .ok_or(Problem::NotFound)?;
    let grid = found.grid(which).ok_or(Problem::NotFound)?;
    let file = file(&grid).map_err(|error| Fault::at("writing numbers".into(), error))?;
    let name = format!("filter-by-{}-{}.csv", asked.grid, found.term.first);
    let tx = viewer.write().await?;
    let object = Object::new("filter-figures", key(which));
    tx.commit(Entry::of(EntryKind::FilterFiguresExported, object))
        .await?;
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{name}\""),
            ),
        ],
        file,
    )
        .into_response())
}

fn file(grid: &Grid) -> Result<Vec<u8>, csv::Error> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(grid.columns.iter().map(|name| cell(name)))?;
    for row in &grid.rows {
        file.write_record(row.iter().map(|text| cell(text)))?;
    }
    file.into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}
