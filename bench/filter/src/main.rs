//! How fast the filter is, beside others, in one table:
//! `cargo run --release -p belisha-filter-bench` (with `--peers` for Debian's resolvers).
//!
//! Every server is bound to the first processor, and its upstream with it; the load runs where there is room. A
//! rate is answers for each processor second of the server, so that it says the same on a busy machine, and each
//! stands beside that of a plain UDP echo, measured in turn with it.

mod conformance;
mod echo;
mod index;
mod load;
mod names;
mod process;
mod proxy;
mod servers;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use process::Process;
use servers::{ALL, ECHO, Server};

/// Measures the filter.
#[derive(Parser)]
struct Bench {
    #[command(subcommand)]
    role: Option<Role>,
    /// How many names are blocked.
    #[arg(long, default_value_t = 1_000_000)]
    names: u64,
    /// How many names the index alone is measured with.
    #[arg(long, default_value_t = 5_000_000)]
    index_names: u64,
    /// How long each load lasts, in milliseconds.
    #[arg(long, default_value_t = 1_500)]
    each_ms: u64,
    /// How often each load is repeated, with the echo in between; the middle one counts.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Also measure Debian's resolvers, and install those that are missing.
    #[arg(long)]
    peers: bool,
    /// Measure only servers whose name begins so.
    #[arg(long)]
    only: Option<String>,
}

/// What else it does; echo, upstream and serve are processes of the bench itself.
#[derive(Subcommand)]
enum Role {
    Echo {
        at: String,
    },
    Upstream {
        at: String,
    },
    Serve {
        settings: std::path::PathBuf,
    },
    Loopback {
        at: String,
    },
    Origin {
        at: String,
    },
    /// Measure the proxy beside Squid.
    Proxy,
    /// Compare the answers to allowed names with unbound's.
    Conformance,
}

fn main() -> ExitCode {
    let bench = Bench::parse();
    let done = match &bench.role {
        Some(Role::Echo { at }) => echo::echo(at),
        Some(Role::Upstream { at }) => echo::upstream(at, [192, 0, 2, 80]),
        Some(Role::Loopback { at }) => echo::upstream(at, [127, 0, 0, 1]),
        Some(Role::Origin { at }) => proxy::origin(at),
        Some(Role::Proxy) => {
            let time = Duration::from_millis(bench.each_ms);
            proxy::measure(bench.names, time, bench.rounds).map(|text| say(&text))
        }
        Some(Role::Serve { settings }) => serve(settings),
        Some(Role::Conformance) => conformance::measure().map(|text| say(&text)),
        None => measure(&bench),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            complain(&why);
            ExitCode::FAILURE
        }
    }
}

fn serve(settings: &Path) -> anyhow::Result<()> {
    let settings = belisha_filter::resolver::Settings::read(settings)?;
    let _resolver = belisha_filter::resolver::Resolver::start(settings)?;
    loop {
        std::thread::park();
    }
}

/// Answers for each processor second, in thousands, and how they stand beside the echo's of the same round.
#[derive(Clone, Copy)]
struct Rate {
    thousands: f64,
    ratio: f64,
}

/// Blocked, allowed from the cache, and mixed.
type Rates = [Rate; 3];

fn measure(bench: &Bench) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    say(&index::measure(folder.path(), bench.index_names)?);
    if bench.peers {
        servers::install()?;
    }
    let own = std::env::current_exe()?.display().to_string();
    let at = format!("127.0.0.1:{}", servers::UPSTREAM);
    let _upstream = Process::start(
        &own,
        &["upstream".into(), at],
        servers::UPSTREAM,
        folder.path(),
    )?;
    let echo = ECHO.start(folder.path(), bench.names)?;
    say(
        "| server | ready s | resident MB | blocked k/CPU-s (ratio) | cached | mixed | p50/p99 us at 5000/s (ratio of p99) | reload at 2000/s: lost, worst ms |",
    );
    say("|---|---|---|---|---|---|---|---|");
    let half = half_load(&echo, &echo, bench)?;
    line(&ECHO, &echo, &rates(&echo, &echo, bench)?, &half, "")?;
    for server in ALL {
        let wanted = bench
            .only
            .as_ref()
            .is_none_or(|only| server.name.starts_with(only.as_str()));
        if !wanted || !(bench.peers || server.name.starts_with("belisha")) {
            continue;
        }
        if let Err(why) = measure_one(
            server,
            &folder.path().join(server.port.to_string()),
            bench,
            &echo,
        ) {
            say(&format!("| {} | not measured: {why:#} |", server.name));
        }
    }
    Ok(())
}

