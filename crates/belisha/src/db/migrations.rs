//! Numbered steps that bring a database forward, each whole or not at all.
//!
//! A step is written once. `@BLOB@` becomes the engine's type for bytes, and
//! lines between `-- only: sqlite` (or `postgres`) and `-- end` are kept for that
//! engine alone; triggers need it, tables never do.

use std::borrow::Cow;

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use super::{Database, Engine};

const STEPS: &[(i64, &str, &str)] = &[
    (
        1,
        "journal",
        include_str!("../../migrations/0001_journal.sql"),
    ),
    (
        2,
        "people",
        include_str!("../../migrations/0002_people.sql"),
    ),
    (
        3,
        "accounts",
        include_str!("../../migrations/0003_accounts.sql"),
    ),
    (
        4,
        "policies",
        include_str!("../../migrations/0004_policies.sql"),
    ),
    (
        5,
        "records",
        include_str!("../../migrations/0005_records.sql"),
    ),
    (
        6,
        "incidents",
        include_str!("../../migrations/0006_incidents.sql"),
    ),
    (
        7,
        "duties",
        include_str!("../../migrations/0007_duties.sql"),
    ),
    (
        8,
        "known_devices",
        include_str!("../../migrations/0008_known_devices.sql"),
    ),
    (9, "posts", include_str!("../../migrations/0009_posts.sql")),
    (
        10,
        "policy life",
        include_str!("../../migrations/0010_policy_life.sql"),
    ),
    (
        11,
        "set-up",
        include_str!("../../migrations/0011_set_up.sql"),
    ),
    (
        12,
        "agreements",
        include_str!("../../migrations/0012_agreements.sql"),
    ),
    (
        13,
        "incident handling",
        include_str!("../../migrations/0013_incident_handling.sql"),
    ),
    (14, "files", include_str!("../../migrations/0014_files.sql")),
    (
        15,
        "exports",
        include_str!("../../migrations/0015_exports.sql"),
    ),
    (
        16,
        "reporting",
        include_str!("../../migrations/0016_reporting.sql"),
    ),
    (
        17,
        "need to know",
        include_str!("../../migrations/0017_need_to_know.sql"),
    ),
    (
        18,
        "reviews",
        include_str!("../../migrations/0018_reviews.sql"),
    ),
    (
        19,
        "long years",
        include_str!("../../migrations/0019_long_years.sql"),
    ),
    (
        20,
        "case handling",
        include_str!("../../migrations/0020_case_handling.sql"),
    ),
    (
        21,
        "approvals",
        include_str!("../../migrations/0021_approvals.sql"),
    ),
    (
        22,
        "filter log",
        include_str!("../../migrations/0022_filter_log.sql"),
    ),
    (
        23,
        "absences",
        include_str!("../../migrations/0023_absences.sql"),
    ),
    (
        24,
        "evidence_and_investigations",
        include_str!("../../migrations/0024_evidence_and_investigations.sql"),
    ),
    (
        27,
        "retention",
        include_str!("../../migrations/0027_retention.sql"),
    ),
    (
        28,
        "data requests",
        include_str!("../../migrations/0028_data_requests.sql"),
    ),
    (
        29,
        "withholding",
        include_str!("../../migrations/0029_withholding.sql"),
    ),
    (
        30,
        "filter devices",
        include_str!("../../migrations/0030_filter_devices.sql"),
    ),
    (
        31,
        "filter lists",
        include_str!("../../migrations/0031_filter_lists.sql"),
    ),
    (
        32,
        "filter nodes",
        include_str!("../../migrations/0032_filter_nodes.sql"),
    ),
    (
        33,
        "extension",
        include_str!("../../migrations/0033_extension.sql"),
    ),
    (
        34,
        "data request reminders",
        include_str!("../../migrations/0034_data_request_reminders.sql"),
    ),
    (
        35,
        "case lists",
        include_str!("../../migrations/0035_case_lists.sql"),
    ),
    (
        36,
        "kinds of approval",
        include_str!("../../migrations/0036_kinds_of_approval.sql"),
    ),
];

