//! What a backup file holds. It is age-encrypted and gzipped; inside are JSON lines, so
//! that `age -d -i KEY FILE | gunzip` shows everything without this program:
//!
//! ```text
//! {"belisha-backup":1,"schema":7,…}       the heading, with the key file for the recovery kit
//! {"table":"person","columns":[["id","text"],…]}
//! ["0b5c…","Ann Lee",…,null]              one line a row; bytes in base64, truths as true and false
//! {"table":"post_holding",…}              and so on, each table after those it points to
//! {"rows":1234,"counts":{"person":58,…}}  the last line, without which the file is not whole
//! ```
//!
//! It is the same for both engines, so a backup of either restores into either.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use crate::db::{ColumnKind, Database, Value};
use crate::problem::Fault;

/// The version of this form.
pub(crate) const VERSION: u32 = 1;

/// What is not carried: who is signed in, and what is under way. A restored school begins
/// with everybody signed out.
const LEFT_BEHIND: &[&str] = &["session", "session_held_form", "account_attempt", "job"];

/// Columns that point into their own table: filled in after all its rows are there.
pub(crate) const POINTS_TO_ITSELF: &[(&str, &str)] = &[
    ("person", "merged_into"),
    ("policy_version", "begun_from"),
    ("incident_entry", "corrects"),
    ("incident_evidence", "corrects"),
];

/// The tables that a backup carries, each after those it points to.
pub(crate) fn tables() -> Vec<&'static str> {
    Database::tables()
        .into_iter()
        .filter(|table| !LEFT_BEHIND.contains(table))
        .collect()
}

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Heading {
    pub(crate) belisha_backup: u32,
    /// The step of the schema that the rows fit.
    pub(crate) schema: i64,
    /// The backup's own number, and when it was made.
    pub(crate) id: String,
    pub(crate) made_at: jiff::Timestamp,
    /// The school's random id and the name of its folder.
    pub(crate) school: String,
    pub(crate) folder: String,
    /// The key with which the journal can be checked, and the checkpoint over all of it.
    pub(crate) journal_key: String,
    pub(crate) checkpoint: String,
    /// The key file, encrypted once more, to the recovery kit alone, in base64.
    pub(crate) key_file: String,
}

/// The line before the rows of a table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableLine {
    pub(crate) table: String,
    pub(crate) columns: Vec<(String, ColumnKind)>,
}

/// The last line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ending {
    pub(crate) rows: u64,
    pub(crate) counts: BTreeMap<String, u64>,
}

/// A line, as it is told apart when read.
pub(crate) enum Line {
    Table(TableLine),
    Row(Vec<serde_json::Value>),
    Ending(Ending),
}

impl Line {
    pub(crate) fn read(text: &str) -> Option<Self> {
        if text.starts_with('[') {
            serde_json::from_str(text).ok().map(Self::Row)
        } else if text.starts_with("{\"table\"") {
            serde_json::from_str(text).ok().map(Self::Table)
        } else {
            serde_json::from_str(text).ok().map(Self::Ending)
        }
    }
}

/// A row as its line says it.
pub(crate) fn row_line(cells: Vec<Value>) -> Result<String, Fault> {
    let cells: Vec<serde_json::Value> = cells
        .into_iter()
        .map(|cell| match cell {
            Value::Text(text) => text.into(),
            Value::Whole(number) => number.into(),
            Value::Truth(truth) => truth.into(),
            Value::Bytes(bytes) => bytes.map(|bytes| BASE64_STANDARD.encode(bytes)).into(),
        })
        .collect();
    serde_json::to_string(&cells).map_err(|error| Fault::at("writing a row".into(), error))
}

/// A cell as the column's kind reads it; none where the two do not fit.
pub(crate) fn cell(kind: ColumnKind, value: &serde_json::Value) -> Option<Value> {
    let is_null = value.is_null();
    match kind {
        ColumnKind::Text if is_null => Some(Value::Text(None)),
        ColumnKind::Whole if is_null => Some(Value::Whole(None)),
        ColumnKind::Truth if is_null => Some(Value::Truth(None)),
        ColumnKind::Bytes if is_null => Some(Value::Bytes(None)),
        ColumnKind::Text => Some(Value::Text(Some(value.as_str()?.to_owned()))),
        ColumnKind::Whole => Some(Value::Whole(Some(value.as_i64()?))),
        ColumnKind::Truth => Some(Value::Truth(Some(value.as_bool()?))),
        ColumnKind::Bytes => Some(Value::Bytes(Some(
            BASE64_STANDARD.decode(value.as_str()?).ok()?,
        ))),
    }
}
