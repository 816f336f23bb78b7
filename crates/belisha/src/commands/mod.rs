//! The command line: one file a command.

mod account;
mod agreement;
pub(crate) mod bundle;
mod demo;
mod filter;
mod filter_node;
mod journal;
mod keys;
mod open;
mod policy;
mod restore;
mod routes;
mod serve;
mod sheets;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use belisha_paper::Press;
use clap::{Parser, Subcommand};

#[cfg(test)]
pub(crate) use journal::verify_records;
pub use open::{Where, open_school, open_schools};
#[cfg(test)]
pub(crate) use serve::{Listening, serve};

/// Runs a primary school's online-safety policy.
#[derive(Parser)]
#[command(name = "belisha", version, disable_help_subcommand = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a school, or several, to browsers.
    Serve(serve::Serve),
    /// Make a school up, with a term of life in it, and serve it.
    Demo(demo::Demo),
    /// Look at a policy before anybody approves it.
    Policy(policy::PolicyCommand),
    /// Check a signed agreement with nothing but its copy and the governors' key.
    Agreement(agreement::AgreementCommand),
    /// Check a pack that left a school, with nothing but the governors' key.
    Bundle(bundle::BundleCommand),
    /// Print every address with who may come in.
    Routes,
    /// Compile lists of sites, say what a group may reach and why, and answer devices accordingly.
    Filter(filter::FilterCommand),
    /// Export the journal, verify it, show its key or print its slip.
    Journal(journal::JournalCommand),
    /// List accounts, or recover a forgotten password's key with the recovery kit.
    Account(account::AccountCommand),
    /// Show the school's keys, make a new one, or take an old one away.
    Keys(keys::KeysCommand),
    /// Bring a school back from a backup, with two sheets of its recovery kit.
    Restore(restore::Restore),
}

/// Reads the command line and does what it says; what is printed, this press sets.
pub fn run(press: Press) -> ExitCode {
    crate::operations::process::harden();
    crate::web::pdf::bring(press);
    let line = CommandLine::parse();
    // Before anything can open a connection: rustls must not have to choose.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let done = match line.command {
        Command::Serve(serve) => with_runtime(serve.run()),
        Command::Demo(demo) => with_runtime(demo.run()),
        Command::Policy(policy) => return policy.run(),
        Command::Agreement(agreement) => return agreement.run(),
        Command::Bundle(bundle) => return bundle.run(),
        Command::Filter(filter) => return filter.run(),
        Command::Journal(journal) => return journal.run(),
        Command::Account(account) => with_runtime(account.run()),
        Command::Keys(keys) => with_runtime(keys.run()),
        Command::Restore(restore) => with_runtime(restore.run()),
        Command::Routes => {
            routes::print();
            return ExitCode::SUCCESS;
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_error(&error);
            ExitCode::FAILURE
        }
    }
}

fn with_runtime<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// A sentence that says what is wrong and what to do, with its causes on one line.
#[expect(
    clippy::print_stderr,
    reason = "the command line speaks to whoever typed it"
)]
fn say_error(error: &anyhow::Error) {
    eprintln!("belisha: {error:#}");
}
