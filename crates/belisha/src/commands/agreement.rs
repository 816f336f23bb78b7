//! `belisha agreement verify FILE --key KEY`: whether a signed agreement's proof holds,
//! checked on any machine with nothing but the file and the governors' key.

use std::borrow::Cow;
use std::path::PathBuf;
use std::process::ExitCode;

use belisha_journal::{VerifierKey, readable_time};
use clap::{Args, Subcommand};
use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Name, Object};

use crate::agreements::proof::Proof;

#[derive(Args)]
pub(super) struct AgreementCommand {
    #[command(subcommand)]
    command: AgreementAct,
}

#[derive(Subcommand)]
enum AgreementAct {
    /// Check the proof that a signer's copy carries.
    Verify {
        /// The signer's copy, a PDF; or the file proof.json, saved from it.
        file: PathBuf,
        /// The journal's verifier key, as the governors keep it.
        #[arg(long)]
        key: VerifierKey,
    },
}

impl AgreementCommand {
    /// Exit code 0: it holds; 1: it does not; 2: it cannot be told.
    #[expect(
        clippy::print_stdout,
        clippy::print_stderr,
        reason = "the command's answer"
    )]
    pub(super) fn run(self) -> ExitCode {
        let AgreementAct::Verify { file, key } = self.command;
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("belisha: “{}” cannot be read: {error}", file.display());
                return ExitCode::from(2);
            }
        };
        let Some(proof) = proof_in(bytes) else {
            eprintln!(
                "belisha: “{}” is no signer's copy: it is damaged, or no proof is in it",
                file.display()
            );
            return ExitCode::from(2);
        };
        match Proof::read(&proof).and_then(|proof| Ok((proof.verify(&key)?, proof))) {
            Ok((entry, proof)) => {
                println!(
                    "The signature holds. It was entered on {} as number {} of the journal {}.\n",
                    readable_time(entry.draft.at_ms).unwrap_or_default(),
                    entry.sequence,
                    key.origin()
                );
                println!("{}", proof.signed_text);
                ExitCode::SUCCESS
            }
            Err(refused) => {
                eprintln!("belisha: the signature is not proved: {refused}.");
                ExitCode::FAILURE
            }
        }
    }
}

/// The proof, as it stands in its own file or as a PDF carries it.
fn proof_in(bytes: Vec<u8>) -> Option<Vec<u8>> {
    if !bytes.starts_with(b"%PDF-") {
        return Some(bytes);
    }
    hayro_syntax::Pdf::new(bytes)
        .ok()?
        .objects()
        .into_iter()
        .filter_map(|object| match object {
            Object::Stream(stream) => Some(stream),
            _ => None,
        })
        .filter(|stream| {
            let kind: Option<Name> = stream.dict().get(keys::TYPE);
            kind.is_some_and(|kind| &*kind == keys::EMBEDDED_FILE)
        })
        .filter_map(|stream| stream.decoded().ok().map(Cow::into_owned))
        .find(|file| Proof::read(file).is_ok())
}
