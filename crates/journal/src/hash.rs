//! The one hash of the journal, SHA-256, and its two uses in an RFC 6962 tree. A leaf
//! and a node begin with different bytes, so that neither can pass for the other.

use std::fmt;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A SHA-256 hash, 32 bytes, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What the first entry names as its previous one.
    pub const ZERO: Self = Self([0; 32]);

    /// The plain hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The commitment to an encrypted payload: its plain hash, which `sha256sum` shows too.
    pub fn of_payload(sealed: &[u8]) -> Self {
        Self::of(sealed)
    }

    /// The leaf hash of an entry's line, without its line end.
    pub fn of_leaf(line: &[u8]) -> Self {
        Self(
            Sha256::new()
                .chain_update([0])
                .chain_update(line)
                .finalize()
                .into(),
        )
    }

    /// The hash of a node of the tree with these two children.
    pub fn of_node(left: Self, right: Self) -> Self {
        let both = Sha256::new()
            .chain_update([1])
            .chain_update(left.0)
            .chain_update(right.0);
        Self(both.finalize().into())
    }

    /// Reads 64 lower-case hexadecimal digits; nothing else is a hash.
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
