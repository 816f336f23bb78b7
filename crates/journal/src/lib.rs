//! What happened, provably: entries one can read, a Merkle tree over them, signed
//! checkpoints, and a file that anybody can verify with the school's public key alone.
//!
//! Nothing here reads a clock, a database or a random source: the caller brings the
//! time, keeps the lines beside the rows they describe, and keeps the [`Head`] bytes.
//! The formats are described in `docs/journal-format.md`.

mod checkpoint;
mod entry;
mod file;
mod hash;
mod head;
mod keys;
mod proof;
mod slip;
mod time;
mod verdict;
mod verify;

pub use checkpoint::{Checkpoint, CheckpointRefused};
pub use entry::{Actor, Draft, DraftRefused, Entry, Factor, LineRefused, Outcome};
pub use file::Export;
pub use hash::Hash;
pub use head::{Head, HeadRefused, Recorded};
pub use keys::{KeyRefused, Origin, OriginRefused, Signer, VerifierKey};
pub use proof::{consistency, inclusion, verify_consistency, verify_inclusion};
pub use slip::SlipRefused;
pub use time::readable as readable_time;
pub use verdict::{Breach, StepsBack, Summary, Verdict};
pub use verify::{Verification, verify};
