//! `belisha keys`: which keys the school has, a new one, and an old one taken away.

use std::sync::Arc;

use clap::{Args, Subcommand};

use super::open::Of;
use crate::problem::Problem;
use crate::school::School;
use crate::school_keys::rewrapping::{Kept, Which};
use crate::school_keys::{retirement, rotation};

#[derive(Args)]
pub(super) struct KeysCommand {
    #[command(subcommand)]
    act: KeysAct,
}

#[derive(Subcommand)]
enum KeysAct {
    /// List the school's keys and how much lies under each.
    Show {
        #[command(flatten)]
        of: Of,
    },
    /// Make a new key for the school and put everything under it, while the school works.
    /// Interrupted, call it again: it goes on.
    Rotate {
        #[command(flatten)]
        of: Of,
    },
    /// Take an old key out of the key file, once nothing lies under it.
    Retire {
        /// The key's name, as “belisha keys show” prints it.
        key: String,
        #[command(flatten)]
        of: Of,
    },
}

impl KeysCommand {
    #[expect(clippy::print_stdout, reason = "the command's answer")]
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self.act {
            KeysAct::Show { of } => print!("{}", show(&*of.open().await?).await?),
            KeysAct::Rotate { of } => rotate(&of.open().await?).await?,
            KeysAct::Retire { key, of } => {
                let school = of.open().await?;
                let key = retirement::retire(&school, &key).await.map_err(said)?;
                println!(
                    "Key {key} is taken out of the key file. Backups made before still restore."
                );
            }
        }
        Ok(())
    }
}

async fn show(school: &School) -> anyhow::Result<String> {
    let keys = school.key_file.keys();
    let mut connection = school.database.read().await?;
    let mut text = String::new();
    let all = [(keys.current_id(), "current")]
        .into_iter()
        .chain(keys.old_ids().into_iter().map(|old| (old, "old")));
    for (key, which) in all {
        text.push_str(&format!("{key}  {which}\n"));
        for kind in Kept::ALL {
            let count = kind.count(&mut connection, Which::Under(key)).await?;
            if count > 0 {
                text.push_str(&format!("    {count} {}\n", kind.in_words()));
            }
        }
    }
    Ok(text)
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
async fn rotate(school: &Arc<School>) -> anyhow::Result<()> {
    let mut rotation = rotation::begin(school).await.map_err(said)?;
    match rotation.is_new {
        true => println!("The school has a new key, {}.", rotation.key),
        false => println!(
            "A rotation was not finished. It goes on with key {}.",
            rotation.key
        ),
    }
    let mut refused = Vec::new();
    while let Some(step) = rotation.step().await.map_err(said)? {
        println!("{} {} are under it.", step.rewrapped, step.kind.in_words());
        refused.extend(step.refused);
    }
    anyhow::ensure!(
        refused.is_empty(),
        "{} could not be opened with any key and were left as they are. They were damaged before: \
         restore them from a backup, and keep the old keys. They are: {}",
        refused.len(),
        refused.join(", ")
    );
    println!(
        "Everything is under key {}. The old key stays in the key file until you retire it.\n\
         Make a backup now, and copy the key file to the other servers of this school, if there are any.",
        rotation.key
    );
    Ok(())
}

/// A refusal as the console says it.
fn said(problem: Problem) -> anyhow::Error {
    match problem {
        Problem::Fault(fault) => fault.into(),
        Problem::Refused(refused) => anyhow::anyhow!("{}", refused.why),
        Problem::Fields(_) | Problem::NotFound | Problem::GoTo(_) => {
            anyhow::anyhow!("this cannot be done here")
        }
    }
}