fn measure_one(
    server: &Server,
    folder: &Path,
    bench: &Bench,
    echo: &Process,
) -> anyhow::Result<()> {
    let process = server.start(folder, bench.names)?;
    let rates = rates(&process, echo, bench)?;
    let half = half_load(&process, echo, bench)?;
    let reload = match server.reload() {
        None => "started anew".to_owned(),
        Some(reload) => {
            let questions = questions(bench.names).mixed;
            let time = Duration::from_secs(6);
            let paced = load::paced(process.address, &questions, 2_000, time, || {
                reload(folder, &process)
            })?;
            format!("{}, {:.1}", paced.lost, paced.worst_ms)
        }
    };
    line(server, &process, &rates, &half, &reload)
}

fn line(
    server: &Server,
    process: &Process,
    rates: &Rates,
    half: &Half,
    reload: &str,
) -> anyhow::Result<()> {
    let cells = rates.map(|rate| format!("{:.0} ({:.2})", rate.thousands, rate.ratio));
    say(&format!(
        "| {} | {:.1} | {:.1} | {} | {:.0}/{:.0} ({:.2}) | {reload} |",
        server.name,
        process.started_s,
        process.resident_mb()?,
        cells.join(" | "),
        half.p50_us,
        half.p99_us,
        half.ratio,
    ));
    Ok(())
}

struct Questions {
    blocked: Vec<Vec<u8>>,
    allowed: Vec<Vec<u8>>,
    mixed: Vec<Vec<u8>>,
}

/// Blocked, allowed and mixed questions. Three in ten of the mixed ones are blocked.
fn questions(count: u64) -> Questions {
    let blocked =
        |number: u64| names::question(&names::blocked(number * 7919 % count), number as u16);
    let allowed = |number: u64| names::question(&names::allowed(number % 2_000), number as u16);
    let mixed = |number: u64| {
        if number % 10 < 3 {
            blocked(number)
        } else {
            allowed(number)
        }
    };
    Questions {
        blocked: (0..50_000).map(blocked).collect(),
        allowed: (0..2_000).map(allowed).collect(),
        mixed: (0..50_000).map(mixed).collect(),
    }
}

/// Each load in turn at the server and at the echo, so that both meet the same pace of the machine.
fn rates(process: &Process, echo: &Process, bench: &Bench) -> anyhow::Result<Rates> {
    let Questions {
        blocked,
        allowed,
        mixed,
    } = questions(bench.names);
    load::warm(process.address, &allowed)?;
    let time = Duration::from_millis(bench.each_ms);
    let once = |process: &Process, questions: &[Vec<u8>]| -> anyhow::Result<f64> {
        let before = process.cpu_s()?;
        let answers = load::flood(process.address, questions, time)?;
        Ok(answers as f64 / (process.cpu_s()? - before).max(0.01) / 1e3)
    };
    let middle = |questions: &[Vec<u8>]| -> anyhow::Result<Rate> {
        let mut rounds = Vec::with_capacity(bench.rounds);
        for _ in 0..bench.rounds.max(1) {
            let (reference, thousands) = (once(echo, questions)?, once(process, questions)?);
            rounds.push(Rate {
                thousands,
                ratio: thousands / reference,
            });
        }
        rounds.sort_by(|one, other| one.ratio.total_cmp(&other.ratio));
        Ok(rounds[rounds.len() / 2])
    };
    Ok([middle(&blocked)?, middle(&allowed)?, middle(&mixed)?])
}

/// How long answers took, and the longest but one in a hundred beside the echo's.
#[derive(Clone, Copy)]
struct Half {
    p50_us: f64,
    p99_us: f64,
    ratio: f64,
}

fn half_load(process: &Process, echo: &Process, bench: &Bench) -> anyhow::Result<Half> {
    let questions = questions(bench.names).mixed;
    let once = |process: &Process| {
        let time = Duration::from_millis(bench.each_ms);
        load::paced(process.address, &questions, 5_000, time, || Ok(()))
    };
    let mut rounds = Vec::with_capacity(bench.rounds);
    for _ in 0..bench.rounds.max(1) {
        let (reference, own) = (once(echo)?, once(process)?);
        rounds.push(Half {
            p50_us: own.p50_us,
            p99_us: own.p99_us,
            ratio: own.p99_us / reference.p99_us,
        });
    }
    rounds.sort_by(|one, other| one.ratio.total_cmp(&other.ratio));
    Ok(rounds[rounds.len() / 2])
}

#[expect(clippy::print_stdout, reason = "the bench's answer")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(
    clippy::print_stderr,
    reason = "the command line speaks to whoever typed it"
)]
fn complain(why: &anyhow::Error) {
    eprintln!("belisha-filter-bench: {why:#}");
}
