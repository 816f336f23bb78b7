//! How fast it is, in one table: `cargo run --release -p belisha-bench`.
//!
//! A made-up school is served by a process of its own and asked over loopback as browsers
//! ask. Every figure stands beside a reference that was measured in the same run on the
//! same machine, so that the ratio means something where the machine does not.

mod client;
mod crowd;
mod engine;
mod journal;
mod pages;
mod people;
mod reference;
mod reports;
mod server;
mod sign_in;
mod table;
mod trust;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use engine::Engine;
use table::Table;

/// Set for the process that plays the server.
const SERVER: &str = "BELISHA_BENCH_SERVER";

/// Measures a made-up school, with its records in a file and, where BELISHA_TEST_POSTGRES
/// names a server, in PostgreSQL too.
#[derive(Parser)]
struct Bench {
    /// How many pupils the school has.
    #[arg(long, default_value_t = 450)]
    pupils: u16,
    /// How many years of life it has behind it.
    #[arg(long, default_value_t = 10)]
    years: u8,
    /// A small school and short measurements: shows that everything can be measured.
    #[arg(long)]
    quick: bool,
    /// How long each thing is measured, in milliseconds.
    #[arg(long, default_value_t = 5000)]
    each_ms: u64,
    /// How many people use the school at once.
    #[arg(long, default_value_t = 50)]
    users: usize,
    /// How many entries the journal has whose verification is measured.
    #[arg(long, default_value_t = 200_000)]
    entries: usize,
    /// Measures a trust of so many such schools on one PostgreSQL server, and nothing else.
    #[arg(long, default_value_t = 0, conflicts_with = "only")]
    schools: usize,
    /// Makes the school in this folder once and measures copies of it, so that the next
    /// run begins sooner. Without it everything is made anew and removed.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Measures this engine alone.
    #[arg(long, value_enum)]
    only: Option<Engine>,
}

fn main() -> ExitCode {
    // The server is this same program, so that one build measures itself.
    if std::env::var_os(SERVER).is_some() {
        return belisha::commands::run(belisha_press::render);
    }
    let mut bench = Bench::parse();
    if bench.quick {
        bench.pupils = bench.pupils.min(60);
        bench.years = 1;
        bench.each_ms = bench.each_ms.min(500);
        bench.entries = bench.entries.min(10_000);
    }
    let measured = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(measure(&bench)));
    match measured {
        Ok(table) => {
            print(&table);
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn measure(bench: &Bench) -> anyhow::Result<Table> {
    let mut table = Table::default();
    let folder = tempfile::tempdir()?;
    if bench.schools > 0 {
        complain("making the trust up …");
        trust::measure(&mut table, folder.path(), bench).await?;
        return Ok(table);
    }
    for engine in Engine::here().filter(|engine| bench.only.is_none_or(|only| only == *engine)) {
        complain(&format!("making the school up in {} …", engine.name()));
        let school = engine::School::make(engine, folder.path(), bench).await?;
        let measured = one_school(&mut table, &school, bench).await;
        school.remove().await?;
        measured?;
    }
    journal::measure(&mut table, bench.entries)?;
    Ok(table)
}

async fn one_school(
    table: &mut Table,
    school: &engine::School,
    bench: &Bench,
) -> anyhow::Result<()> {
    let (server, started_ms) = server::Server::start(school).await?;
    let of = school.engine.name();
    table.heading(&format!(
        "{of}: {} incidents, {} journal entries",
        school.count("incident").await?,
        school.count("journal_entry").await?
    ));
    table.single(
        "Start on the existing school",
        &format!("{started_ms:.0} ms"),
        "",
    );
    let people = people::read(&school.data)?;
    pages::measure(table, &server, &people, bench).await?;
    sign_in::measure(table, &server, &people, bench).await?;
    reports::measure(table, &server, &people, school, bench).await?;
    table.single(
        "Resident memory of the server after all this",
        &format!("{:.0} MB", server.resident_mb()?),
        "",
    );
    server.stop()
}

#[expect(clippy::print_stdout, reason = "the table is the answer")]
fn print(table: &Table) {
    println!("{table}");
}

#[expect(
    clippy::print_stderr,
    reason = "the command line speaks to whoever typed it"
)]
fn complain(says: &str) {
    eprintln!("belisha-bench: {says}");
}