/// What opening the records did to their schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BroughtForward {
    /// The step the records were at before; 0 for new ones.
    pub from: i64,
    pub to: i64,
}

/// Why the records could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum MigrationRefused {
    #[error("the records cannot be reached: {0}")]
    Unreachable(sqlx::Error),
    #[error(
        "these records were written by a newer Belisha (their schema is at step {found}, this program knows {known}). \
         Nothing was changed. Start the newer program, or restore a backup made with this one."
    )]
    Newer { found: i64, known: i64 },
    #[error(
        "step {step} of the schema is not the step these records were made with. Nothing was changed. Restore the backup made before the upgrade and report this."
    )]
    Altered { step: i64 },
    #[error("the schema could not be brought forward, and is as it was: {0}")]
    Failed(MigrateError),
}

impl Database {
    pub(super) async fn bring_forward(
        &self,
        known: i64,
    ) -> Result<BroughtForward, MigrationRefused> {
        match &self.engine {
            Engine::Sqlite { write, .. } => {
                let mut connection = write
                    .acquire()
                    .await
                    .map_err(MigrationRefused::Unreachable)?;
                run(&mut *connection, Dialect::Sqlite, known).await
            }
            Engine::Postgres { server, schema } => {
                let mut connection = super::acquire(&server.write, schema)
                    .await
                    .map_err(MigrationRefused::Unreachable)?;
                run(&mut *connection, Dialect::Postgres, known).await
            }
        }
    }
}

/// The step that this program's schema stands at.
pub(super) fn known() -> i64 {
    STEPS
        .iter()
        .map(|(number, _, _)| *number)
        .max()
        .unwrap_or_default()
}

/// The tables in the order in which the steps make them.
pub(super) fn tables() -> Vec<&'static str> {
    STEPS
        .iter()
        .flat_map(|(_, _, text)| text.lines())
        .filter_map(|line| line.strip_prefix("create table "))
        .filter_map(|rest| rest.split([' ', '(']).next())
        .collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Dialect {
    Sqlite,
    Postgres,
}

async fn run<C: Migrate>(
    connection: &mut C,
    dialect: Dialect,
    known: i64,
) -> Result<BroughtForward, MigrationRefused> {
    let migrator = Migrator::with_migrations(
        STEPS
            .iter()
            .filter(|(number, _, _)| *number <= known)
            .map(|(number, name, text)| {
                Migration::new(
                    *number,
                    Cow::Borrowed(name),
                    MigrationType::Simple,
                    AssertSqlSafe(in_dialect(text, dialect)).into_sql_str(),
                    false,
                )
            })
            .collect(),
    );
    connection
        .ensure_migrations_table(&migrator.table_name)
        .await
        .map_err(MigrationRefused::Failed)?;
    let from = connection
        .list_applied_migrations(&migrator.table_name)
        .await
        .map_err(MigrationRefused::Failed)?
        .last()
        .map_or(0, |applied| applied.version);
    if from > known {
        return Err(MigrationRefused::Newer { found: from, known });
    }
    migrator
        .run_direct(None, connection, false)
        .await
        .map_err(|error| match error {
            MigrateError::VersionMismatch(step) => MigrationRefused::Altered { step },
            MigrateError::VersionMissing(found) => MigrationRefused::Newer { found, known },
            other => MigrationRefused::Failed(other),
        })?;
    Ok(BroughtForward { from, to: known })
}

fn in_dialect(text: &str, dialect: Dialect) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut only = None;
    for line in text.lines() {
        match line.trim() {
            "-- only: sqlite" => only = Some(Dialect::Sqlite),
            "-- only: postgres" => only = Some(Dialect::Postgres),
            "-- end" => only = None,
            _ if only.is_none_or(|it| it == dialect) => {
                kept.push_str(line);
                kept.push('\n');
            }
            _ => {}
        }
    }
    kept.replace(
        "@BLOB@",
        match dialect {
            Dialect::Sqlite => "blob",
            Dialect::Postgres => "bytea",
        },
    )
}
