//! Two sheets of the recovery kit, from files or typed on the console.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use belisha_vault::Kit;
use clap::Args;

/// How many lines of groups a sheet has.
const LINES: usize = 4;

/// Where the sheets are.
#[derive(Args)]
pub(super) struct Sheets {
    /// A file that holds one sheet of the recovery kit; twice, or not at all: then the
    /// sheets are asked for.
    #[arg(long, value_name = "FILE")]
    sheet: Vec<PathBuf>,
}

impl Sheets {
    /// The kit that the two sheets join to.
    pub(super) fn join(&self) -> anyhow::Result<Kit> {
        let sheets = match &self.sheet[..] {
            [first, second] => [read(first)?, read(second)?],
            [] => {
                let mut typed = std::io::stdin().lock();
                [ask(1, &mut typed)?, ask(2, &mut typed)?]
            }
            _ => anyhow::bail!("give two sheets with --sheet, or none: then they are asked for"),
        };
        Ok(Kit::join(&sheets[0], &sheets[1])?)
    }
}

pub(super) fn read(file: impl AsRef<Path>) -> anyhow::Result<String> {
    let file = file.as_ref();
    std::fs::read_to_string(file)
        .with_context(|| format!("the file {} cannot be read", file.display()))
}

#[expect(clippy::print_stderr, reason = "the question to whoever types")]
fn ask(number: u8, typed: &mut dyn BufRead) -> anyhow::Result<String> {
    eprintln!("Type the groups of recovery sheet {number} of 2, row by row:");
    let mut sheet = String::new();
    for _ in 0..LINES {
        typed
            .read_line(&mut sheet)
            .context("what was typed cannot be read")?;
    }
    Ok(sheet)
}
