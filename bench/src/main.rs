//! How fast it is, in one table: `cargo run --release -p belisha-bench`.
//!
//! A made-up school is served by a process of its own and asked over loopback as browsers
//! ask. Every rate stands beside a reference that was measured in the same run on the
//! same machine, so that the ratio means something where the machine does not.

mod client;
mod journal;
mod pages;
mod people;
mod reference;
mod reports;
mod server;
mod sign_in;
mod table;

use std::process::ExitCode;

use clap::Parser;

use table::Table;

/// Set for the process that plays the server.
const SERVER: &str = "BELISHA_BENCH_SERVER";

/// Measures a made-up school.
#[derive(Parser)]
struct Bench {
    /// How many pupils the school has.
    #[arg(long, default_value_t = 450)]
    pupils: u16,
    /// How many years of life it has behind it.
    #[arg(long, default_value_t = 10)]
    years: u8,
    /// How long each page is asked for, in milliseconds.
    #[arg(long, default_value_t = 5000)]
    each_ms: u64,
    /// How many browsers ask at once where a rate is measured.
    #[arg(long, default_value_t = 8)]
    browsers: usize,
    /// How many entries the journal has whose verification is measured.
    #[arg(long, default_value_t = 200_000)]
    entries: usize,
}

fn main() -> ExitCode {
    // The server is this same program, so that one build measures itself.
    if std::env::var_os(SERVER).is_some() {
        return belisha::commands::run();
    }
    let bench = Bench::parse();
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
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn measure(bench: &Bench) -> anyhow::Result<Table> {
    let mut table = Table::default();
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("school");
    server::make(&data, bench.pupils, bench.years)?;
    let (server, started_ms) = server::Server::start(&data).await?;
    table.add(
        "Start on the existing school",
        format!("{started_ms:.0} ms"),
        "",
    );
    let people = people::read(&data)?;
    pages::measure(&mut table, &server, &people, bench).await?;
    reports::measure(&mut table, &server, &people, &data, bench.each_ms).await?;
    sign_in::measure(&mut table, &server, &people).await?;
    table.add(
        "Resident memory of the server",
        format!("{:.0} MB", server.resident_mb()?),
        "",
    );
    server.stop()?;
    journal::measure(&mut table, bench.entries)?;
    Ok(table)
}

#[expect(clippy::print_stdout, reason = "the table is the answer")]
fn print(table: &Table) {
    println!("{table}");
}

#[expect(
    clippy::print_stderr,
    reason = "the command line speaks to whoever typed it"
)]
fn complain(error: &anyhow::Error) {
    eprintln!("belisha-bench: {error:#}");
}
