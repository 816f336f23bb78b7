//! The one place that names a database driver. SQL is written once, in the subset
//! that SQLite and PostgreSQL share; a test prepares every statement on both.
//!
//! A [`Connection`] reads. Only a [`crate::tx::Tx`] writes, and a `Tx` cannot be
//! committed without its journal entry.

mod migrations;
mod snapshot;
mod value;

use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

pub use migrations::{BroughtForward, MigrationRefused};
pub(crate) use snapshot::ColumnKind;
pub use value::{Row, Value};

use crate::problem::Fault;

/// The records of one school. Schools never share a database file, nor in
/// PostgreSQL a schema, so that no statement can reach another school's rows.
#[derive(Clone)]
pub struct Database {
    engine: Engine,
}

#[derive(Clone)]
enum Engine {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres { server: Server, schema: String },
}

/// A PostgreSQL server with connections that every school on it shares: were each to keep
/// its own, a trust of a hundred schools would hold hundreds of them with nothing to do.
#[derive(Debug, Clone)]
pub struct Server {
    write: PgPool,
    read: PgPool,
}

/// As many connections as one school may keep busy, and as many as all of them together.
const WRITERS: (u32, u32) = (4, 12);
const READERS: (u32, u32) = (6, 24);

/// SQLite's log is brought into its file within an act only when it is so many pages of four
/// kilobytes long, which it becomes where nobody does the background work.
const LONGEST_LOG: u32 = 10_000;

/// Where a school's records are kept.
#[derive(Debug, Clone)]
pub enum Place {
    /// A SQLite file, made if it is not there.
    File(std::path::PathBuf),
    /// A PostgreSQL address and the schema of this school in it.
    Postgres { address: String, schema: String },
    /// The same on a server that other schools use too.
    Shared { server: Server, schema: String },
}

impl Server {
    /// The server at an address, for so many schools. Nothing is connected yet.
    pub fn at(address: &str, schools: usize) -> Result<Self, sqlx::Error> {
        let options: PgConnectOptions = address.parse()?;
        let most = |(one, all): (u32, u32)| {
            let schools = u32::try_from(schools).unwrap_or(u32::MAX);
            one.saturating_mul(schools.max(1)).min(all)
        };
        Ok(Self {
            write: PgPoolOptions::new()
                .max_connections(most(WRITERS))
                .connect_lazy_with(options.clone()),
            read: PgPoolOptions::new()
                .max_connections(most(READERS))
                .connect_lazy_with(options.options([("default_transaction_read_only", "on")])),
        })
    }
}

impl Database {
    /// Opens the records and brings the schema forward. Nothing is opened, and
    /// nothing changed, where the schema is newer than this program.
    pub async fn open(place: &Place) -> Result<(Self, BroughtForward), MigrationRefused> {
        Self::open_at_step(place, Self::schema_step()).await
    }

    /// The same, but brings the schema no further than this step, so that the rows of an
    /// older backup fit. [`Database::open`] then brings them forward as it always does.
    pub(crate) async fn open_at_step(
        place: &Place,
        step: i64,
    ) -> Result<(Self, BroughtForward), MigrationRefused> {
        let database = match place {
            Place::File(file) => Self::open_file(file).await,
            Place::Postgres { address, schema } => match Server::at(address, 1) {
                Ok(server) => Self::open_postgres(server, schema).await,
                Err(error) => Err(error),
            },
            Place::Shared { server, schema } => Self::open_postgres(server.clone(), schema).await,
        }
        .map_err(MigrationRefused::Unreachable)?;
        let forward = database.bring_forward(step).await?;
        Ok((database, forward))
    }

    async fn open_file(file: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // `normal` loses acknowledged writes in a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("secure_delete", "on")
            .pragma("trusted_schema", "off")
            .pragma("temp_store", "memory")
            // Whoever commits at that moment waits for it; see `settle`.
            .pragma("wal_autocheckpoint", LONGEST_LOG.to_string())
            .optimize_on_close(false, None);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(6)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(options.pragma("query_only", "on"));
        Ok(Self {
            engine: Engine::Sqlite { write, read },
        })
    }

    async fn open_postgres(server: Server, schema: &str) -> Result<Self, sqlx::Error> {
        if !schema
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        {
            return Err(sqlx::Error::Configuration(
                format!("“{schema}” cannot name a schema; use small letters, digits and _").into(),
            ));
        }
        server
            .write
            .execute(AssertSqlSafe(format!("create schema if not exists {schema}")).into_sql_str())
            .await?;
        Ok(Self {
            engine: Engine::Postgres {
                server,
                schema: schema.to_owned(),
            },
        })
    }

