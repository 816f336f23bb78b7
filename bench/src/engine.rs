//! Where the measured school keeps its records: in a file, or in a PostgreSQL database of
//! its own, which is dropped afterwards.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, Row as _};

use crate::Bench;
use crate::server::myself;

/// The address of a PostgreSQL server, as the tests take it.
const POSTGRES: &str = "BELISHA_TEST_POSTGRES";
/// The folder that the first made-up school gets.
pub(crate) const FOLDER: &str = "lanternfield";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A made-up school, ready to be served.
pub(crate) struct School {
    pub(crate) engine: Engine,
    pub(crate) data: PathBuf,
    /// The address of its database, where it is not a file.
    pub(crate) postgres: Option<String>,
}

impl Engine {
    /// Those that can be measured here.
    pub(crate) fn here() -> impl Iterator<Item = Self> {
        let postgres = std::env::var_os(POSTGRES).map(|_| Self::Postgres);
        std::iter::once(Self::Sqlite).chain(postgres)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

impl School {
    /// Makes a school up, or copies the one that was kept.
    pub(crate) async fn make(engine: Engine, folder: &Path, bench: &Bench) -> anyhow::Result<Self> {
        let data = folder.join(engine.name().to_lowercase());
        let made = Self {
            engine,
            postgres: match engine {
                Engine::Sqlite => None,
                Engine::Postgres => Some(address_of(&database("measured"))?),
            },
            data: data.clone(),
        };
        let Some(keep) = &bench.keep else {
            if engine == Engine::Postgres {
                create(&database("measured"), None).await?;
            }
            made.make_up(bench)?;
            return Ok(made);
        };
        let kept_name = format!("kept_{}_{}", bench.pupils, bench.years);
        let kept = Self {
            engine,
            postgres: match engine {
                Engine::Sqlite => None,
                Engine::Postgres => Some(address_of(&kept_database(&kept_name))?),
            },
            data: keep.join(format!("{}_{kept_name}", engine.name().to_lowercase())),
        };
        if !kept.data.join("demo.json").exists() {
            std::fs::create_dir_all(keep)?;
            if engine == Engine::Postgres {
                create(&kept_database(&kept_name), None).await?;
            }
            kept.make_up(bench)?;
        }
        if engine == Engine::Postgres {
            create(&database("measured"), Some(&kept_database(&kept_name))).await?;
        }
        copy(&kept.data, &data)?;
        copy(&keys_of(&kept.data), &keys_of(&data))?;
        Ok(made)
    }

    fn make_up(&self, bench: &Bench) -> anyhow::Result<()> {
        let done = myself()?
            .args(["demo", "--no-serve"])
            .args([
                "--pupils",
                &bench.pupils.to_string(),
                "--years",
                &bench.years.to_string(),
            ])
            .args(self.place())
            .stdout(Stdio::null())
            .status()?;
        ensure!(done.success(), "the school could not be made up");
        Ok(())
    }

    /// How a command is told where the school is.
    pub(crate) fn place(&self) -> Vec<OsString> {
        let mut place = vec!["--data".into(), self.data.clone().into_os_string()];
        if let Some(address) = &self.postgres {
            place.extend(["--postgres".into(), address.into()]);
        }
        place
    }

    /// How many rows one of its tables has.
    pub(crate) async fn count(&self, table: &str) -> anyhow::Result<i64> {
        Ok(match &self.postgres {
            None => {
                let file = self.data.join(FOLDER).join("belisha.db");
                let mut records = SqliteConnectOptions::new().filename(file).connect().await?;
                let count = sqlx::query(AssertSqlSafe(format!("select count(*) from {table}")))
                    .fetch_one(&mut records)
                    .await?
                    .get(0);
                SqliteConnection::close(records).await?;
                count
            }
            Some(address) => {
                let mut records = address.parse::<PgConnectOptions>()?.connect().await?;
                let count = sqlx::query(AssertSqlSafe(format!(
                    "select count(*) from school_{FOLDER}.{table}"
                )))
                .fetch_one(&mut records)
                .await?
                .get(0);
                PgConnection::close(records).await?;
                count
            }
        })
    }

    /// Removes its database; its folder goes with the folder it stands in.
    pub(crate) async fn remove(&self) -> anyhow::Result<()> {
        match self.engine {
            Engine::Sqlite => Ok(()),
            Engine::Postgres => drop_database(&database("measured")).await,
        }
    }
}

/// A database of this process alone.
pub(crate) fn database(what: &str) -> String {
    format!("belisha_bench_{}_{what}", std::process::id())
}

fn kept_database(kept: &str) -> String {
    format!("belisha_bench_{kept}")
}

/// The address of another database on the same server.
pub(crate) fn address_of(database: &str) -> anyhow::Result<String> {
    let address = std::env::var(POSTGRES).with_context(|| format!("{POSTGRES} is not set"))?;
    let (place, options) = match address.split_once('?') {
        Some((place, options)) => (place.to_owned(), format!("?{options}")),
        None => (address, String::new()),
    };
    let (server, _) = place
        .rsplit_once('/')
        .context("the address of PostgreSQL names no database")?;
    Ok(format!("{server}/{database}{options}"))
}

pub(crate) async fn create(database: &str, like: Option<&str>) -> anyhow::Result<()> {
    drop_database(database).await?;
    let like = like.map_or_else(String::new, |like| format!(" template {like}"));
    on_server(format!("create database {database}{like}")).await
}

pub(crate) async fn drop_database(database: &str) -> anyhow::Result<()> {
    on_server(format!("drop database if exists {database} with (force)")).await
}

async fn on_server(statement: String) -> anyhow::Result<()> {
    let address = std::env::var(POSTGRES)?;
    let mut server = address.parse::<PgConnectOptions>()?.connect().await?;
    server.execute(AssertSqlSafe(statement)).await?;
    PgConnection::close(server).await?;
    Ok(())
}

pub(crate) fn keys_of(data: &Path) -> PathBuf {
    let mut name = data.file_name().unwrap_or_default().to_os_string();
    name.push("-keys");
    data.with_file_name(name)
}

/// Copies a folder with what is in it.
pub(crate) fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    std::fs::set_permissions(to, std::fs::metadata(from)?.permissions())?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => std::fs::copy(entry.path(), target).map(drop)?,
        }
    }
    Ok(())
}
