//! `belisha filter update`: lists from their publishers; `compile`: lists to an index; `check NAME`: what a
//! group may reach, with the whole chain of reasons; and `serve`: a resolver that goes by it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use belisha_filter::compile::{Compile, ListReport, Report, can_write, compile};
use belisha_filter::index::Index;
use belisha_filter::lists::{Kind, Limits, split_page};
use belisha_filter::resolver::{Resolver, Settings};
use belisha_filter::update::{Outcome as UpdateOutcome, Sources, update};
use belisha_filter::verdict::{Moment, Outcome, Policy, decide, decide_page};
use belisha_filter::{categories, name};
use clap::{Args, Subcommand};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::filter_node::NodeCommand;
use crate::clock::{Clock as _, MachineChance, MachineClock, random};

#[derive(Args)]
pub(super) struct FilterCommand {
    #[command(subcommand)]
    command: FilterAct,
}

#[derive(Subcommand)]
enum FilterAct {
    /// Make one index of a folder of lists.
    Compile {
        /// The folder. Its lists may be packed with gzip.
        #[arg(long)]
        lists: PathBuf,
        /// Where the index will stand. What stood there is replaced at one stroke.
        #[arg(long)]
        out: PathBuf,
        /// A list whose new version is taken although it lost or gained most of its names.
        #[arg(long, value_name = "LIST")]
        accept: Vec<String>,
    },
    /// Fetch what is new in the lists, and make the index anew where something is.
    Update {
        /// Where the lists come from.
        #[arg(long, default_value = "sources.toml")]
        sources: PathBuf,
        /// The folder of lists. Whatever else lies in it stays.
        #[arg(long)]
        lists: PathBuf,
        /// Where the index stands.
        #[arg(long)]
        out: PathBuf,
        /// A list whose new version is taken although it lost or gained most of its names.
        #[arg(long, value_name = "LIST")]
        accept: Vec<String>,
    },
    /// Answer the devices of a network, as its settings say.
    Serve {
        /// The settings. Index, policy and leases are named in them, and their changes are noticed.
        #[arg(long, default_value = "filter.toml")]
        config: PathBuf,
    },
    /// Follow a school’s server from another site: pull what it decided, answer by it, send the log.
    Node(NodeCommand),
    /// Say what a group may reach, and why.
    Check {
        /// A name such as `example.com`, or a full address.
        name: String,
        /// The group that asks. Left out, it is a device that nobody has named.
        #[arg(long)]
        group: Option<String>,
        /// When, by the school's clock: `2026-11-27T10:15`. Left out, it is now.
        #[arg(long)]
        at: Option<DateTime>,
        /// The index that `belisha filter compile` made.
        #[arg(long, default_value = "filter.index")]
        index: PathBuf,
        /// The filter's policy. Left out, it is pupils, guests and staff, from strict to light.
        #[arg(long)]
        policy: Option<PathBuf>,
    },
}

impl FilterCommand {
    #[expect(
        clippy::print_stdout,
        clippy::print_stderr,
        reason = "the command's answer"
    )]
    pub(super) fn run(self) -> ExitCode {
        let said = match self.command {
            FilterAct::Compile { lists, out, accept } => {
                compile_lists(&lists, &out, accept.into_iter().collect())
            }
            FilterAct::Update {
                sources,
                lists,
                out,
                accept,
            } => update_lists(&sources, &lists, &out, accept.into_iter().collect()),
            FilterAct::Serve { config } => serve(&config),
            FilterAct::Node(node) => node.run(),
            FilterAct::Check {
                name,
                group,
                at,
                index,
                policy,
            } => check(&name, group.as_deref(), at, &index, policy.as_deref()),
        };
        match said {
            Ok(report) => {
                print!("{report}");
                ExitCode::SUCCESS
            }
            Err(why) => {
                eprintln!("belisha: {why:#}");
                ExitCode::FAILURE
            }
        }
    }
}

/// Serves until it is told to stop, and says what it did.
fn serve(config: &Path) -> anyhow::Result<String> {
    let settings = Settings::read(config).with_context(|| config.display().to_string())?;
    let resolver = Resolver::start(settings)?;
    say_addresses(&resolver);
    wait_for_the_end(&resolver)?;
    let counts = resolver.counts();
    Ok(format!(
        "{} answers blocked, {} from the cache, {} asked upstream, {} of them in vain; {} questions found no room.\n",
        counts.blocked, counts.cached, counts.asked, counts.failed, counts.dropped
    ))
}

#[expect(
    clippy::print_stdout,
    reason = "whoever started it waits to hear that it serves"
)]
pub(super) fn say_addresses(resolver: &Resolver) {
    let addresses = resolver.addresses();
    for (what, addresses) in [
        ("DNS", &addresses.plain),
        ("DNS over TLS", &addresses.tls),
        ("DNS over HTTPS", &addresses.https),
        ("The block page", &addresses.block_page),
        ("The proxy", &addresses.proxy),
    ] {
        for address in addresses {
            println!("{what} is answered at {address}.");
        }
    }
}

/// Until an interrupt or the order to end, and meanwhile says once what trouble there is.
#[expect(
    clippy::print_stderr,
    reason = "the command line speaks to whoever typed it"
)]
fn wait_for_the_end(resolver: &Resolver) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut ended = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        let mut known = None;
        loop {
            tokio::select! {
                interrupted = tokio::signal::ctrl_c() => {
                    interrupted?;
                    return Ok(());
                }
                _ = ended.recv() => return Ok(()),
                () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {
                    let trouble = resolver.trouble();
                    if trouble != known && let Some(why) = &trouble {
                        eprintln!("belisha: a change is not in use, the filter is as it was: {why}");
                    }
                    known = trouble;
                }
            }
        }
    })
}

