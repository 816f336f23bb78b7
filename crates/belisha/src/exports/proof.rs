//! The journal's part in a pack: the lines that speak of it, each with its way to a signed
//! checkpoint, so that nobody needs the whole journal.

use belisha_journal::{Checkpoint, Entry, Hash, VerifierKey, inclusion, verify_inclusion};
use serde::{Deserialize, Serialize};

use crate::audit::signer::signer;
use crate::db::{Connection, sql};
use crate::problem::Fault;
use crate::school::School;

/// The first member, so that a later form can be told from this one.
const FORMAT: &str = "belisha-lines 1";

/// Lines of a journal with their proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lines {
    format: String,
    /// The key that the school's governors keep; a checker compares it with theirs.
    pub(super) verifier_key: String,
    /// A signed note over a journal that holds all the lines.
    checkpoint: String,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    entry: String,
    /// The hashes from the entry to the checkpoint's root, in hexadecimal.
    inclusion: Vec<String>,
}

/// Why lines prove nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum LinesRefused {
    #[error("the lines of the journal are not in the form of a pack, or in a newer one")]
    Form,
    #[error("the checkpoint is not signed with this key")]
    Checkpoint,
    #[error("line {0} does not stand in the journal that the checkpoint speaks of")]
    NotIncluded(usize),
}

impl Lines {
    /// Takes the lines with these numbers, under a checkpoint over the journal as it is now.
    pub(super) async fn of(
        connection: &mut Connection,
        school: &School,
        sequences: Vec<i64>,
    ) -> Result<Self, Fault> {
        let head = sql("select head from journal_head where only_row = 1")
            .one(connection)
            .await?
            .get::<Vec<u8>>("head")?;
        let head = belisha_journal::Head::from_bytes(&head)
            .map_err(|error| Fault::at("reading the journal's head".into(), error))?;
        let size = i64::try_from(head.size())
            .map_err(|error| Fault::at("the journal's size".into(), error))?;
        let leaves = sql("select leaf from journal_entry where sequence < $1 order by sequence")
            .bind(size)
            .all(connection)
            .await?
            .iter()
            .map(|row| {
                <[u8; 32]>::try_from(row.get::<Vec<u8>>("leaf")?)
                    .map(Hash)
                    .map_err(|_| Fault::said("a leaf of the journal is not 32 bytes".into()))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let mut entries = Vec::new();
        for sequence in &sequences {
            let row = sql("select line from journal_entry where sequence = $1")
                .bind(*sequence)
                .one(connection)
                .await?;
            entries.push(row.get::<String>("line")?);
        }
        let at_ms = u64::try_from(school.clock.now().as_millisecond())
            .map_err(|error| Fault::at("the time of a checkpoint".into(), error))?;
        let signer = signer(school)?;
        let checkpoint = signer.checkpoint(&head, at_ms).note();
        let verifier_key = signer.verifier_key().to_string();
        // Each way through the tree hashes all of it.
        let lines = tokio::task::spawn_blocking(move || {
            sequences
                .iter()
                .zip(entries)
                .map(|(sequence, entry)| {
                    let path = usize::try_from(*sequence)
                        .ok()
                        .and_then(|index| inclusion(&leaves, index))?;
                    Some(Line {
                        entry,
                        inclusion: path.iter().map(ToString::to_string).collect(),
                    })
                })
                .collect::<Option<Vec<_>>>()
        })
        .await
        .map_err(|error| Fault::at("proving lines of the journal".into(), error))?
        .ok_or_else(|| Fault::said("a line is beyond the journal".into()))?;
        Ok(Self {
            format: FORMAT.into(),
            verifier_key,
            checkpoint,
            lines,
        })
    }

    pub(super) fn to_json(&self) -> Result<Vec<u8>, Fault> {
        serde_json::to_vec_pretty(self)
            .map_err(|error| Fault::at("writing lines of the journal".into(), error))
    }

    pub(super) fn read(json: &[u8]) -> Result<Self, LinesRefused> {
        let lines: Self = serde_json::from_slice(json).map_err(|_| LinesRefused::Form)?;
        if lines.format == FORMAT {
            Ok(lines)
        } else {
            Err(LinesRefused::Form)
        }
    }

    /// The entries, each shown to stand in the journal of this key.
    pub(super) fn verify(&self, key: &VerifierKey) -> Result<Vec<Entry>, LinesRefused> {
        let checkpoint =
            Checkpoint::open(&self.checkpoint, key).map_err(|_| LinesRefused::Checkpoint)?;
        let mut entries = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let entry = Entry::read(&line.entry).map_err(|_| LinesRefused::Form)?;
            let path = line
                .inclusion
                .iter()
                .map(|hash| Hash::from_hex(hash).ok_or(LinesRefused::Form))
                .collect::<Result<Vec<_>, _>>()?;
            let leaf = Hash::of_leaf(line.entry.as_bytes());
            let stands = verify_inclusion(
                leaf,
                entry.sequence,
                checkpoint.size(),
                &path,
                checkpoint.root(),
            );
            if !stands {
                return Err(LinesRefused::NotIncluded(at + 1));
            }
            entries.push(entry);
        }
        Ok(entries)
    }
}
