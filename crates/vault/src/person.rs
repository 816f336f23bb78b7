//! A person's own key pair. The public half lets others seal to them; the private half is
//! kept only wrapped: by their password, by the recovery kit, and by a session's token.

use std::fmt;

use crate::chance::Chance;
use crate::data_key::DataKey;
use crate::envelope::{self, ReaderKey};
use crate::kit::KitRecipient;
use crate::place::{Bond, Person, Record};
use crate::sealed::OpenRefused;
use crate::secret::{KeyId, Secret};

/// The public half of a person's key (X25519). Whoever may change the stored one could make
/// others seal to a stranger, so the journal has to record each change of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonPublic(ReaderKey);

/// These bytes are not a key that anything could be sealed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "The stored public key of this person is damaged. Restore it from a backup, or give the person a new key."
)]
pub struct NotAPublicKey;

impl PersonPublic {
    /// Reads the 32 stored bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAPublicKey> {
        let bytes = bytes.try_into().map_err(|_| NotAPublicKey)?;
        ReaderKey::read(bytes).map(Self).ok_or(NotAPublicKey)
    }

    /// The 32 bytes to store.
    pub fn to_bytes(&self) -> [u8; 32] {
        *self.0.bytes()
    }

    /// The public name of this key.
    pub fn id(&self) -> KeyId {
        self.0.id()
    }

    pub(crate) fn reader_key(&self) -> &ReaderKey {
        &self.0
    }
}

/// A person to whom a record's key is wrapped.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The person's id.
    pub person: &'a str,
    pub key: &'a PersonPublic,
}

/// The private half of a person's key; in memory only while it is used, wiped when dropped.
#[derive(PartialEq, Eq)]
pub struct PersonPrivate(Secret);

impl PersonPrivate {
    pub fn new(chance: &mut dyn Chance) -> Self {
        Self(Secret::draw(chance))
    }

    /// The half that others may know.
    pub fn public(&self) -> PersonPublic {
        PersonPublic(ReaderKey::of(&self.0))
    }

    /// Unwraps a data key that was wrapped for this person and this record.
    pub fn unwrap(
        &self,
        person: &str,
        record: &Record<'_>,
        wrapped: &[u8],
    ) -> Result<DataKey, OpenRefused> {
        envelope::open(&self.0, &Bond::DataKeyFor(*record, person), wrapped)
            .map(DataKey::from_secret)
    }

    /// Wraps this key for the recovery kit, so that a forgotten password loses nothing.
    pub fn wrap_for_kit(
        &self,
        kit: &KitRecipient,
        person: &Person<'_>,
        chance: &mut dyn Chance,
    ) -> Vec<u8> {
        envelope::seal(
            kit.reader_key(),
            &Bond::PersonInKit(*person),
            &self.0,
            chance,
        )
    }

    pub(crate) fn from_secret(secret: Secret) -> Self {
        Self(secret)
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }
}

impl fmt::Debug for PersonPrivate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonPrivate({})", self.public().id())
    }
}
