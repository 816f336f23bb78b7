//! `belisha policy check FILE`: what a policy says, or every fault in it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

#[derive(Args)]
pub(super) struct PolicyCommand {
    #[command(subcommand)]
    command: PolicyAct,
}

#[derive(Subcommand)]
enum PolicyAct {
    /// Read a policy and say what is wrong with it, with line and column.
    Check {
        /// The Markdown file.
        file: PathBuf,
    },
}

impl PolicyCommand {
    #[expect(
        clippy::print_stdout,
        clippy::print_stderr,
        reason = "the command's answer"
    )]
    pub(super) fn run(self) -> ExitCode {
        let PolicyAct::Check { file } = self.command;
        let text = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("belisha: “{}” cannot be read: {error}", file.display());
                return ExitCode::from(2);
            }
        };
        let Ok(text) = String::from_utf8(text) else {
            eprintln!(
                "belisha: “{}” is not UTF-8 text. Save it as UTF-8 and check it again.",
                file.display()
            );
            return ExitCode::from(2);
        };
        print!("{}", belisha_policy::check_report(&text));
        match belisha_policy::parse(&text).map(|policy| policy.ready()) {
            Ok(Ok(())) => ExitCode::SUCCESS,
            Ok(Err(_)) | Err(_) => ExitCode::FAILURE,
        }
    }
}
