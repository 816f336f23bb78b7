//! Thirty-two secret bytes, and the one place where a key is made from another.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::chance::{Chance, draw};

/// Thirty-two secret bytes: wiped when dropped, never printed, compared in constant time.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    pub(crate) fn draw(chance: &mut dyn Chance) -> Self {
        Self(draw(chance))
    }

    /// Takes the bytes over and wipes where they stood.
    pub(crate) fn take(bytes: &mut [u8; 32]) -> Self {
        let secret = Self(*bytes);
        bytes.zeroize();
        secret
    }

    /// Copies a slice that must be 32 bytes long; the caller wipes the slice.
    pub(crate) fn copy(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Makes the key for one purpose and one context from this one, by HKDF-SHA-256.
    pub(crate) fn derive(&self, purpose: Purpose, context: &[u8]) -> Self {
        let mut derived = Self([0; 32]);
        self.expand(purpose, context, &mut derived.0);
        derived
    }

    /// The public name of this key. It is one-way, so it may stand in the open, and it
    /// commits to the key, so that the wrong one is named before it is tried.
    pub(crate) fn id(&self) -> KeyId {
        let mut id = [0; 8];
        self.expand(Purpose::Name, &[], &mut id);
        KeyId(id)
    }

    fn expand(&self, purpose: Purpose, context: &[u8], out: &mut [u8]) {
        Hkdf::<Sha256>::new(None, &self.0)
            .expand_multi_info(&[purpose.label().as_bytes(), &[0], context], out)
            .expect("HKDF-SHA-256 gives up to 8,160 bytes");
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// What a derived key is for. Each purpose has its own label, so that no key
/// ever does two jobs; a label is never changed once data depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The public name of a key, from the key.
    Name,
    /// Wraps data keys, from a school key.
    DataKeys,
    /// Seals the seeds of second factors, from a school key.
    SecondFactors,
    /// Fingerprints what somebody typed as a name, from a school key.
    TypedNames,
    /// The age identity of a sealed file, from its record's data key.
    File,
    /// What is compared at sign-in, from the stretched password.
    PasswordVerifier,
    /// Wraps a person's private key, from the stretched password.
    PasswordWrapping,
    /// What the session table stores, from a session token.
    SessionLookup,
    /// Wraps a person's private key for a session, from its token.
    SessionWrapping,
    /// What finds the record of an answer code, from the stretched code.
    AnswerLookup,
    /// The private half that an answer is sealed to, from the stretched code.
    AnswerKey,
    /// The key that signs what the filter’s nodes follow, from the journal’s seed.
    FilterSnapshots,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Self::Name => "belisha/v1/key-name",
            Self::DataKeys => "belisha/v1/data-keys",
            Self::SecondFactors => "belisha/v1/second-factors",
            Self::TypedNames => "belisha/v1/typed-names",
            Self::File => "belisha/v1/file",
            Self::PasswordVerifier => "belisha/v1/password-verifier",
            Self::PasswordWrapping => "belisha/v1/password-wrapping",
            Self::SessionLookup => "belisha/v1/session-lookup",
            Self::SessionWrapping => "belisha/v1/session-wrapping",
            Self::AnswerLookup => "belisha/v1/answer-lookup",
            Self::AnswerKey => "belisha/v1/answer-key",
            Self::FilterSnapshots => "belisha/v1/filter-snapshots",
        }
    }
}

/// The public name of a key: eight bytes, shown as sixteen hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub(crate) [u8; 8]);

impl KeyId {
    /// The eight bytes as they stand in what is sealed, from its third byte on: so a database finds what
    /// lies under which key.
    pub fn to_bytes(self) -> [u8; 8] {
        self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
