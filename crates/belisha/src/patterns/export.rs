//! A grid as a file for a spreadsheet: the same figures as on the page, guarded alike.

use axum::extract::Query;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::counting::{self, Narrowed};
use super::tables::{self, Grid, Repeated};
use crate::entries::{Entry, EntryKind, Object};
use crate::exports::cell;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

/// What stands in the address for the children by name.
pub(super) const NAMES: &str = "child";

pub(super) fn url(grid: &str, narrowed: &Narrowed) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([
        ("grid", grid),
        ("term", &narrowed.term),
        ("kind", &narrowed.kind),
    ]);
    format!("/patterns/export?{}", query.finish())
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    grid: String,
    term: String,
    kind: String,
}

pub(super) async fn get(viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let narrowed = Narrowed {
        term: asked.term,
        kind: asked.kind,
    };
    let mut records = viewer.read().await?;
    let counts = counting::counts(&mut records, &viewer, &narrowed).await?;
    drop(records);
    let (key, file) = if asked.grid == NAMES {
        let repeated = tables::repeated(&counts);
        if repeated.is_empty() {
            return Err(Problem::NotFound);
        }
        (NAMES, names(&repeated))
    } else {
        let grid = tables::grids(&viewer, &counts)
            .into_iter()
            .find(|grid| grid.key == asked.grid)
            .ok_or(Problem::NotFound)?;
        (grid.key, file(&grid, counts.sees_all))
    };
    let file = file.map_err(|error| Fault::at("writing a grid".into(), error))?;
    let name = format!("cases-by-{key}-{}.csv", viewer.today());
    let tx = viewer.write().await?;
    let object = Object::new("patterns", key);
    tx.commit(Entry::of(EntryKind::PatternsExported, object))
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

/// The children who come up again and again: for those alone who may open all of their cases.
fn names(repeated: &[Repeated<'_>]) -> Result<Vec<u8>, csv::Error> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(["Child", "Cases"])?;
    for child in repeated {
        file.write_record([cell(child.name), child.cases.len().to_string()])?;
    }
    file.into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// The names of classes and terms are typed by people, so they are guarded.
fn file(grid: &Grid<'_>, sees_all: bool) -> Result<Vec<u8>, csv::Error> {
    let mut file = csv::Writer::from_writer(Vec::new());
    let heading =
        std::iter::once(grid.corner.to_owned()).chain(grid.columns.iter().map(|name| cell(name)));
    file.write_record(heading)?;
    for (name, cells) in &grid.rows {
        let figures = cells
            .iter()
            .map(|cases| Grid::figure(cases, sees_all).words());
        file.write_record(std::iter::once(cell(name)).chain(figures))?;
    }
    file.into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}
