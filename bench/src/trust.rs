//! A trust: many schools on one server and one PostgreSQL database, beside one of them
//! alone. The others are copies of the first, row by row, each with a schema, a folder and
//! keys of its own.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, Row as _};

use crate::Bench;
use crate::client::Client;
use crate::crowd::{Measured, Sends, Somebody};
use crate::engine::{Engine, FOLDER, School, copy, keys_of};
use crate::pages;
use crate::people;
use crate::server::Server;
use crate::table::Table;

pub(crate) async fn measure(table: &mut Table, folder: &Path, bench: &Bench) -> anyhow::Result<()> {
    let trust = School::make(Engine::Postgres, &folder.join("trust"), bench).await?;
    let measured = one_and_many(table, &trust, bench).await;
    trust.remove().await?;
    measured
}

async fn one_and_many(table: &mut Table, trust: &School, bench: &Bench) -> anyhow::Result<()> {
    table.heading(&format!(
        "A trust of {} such schools on one PostgreSQL server",
        bench.schools
    ));
    let (server, _) = Server::start(trust).await?;
    let alone = visits(trust, &server, &[FOLDER.to_owned()], bench).await?;
    server.stop()?;
    let folders = copies(trust, bench.schools).await?;
    let (server, started_ms) = Server::start(trust).await?;
    table.single(
        "Start on the existing schools",
        &format!("{started_ms:.0} ms"),
        &format!("{:.0} ms a school", started_ms / bench.schools as f64),
    );
    for ((name, one), (_, many)) in alone
        .into_iter()
        .zip(visits(trust, &server, &folders, bench).await?)
    {
        let beside = format!(
            "{:.2} of one school's median for many at once",
            many.together.at(50) / one.together.at(50)
        );
        table.add(many.cells(name, beside));
    }
    table.single(
        "Resident memory of the server",
        &format!("{:.0} MB", server.resident_mb()?),
        &format!(
            "{:.1} MB a school",
            server.resident_mb()? / bench.schools as f64
        ),
    );
    server.stop()
}

/// The lead of each of these schools looks at the pages, all at once.
async fn visits(
    trust: &School,
    server: &Server,
    folders: &[String],
    bench: &Bench,
) -> anyhow::Result<Vec<(&'static str, Measured)>> {
    let people = people::read(&trust.data)?;
    let during = Duration::from_millis(bench.each_ms);
    let mut leads: Vec<(Client, Vec<String>)> = Vec::new();
    for folder in folders.iter().take(bench.users) {
        let host = format!("{folder}.localhost");
        let mut lead = people
            .holder("designated-safeguarding-lead")?
            .sign_in(server.address, &host)
            .await
            .with_context(|| format!("signing in at {folder}"))?;
        let cases = pages::cases(&mut lead).await?;
        leads.push((lead, cases));
    }
    let mut measured = Vec::new();
    for name in [
        "Today",
        "Queue of open cases",
        "A case",
        "A clause of the policy",
        pages::SEARCH,
    ] {
        let mut all = Vec::with_capacity(bench.users);
        for number in 0..bench.users {
            let (lead, cases) = &leads[number % leads.len()];
            let pages = |paths: &[&str]| {
                Sends::Pages(paths.iter().map(|path| (*path).to_owned()).collect())
            };
            let sends = match name {
                "Today" => pages(&["/"]),
                "A case" => Sends::Pages(cases.clone()),
                "A clause of the policy" => pages(&["/policy/clauses/leaving-a-computer"]),
                pages::SEARCH => Sends::Searches(pages::SOUGHT.to_vec()),
                _ => pages(&["/incidents"]),
            };
            all.push(Somebody {
                client: lead.again().await?,
                sends,
                turn: number * 7,
            });
        }
        measured.push((name, Measured::of(all, during).await?));
    }
    Ok(measured)
}

/// Copies the first school until there are so many; the folder of each.
async fn copies(trust: &School, schools: usize) -> anyhow::Result<Vec<String>> {
    let address = trust
        .postgres
        .as_ref()
        .context("a trust is in PostgreSQL")?;
    let mut records = address.parse::<PgConnectOptions>()?.connect().await?;
    let from = format!("school_{FOLDER}");
    let tables: Vec<String> = sqlx::query("select tablename from pg_tables where schemaname = $1")
        .bind(&from)
        .fetch_all(&mut records)
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    let mut folders = vec![FOLDER.to_owned()];
    for number in 2..=schools {
        let folder = format!("{FOLDER}-{number}");
        let to = format!("school_{}", folder.replace('-', "_"));
        let mut statements = format!("create schema {to};");
        for name in &tables {
            statements.push_str(&format!(
                "create table {to}.{name} (like {from}.{name} including all);
                 insert into {to}.{name} select * from {from}.{name};"
            ));
        }
        records.execute(AssertSqlSafe(statements)).await?;
        copy(&trust.data.join(FOLDER), &trust.data.join(&folder))?;
        let keys = keys_of(&trust.data);
        std::fs::copy(
            keys.join(format!("{FOLDER}.keys")),
            keys.join(format!("{folder}.keys")),
        )?;
        folders.push(folder);
    }
    records.execute("analyze").await?;
    PgConnection::close(records).await?;
    Ok(folders)
}
