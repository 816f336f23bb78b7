//! Where a sealed thing belongs. Ciphertext carries a fingerprint of its place and is
//! authenticated together with the whole of it, so that it opens nowhere else.

use sha2::{Digest, Sha256};

/// One record of one school. The parts are ids, never names of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    pub school: &'a str,
    /// What kind of record it is, such as `incident`.
    pub kind: &'a str,
    pub id: &'a str,
}

/// One field of a record, at one revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    pub record: Record<'a>,
    pub field: &'a str,
    /// Counts up with each change, so that an older text cannot be put back unnoticed.
    pub revision: u64,
}

/// One person of one school, by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person<'a> {
    pub school: &'a str,
    pub id: &'a str,
}

/// Everything that a sealed thing can be bound to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bond<'a> {
    Field(Place<'a>),
    /// A data key under the school's key.
    DataKey(Record<'a>),
    /// The key that a newer one of the same record follows.
    EarlierDataKey(Record<'a>),
    /// A data key for one reader.
    DataKeyFor(Record<'a>, &'a str),
    SecondFactor(Person<'a>),
    PersonUnderPassword(Person<'a>),
    PersonInKit(Person<'a>),
    PersonInSession(Person<'a>),
}

impl Bond<'_> {
    /// The bytes that are authenticated: the name of the bond, then each part behind its
    /// length in eight bytes, so that no two bonds have the same encoding.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(128);
        let mut part = |part: &[u8]| {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        };
        match self {
            Self::Field(place) => {
                part(b"field");
                record(&mut part, &place.record);
                part(place.field.as_bytes());
                part(&place.revision.to_be_bytes());
            }
            Self::DataKey(of) => {
                part(b"data key");
                record(&mut part, of);
            }
            Self::EarlierDataKey(of) => {
                part(b"earlier data key");
                record(&mut part, of);
            }
            Self::DataKeyFor(of, reader) => {
                part(b"data key for a reader");
                record(&mut part, of);
                part(reader.as_bytes());
            }
            Self::SecondFactor(of) => person(&mut part, b"second factor", of),
            Self::PersonUnderPassword(of) => person(&mut part, b"person under password", of),
            Self::PersonInKit(of) => person(&mut part, b"person in recovery kit", of),
            Self::PersonInSession(of) => person(&mut part, b"person in session", of),
        }
        bytes
    }
}

fn record(part: &mut impl FnMut(&[u8]), record: &Record<'_>) {
    part(record.school.as_bytes());
    part(record.kind.as_bytes());
    part(record.id.as_bytes());
}

fn person(part: &mut impl FnMut(&[u8]), bond: &[u8], person: &Person<'_>) {
    part(bond);
    part(person.school.as_bytes());
    part(person.id.as_bytes());
}

/// Sixteen bytes that tell one place from another. They only tell "moved" from
/// "altered"; the proof is the authentication of the whole encoding.
pub(crate) fn fingerprint(encoded: &[u8]) -> [u8; 16] {
    let digest = Sha256::new()
        .chain_update(b"belisha/v1/place\0")
        .chain_update(encoded)
        .finalize();
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    short
}
