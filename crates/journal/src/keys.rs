//! Who signs a journal, and the key that others pin to check it, in the forms of C2SP
//! `signed-note`. The name of the key is the origin of the journal, so that to pin the
//! one is to pin the other.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use thiserror::Error;

use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::head::Head;

/// C2SP's number for Ed25519.
const ED25519: u8 = 1;

/// The name of one journal, such as `school.example/journal`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// A text that cannot name a journal.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "“{0}” cannot name a journal. Use 1 to 100 letters, digits and marks without spaces \
     or plus signs, such as school.example/journal."
)]
pub struct OriginRefused(String);

/// A text that is no verifier key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "This is not a verifier key. It looks like school.example/journal+1a2b3c4d+AXyz… and \
     must be copied whole."
)]
pub struct KeyRefused;

/// The private half: signs checkpoints of one journal. It never shows its seed.
pub struct Signer {
    origin: Origin,
    key: SigningKey,
}

/// The public half, which governors keep: the origin and an Ed25519 key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    origin: Origin,
    key: VerifyingKey,
}

impl Origin {
    /// Names a journal, or says why the text will not do.
    pub fn new(text: &str) -> Result<Self, OriginRefused> {
        let fits = (1..=100).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'+');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(OriginRefused(text.to_owned()))
        }
    }

    /// The name as it stands in the file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Signer {
    /// A signer from 32 random bytes, which the caller draws and keeps secret.
    pub fn from_seed(origin: Origin, seed: [u8; 32]) -> Self {
        Self {
            origin,
            key: SigningKey::from_bytes(&seed),
        }
    }

    /// The key that others need to check what this one signs.
    pub fn verifier_key(&self) -> VerifierKey {
        VerifierKey {
            origin: self.origin.clone(),
            key: self.key.verifying_key(),
        }
    }

    /// Signs something that is no checkpoint, for one purpose: a signature for one never fits another, nor a
    /// checkpoint, whose body begins with the origin.
    pub fn statement(&self, purpose: &str, body: &[u8]) -> [u8; 64] {
        let mut signed = format!("belisha-statement\n{}\n{purpose}\n", self.origin).into_bytes();
        signed.extend_from_slice(body);
        self.key.sign(&signed).to_bytes()
    }

    /// Signs where the journal stands now. `at_ms` is UTC, at most the end of the year 9998.
    ///
    /// Sign only a head that continues the one signed last: two signed heads of which
    /// neither continues the other prove that the journal was forked.
    pub fn checkpoint(&self, head: &Head, at_ms: u64) -> Checkpoint {
        Checkpoint::signed(
            self.verifier_key(),
            head.size(),
            head.root(),
            at_ms,
            |body| self.key.sign(body).to_bytes(),
        )
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

impl VerifierKey {
    /// The journal that this key speaks for.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The four bytes before each signature that say which key made it.
    pub(crate) fn id(&self) -> [u8; 4] {
        let mut named = format!("{}\n", self.origin).into_bytes();
        named.push(ED25519);
        named.extend(self.key.as_bytes());
        let Hash([a, b, c, d, ..]) = Hash::of(&named);
        [a, b, c, d]
    }

    pub(crate) fn signed(&self, body: &[u8], signature: &[u8; 64]) -> bool {
        // Strict: no second signature for the same text, no key that fits any text.
        self.key
            .verify_strict(body, &Signature::from_bytes(signature))
            .is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519];
        key.extend(self.key.as_bytes());
        write!(
            f,
            "{}+{}+{}",
            self.origin,
            HEXLOWER.encode(&self.id()),
            BASE64.encode(&key)
        )
    }
}

impl FromStr for VerifierKey {
    type Err = KeyRefused;

    fn from_str(text: &str) -> Result<Self, KeyRefused> {
        // Base64 may hold a plus sign itself, so only the first two part the fields.
        let mut fields = text.trim().splitn(3, '+');
        let origin = fields
            .next()
            .and_then(|name| Origin::new(name).ok())
            .ok_or(KeyRefused)?;
        let (Some(id), Some(key)) = (fields.next(), fields.next()) else {
            return Err(KeyRefused);
        };
        let key = BASE64.decode(key.as_bytes()).map_err(|_| KeyRefused)?;
        let [ED25519, key @ ..] = key.as_slice() else {
            return Err(KeyRefused);
        };
        let key = key.try_into().map_err(|_| KeyRefused)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| KeyRefused)?;
        let whole = Self { origin, key };
        let named = HEXLOWER.encode(&whole.id()) == id && !whole.key.is_weak();
        if named { Ok(whole) } else { Err(KeyRefused) }
    }
}
