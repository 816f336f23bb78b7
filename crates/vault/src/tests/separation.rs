//! No key does two jobs, and no two kinds of bond are ever taken for one another.

use std::collections::BTreeSet;

use super::{PERSON, PLACE, RECORD, chance};
use crate::place::{Bond, Record};
use crate::secret::{Purpose, Secret};

#[test]
fn each_purpose_has_its_own_key() {
    let purposes = [
        Purpose::Name,
        Purpose::DataKeys,
        Purpose::SecondFactors,
        Purpose::TypedNames,
        Purpose::File,
        Purpose::PasswordVerifier,
        Purpose::PasswordWrapping,
        Purpose::SessionLookup,
        Purpose::SessionWrapping,
        Purpose::AnswerLookup,
        Purpose::AnswerKey,
    ];
    let root = Secret::draw(&mut chance(1));
    let mut keys: BTreeSet<[u8; 32]> = purposes
        .iter()
        .map(|purpose| *root.derive(*purpose, b"context").expose())
        .collect();
    keys.insert(*root.expose());
    keys.insert(*root.derive(Purpose::File, b"another context").expose());
    assert_eq!(keys.len(), purposes.len() + 2);
}

#[test]
fn each_kind_of_bond_has_its_own_encoding() {
    let record = Record {
        school: PERSON.school,
        kind: PERSON.id,
        ..RECORD
    };
    let bonds = [
        Bond::Field(PLACE),
        Bond::DataKey(record),
        Bond::DataKeyFor(record, PERSON.id),
        Bond::SecondFactor(PERSON),
        Bond::PersonUnderPassword(PERSON),
        Bond::PersonInKit(PERSON),
        Bond::PersonInSession(PERSON),
    ];
    let encodings: BTreeSet<Vec<u8>> = bonds.iter().map(Bond::encode).collect();
    assert_eq!(encodings.len(), bonds.len());
}
