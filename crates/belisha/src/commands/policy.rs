//! `belisha policy check FILE`: what a policy says, or every fault in it; and
//! `belisha policy difference OLD NEW`: what a new text changes.

use std::path::{Path, PathBuf};
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
    /// Say what a new text changes, in effect and in words.
    Difference {
        /// The Markdown file as it was.
        old: PathBuf,
        /// The Markdown file as it is to be.
        new: PathBuf,
    },
}

impl PolicyCommand {
    #[expect(
        clippy::print_stdout,
        clippy::print_stderr,
        reason = "the command's answer"
    )]
    pub(super) fn run(self) -> ExitCode {
        let said = match &self.command {
            PolicyAct::Check { file } => read(file).map(|text| {
                let policy = belisha_policy::parse(&text);
                let is_ready = policy.is_ok_and(|policy| policy.ready().is_ok());
                (belisha_policy::check_report(&text), is_ready)
            }),
            PolicyAct::Difference { old, new } => difference(old, new).map(|told| (told, true)),
        };
        match said {
            Ok((report, is_well)) => {
                print!("{report}");
                if is_well {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::FAILURE
                }
            }
            Err(why) => {
                eprintln!("belisha: {why}");
                ExitCode::from(2)
            }
        }
    }
}

fn difference(old: &Path, new: &Path) -> Result<String, String> {
    let (before, after) = (read(old)?, read(new)?);
    for (file, text) in [(old, &before), (new, &after)] {
        if let Err(faults) = belisha_policy::parse(text) {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            return Err(format!(
                "“{}” does not read: {first} Run “belisha policy check” on it first.",
                file.display()
            ));
        }
    }
    belisha_policy::difference_report(&before, &after)
        .map_err(|faults| faults.first().map(ToString::to_string).unwrap_or_default())
}

fn read(file: &Path) -> Result<String, String> {
    let bytes = std::fs::read(file)
        .map_err(|error| format!("“{}” cannot be read: {error}", file.display()))?;
    String::from_utf8(bytes).map_err(|_| {
        format!(
            "“{}” is not UTF-8 text. Save it as UTF-8 and check it again.",
            file.display()
        )
    })
}
