//! The recovery kit: one age identity, made at set-up and split over three printed sheets
//! of which any two join. The server keeps the public half alone.
//!
//! A sheet is forty bytes, printed by `groups`:
//!
//! ```text
//! 0       version, 1                     6..38   its share (Shamir over GF(256), threshold 2)
//! 1       number of the sheet, 1 to 3    38..40  start of SHA-256 over bytes 0..38
//! 2..6    name of the kit
//! ```

use std::fmt;
use std::str::FromStr;

use bech32::{Bech32, Hrp};
use sha2::{Digest, Sha256};
use vsss_rs::Gf256;
use zeroize::{Zeroize, Zeroizing};

use crate::chance::{Chance, ForShares};
use crate::data_key::{DataKey, KIT_AS_READER};
use crate::envelope::{self, ReaderKey};
use crate::files::{FileIdentity, FileRecipient};
use crate::groups::{self, Slip};
use crate::person::{PersonPrivate, PersonPublic};
use crate::place::{Bond, Person, Record};
use crate::sealed::OpenRefused;
use crate::secret::Secret;

const VERSION: u8 = 1;
const SHEETS: usize = 3;
const THRESHOLD: usize = 2;
const CHECKED: usize = 38;

/// The private half of the recovery kit. It exists at set-up, until the sheets are printed,
/// and again when two of them are typed in.
pub struct Kit(Secret);

impl Kit {
    pub fn new(chance: &mut dyn Chance) -> Self {
        Self(Secret::draw(chance))
    }

    /// The public half, which the server keeps.
    pub fn recipient(&self) -> KitRecipient {
        KitRecipient(ReaderKey::of(&self.0))
    }

    /// Splits the kit over three sheets. Any two join; one alone says nothing about the key.
    pub fn split(&self, chance: &mut dyn Chance) -> [Sheet; SHEETS] {
        let shares = Gf256::split_bytes(THRESHOLD, SHEETS, self.0.expose(), ForShares(chance))
            .map(Zeroizing::new)
            .expect("two of three is a possible split of 32 bytes");
        let name = self.recipient().name();
        [0, 1, 2].map(|at| Sheet::write(&name, &shares[at]))
    }

    /// Joins two sheets, typed from paper in any order, as long as they are of one kit.
    pub fn join(first: &str, second: &str) -> Result<Self, JoinRefused> {
        let first = Share::read(WhichSheet::First, first)?;
        let second = Share::read(WhichSheet::Second, second)?;
        if first.kit != second.kit {
            return Err(JoinRefused::TwoKits);
        }
        if first.bytes[0] == second.bytes[0] {
            return Err(JoinRefused::SameSheet {
                number: first.bytes[0],
            });
        }
        let name = first.kit;
        let shares = Zeroizing::new(vec![first.bytes.to_vec(), second.bytes.to_vec()]);
        let joined = Gf256::combine_bytes(shares.as_slice()).map(Zeroizing::new);
        let kit = joined.ok().and_then(|bytes| Secret::copy(&bytes)).map(Self);
        kit.filter(|kit| kit.recipient().name() == name)
            .ok_or(JoinRefused::DoNotJoin)
    }

    /// Opens a person's private key. `public` is the half that is stored: a key that does
    /// not fit it is refused.
    pub fn unwrap_person(
        &self,
        person: &Person<'_>,
        wrapped: &[u8],
        public: &PersonPublic,
    ) -> Result<PersonPrivate, OpenRefused> {
        let opened = envelope::open(&self.0, &Bond::PersonInKit(*person), wrapped)?;
        let private = PersonPrivate::from_secret(opened);
        match private.public() == *public {
            true => Ok(private),
            false => Err(OpenRefused::Altered),
        }
    }

    /// Opens the data key of a sealed record.
    pub fn unwrap(&self, record: &Record<'_>, wrapped: &[u8]) -> Result<DataKey, OpenRefused> {
        envelope::open(&self.0, &Bond::DataKeyFor(*record, KIT_AS_READER), wrapped)
            .map(DataKey::from_secret)
    }

    /// The identity that opens backups, here or with the standard age tool.
    pub fn file_identity(&self) -> FileIdentity {
        FileIdentity::of(&self.0)
    }
}

impl fmt::Debug for Kit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kit(of {})", self.recipient())
    }
}

/// The public half of the recovery kit; written and read as an age recipient, `age1…`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KitRecipient(ReaderKey);

