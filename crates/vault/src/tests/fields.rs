use proptest::prelude::*;

use super::{PLACE, RECORD, chance, flipped, hex};
use crate::place::{Bond, fingerprint};
use crate::{DataKey, OpenRefused, Place, Record};

const TEXT: &[u8] = b"Seen sharing a login at break.";

fn sealed() -> (DataKey, Vec<u8>) {
    let mut chance = chance(1);
    let key = DataKey::new(&mut chance);
    let sealed = key.seal(&PLACE, TEXT, &mut chance);
    (key, sealed)
}

#[test]
fn a_field_opens_only_in_its_place() {
    let (key, sealed) = sealed();
    let check = |place: Place<'_>, expected: Result<&[u8], OpenRefused>| {
        let opened = key.open(&place, &sealed);
        assert_eq!(
            opened
                .as_deref()
                .map(Vec::as_slice)
                .map_err(|refused| *refused),
            expected,
            "{place:?}"
        );
    };
    let moved = Err(OpenRefused::Moved);
    check(PLACE, Ok(TEXT));
    check(
        Place {
            field: "outcome",
            ..PLACE
        },
        moved,
    );
    check(
        Place {
            revision: 2,
            ..PLACE
        },
        moved,
    );
    check(
        Place {
            revision: 4,
            ..PLACE
        },
        moved,
    );
    check(
        Place {
            record: Record {
                school: "school-2",
                ..RECORD
            },
            ..PLACE
        },
        moved,
    );
    check(
        Place {
            record: Record {
                kind: "allegation",
                ..RECORD
            },
            ..PLACE
        },
        moved,
    );
    check(
        Place {
            record: Record {
                id: "incident-8",
                ..RECORD
            },
            ..PLACE
        },
        moved,
    );
    // The same letters in other parts are another place.
    check(
        Place {
            record: Record {
                kind: "inciden",
                id: "tincident-7",
                ..RECORD
            },
            ..PLACE
        },
        moved,
    );
    check(
        Place {
            record: Record {
                id: "incident-7narrative",
                ..RECORD
            },
            field: "",
            ..PLACE
        },
        moved,
    );
}

#[test]
fn a_forged_header_does_not_help() {
    let (key, sealed) = sealed();
    let elsewhere = Place {
        revision: 4,
        ..PLACE
    };
    let mut moved = sealed.clone();
    moved[10..26].copy_from_slice(&fingerprint(&Bond::Field(elsewhere).encode()));
    assert_eq!(key.open(&elsewhere, &moved), Err(OpenRefused::Altered));

    let other = DataKey::new(&mut chance(2));
    let refused = OpenRefused::OtherKey {
        sealed_under: key.id(),
        offered: other.id(),
    };
    assert_eq!(other.open(&PLACE, &sealed), Err(refused));
    let mut renamed = sealed;
    renamed[2..10].copy_from_slice(&other.id().0);
    assert_eq!(other.open(&PLACE, &renamed), Err(OpenRefused::Altered));
}

#[test]
fn every_changed_byte_is_refused_for_its_own_reason() {
    let (key, sealed) = sealed();
    for at in 0..sealed.len() {
        for mask in [1, 0x80, 0xff] {
            let refused = key.open(&PLACE, &flipped(&sealed, at, mask)).unwrap_err();
            let fits = match at {
                0 => matches!(
                    refused,
                    OpenRefused::NewerVersion(_) | OpenRefused::NotSealed
                ),
                1 => matches!(refused, OpenRefused::OtherAlgorithm(_)),
                2..10 => matches!(refused, OpenRefused::OtherKey { .. }),
                10..26 => refused == OpenRefused::Moved,
                _ => refused == OpenRefused::Altered,
            };
            assert!(fits, "byte {at}: {refused:?}");
        }
    }
}

#[test]
fn what_lacks_an_end_or_has_a_longer_one_is_refused() {
    let (key, sealed) = sealed();
    for length in 0..sealed.len() {
        assert!(
            key.open(&PLACE, &sealed[..length]).is_err(),
            "{length} bytes"
        );
    }
    let longer = [sealed.as_slice(), b"\0"].concat();
    assert_eq!(key.open(&PLACE, &longer), Err(OpenRefused::Altered));
}

#[test]
fn one_text_sealed_twice_shows_no_likeness() {
    let mut chance = chance(1);
    let key = DataKey::new(&mut chance);
    let first = key.seal(&PLACE, TEXT, &mut chance);
    let second = key.seal(&PLACE, TEXT, &mut chance);
    assert_ne!(first[26..50], second[26..50]);
    assert_ne!(first[50..], second[50..]);
}

/// Schools keep these bytes for decades: a change here is a new version, never an edit.
#[test]
fn the_format_stays() {
    let (key, sealed) = sealed();
    assert_eq!(hex(&sealed), FIELD);
    assert_eq!(key.id().to_string(), FIELD[4..20]);
}
const FIELD: &str = "010166efeba3508abfbd49c5e5f37687b2eb45dcbac5dab7ba2a1ecc3686b60ee3b84b6c7d321d70d5c06e9dac63a4d0a79d3ff6be44993ca6ad338c4bb19283c33af6e7097500722a906790a60fe1475417b9b8f2f372c1d033222d13e74193";

proptest! {
    #[test]
    fn any_text_comes_back_from_any_place(
        text in proptest::collection::vec(any::<u8>(), 0..2000),
        school in ".*", kind in ".*", id in ".*", field in ".*", revision: u64, seed: u8,
    ) {
        let mut chance = chance(seed);
        let key = DataKey::new(&mut chance);
        let record = Record { school: &school, kind: &kind, id: &id };
        let place = Place { record, field: &field, revision };
        let sealed = key.seal(&place, &text, &mut chance);
        prop_assert_eq!(sealed.len(), text.len() + 66);
        let opened = key.open(&place, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), text.as_slice());
    }

    #[test]
    fn no_bytes_whatever_are_opened(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let key = DataKey::new(&mut chance(1));
        prop_assert!(key.open(&PLACE, &bytes).is_err());
    }

    #[test]
    fn two_places_never_have_one_encoding(
        one in (".{0,4}", ".{0,4}", ".{0,4}", ".{0,4}", 0u64..3),
        other in (".{0,4}", ".{0,4}", ".{0,4}", ".{0,4}", 0u64..3),
    ) {
        let encode = |(school, kind, id, field, revision): &(String, String, String, String, u64)| {
            let record = Record { school, kind, id };
            Bond::Field(Place { record, field, revision: *revision }).encode()
        };
        prop_assert_eq!(encode(&one) == encode(&other), one == other);
    }
}
