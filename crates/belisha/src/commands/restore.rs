//! `belisha restore FILE`: a school back from a backup, on a machine that has nothing.

use std::io::BufRead as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use belisha_vault::Kit;
use clap::Args;

use super::open::Where;
use crate::backups::restoring::{self, Restored};
use crate::clock::{MachineChance, MachineClock};

/// How many lines of groups a sheet has.
const SHEET_LINES: usize = 4;

#[derive(Args)]
pub(super) struct Restore {
    /// The backup.
    file: PathBuf,
    #[command(flatten)]
    at: Where,
    /// The name of the school's folder.
    #[arg(long, default_value = "school", value_name = "NAME")]
    school: String,
    /// A file that holds one sheet of the recovery kit; twice, or not at all: then the
    /// sheets are asked for.
    #[arg(long, value_name = "FILE")]
    sheet: Vec<PathBuf>,
    /// The journal's key as it stands on a governor's slip: shows a forged backup.
    #[arg(long, value_name = "KEY")]
    journal_key: Option<String>,
    /// A file that holds a journal slip from before the backup was made.
    #[arg(long, value_name = "FILE")]
    slip: Vec<PathBuf>,
}

impl Restore {
    #[expect(clippy::print_stdout, reason = "the command's answer")]
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let journal_key = self.journal_key.as_deref().map(str::parse).transpose()?;
        let slips = self.slip.iter().map(read).collect::<Result<_, _>>()?;
        let kit = self.kit()?;
        let data = self.at.data.join(&self.school);
        let keys = self.at.keys_folder();
        super::open::make_folder(&data)?;
        super::open::make_folder(&keys)?;
        let restored = restoring::restore(restoring::Restore {
            file: self.file.clone(),
            kit,
            folder: self.school.clone(),
            key_path: keys.join(format!("{}.keys", self.school)),
            place: self.at.place(&self.school, None),
            data,
            journal_key,
            slips,
            clock: Arc::new(MachineClock::start()),
            chance: Arc::new(MachineChance),
        })
        .await?;
        println!("{}", farewell(&restored));
        Ok(())
    }

    fn kit(&self) -> anyhow::Result<Kit> {
        let sheets = match &self.sheet[..] {
            [first, second] => [read(first)?, read(second)?],
            [] => [ask(1)?, ask(2)?],
            _ => anyhow::bail!("give two sheets with --sheet, or none: then they are asked for"),
        };
        Ok(Kit::join(&sheets[0], &sheets[1])?)
    }
}

fn read(file: &PathBuf) -> anyhow::Result<String> {
    std::fs::read_to_string(file)
        .with_context(|| format!("the file {} cannot be read", file.display()))
}

#[expect(clippy::print_stderr, reason = "the question to whoever types")]
fn ask(number: u8) -> anyhow::Result<String> {
    eprintln!("Type the groups of recovery sheet {number} of 2, row by row:");
    let mut typed = String::new();
    for line in std::io::stdin().lock().lines().take(SHEET_LINES) {
        typed.push_str(&line?);
        typed.push('\n');
    }
    Ok(typed)
}

/// What whoever restored must know and do next.
fn farewell(restored: &Restored) -> String {
    format!(
        "Restored. {}\n\
         The school is as it was at {} (UTC). The journal shows the cut.\n\n\
         The journal’s key is:\n{}\n\
         Compare it with the key on a governor’s slip before you let anybody sign in.\n\n\
         What was done after that moment is lost. Do again, first of all, what closed a door: accounts of\n\
         people who have left, and programs’ keys that were revoked. Everybody is signed out.\n\
         Then start the server: belisha serve",
        restored.verdict, restored.made_at, restored.journal_key,
    )
}