impl KitRecipient {
    /// To encrypt backups to the kit.
    pub fn file_recipient(&self) -> FileRecipient {
        let text = self.to_string();
        text.parse().expect("this is how a recipient is written")
    }

    /// Eight hexadecimal digits that stand on every sheet of the kit, so that the sheets of
    /// an older kit are not taken for this one's.
    pub fn printed_name(&self) -> String {
        self.name()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    pub(crate) fn reader_key(&self) -> &ReaderKey {
        &self.0
    }

    fn name(&self) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(b"belisha/v1/kit\0")
            .chain_update(self.0.bytes())
            .finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }
}

impl fmt::Display for KitRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = bech32::encode_lower::<Bech32>(Hrp::parse_unchecked("age"), self.0.bytes());
        f.write_str(&text.expect("32 bytes fit into Bech32"))
    }
}

impl fmt::Debug for KitRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KitRecipient({self})")
    }
}

impl FromStr for KitRecipient {
    type Err = crate::files::FileProblem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The age crate is the judge of what a recipient is.
        let canonical = FileRecipient::from_str(text)?.to_string();
        let bytes = bech32::decode(&canonical).ok().map(|(_, bytes)| bytes);
        bytes
            .and_then(|bytes| ReaderKey::read(bytes.try_into().ok()?))
            .map(Self)
            .ok_or(crate::files::FileProblem::NotARecipient(canonical))
    }
}

/// One printed sheet of the kit.
pub struct Sheet {
    number: u8,
    text: Zeroizing<String>,
}

impl Sheet {
    /// 1, 2 or 3.
    pub fn number(&self) -> u8 {
        self.number
    }

    /// Sixteen groups of five characters, in four rows, to be printed and then forgotten.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn write(kit: &[u8; 4], share: &[u8]) -> Self {
        let mut bytes = Zeroizing::new([0; groups::BYTES]);
        bytes[0] = VERSION;
        // A share begins with its number.
        bytes[1] = share[0];
        bytes[2..6].copy_from_slice(kit);
        bytes[6..CHECKED].copy_from_slice(&share[1..]);
        let check = check(&bytes);
        bytes[CHECKED..].copy_from_slice(&check);
        Self {
            number: share[0],
            text: groups::write(&bytes),
        }
    }
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sheet({}, hidden)", self.number)
    }
}

/// Which of the two typed sheets a refusal speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichSheet {
    First,
    Second,
}

impl fmt::Display for WhichSheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::First => "first",
            Self::Second => "second",
        })
    }
}

/// Why two sheets did not join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinRefused {
    #[error("On the {sheet} sheet, {slip}")]
    Slip { sheet: WhichSheet, slip: Slip },
    #[error(
        "The {sheet} sheet was printed by a newer Belisha (format {version}). Update this program, then try again."
    )]
    Newer { sheet: WhichSheet, version: u8 },
    #[error("Both are sheet {number}. Two different sheets are needed.")]
    SameSheet { number: u8 },
    #[error("The sheets are of two different kits. Look for two that bear the same kit name.")]
    TwoKits,
    #[error(
        "The sheets do not join to the kit that they name. One is not genuine: try the third sheet."
    )]
    DoNotJoin,
}

/// A sheet as read back: its number and its part of the key, and the kit it names.
struct Share {
    kit: [u8; 4],
    bytes: Zeroizing<[u8; 33]>,
}

impl Share {
    fn read(sheet: WhichSheet, text: &str) -> Result<Self, JoinRefused> {
        let slip = |slip| JoinRefused::Slip { sheet, slip };
        let read = groups::read(text).map_err(slip)?;
        if read[CHECKED..] != check(&read) {
            return Err(slip(Slip::Sheet));
        }
        match (read[0], read[1]) {
            (VERSION, 1..=3) => {}
            (VERSION, _) | (0, _) => return Err(slip(Slip::Sheet)),
            (version, _) => return Err(JoinRefused::Newer { sheet, version }),
        }
        let mut bytes = Zeroizing::new([0; 33]);
        bytes[0] = read[1];
        bytes[1..].copy_from_slice(&read[6..CHECKED]);
        Ok(Self {
            kit: [read[2], read[3], read[4], read[5]],
            bytes,
        })
    }
}

fn check(bytes: &[u8; groups::BYTES]) -> [u8; 2] {
    let mut digest = Sha256::new()
        .chain_update(b"belisha/v1/sheet\0")
        .chain_update(&bytes[..CHECKED])
        .finalize();
    let check = [digest[0], digest[1]];
    digest.as_mut_slice().zeroize();
    check
}
