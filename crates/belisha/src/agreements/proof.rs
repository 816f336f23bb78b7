//! A signature that anybody can check without the school: the text, the journal's
//! entry that holds its hash, and the way from the entry to a signed checkpoint.

use belisha_journal::{
    Checkpoint, CheckpointRefused, Entry, Hash, VerifierKey, inclusion, verify_inclusion,
};
use serde::{Deserialize, Serialize};

use crate::audit::signer::signer;
use crate::db::{Connection, sql};
use crate::entries::EntryKind;
use crate::problem::Fault;
use crate::school::School;

/// The first member of every proof, so that a later form can be told from this one.
const FORMAT: &str = "belisha-agreement 1";

/// The proof as it is carried inside a signer's copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    format: String,
    /// The key that the governors keep; a checker compares it with theirs.
    pub verifier_key: String,
    /// The entry's line, to the byte.
    pub entry: String,
    /// A signed note over a journal that holds the entry.
    pub checkpoint: String,
    /// The hashes from the entry to the checkpoint's root, in hexadecimal.
    pub inclusion: Vec<String>,
    /// The text that was signed, to the byte.
    pub signed_text: String,
}

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofRefused {
    #[error("this is not a proof of a signature, or one of a newer form")]
    Form,
    #[error("the checkpoint is not one of the journal with this key: {0}")]
    Checkpoint(CheckpointRefused),
    #[error("the journal that the checkpoint speaks of does not hold this entry")]
    NotIncluded,
    #[error("the entry is not that of a signature")]
    NotASignature,
    #[error("the text is not the one that was signed")]
    OtherText,
}

impl Proof {
    /// Makes the proof of an entry, with a checkpoint over the journal as it is now.
    pub(crate) async fn of(
        connection: &mut Connection,
        school: &School,
        sequence: i64,
        signed_text: String,
    ) -> Result<Self, Fault> {
        let head = sql("select head from journal_head where only_row = 1")
            .one(connection)
            .await?
            .get::<Vec<u8>>("head")?;
        let head = belisha_journal::Head::from_bytes(&head)
            .map_err(|error| Fault::at("reading the journal's head".into(), error))?;
        let size = i64::try_from(head.size())
            .map_err(|error| Fault::at("the journal's size".into(), error))?;
        // Entries are only ever added, so those below the head are those it was made of.
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
        let entry = sql("select line from journal_entry where sequence = $1")
            .bind(sequence)
            .one(connection)
            .await?
            .get("line")?;
        let path = usize::try_from(sequence)
            .ok()
            .and_then(|index| inclusion(&leaves, index))
            .ok_or_else(|| Fault::said("a signature's entry is beyond the journal".into()))?;
        let at_ms = u64::try_from(school.clock.now().as_millisecond())
            .map_err(|error| Fault::at("the time of a checkpoint".into(), error))?;
        let signer = signer(school)?;
        Ok(Self {
            format: FORMAT.into(),
            verifier_key: signer.verifier_key().to_string(),
            entry,
            checkpoint: signer.checkpoint(&head, at_ms).note(),
            inclusion: path.iter().map(ToString::to_string).collect(),
            signed_text,
        })
    }

    /// Reads a proof.
    pub fn read(json: &[u8]) -> Result<Self, ProofRefused> {
        let proof: Self = serde_json::from_slice(json).map_err(|_| ProofRefused::Form)?;
        if proof.format == FORMAT {
            Ok(proof)
        } else {
            Err(ProofRefused::Form)
        }
    }

    /// As it is carried: readable, one member a line.
    pub(crate) fn to_json(&self) -> Result<Vec<u8>, Fault> {
        serde_json::to_vec_pretty(self).map_err(|error| Fault::at("writing a proof".into(), error))
    }

    /// Checks everything under a key that the checker trusts: the entry of the signing.
    pub fn verify(&self, key: &VerifierKey) -> Result<Entry, ProofRefused> {
        let checkpoint =
            Checkpoint::open(&self.checkpoint, key).map_err(ProofRefused::Checkpoint)?;
        let entry = Entry::read(&self.entry).map_err(|_| ProofRefused::Form)?;
        let path = self
            .inclusion
            .iter()
            .map(|hash| Hash::from_hex(hash).ok_or(ProofRefused::Form))
            .collect::<Result<Vec<_>, _>>()?;
        let leaf = Hash::of_leaf(self.entry.as_bytes());
        if !verify_inclusion(
            leaf,
            entry.sequence,
            checkpoint.size(),
            &path,
            checkpoint.root(),
        ) {
            return Err(ProofRefused::NotIncluded);
        }
        if entry.draft.action != belisha_policy::Word::key(EntryKind::AgreementSigned) {
            return Err(ProofRefused::NotASignature);
        }
        if entry.draft.revision != Some(Hash::of(self.signed_text.as_bytes())) {
            return Err(ProofRefused::OtherText);
        }
        Ok(entry)
    }
}
