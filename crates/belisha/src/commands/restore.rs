//! `belisha restore FILE`: a school back from a backup, on a machine that has nothing.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::open::Where;
use super::sheets::{Sheets, read};
use crate::backups::restoring::{self, Restored};
use crate::clock::{MachineChance, MachineClock};

#[derive(Args)]
pub(super) struct Restore {
    /// The backup.
    file: PathBuf,
    #[command(flatten)]
    at: Where,
    /// The name of the school's folder.
    #[arg(long, default_value = "school", value_name = "NAME")]
    school: String,
    #[command(flatten)]
    sheets: Sheets,
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
        let kit = self.sheets.join()?;
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
