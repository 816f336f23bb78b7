//! The key of one record. It seals the record's fields and files; it is itself kept only
//! wrapped: under the school's key, or for each reader of a sealed record.

use std::fmt;

use zeroize::Zeroizing;

use crate::chance::Chance;
use crate::envelope;
use crate::files::FileIdentity;
use crate::kit::KitRecipient;
use crate::person::Reader;
use crate::place::{Bond, Place, Record};
use crate::sealed::{self, OpenRefused};
use crate::secret::{KeyId, Purpose, Secret};

/// The name under which the recovery kit is a reader of sealed records.
pub(crate) const KIT_AS_READER: &str = "recovery kit";

/// The key of one record; wiped when dropped.
pub struct DataKey(Secret);

impl DataKey {
    /// Draws a new key. A record whose reader is removed gets a new one for later revisions.
    pub fn new(chance: &mut dyn Chance) -> Self {
        Self(Secret::draw(chance))
    }

    /// The public name of this key.
    pub fn id(&self) -> KeyId {
        self.0.id()
    }

    /// Seals one field at one revision. The result is 66 bytes longer than the text.
    pub fn seal(&self, place: &Place<'_>, plaintext: &[u8], chance: &mut dyn Chance) -> Vec<u8> {
        sealed::seal(&self.0, self.id(), &Bond::Field(*place), plaintext, chance)
    }

    /// Opens a field where it belongs, and refuses it anywhere else.
    pub fn open(
        &self,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenRefused> {
        sealed::open(&self.0, self.id(), &Bond::Field(*place), sealed)
    }

    /// Wraps this key so that `reader` alone can unwrap it, for this record alone.
    /// Whoever holds the key may do it: a reader is added by a reader.
    pub fn wrap_for(
        &self,
        reader: &Reader<'_>,
        record: &Record<'_>,
        chance: &mut dyn Chance,
    ) -> Vec<u8> {
        let bond = Bond::DataKeyFor(*record, reader.person);
        envelope::seal(reader.key.reader_key(), &bond, &self.0, chance)
    }

    /// Wraps this key for the recovery kit, so that no sealed record hangs on its readers' passwords.
    pub fn wrap_for_kit(
        &self,
        kit: &KitRecipient,
        record: &Record<'_>,
        chance: &mut dyn Chance,
    ) -> Vec<u8> {
        let bond = Bond::DataKeyFor(*record, KIT_AS_READER);
        envelope::seal(kit.reader_key(), &bond, &self.0, chance)
    }

    /// Seals the key that this one follows, so that whoever has the newer key can still
    /// read what was written before a reader was removed.
    pub fn seal_earlier(
        &self,
        earlier: &DataKey,
        record: &Record<'_>,
        chance: &mut dyn Chance,
    ) -> Vec<u8> {
        let bond = Bond::EarlierDataKey(*record);
        sealed::seal(&self.0, self.id(), &bond, earlier.0.expose(), chance)
    }

    /// Opens the key that this one follows.
    pub fn open_earlier(&self, record: &Record<'_>, sealed: &[u8]) -> Result<DataKey, OpenRefused> {
        let bond = Bond::EarlierDataKey(*record);
        let opened = sealed::open(&self.0, self.id(), &bond, sealed)?;
        Secret::copy(&opened).map(Self).ok_or(OpenRefused::Altered)
    }

    /// The age identity of the file at `place`. It follows from the key and the place, so
    /// it is never stored, a moved file does not open, and only those who can read the
    /// record can make a file that does.
    pub fn file_identity(&self, place: &Place<'_>) -> FileIdentity {
        let context = Bond::Field(*place).encode();
        FileIdentity::of(&self.0.derive(Purpose::File, &context))
    }

    /// Whether something was sealed under this key, as far as its first bytes tell.
    pub fn has_sealed(&self, sealed: &[u8]) -> bool {
        sealed::sealed_under(sealed).is_ok_and(|id| id == self.id())
    }

    pub(crate) fn from_secret(secret: Secret) -> Self {
        Self(secret)
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({})", self.id())
    }
}
