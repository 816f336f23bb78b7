//! Names that carry nothing personal: one type for each kind of thing, so that
//! a person's id can never be passed where an incident's is asked for.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use uuid::Uuid;

/// An opaque 128-bit id of one kind of thing; its text form is the hyphenated UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id<Of>(u128, PhantomData<Of>);

impl<Of> Id<Of> {
    /// The id made of these bits; the caller draws them from its source of randomness.
    pub const fn new(bits: u128) -> Self {
        Self(bits, PhantomData)
    }

    /// The bits, for storage that keeps ids as sixteen bytes.
    pub fn bits(self) -> u128 {
        self.0
    }
}

impl<Of> fmt::Display for Id<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Uuid::from_u128(self.0).hyphenated().fmt(f)
    }
}

/// The text is not a hyphenated UUID. It says nothing more, since an address that
/// names no record is answered as a record that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("This is not the address of anything here. Follow the link again, or search.")
    }
}

impl std::error::Error for NotAnId {}

impl<Of> FromStr for Id<Of> {
    type Err = NotAnId;

    /// Reads the one spelling that [`Id`] prints, so that each record has one address.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let uuid = Uuid::try_parse(text).map_err(|_| NotAnId)?;
        let id = Self::new(uuid.as_u128());
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(NotAnId)
        }
    }
}

/// Reads an id from an address or a form, in the same one spelling.
impl<'de, Of> serde::Deserialize<'de> for Id<Of> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Writes an id in that spelling.
impl<Of> serde::Serialize for Id<Of> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// What an id may be of. The kinds have no values; they only tell ids apart.
pub mod of {
    /// A person on the register, whatever they are to the school.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Person {}
    /// A case that a report opened.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Incident {}
    /// One person's report of what they saw or heard.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Report {}
    /// A thing to be done in a case.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Action {}
    /// One version of the policy.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum PolicyVersion {}
    /// A signature on an agreement.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Signature {}
    /// A person's means of signing in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Account {}
    /// One signed-in browser.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Session {}
    /// One backup that was taken.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Backup {}
    /// A teaching class.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Class {}
    /// A household of carers and children.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Family {}
    /// A file that is kept with a record.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum File {}
    /// Something that was made to leave the school.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Export {}
    /// Something asked for, which others decide.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Approval {}
    /// Somebody's asking to see what the school holds.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum DataRequest {}
}

pub type PersonId = Id<of::Person>;
pub type IncidentId = Id<of::Incident>;
pub type ReportId = Id<of::Report>;
pub type ActionId = Id<of::Action>;
pub type PolicyVersionId = Id<of::PolicyVersion>;
pub type SignatureId = Id<of::Signature>;
pub type AccountId = Id<of::Account>;
pub type SessionId = Id<of::Session>;
pub type BackupId = Id<of::Backup>;
pub type ClassId = Id<of::Class>;
pub type FamilyId = Id<of::Family>;
pub type FileId = Id<of::File>;
pub type ExportId = Id<of::Export>;
pub type ApprovalId = Id<of::Approval>;
pub type DataRequestId = Id<of::DataRequest>;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_printed_spelling_is_read() {
        let check = |text: &str, read: bool| {
            assert_eq!(text.parse::<PersonId>().is_ok(), read, "{text}");
        };
        check("67e55044-10b1-426f-9247-bb680e5fe0c8", true);
        check("67E55044-10B1-426F-9247-BB680E5FE0C8", false);
        check("67e5504410b1426f9247bb680e5fe0c8", false);
        check("{67e55044-10b1-426f-9247-bb680e5fe0c8}", false);
        check("", false);
        check("../../etc/passwd", false);
    }

    proptest! {
        #[test]
        fn an_id_is_read_back(bits: u128) {
            let id = IncidentId::new(bits);
            prop_assert_eq!(id.to_string().parse::<IncidentId>(), Ok(id));
            prop_assert_eq!(id.bits(), bits);
        }
    }
}
