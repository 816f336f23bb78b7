//! Importing people from a CSV file: uploaded, its columns named, tried dry, confirmed,
//! and written whole or not at all. No file deletes anybody or appoints anybody.

pub(crate) mod check;
pub(crate) mod columns;
mod contacts;
mod decode;
pub(crate) mod fates;
mod fields;
pub(crate) mod job;
mod matching;
mod plan;
mod reading;
mod register;
pub(crate) mod result;
mod table;
pub(crate) mod upload;

use std::collections::BTreeMap;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use belisha_policy::Word;
use belisha_rules::access::{Action, Kind, RecordFacts};
use serde::{Deserialize, Serialize};

use crate::db::{Connection, sql};
use crate::problem::{Fault, Problem};
use crate::records;
use crate::school::School;
use crate::school_keys::rewrapping::{Batch, Turn};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::route::{Needs, Route, get, post};
pub(crate) use decode::NotATable;
use fields::{Field, ImportKind, Mapping};
pub(crate) use reading::email;
pub(crate) use table::Table;

/// A little more than a file may hold, for the form around it.
const BODY: usize = decode::LARGEST + 64 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/people/import", Needs::Session, upload::get),
        post(
            "/people/import",
            Needs::Session,
            upload::post.layer(DefaultBodyLimit::max(BODY)),
        ),
        get("/people/import/{id}", Needs::Session, result::get),
        get("/people/import/{id}/columns", Needs::Session, columns::get),
        get("/people/import/{id}/check", Needs::Session, check::get),
        post("/people/import/{id}/check", Needs::Session, check::post),
        post(
            "/people/import/{id}/abandon",
            Needs::Session,
            result::abandon,
        ),
        post("/people/import/{id}/again", Needs::Session, result::again),
        get("/people/import/{id}/rows", Needs::Session, fates::get),
    ]
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImportState {
    /// Uploaded; its columns are being named and tried.
    Mapping,
    Running,
    Done,
    Abandoned,
}

impl Word for ImportState {
    const KIND: &'static str = "the state of an import";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Mapping, "mapping", "not finished"),
        (Self::Running, "running", "under way"),
        (Self::Done, "done", "done"),
        (Self::Abandoned, "abandoned", "given up"),
    ];
}

/// One import.
pub(crate) struct Import {
    pub(crate) id: String,
    pub(crate) kind: ImportKind,
    pub(crate) file_name: String,
    pub(crate) state: ImportState,
    pub(crate) rows_total: i64,
    /// Who imports, as the journal names them.
    pub(crate) started_by: String,
    pub(crate) confirmed: Confirmed,
    sealed: Option<Vec<u8>>,
}

/// What was confirmed: which column holds what, and who has left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Confirmed {
    /// Column numbers by the keys of fields.
    columns: BTreeMap<String, usize>,
    /// Column names by the keys of fields, for the next file.
    names: BTreeMap<String, String>,
    /// The ids of those who are leavers.
    leavers: Vec<String>,
    left_on: Option<jiff::civil::Date>,
}

impl Confirmed {
    fn mapping(&self) -> Mapping {
        self.columns
            .iter()
            .filter_map(|(key, column)| Some((Field::from_key(key)?, *column)))
            .collect()
    }
}

impl Import {
    /// The file as a table. It was read before it was kept, so it can be read again.
    pub(crate) fn table(&self, school: &School) -> Result<Table, Problem> {
        let sealed = self.sealed.as_deref().ok_or(Problem::NotFound)?;
        let bytes = records::open_aside(school, "person-import", &self.id, sealed)?;
        Table::read(&bytes)
            .map_err(|why| Fault::said(format!("a kept import no longer reads: {why:?}")).into())
    }
}

/// An import, for whoever may import.
pub(crate) async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: &str,
) -> Result<Import, Problem> {
    viewer.require(Action::ImportPeople, &RecordFacts::of(Kind::Register))?;
    find(connection, id).await?.ok_or(Problem::NotFound)
}

async fn find(connection: &mut Connection, id: &str) -> Result<Option<Import>, Fault> {
    let row = sql(
        "select id, kind, file_name, mapping, state, rows_total, started_by, sealed_file
         from person_import where id = $1",
    )
    .bind(id)
    .optional(connection)
    .await?;
    row.map(|row| {
        Ok(Import {
            id: row.get("id")?,
            kind: row.read("kind", ImportKind::from_key)?,
            file_name: row.get("file_name")?,
            state: row.read("state", ImportState::from_key)?,
            rows_total: row.get("rows_total")?,
            started_by: row.get("started_by")?,
            confirmed: row.read("mapping", |text| serde_json::from_str(text).ok())?,
            sealed: row.get("sealed_file")?,
        })
    })
    .transpose()
}

/// Wraps the keys of the next kept files anew, under the school's current key.
pub(crate) async fn rewrap(tx: &mut Tx, turn: &Turn<'_>) -> Result<Batch, Problem> {
    let school = tx.school().clone();
    let rows = sql("select id, sealed_file from person_import
         where sealed_file is not null and substr(sealed_file, 7, 8) <> $1 and id > $2
         order by id limit $3")
    .bind(turn.keys.current_id().to_bytes().as_slice())
    .bind(turn.after)
    .bind(turn.limit)
    .all(tx)
    .await?;
    let mut batch = Batch::default();
    for row in rows {
        let (id, sealed): (String, Vec<u8>) = (row.get("id")?, row.get("sealed_file")?);
        let anew = records::rewrap_aside(&school, turn.keys, "person-import", &id, &sealed);
        if let Some(anew) = batch.took(&id, anew) {
            tx.run_one(
                sql("update person_import set sealed_file = $3 where id = $1 and sealed_file = $2")
                    .bind(&id)
                    .bind(sealed)
                    .bind(anew),
            )
            .await?;
        }
    }
    Ok(batch)
}

/// The names of the columns that were chosen for the last file of this kind.
async fn last_names(
    connection: &mut Connection,
    kind: ImportKind,
) -> Result<BTreeMap<Field, String>, Fault> {
    let row = sql(
        "select mapping from person_import where kind = $1 and state = 'done' order by finished_at desc",
    )
    .bind(kind.key())
    .optional(connection)
    .await?;
    let confirmed: Confirmed = row
        .map(|row| row.read("mapping", |text| serde_json::from_str(text).ok()))
        .transpose()?
        .unwrap_or_default();
    Ok(confirmed
        .names
        .into_iter()
        .filter_map(|(key, name)| Some((Field::from_key(&key)?, name)))
        .collect())
}

#[cfg(test)]
mod tests;
