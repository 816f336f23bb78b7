//! A checkpoint: the journal's size and root at one time, signed, as C2SP
//! `tlog-checkpoint` lays it out inside a C2SP signed note:
//!
//! ```text
//! school.example/journal
//! 12
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//! time 2026-09-01T08:15:00.000Z
//!
//! — school.example/journal Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5…
//! ```

use data_encoding::BASE64;
use thiserror::Error;

use crate::hash::Hash;
use crate::head::SIZE_BITS;
use crate::keys::{Origin, VerifierKey};
use crate::time::{LATEST_MS, from_readable, readable};

/// A checkpoint whose signature holds: there is no other way to come by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    key: VerifierKey,
    size: u64,
    root: Hash,
    at_ms: u64,
    signature: [u8; 64],
}

/// Why a text is not a checkpoint of the journal in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CheckpointRefused {
    #[error("the checkpoint is not written in its one exact form")]
    Form,
    #[error("the checkpoint is of another journal")]
    Origin,
    #[error("the checkpoint is signed with another key than the one given")]
    Key,
    #[error("the signature does not fit the checkpoint")]
    Signature,
}

impl Checkpoint {
    /// The body is built here alone, so that what is signed is what is later checked.
    pub(crate) fn signed(
        key: VerifierKey,
        size: u64,
        root: Hash,
        at_ms: u64,
        sign: impl FnOnce(&[u8]) -> [u8; 64],
    ) -> Self {
        let at_ms = at_ms.min(LATEST_MS);
        let signature = sign(body(key.origin(), size, root, at_ms).as_bytes());
        Self {
            key,
            size,
            root,
            at_ms,
            signature,
        }
    }

    /// Puts a checkpoint together again from its parts, if the signature holds.
    pub(crate) fn rejoin(
        key: &VerifierKey,
        size: u64,
        root: Hash,
        at_ms: u64,
        signature: [u8; 64],
    ) -> Option<Self> {
        let fits = at_ms <= LATEST_MS
            && key.signed(body(key.origin(), size, root, at_ms).as_bytes(), &signature);
        fits.then(|| Self {
            key: key.clone(),
            size,
            root,
            at_ms,
            signature,
        })
    }

    /// How many entries the checkpoint covers.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree over those entries.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// When it was signed: milliseconds since 1970 in UTC.
    pub fn at_ms(&self) -> u64 {
        self.at_ms
    }

    /// The journal that it speaks of.
    pub fn origin(&self) -> &Origin {
        self.key.origin()
    }

    pub(crate) fn key(&self) -> &VerifierKey {
        &self.key
    }

    pub(crate) fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// The signed note: six lines, each with its line end.
    pub fn note(&self) -> String {
        let mut signature = self.key.id().to_vec();
        signature.extend(self.signature);
        format!(
            "{}\n— {} {}\n",
            body(self.origin(), self.size, self.root, self.at_ms),
            self.origin(),
            BASE64.encode(&signature)
        )
    }

    /// Reads a signed note and checks it with the pinned key.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, CheckpointRefused> {
        use CheckpointRefused::{Form, Key, Signature};
        let text = note.strip_suffix('\n').ok_or(Form)?;
        let lines: Vec<&str> = text.split('\n').collect();
        let [origin, size, root, time, "", signature] = lines[..] else {
            return Err(Form);
        };
        let origin = Origin::new(origin).map_err(|_| Form)?;
        let size = whole_number(size).ok_or(Form)?;
        let root = BASE64.decode(root.as_bytes()).map_err(|_| Form)?;
        let root = Hash(root.try_into().map_err(|_| Form)?);
        let at_ms = time
            .strip_prefix("time ")
            .and_then(from_readable)
            .ok_or(Form)?;
        let (name, signature) = signature
            .strip_prefix("— ")
            .and_then(|rest| rest.split_once(' '))
            .ok_or(Form)?;
        let name = Origin::new(name).map_err(|_| Form)?;
        let signature = BASE64.decode(signature.as_bytes()).map_err(|_| Form)?;
        let (id, signature) = signature.split_first_chunk::<4>().ok_or(Form)?;
        let signature = signature.try_into().map_err(|_| Form)?;
        if origin != *key.origin() {
            return Err(CheckpointRefused::Origin);
        }
        if name != *key.origin() || *id != key.id() {
            return Err(Key);
        }
        Self::rejoin(key, size, root, at_ms, signature).ok_or(Signature)
    }
}

fn body(origin: &Origin, size: u64, root: Hash, at_ms: u64) -> String {
    let time = readable(at_ms).expect("a checkpoint is never later than the year 9998");
    format!(
        "{origin}\n{size}\n{}\ntime {time}\n",
        BASE64.encode(&root.0)
    )
}

/// Decimal without sign or leading zero, below 2^48.
fn whole_number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text && number >> SIZE_BITS == 0).then_some(number)
}
