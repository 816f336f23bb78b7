//! `belisha bundle`: checks a pack that left a school, with nothing but its key.

use std::fs::File;
use std::io::{BufReader, Cursor, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use belisha_journal::VerifierKey;
use belisha_vault::decrypt_with_passphrase;
use clap::{Args, Subcommand};

use crate::exports::verify::{PackVerdict, verify};

#[derive(Args)]
pub(super) struct BundleCommand {
    #[command(subcommand)]
    act: BundleAct,
}

#[derive(Subcommand)]
enum BundleAct {
    /// Check a pack. Answers 0 where it is sound, 1 where it was changed, 2 where nothing can be said.
    Verify {
        /// The pack: a .zip.age as it came, or the zip file that was in it.
        file: PathBuf,
        /// The journal's key, as the school's governors keep it.
        #[arg(long)]
        key: String,
        /// A file with the passphrase in its first line. Without it, the first line of standard input is read.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
}

impl BundleCommand {
    #[expect(clippy::print_stdout, reason = "the command's answer")]
    pub(super) fn run(self) -> ExitCode {
        let BundleAct::Verify {
            file,
            key,
            passphrase_file,
        } = self.act;
        match check(&file, &key, passphrase_file.as_deref()) {
            Ok(verdict) => {
                print!("{verdict}");
                ExitCode::from(verdict.exit_code())
            }
            Err(error) => {
                super::say_error(&error);
                ExitCode::from(2)
            }
        }
    }
}

pub(crate) fn check(
    file: &Path,
    key: &str,
    passphrase_file: Option<&Path>,
) -> anyhow::Result<PackVerdict> {
    let key: VerifierKey = key.trim().parse()?;
    let mut opened =
        File::open(file).with_context(|| format!("the file {} cannot be read", file.display()))?;
    let mut head = [0; 22];
    let read = opened.read(&mut head)?;
    opened.seek(SeekFrom::Start(0))?;
    if !head[..read].starts_with(b"age-encryption.org/v1") {
        return Ok(verify(&mut BufReader::new(opened), &key));
    }
    let passphrase = match passphrase_file {
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("the file {} cannot be read", path.display()))?,
        None => {
            let mut line = String::new();
            std::io::stdin().read_line(&mut line)?;
            line
        }
    };
    let passphrase = passphrase.lines().next().unwrap_or_default().trim();
    let mut plain = Vec::new();
    decrypt_with_passphrase(&mut opened, &mut plain, passphrase)?;
    Ok(verify(&mut Cursor::new(plain), &key))
}
