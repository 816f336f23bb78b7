//! What the page of backups asks the records.

use jiff::Timestamp;

use crate::db::{Connection, Row, sql};
use crate::problem::Fault;

/// A backup as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) made_at: Timestamp,
    pub(super) file_name: String,
    pub(super) size_bytes: i64,
    pub(super) was_asked_for: bool,
    pub(super) verified_at: Option<Timestamp>,
    pub(super) failed: bool,
}

/// The newest backups, newest first.
pub(super) async fn newest(connection: &mut Connection) -> Result<Vec<Listed>, Fault> {
    sql(
        "select made_at, file_name, size_bytes, why, verified_at, failed
         from backup order by made_at desc, id limit 60",
    )
    .all(connection)
    .await?
    .iter()
    .map(listed)
    .collect()
}

fn listed(row: &Row) -> Result<Listed, Fault> {
    Ok(Listed {
        made_at: row.instant("made_at")?,
        file_name: row.get("file_name")?,
        size_bytes: row.get("size_bytes")?,
        was_asked_for: row.get::<String>("why")? == "asked",
        verified_at: row.instant_optional("verified_at")?,
        failed: row.get::<Option<String>>("failed")?.is_some(),
    })
}

/// The newest drill.
pub(super) struct LastDrill {
    pub(super) drilled_at: Timestamp,
    pub(super) took_ms: i64,
    pub(super) passed: bool,
}

/// The newest drill, if there was one.
pub(super) async fn last_drill(connection: &mut Connection) -> Result<Option<LastDrill>, Fault> {
    sql("select drilled_at, took_ms, passed from backup_drill order by drilled_at desc, id limit 1")
        .optional(connection)
        .await?
        .map(|row| {
            Ok(LastDrill {
                drilled_at: row.instant("drilled_at")?,
                took_ms: row.get("took_ms")?,
                passed: row.get("passed")?,
            })
        })
        .transpose()
}
