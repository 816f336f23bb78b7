//! Who can read what: the keys of a school, its people and its records, and what is sealed
//! under them. Pure but for two modules: `key_file` reads and writes the one file that
//! holds the school's key, and `files`, `streams` and `passphrase` stream, drawing file keys
//! from the operating system.
//! The byte formats stand above their encoders; every purpose of a key is in `secret`.

mod answer_code;
mod chance;
mod data_key;
mod envelope;
mod files;
mod groups;
mod key_file;
mod kit;
mod passphrase;
mod password;
mod person;
mod place;
mod school;
mod sealed;
mod secret;
mod session;
mod streams;

#[cfg(test)]
mod tests;

pub use answer_code::AnswerCode;
pub use chance::{Chance, SeededChance, SystemChance};
pub use data_key::DataKey;
pub use files::{FileIdentity, FileProblem, FileRecipient, decrypt, encrypt};
pub use groups::Slip;
pub use key_file::{BringBackRefused, KeyFile, KeyFileProblem, RetireRefused};
pub use kit::{JoinRefused, Kit, KitRecipient, Sheet, WhichSheet};
pub use passphrase::{decrypt_with_passphrase, encrypt_with_passphrase, passphrase};
pub use password::{Cost, PasswordRefused, PasswordWrap, password_work};
pub use person::{NotAPublicKey, PersonPrivate, PersonPublic, Reader};
pub use place::{Person, Place, Record};
pub use school::{JournalSeed, SchoolKeys};
pub use sealed::OpenRefused;
pub use secret::KeyId;
pub use session::SessionToken;
pub use streams::{Opening, Sealing};
