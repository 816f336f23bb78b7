//! The school's key as the running server holds it: one current, and the old ones that
//! still open what has not been wrapped anew.

use std::fmt;

use zeroize::Zeroizing;

use crate::chance::Chance;
use crate::data_key::DataKey;
use crate::place::{Bond, Person, Record};
use crate::sealed::{self, OpenRefused};
use crate::secret::{KeyId, Purpose, Secret};

/// The school's keys: everything new is wrapped under the current one.
pub struct SchoolKeys {
    /// The current key first, then the old ones, newest first. Never empty.
    pub(crate) keys: Vec<Secret>,
}

impl SchoolKeys {
    pub(crate) fn current(&self) -> &Secret {
        self.keys.first().expect("a school always has a key")
    }

    /// The public name of the current key.
    pub fn current_id(&self) -> KeyId {
        self.current().id()
    }

    /// The names of the keys that have been replaced and still open what they wrapped.
    pub fn old_ids(&self) -> Vec<KeyId> {
        self.keys.iter().skip(1).map(Secret::id).collect()
    }

    /// Wraps a record's data key, for storing beside the record.
    pub fn wrap(&self, key: &DataKey, record: &Record<'_>, chance: &mut dyn Chance) -> Vec<u8> {
        let bond = Bond::DataKey(*record);
        self.seal(Purpose::DataKeys, &bond, key.secret().expose(), chance)
    }

    /// Unwraps a record's data key, whether the current or an old key wrapped it.
    pub fn unwrap(&self, wrapped: &[u8], record: &Record<'_>) -> Result<DataKey, OpenRefused> {
        let opened = self.open(Purpose::DataKeys, &Bond::DataKey(*record), wrapped)?;
        Secret::copy(&opened)
            .map(DataKey::from_secret)
            .ok_or(OpenRefused::Altered)
    }

    /// Wraps a data key anew after the school's key was replaced. `None` when it is
    /// already under the current key, so that a rotation may stop and resume anywhere.
    pub fn rewrap(
        &self,
        wrapped: &[u8],
        record: &Record<'_>,
        chance: &mut dyn Chance,
    ) -> Result<Option<Vec<u8>>, OpenRefused> {
        let key = self.unwrap(wrapped, record)?;
        Ok(match self.is_current(wrapped)? {
            true => None,
            false => Some(self.wrap(&key, record, chance)),
        })
    }

    /// Seals the seed of a person's one-time codes.
    pub fn seal_second_factor(
        &self,
        person: &Person<'_>,
        seed: &[u8],
        chance: &mut dyn Chance,
    ) -> Vec<u8> {
        self.seal(
            Purpose::SecondFactors,
            &Bond::SecondFactor(*person),
            seed,
            chance,
        )
    }

    /// Opens the seed of a person's one-time codes.
    pub fn open_second_factor(
        &self,
        person: &Person<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenRefused> {
        self.open(Purpose::SecondFactors, &Bond::SecondFactor(*person), sealed)
    }

    /// Seals a seed anew after the school's key was replaced; `None` when it is under the current key.
    pub fn reseal_second_factor(
        &self,
        person: &Person<'_>,
        sealed: &[u8],
        chance: &mut dyn Chance,
    ) -> Result<Option<Vec<u8>>, OpenRefused> {
        let seed = self.open_second_factor(person, sealed)?;
        Ok(match self.is_current(sealed)? {
            true => None,
            false => Some(self.seal_second_factor(person, &seed, chance)),
        })
    }

    /// A fingerprint of what somebody typed as a name, so that guesses can be counted and
    /// nobody who has the records can try words on them: it may have been a password. It
    /// changes when the key rotates, which a count of minutes survives.
    pub fn fingerprint_of_typed_name(&self, typed: &[u8]) -> [u8; 32] {
        *self.current().derive(Purpose::TypedNames, typed).expose()
    }

    /// Whether something is sealed under the current key; if not, a rotation still has to reach it.
    pub fn is_current(&self, sealed: &[u8]) -> Result<bool, OpenRefused> {
        Ok(sealed::sealed_under(sealed)? == self.current_id())
    }

    fn seal(
        &self,
        purpose: Purpose,
        bond: &Bond<'_>,
        plaintext: &[u8],
        chance: &mut dyn Chance,
    ) -> Vec<u8> {
        let key = self.current().derive(purpose, &[]);
        sealed::seal(&key, self.current_id(), bond, plaintext, chance)
    }

    fn open(
        &self,
        purpose: Purpose,
        bond: &Bond<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenRefused> {
        let sealed_under = sealed::sealed_under(sealed)?;
        let key = self.keys.iter().find(|key| key.id() == sealed_under);
        let key = key.unwrap_or_else(|| self.current());
        sealed::open(&key.derive(purpose, &[]), key.id(), bond, sealed)
    }
}

impl fmt::Debug for SchoolKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SchoolKeys(current {})", self.current_id())
    }
}

/// The seed of the key that signs the journal. It has its own line in the key file and
/// outlives every rotation, because auditors pin the public key that follows from it.
pub struct JournalSeed(pub(crate) Secret);

impl JournalSeed {
    /// The 32 bytes of an Ed25519 signing key.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// The seed of another Ed25519 key that follows from this one and outlives every rotation with it: it signs
    /// what the filter’s nodes at other sites follow.
    pub fn filter_snapshots(&self) -> [u8; 32] {
        *self.0.derive(Purpose::FilterSnapshots, &[]).expose()
    }
}

impl fmt::Debug for JournalSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JournalSeed(hidden)")
    }
}
