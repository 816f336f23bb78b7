//! `belisha filter node enrol`: a machine at another site becomes one of the school's, by a code that is good
//! once; `run`: it follows the school's server, answers its site, and sends its log.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use belisha_filter::node::{LOG, Node, enrol};
use belisha_filter::resolver::{Resolver, Settings};
use clap::{Args, Subcommand};

use super::filter::say_addresses;

#[derive(Args)]
pub(super) struct NodeCommand {
    #[command(subcommand)]
    act: NodeAct,
}

#[derive(Subcommand)]
enum NodeAct {
    /// Become one of a school’s. The code is asked for, or read from the standard input.
    Enrol {
        /// The school’s server: `https://belisha.school.example`.
        #[arg(long)]
        server: String,
        /// Where everything of this node will stand.
        #[arg(long)]
        folder: PathBuf,
        /// A certificate authority of the server’s own, as PEM.
        #[arg(long)]
        authority: Option<PathBuf>,
    },
    /// Follow the school’s server and answer this site.
    Run {
        /// The folder that was enrolled, with a `filter.toml` for this site.
        #[arg(long)]
        folder: PathBuf,
        /// How many seconds lie between two looks at the server.
        #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=3600))]
        every: u64,
    },
}

impl NodeCommand {
    pub(super) fn run(self) -> anyhow::Result<String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        match self.act {
            NodeAct::Enrol {
                server,
                folder,
                authority,
            } => runtime.block_on(become_one(&server, &folder, authority.as_deref())),
            NodeAct::Run { folder, every } => {
                runtime.block_on(work(&folder, Duration::from_secs(every)))
            }
        }
    }
}

async fn become_one(
    server: &str,
    folder: &Path,
    authority: Option<&Path>,
) -> anyhow::Result<String> {
    let mut code = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut code)
        .context("the code cannot be read")?;
    enrol(folder, server, authority, code.trim()).await?;
    Ok(format!(
        "This machine is one of the school’s. Look at {}, then start “belisha filter node run --folder {}”.\n",
        folder.join("filter.toml").display(),
        folder.display()
    ))
}

/// Until it is told to end. What goes wrong is said once and tried again.
async fn work(folder: &Path, every: Duration) -> anyhow::Result<String> {
    let mut node = Node::open(folder)?;
    let config = folder.join("filter.toml");
    let mut settings = Settings::read(&config).with_context(|| config.display().to_string())?;
    // What it sends is what it writes.
    settings.log = Some(folder.join(LOG));
    let mut resolver = None;
    let mut known = None;
    let mut ended = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    loop {
        // What is there from before is answered by at once, whether the server is there or not.
        if resolver.is_none() && node.has_snapshot() {
            let started = start(settings.clone())?;
            say_addresses(&started);
            resolver = Some(started);
        }
        let mut trouble = node.turn().await.err().map(|why| why.to_string());
        if trouble.is_none() && resolver.is_some() {
            trouble = node.test(&settings).await.err().map(|why| why.to_string());
        }
        let of_resolver = || resolver.as_ref().and_then(Resolver::trouble);
        say(&mut known, trouble.or_else(of_resolver));
        if resolver.is_none() && node.has_snapshot() {
            continue;
        }
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => {
                interrupted?;
                break;
            }
            _ = ended.recv() => break,
            () = tokio::time::sleep(every) => {}
        }
    }
    // Its last lines are written down, and sent if the server is there.
    drop(resolver);
    let _ = node.turn().await;
    Ok(String::new())
}

/// A resolver has a runtime of its own, which begins in no other.
fn start(settings: Settings) -> anyhow::Result<Resolver> {
    let started = std::thread::spawn(|| Resolver::start(settings)).join();
    Ok(started.map_err(|_| anyhow::anyhow!("the resolver broke off at its start"))??)
}

/// Says what is wrong, once, and that it is over.
#[expect(
    clippy::print_stderr,
    reason = "the command line speaks to whoever typed it"
)]
fn say(known: &mut Option<String>, trouble: Option<String>) {
    if trouble == *known {
        return;
    }
    match &trouble {
        Some(why) => eprintln!("belisha: the node goes on as it was: {why}"),
        None => eprintln!("belisha: all is well again"),
    }
    *known = trouble;
}
