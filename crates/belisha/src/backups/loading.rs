//! Putting a backup's rows into empty records.

use std::collections::BTreeMap;
use std::path::Path;

use belisha_vault::{FileIdentity, FileProblem};

use super::form::{self, Ending, Heading, Line, POINTS_TO_ITSELF, TableLine};
use super::parcel::Opening;
use crate::db::{Database, MigrationRefused, Place, Value};
use crate::problem::Fault;

/// Why a backup was not loaded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadRefused {
    #[error("{0}")]
    File(#[from] FileProblem),
    #[error(
        "this backup was made by a newer Belisha (form {form}, schema {schema}). Restore it with that program."
    )]
    Newer { form: u32, schema: i64 },
    #[error("the backup is damaged at line {line}. Use another copy; nothing was restored.")]
    Damaged { line: u64 },
    #[error("the end of the backup is missing. Use another copy; nothing was restored.")]
    Unfinished,
    #[error("{0}")]
    Records(#[from] MigrationRefused),
    #[error("{0}")]
    Fault(#[from] Fault),
}

/// Records that hold what the backup holds.
pub(crate) struct Loaded {
    pub(crate) database: Database,
    /// What the backup says it holds, and what was put in, by table.
    pub(crate) said: Ending,
    pub(crate) put: BTreeMap<String, u64>,
}

/// Reads no more than the heading.
pub(crate) async fn heading(file: &Path, identity: FileIdentity) -> Result<Heading, LoadRefused> {
    let mut opening = Opening::begin(file, identity)?;
    let Some(line) = opening.line().await else {
        opening.finish().await?;
        return Err(LoadRefused::Unfinished);
    };
    read_heading(&line)
}

fn read_heading(line: &str) -> Result<Heading, LoadRefused> {
    let heading: Heading =
        serde_json::from_str(line).map_err(|_| LoadRefused::Damaged { line: 1 })?;
    if heading.belisha_backup > form::VERSION || heading.schema > Database::schema_step() {
        return Err(LoadRefused::Newer {
            form: heading.belisha_backup,
            schema: heading.schema,
        });
    }
    Ok(heading)
}

/// Opens a backup and puts its rows into new records at this place, all or none. The
/// rows of an older schema are put into that schema first and then brought forward.
pub(crate) async fn load(
    file: &Path,
    identity: FileIdentity,
    place: &Place,
) -> Result<Loaded, LoadRefused> {
    let mut opening = Opening::begin(file, identity)?;
    let Some(first) = opening.line().await else {
        opening.finish().await?;
        return Err(LoadRefused::Unfinished);
    };
    let heading = read_heading(&first)?;
    let (database, _) = Database::open_at_step(place, heading.schema).await?;
    let filled = fill(&database, opening).await;
    database.close().await;
    let (said, put) = filled?;
    let (database, _) = Database::open(place).await?;
    Ok(Loaded {
        database,
        said,
        put,
    })
}

async fn fill(
    database: &Database,
    mut opening: Opening,
) -> Result<(Ending, BTreeMap<String, u64>), LoadRefused> {
    let tables = form::tables();
    let mut transaction = database.begin().await?;
    let mut put: BTreeMap<String, u64> = tables.iter().map(|t| ((*t).to_owned(), 0)).collect();
    let mut current: Option<(&'static str, TableLine)> = None;
    let mut later = Vec::new();
    let mut ending = None;
    let mut number = 1;
    while let Some(text) = opening.line().await {
        number += 1;
        let damaged = || LoadRefused::Damaged { line: number };
        if ending.is_some() {
            return Err(damaged());
        }
        match Line::read(&text).ok_or_else(damaged)? {
            Line::Table(line) => {
                let table = tables.iter().find(|table| **table == line.table);
                current = Some((table.ok_or_else(damaged)?, line));
            }
            Line::Row(cells) => {
                let (table, line) = current.as_ref().ok_or_else(damaged)?;
                let columns: Vec<String> =
                    line.columns.iter().map(|(name, _)| name.clone()).collect();
                if cells.len() != columns.len() {
                    return Err(damaged());
                }
                let mut values = line
                    .columns
                    .iter()
                    .zip(&cells)
                    .map(|((_, kind), cell)| form::cell(*kind, cell))
                    .collect::<Option<Vec<Value>>>()
                    .ok_or_else(damaged)?;
                if let Some((_, pointing)) = POINTS_TO_ITSELF.iter().find(|(t, _)| t == table) {
                    let at = columns.iter().position(|name| name == pointing);
                    let id = columns.iter().position(|name| name == "id");
                    let (at, id) = at.zip(id).ok_or_else(damaged)?;
                    let target = std::mem::replace(&mut values[at], Value::Text(None));
                    if matches!(target, Value::Text(Some(_))) {
                        later.push((*table, *pointing, target, values[id].clone()));
                    }
                }
                transaction.put_row(table, &columns, values).await?;
                *put.entry((*table).to_owned()).or_default() += 1;
            }
            Line::Ending(line) => ending = Some(line),
        }
    }
    // Only now is it known that every byte is genuine.
    opening.finish().await?;
    let ending = ending.ok_or(LoadRefused::Unfinished)?;
    for (table, column, target, id) in later {
        transaction.set_column(table, column, target, id).await?;
    }
    transaction.commit().await?;
    Ok((ending, put))
}