/// Fetches, and compiles if anything is new. What could not be fetched fails the command once the rest is in use.
fn update_lists(
    sources: &Path,
    lists: &Path,
    out: &Path,
    accept: BTreeSet<String>,
) -> anyhow::Result<String> {
    let sources = Sources::read(sources)?;
    let outcomes = update(&sources, lists)?;
    let mut text = String::new();
    let mut failed = 0;
    let mut is_new = !accept.is_empty() || !out.exists();
    for (to, outcome) in &outcomes {
        match outcome {
            UpdateOutcome::Unchanged => writeln!(text, "{to}: nothing new")?,
            UpdateOutcome::Fetched { bytes } => {
                is_new = true;
                writeln!(text, "{to}: fetched, {bytes} bytes")?;
            }
            UpdateOutcome::Failed(why) => {
                failed += 1;
                writeln!(text, "{to}: NOT brought up to date: {why}")?;
            }
        }
    }
    if is_new {
        text += &compile_lists(lists, out, accept)?;
    }
    if failed == 0 {
        let now = MachineClock::start().now().as_second();
        belisha_filter::decided::refreshed(out, now)?;
    }
    anyhow::ensure!(
        failed == 0,
        "{text}{failed} of {} sources could not be fetched; their last version stays in use",
        outcomes.len()
    );
    Ok(text)
}

fn compile_lists(lists: &Path, out: &Path, accept: BTreeSet<String>) -> anyhow::Result<String> {
    can_write(out).with_context(|| format!("nothing can be written at {}", out.display()))?;
    let clock = MachineClock::start();
    let report = compile(&Compile {
        lists,
        out,
        key: random(&MachineChance),
        built_at: clock.now().as_second(),
        limits: Limits::default(),
        accept,
    })?;
    let bytes = std::fs::metadata(out)?.len();
    Ok(compiled(&report, bytes, clock.steady_ms()))
}

/// What was compiled, list by list, with everything that was odd.
fn compiled(report: &Report, bytes: u64, took_ms: u64) -> String {
    let mut text = String::new();
    for list in &report.lists {
        list_lines(&mut text, list);
    }
    for (path, why) in &report.left {
        let _ = writeln!(text, "left alone: {}: {why}", path.display());
    }
    let counts = report.counts;
    let per_name = bytes as f64 / counts.names.max(1) as f64;
    let _ = writeln!(
        text,
        "{} names from {} entries of {} lists, in {} sets; {} digests of illegal content.",
        counts.names, counts.entries, counts.lists, counts.sets, counts.hashed
    );
    let _ = writeln!(
        text,
        "{bytes} bytes, {per_name:.1} a name, in {took_ms} ms."
    );
    if counts.hashed == 0 {
        text += "No list of illegal content is among them: the duty to block it is not met by this index.\n";
    }
    text
}

fn list_lines(text: &mut String, list: &ListReport) {
    let kind = match list.kind {
        Kind::Block => categories::title(&list.category),
        Kind::Allow => "allows",
        Kind::Illegal => "illegal content",
    };
    let _ = write!(text, "{}: {} entries ({kind})", list.name, list.entries);
    if list.ignored > 0 {
        let _ = write!(text, ", {} rules that name no domain", list.ignored);
    }
    if list.faults > 0 {
        let _ = write!(text, ", {} lines that cannot be read", list.faults);
    }
    text.push('\n');
    if let Some(hold) = &list.held {
        let _ = writeln!(
            text,
            "  HELD, the version before stays in use: {hold}. To take it all the same: --accept {}",
            list.name
        );
    }
    for (path, fault) in list.first_faults.iter().take(3) {
        let _ = writeln!(text, "  {}:{}: {}", path.display(), fault.line, fault.wrong);
    }
}

fn check(
    asked: &str,
    group: Option<&str>,
    at: Option<DateTime>,
    index: &Path,
    policy: Option<&Path>,
) -> anyhow::Result<String> {
    let index = Index::open(index)?;
    let policy = match policy {
        None => Policy::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            Policy::parse(&text).with_context(|| path.display().to_string())?
        }
    };
    let group = match group {
        Some(name) => policy.group(name)?,
        None => policy.unknown_group(),
    };
    let zone = TimeZone::get(&policy.zone)?;
    let zoned = match at {
        Some(local) => local.to_zoned(zone)?,
        None => MachineClock::start().now().to_zoned(zone),
    };
    let moment = Moment::of(&zoned);
    let (host, path) = split_page(asked).with_context(|| format!("“{asked}” is no name"))?;
    let verdict = if path.is_empty() {
        // A name keeps its www., which a full address loses.
        let whole = name::normal(asked).map_or(host, std::borrow::Cow::into_owned);
        decide(&index, &policy, group, &whole, moment)
    } else {
        decide_page(&index, &policy, group, &host, &path, moment)
    };
    let word = match verdict.outcome {
        Outcome::Allowed => "allowed",
        Outcome::Blocked => "blocked",
    };
    let mut text = format!(
        "{asked} is {word} for {} at {}.\n",
        group.name, moment.local
    );
    for step in &verdict.chain {
        let _ = writeln!(text, "  {:<16} {}", step.asked, step.found);
    }
    Ok(text)
}