    /// A connection that cannot write.
    pub fn read(&self) -> Pending<'_, Connection, Fault> {
        Box::pin(async move {
            Ok(Connection {
                link: match &self.engine {
                    Engine::Sqlite { read, .. } => {
                        Link::Sqlite(read.acquire().await.map_err(unreachable_records)?)
                    }
                    Engine::Postgres { server, schema } => {
                        let look = acquire(&server.read, schema).await;
                        Link::Postgres(look.map_err(unreachable_records)?)
                    }
                },
            })
        })
    }

    /// Begins a transaction; for [`crate::tx`] alone.
    pub(crate) fn begin(&self) -> Pending<'_, Transaction, Fault> {
        Box::pin(async move {
            let link = match &self.engine {
                Engine::Sqlite { write, .. } => {
                    // A deferred transaction would find out too late that another one writes.
                    let begun = write.begin_with("begin immediate").await;
                    Link::SqliteTransaction(begun.map_err(unreachable_records)?)
                }
                Engine::Postgres { server, schema } => {
                    let begin = format!("begin; set local search_path to {schema}");
                    let begun = server.write.begin_with(AssertSqlSafe(begin)).await;
                    Link::PostgresTransaction(begun.map_err(unreachable_records)?)
                }
            };
            Ok(Transaction(Connection { link }))
        })
    }

    /// Brings what was committed from SQLite's log into its file, beside the acts of people and
    /// not within one of them. It is safe on the disk before that; PostgreSQL does so by itself.
    pub(crate) fn settle(&self) -> Pending<'_, (), Fault> {
        Box::pin(async move {
            if let Engine::Sqlite { read, .. } = &self.engine {
                let mut connection = read.acquire().await.map_err(unreachable_records)?;
                connection
                    .execute("pragma wal_checkpoint(passive)")
                    .await
                    .map_err(|error| Fault::at("bringing the log into the file".into(), error))?;
            }
            Ok(())
        })
    }

    /// Prepares a statement without running it: what the engine thinks of it.
    pub async fn prepare(&self, statement: &'static str) -> Result<(), String> {
        match &self.engine {
            Engine::Sqlite { write, .. } => {
                let mut connection = write.acquire().await.map_err(|e| e.to_string())?;
                connection.prepare(statement.into_sql_str()).await.map(drop)
            }
            Engine::Postgres { server, schema } => {
                let mut connection = acquire(&server.write, schema)
                    .await
                    .map_err(|e| e.to_string())?;
                connection.prepare(statement.into_sql_str()).await.map(drop)
            }
        }
        .map_err(|error| error.to_string())
    }

    /// Which engine this is, for the start-up line and the health page.
    pub fn engine_name(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite { .. } => "SQLite",
            Engine::Postgres { .. } => "PostgreSQL",
        }
    }

    /// Whether others can write while a transaction is open. SQLite has one writer.
    pub fn has_several_writers(&self) -> bool {
        match self.engine {
            Engine::Sqlite { .. } => false,
            Engine::Postgres { .. } => true,
        }
    }

    /// Removes the records from their server, for a demonstration that is made anew. A file
    /// goes with its folder.
    pub(crate) async fn forget(&self) -> Result<(), Fault> {
        match &self.engine {
            Engine::Sqlite { .. } => Ok(()),
            Engine::Postgres { server, schema } => server
                .write
                .execute(AssertSqlSafe(format!("drop schema {schema} cascade")).into_sql_str())
                .await
                .map(drop)
                .map_err(|error| Fault::at(format!("removing the schema {schema}"), error)),
        }
    }

    /// Closes all connections, also those of other schools on the same server, so that
    /// the files may be moved.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Engine::Postgres { server, .. } => {
                server.read.close().await;
                server.write.close().await;
            }
        }
    }
}

/// A connection that sees the records of this school. Whoever had it before may have looked
/// at another's, so it is told each time.
async fn acquire(
    pool: &PgPool,
    schema: &str,
) -> Result<sqlx::pool::PoolConnection<sqlx::Postgres>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    connection
        .execute(AssertSqlSafe(format!("set search_path to {schema}")).into_sql_str())
        .await?;
    Ok(connection)
}

fn unreachable_records(error: sqlx::Error) -> Fault {
    Fault::at("reaching the records".into(), error)
}

/// A connection that reads: what every query function takes, so that it works
/// inside a transaction and outside one.
pub struct Connection {
    link: Link,
}

