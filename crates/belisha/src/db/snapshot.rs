//! All records as they stood at one moment, and the way back: rows out of any table
//! and into an empty one, without either engine's own dump.

use std::pin::pin;

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Column as _, Row as _, SqlSafeStr as _, TypeInfo as _};

use super::{Connection, Database, Engine, Link, Transaction, Value, migrations};
use crate::problem::Fault;

/// The kinds of column there are; the schema uses no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ColumnKind {
    Text,
    Whole,
    Truth,
    Bytes,
}

/// A view of all records at one moment, while others go on writing.
pub(crate) struct Snapshot(Connection);

impl Database {
    /// Begins to look. SQLite keeps the moment by its write-ahead log, PostgreSQL by
    /// its isolation level; neither keeps anybody from writing.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, Fault> {
        let begun = |error| Fault::at("beginning to read all records".into(), error);
        let link = match &self.engine {
            Engine::Sqlite { read, .. } => {
                Link::SqliteTransaction(read.begin().await.map_err(begun)?)
            }
            Engine::Postgres { server, schema } => {
                let begin = format!(
                    "begin isolation level repeatable read read only; set local search_path to {schema}"
                );
                Link::PostgresTransaction(
                    server
                        .read
                        .begin_with(AssertSqlSafe(begin))
                        .await
                        .map_err(begun)?,
                )
            }
        };
        Ok(Snapshot(Connection { link }))
    }

    /// The tables of the schema, each after those it points to.
    pub(crate) fn tables() -> Vec<&'static str> {
        migrations::tables()
    }

    /// The step the schema of this program stands at.
    pub(crate) fn schema_step() -> i64 {
        migrations::known()
    }
}

impl Snapshot {
    /// The connection, for statements that ask for one.
    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.0
    }

    /// Sends what `line` makes of each row of a table and the table's columns. Whoever
    /// receives slows the reading down, so that no table need fit into memory.
    pub(crate) async fn send_rows(
        &mut self,
        table: &'static str,
        to: &tokio::sync::mpsc::Sender<Vec<u8>>,
        mut line: impl FnMut(&[(String, ColumnKind)], Vec<Value>) -> Result<Vec<u8>, Fault> + Send,
    ) -> Result<(), Fault> {
        let reading = |error: sqlx::Error| Fault::at(format!("reading {table}"), error);
        let text = format!("select * from {table} order by 1");
        let mut columns: Vec<(String, ColumnKind)> = Vec::new();
        macro_rules! rows {
            ($link:expr) => {{
                let mut rows =
                    pin!(sqlx::query(AssertSqlSafe(text).into_sql_str()).fetch(&mut **$link));
                while let Some(row) = rows.try_next().await.map_err(reading)? {
                    if columns.is_empty() {
                        columns = row
                            .columns()
                            .iter()
                            .map(|column| {
                                let kind = kind(column.type_info().name()).ok_or_else(|| {
                                    Fault::said(format!(
                                        "{table}.{} is of the unknown type {}",
                                        column.name(),
                                        column.type_info().name()
                                    ))
                                })?;
                                Ok((column.name().to_owned(), kind))
                            })
                            .collect::<Result<_, Fault>>()?;
                    }
                    let mut cells = Vec::with_capacity(columns.len());
                    for (at, (_, kind)) in columns.iter().enumerate() {
                        cells.push(
                            match kind {
                                ColumnKind::Text => row.try_get(at).map(Value::Text),
                                ColumnKind::Whole => row.try_get(at).map(Value::Whole),
                                ColumnKind::Truth => row.try_get(at).map(Value::Truth),
                                ColumnKind::Bytes => row.try_get(at).map(Value::Bytes),
                            }
                            .map_err(reading)?,
                        );
                    }
                    let bytes = line(&columns, cells)?;
                    // A receiver that is gone has failed, and says why itself.
                    if to.send(bytes).await.is_err() {
                        return Ok(());
                    }
                }
            }};
        }
        match &mut self.0.link {
            Link::SqliteTransaction(link) => rows!(link),
            Link::PostgresTransaction(link) => rows!(link),
            Link::Sqlite(_) | Link::Postgres(_) => {
                unreachable!("a snapshot is made by `snapshot` alone")
            }
        }
        Ok(())
    }
}

fn kind(name: &str) -> Option<ColumnKind> {
    match name {
        "TEXT" => Some(ColumnKind::Text),
        "INTEGER" | "BIGINT" | "INT8" => Some(ColumnKind::Whole),
        "BOOLEAN" | "BOOL" => Some(ColumnKind::Truth),
        "BLOB" | "BYTEA" => Some(ColumnKind::Bytes),
        _ => None,
    }
}

impl Transaction {
    /// Puts a row into a table. The names come from a file, so they must be names.
    pub(crate) async fn put_row(
        &mut self,
        table: &'static str,
        columns: &[String],
        values: Vec<Value>,
    ) -> Result<(), Fault> {
        let is_name = |text: &String| {
            text.starts_with(|first: char| first.is_ascii_lowercase())
                && text
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        if !columns.iter().all(is_name) || columns.len() != values.len() {
            return Err(Fault::said(format!("the columns of {table} are damaged")));
        }
        let marks: Vec<String> = (1..=columns.len()).map(|at| format!("${at}")).collect();
        let text = format!(
            "insert into {table} ({}) values ({})",
            columns.join(", "),
            marks.join(", ")
        );
        self.run_text(text, values).await
    }

    /// Sets one column of the rows of which another column has this value.
    pub(crate) async fn set_column(
        &mut self,
        table: &'static str,
        column: &'static str,
        to: Value,
        id: Value,
    ) -> Result<(), Fault> {
        let text = format!("update {table} set {column} = $1 where id = $2");
        self.run_text(text, vec![to, id]).await
    }

    async fn run_text(&mut self, text: String, values: Vec<Value>) -> Result<(), Fault> {
        let writing = |error: sqlx::Error| Fault::at("putting records back".into(), error);
        macro_rules! run {
            ($link:expr) => {{
                let mut query = sqlx::query(AssertSqlSafe(text).into_sql_str());
                for value in values {
                    query = match value {
                        Value::Text(value) => query.bind(value),
                        Value::Whole(value) => query.bind(value),
                        Value::Truth(value) => query.bind(value),
                        Value::Bytes(value) => query.bind(value),
                    };
                }
                query.execute(&mut **$link).await.map_err(writing)?;
            }};
        }
        match &mut self.0.link {
            Link::SqliteTransaction(link) => run!(link),
            Link::PostgresTransaction(link) => run!(link),
            Link::Sqlite(_) | Link::Postgres(_) => {
                unreachable!("a transaction is made by `begin` alone")
            }
        }
        Ok(())
    }
}
