//! Each thing is opened where it belongs, and then everywhere that it does not.

mod fields;
mod files;
mod key_files;
mod kits;
mod people;
mod printing;
mod schools;
mod separation;
mod streams;

use crate::{Chance, Person, Place, Record, SeededChance};

const RECORD: Record<'static> = Record {
    school: "school-1",
    kind: "incident",
    id: "incident-7",
};
const PLACE: Place<'static> = Place {
    record: RECORD,
    field: "narrative",
    revision: 3,
};
const PERSON: Person<'static> = Person {
    school: "school-1",
    id: "person-4",
};

fn chance(seed: u8) -> SeededChance {
    SeededChance::new([seed; 32])
}

fn draw<const N: usize>(chance: &mut dyn Chance) -> [u8; N] {
    crate::chance::draw(chance)
}

/// The bytes with one of them changed.
fn flipped(bytes: &[u8], at: usize, mask: u8) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at] ^= mask;
    changed
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn chance_replays_from_its_seed_and_differs_without_one() {
    assert_eq!(draw::<64>(&mut chance(1)), draw::<64>(&mut chance(1)));
    assert_ne!(draw::<64>(&mut chance(1)), draw::<64>(&mut chance(2)));
    let mut system = crate::SystemChance;
    assert_ne!(draw::<32>(&mut system), draw::<32>(&mut system));
}