enum Link {
    Sqlite(sqlx::pool::PoolConnection<sqlx::Sqlite>),
    Postgres(sqlx::pool::PoolConnection<sqlx::Postgres>),
    SqliteTransaction(sqlx::Transaction<'static, sqlx::Sqlite>),
    PostgresTransaction(sqlx::Transaction<'static, sqlx::Postgres>),
}

/// What a database will have answered. In a box, because the compiler proves of each handler that its future
/// may go from thread to thread, and would go through all of the driver's each time.
pub(crate) type Pending<'c, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

/// A statement and its parameters.
pub struct Statement {
    text: &'static str,
    values: Vec<Value>,
}

/// Begins a statement. The text is a literal: the test that prepares every
/// statement on both engines finds them by this call.
pub fn sql(text: &'static str) -> Statement {
    Statement {
        text,
        values: Vec::new(),
    }
}

impl Statement {
    /// Binds the next parameter, `$1` first.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// All rows.
    pub fn all(self, connection: &mut Connection) -> Pending<'_, Vec<Row>, Fault> {
        macro_rules! fetch {
            ($link:expr, $row:path) => {
                bound!(self)
                    .fetch_all($link)
                    .await
                    .map(|rows| rows.into_iter().map($row).collect())
            };
        }
        Box::pin(async move {
            let text = self.text;
            match &mut connection.link {
                Link::Sqlite(link) => fetch!(&mut **link, Row::Sqlite),
                Link::Postgres(link) => fetch!(&mut **link, Row::Postgres),
                Link::SqliteTransaction(link) => fetch!(&mut **link, Row::Sqlite),
                Link::PostgresTransaction(link) => fetch!(&mut **link, Row::Postgres),
            }
            .map_err(|error| Fault::at(shown(text), error))
        })
    }

    /// The first row, if there is one.
    pub async fn optional(self, connection: &mut Connection) -> Result<Option<Row>, Fault> {
        Ok(self.all(connection).await?.into_iter().next())
    }

    /// The one row there must be.
    pub async fn one(self, connection: &mut Connection) -> Result<Row, Fault> {
        let text = self.text;
        self.optional(connection)
            .await?
            .ok_or_else(|| Fault::said(format!("no row: {}", shown(text))))
    }

    /// Runs a writing statement; the number of rows it touched.
    pub(crate) fn run(self, transaction: &mut Transaction) -> Pending<'_, u64, WriteFault> {
        Box::pin(async move {
            let text = self.text;
            match &mut transaction.0.link {
                Link::SqliteTransaction(link) => bound!(self)
                    .execute(&mut **link)
                    .await
                    .map(|done| done.rows_affected()),
                Link::PostgresTransaction(link) => bound!(self)
                    .execute(&mut **link)
                    .await
                    .map(|done| done.rows_affected()),
                Link::Sqlite(_) | Link::Postgres(_) => {
                    unreachable!("a transaction is made by `begin` alone")
                }
            }
            .map_err(|error| WriteFault::of(text, error))
        })
    }
}

macro_rules! bound {
    ($statement:expr) => {{
        let mut query = sqlx::query($statement.text);
        for value in $statement.values {
            query = match value {
                Value::Text(value) => query.bind(value),
                Value::Whole(value) => query.bind(value),
                Value::Truth(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}
use bound;

/// A connection inside a transaction. Dropped without `commit`, it undoes itself.
pub(crate) struct Transaction(Connection);

impl Transaction {
    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.0
    }

    pub(crate) fn connection_ref(&self) -> &Connection {
        &self.0
    }

    pub(crate) fn commit(self) -> Pending<'static, (), Fault> {
        Box::pin(async move {
            match self.0.link {
                Link::SqliteTransaction(link) => link.commit().await,
                Link::PostgresTransaction(link) => link.commit().await,
                Link::Sqlite(_) | Link::Postgres(_) => {
                    unreachable!("a transaction is made by `begin` alone")
                }
            }
            .map_err(|error| Fault::at("commit".into(), error))
        })
    }
}

/// Why a write did not happen: a named constraint that an act may answer, or a fault.
#[derive(Debug)]
pub enum WriteFault {
    /// The name of the constraint, or for SQLite's unique ones `table.column`.
    Constraint(String),
    Fault(Fault),
}

impl WriteFault {
    fn of(text: &str, error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(inner) = &error
            && (inner.is_unique_violation()
                || inner.is_check_violation()
                || inner.is_foreign_key_violation())
        {
            let name = match inner.constraint() {
                Some(name) => name.to_owned(),
                // SQLite: "UNIQUE constraint failed: account.sign_in_name"
                None => inner
                    .message()
                    .rsplit(": ")
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            };
            return Self::Constraint(name);
        }
        Self::Fault(Fault::at(shown(text), error))
    }
}

/// The first line of a statement, for an error that only engineers read.
fn shown(text: &str) -> String {
    text.split_whitespace()
        .take(12)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests;
