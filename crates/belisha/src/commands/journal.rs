//! `belisha journal`: export it, verify it, show its key, print its slip.

use std::io::BufReader;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use belisha_journal::{Checkpoint, Verdict, VerifierKey};
use clap::{Args, Subcommand};

use super::open::Of;
use crate::actor::Actor;
use crate::audit::signer::signer;
use crate::audit::walk::{Ending, check};
use crate::audit::{checkpoint, exporting};
use crate::entries::{Entry, EntryKind, Object};
use crate::school::School;

#[derive(Args)]
pub(super) struct JournalCommand {
    #[command(subcommand)]
    act: JournalAct,
}

#[derive(Subcommand)]
enum JournalAct {
    /// Write the whole journal to a file that anybody can verify.
    Export {
        #[command(flatten)]
        of: Of,
        /// The file to write; it must not be there yet.
        file: PathBuf,
    },
    /// Check a journal file, or the journal in the records. Answers 0 where it is sound,
    /// 1 where it was tampered with, 2 where nothing can be said.
    Verify {
        /// The journal file. Without it, the records are checked.
        file: Option<PathBuf>,
        /// The journal's key, as it stands on the slip.
        #[arg(long, requires = "file")]
        key: Option<String>,
        /// A slip, as a file or as its text; may be given several times.
        #[arg(long, value_name = "TEXT or FILE")]
        slip: Vec<String>,
        #[command(flatten)]
        of: Of,
    },
    /// Show the key with which the journal is verified.
    Key {
        #[command(flatten)]
        of: Of,
    },
    /// Sign the journal as it stands now and show the slip to print.
    Slip {
        #[command(flatten)]
        of: Of,
    },
}

impl JournalCommand {
    pub(super) fn run(self) -> ExitCode {
        match super::with_runtime(self.act.run()) {
            Ok(code) => code,
            Err(error) => {
                super::say_error(&error);
                ExitCode::from(2)
            }
        }
    }
}

impl JournalAct {
    #[expect(clippy::print_stdout, reason = "the command's answer")]
    async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Export { of, file } => {
                let school = of.open().await?;
                let tx = school.write(Actor::School("console")).await?;
                tx.commit(Entry::of(
                    EntryKind::JournalExported,
                    Object::new("journal", "file"),
                ))
                .await?;
                let last = sign(&school).await?;
                let out = std::fs::File::create_new(&file)
                    .with_context(|| format!("the file {} cannot be made", file.display()))?;
                let mut snapshot = school.database.snapshot().await?;
                exporting::export(
                    snapshot.connection(),
                    last.origin(),
                    &last,
                    std::io::BufWriter::new(out),
                )
                .await?;
                println!(
                    "{} entries are in {}. Verify them with:\nbelisha journal verify {} --key {}",
                    last.size(),
                    file.display(),
                    file.display(),
                    signer(&school)?.verifier_key()
                );
            }
            Self::Verify {
                file: Some(file),
                key,
                slip,
                of: _,
            } => {
                let key =
                    key.context("name the journal’s key with --key; it stands on the slip")?;
                let verdict = verify_file(&file, &key, &slip)?;
                println!("{verdict}");
                return Ok(ExitCode::from(verdict.exit_code()));
            }
            Self::Verify {
                file: None,
                key: _,
                slip,
                of,
            } => {
                let school = of.open().await?;
                let verdict = verify_records(&school, &slip).await?;
                println!("{verdict}");
                return Ok(ExitCode::from(verdict.exit_code()));
            }
            Self::Key { of } => {
                let school = of.open().await?;
                println!("{}", signer(&school)?.verifier_key());
            }
            Self::Slip { of } => {
                let school = of.open().await?;
                print!("{}", sign(&school).await?.to_slip());
                println!("Key: {}", signer(&school)?.verifier_key());
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn sign(school: &Arc<School>) -> anyhow::Result<Checkpoint> {
    let mut snapshot = school.database.snapshot().await?;
    match checkpoint::take(school, snapshot.connection()).await? {
        Ok(checkpoint) => Ok(checkpoint),
        Err(verdict) => bail!("{verdict} Nothing was signed."),
    }
}

/// Checks a file with nothing but the key and the slips: no school need be near.
fn verify_file(file: &PathBuf, key: &str, slips: &[String]) -> anyhow::Result<Verdict> {
    let key: VerifierKey = key.parse()?;
    let slips = read_slips(slips, &key)?;
    let opened = std::fs::File::open(file)
        .with_context(|| format!("the file {} cannot be read", file.display()))?;
    Ok(belisha_journal::verify(
        BufReader::new(opened),
        &key,
        &slips,
    ))
}

/// Checks the rows themselves, and what stands beside each line.
pub(crate) async fn verify_records(
    school: &Arc<School>,
    slips: &[String],
) -> anyhow::Result<Verdict> {
    let signer = signer(school)?;
    let key = signer.verifier_key();
    let slips = read_slips(slips, &key)?;
    let at_ms = u64::try_from(school.clock.now().as_millisecond())?;
    let mut snapshot = school.database.snapshot().await?;
    let ending = Ending::Sign(&signer, at_ms);
    Ok(check(snapshot.connection(), &key, &slips, ending)
        .await?
        .verdict)
}

/// A slip is given as its text, or as the name of a file that holds it.
fn read_slips(slips: &[String], key: &VerifierKey) -> anyhow::Result<Vec<Checkpoint>> {
    slips
        .iter()
        .map(|slip| {
            let text = match std::fs::read_to_string(slip) {
                Ok(text) => text,
                Err(_) => slip.clone(),
            };
            Ok(Checkpoint::from_slip(&text, key)?)
        })
        .collect()
}
