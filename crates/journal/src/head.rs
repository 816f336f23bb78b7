//! The head: all that one must remember of a journal to add the next entry. It is the
//! number of entries, the last leaf, and the roots of the full subtrees of the RFC 6962
//! tree, at most 48 of them.

use thiserror::Error;

use crate::entry::{Draft, DraftRefused, Entry};
use crate::hash::Hash;

/// Sizes stay below 2^48, so that a slip needs only six bytes for one.
pub(crate) const SIZE_BITS: u32 = 48;

/// The end of a journal, to which entries are added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    size: u64,
    last: Hash,
    /// Roots of the full subtrees from the largest to the smallest: one for each bit
    /// that is set in `size`.
    frontier: Vec<Hash>,
}

/// An entry that has its place: keep the line as it is, to the byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub sequence: u64,
    /// Canonical JSON without a line end.
    pub line: String,
    pub leaf: Hash,
}

/// Bytes that are no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "The stored head of the journal is damaged. Do not go on writing: verify the journal \
     and restore from a backup."
)]
pub struct HeadRefused;

impl Head {
    /// The head of a journal without entries.
    pub fn empty() -> Self {
        Self {
            size: 0,
            last: Hash::ZERO,
            frontier: Vec::new(),
        }
    }

    /// How many entries there are; also the sequence of the next one.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The leaf hash of the newest entry, [`Hash::ZERO`] before the first.
    pub fn last(&self) -> Hash {
        self.last
    }

    /// Gives the draft its place. A refused draft leaves the head as it was.
    pub fn append(&mut self, draft: Draft) -> Result<Recorded, DraftRefused> {
        draft.check()?;
        let sequence = self.size;
        let line = Entry {
            sequence,
            draft,
            previous: self.last,
        }
        .line();
        let leaf = self.replay(&line);
        Ok(Recorded {
            sequence,
            line,
            leaf,
        })
    }

    /// Takes in a line that was recorded before, to rebuild a head from stored lines.
    /// It hashes only: whether the line belongs here is for [`crate::Verification`].
    pub fn replay(&mut self, line: &str) -> Hash {
        let leaf = Hash::of_leaf(line.as_bytes());
        let mut root = leaf;
        // Each trailing one of the size is a full subtree that the new leaf completes.
        for _ in 0..self.size.trailing_ones() {
            let left = self
                .frontier
                .pop()
                .expect("one root for each bit of the size");
            root = Hash::of_node(left, root);
        }
        self.frontier.push(root);
        self.size += 1;
        self.last = leaf;
        leaf
    }

    /// The root of the tree over all entries, as RFC 6962 defines it.
    pub fn root(&self) -> Hash {
        self.frontier
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| Hash::of_node(left, right))
            .unwrap_or_else(|| Hash::of(b""))
    }

    /// The bytes to keep: `1`, the size (8, big-endian), the last leaf (32), the frontier (32 each).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![1];
        bytes.extend(self.size.to_be_bytes());
        bytes.extend(self.last.0);
        bytes.extend(self.frontier.iter().flat_map(|hash| hash.0));
        bytes
    }

    /// Reads what [`Head::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HeadRefused> {
        let (version, rest) = bytes.split_first().ok_or(HeadRefused)?;
        let (size, hashes) = rest.split_first_chunk::<8>().ok_or(HeadRefused)?;
        let size = u64::from_be_bytes(*size);
        let (hashes, remainder) = hashes.as_chunks::<32>();
        let mut hashes = hashes.iter().map(|bytes| Hash(*bytes));
        let last = hashes.next().ok_or(HeadRefused)?;
        let frontier: Vec<Hash> = hashes.collect();
        let whole = *version == 1
            && remainder.is_empty()
            && size >> SIZE_BITS == 0
            && frontier.len() == size.count_ones() as usize
            && (size > 0 || last == Hash::ZERO);
        if whole {
            Ok(Self {
                size,
                last,
                frontier,
            })
        } else {
            Err(HeadRefused)
        }
    }
}
