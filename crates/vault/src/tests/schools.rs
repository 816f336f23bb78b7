use super::{PERSON, RECORD, chance};
use crate::school::SchoolKeys;
use crate::secret::Secret;
use crate::{DataKey, OpenRefused, Person, Record};

fn keys(seeds: &[u8]) -> SchoolKeys {
    let keys = seeds.iter().map(|seed| Secret::draw(&mut chance(*seed)));
    SchoolKeys {
        keys: keys.collect(),
    }
}

#[test]
fn a_data_key_opens_only_for_its_record() {
    let school = keys(&[1]);
    let mut chance = chance(9);
    let key = DataKey::new(&mut chance);
    let wrapped = school.wrap(&key, &RECORD, &mut chance);
    let check = |record: Record<'_>, expected| {
        assert_eq!(
            school.unwrap(&wrapped, &record).map(|key| key.id()),
            expected,
            "{record:?}"
        );
    };
    check(RECORD, Ok(key.id()));
    check(
        Record {
            school: "school-2",
            ..RECORD
        },
        Err(OpenRefused::Moved),
    );
    check(
        Record {
            kind: "allegation",
            ..RECORD
        },
        Err(OpenRefused::Moved),
    );
    check(
        Record {
            id: "incident-8",
            ..RECORD
        },
        Err(OpenRefused::Moved),
    );
    for at in 0..wrapped.len() {
        let changed = super::flipped(&wrapped, at, 1);
        assert!(school.unwrap(&changed, &RECORD).is_err(), "byte {at}");
    }
}

#[test]
fn a_rotation_can_stop_and_resume_and_old_backups_still_open() {
    let mut chance = chance(9);
    let key = DataKey::new(&mut chance);
    let before = keys(&[1]).wrap(&key, &RECORD, &mut chance);

    let rotated = keys(&[2, 1]);
    assert_eq!(rotated.old_ids(), [keys(&[1]).current_id()]);
    assert_eq!(rotated.unwrap(&before, &RECORD).unwrap().id(), key.id());
    assert_eq!(rotated.is_current(&before), Ok(false));

    let after = rotated
        .rewrap(&before, &RECORD, &mut chance)
        .unwrap()
        .unwrap();
    assert_eq!(rotated.is_current(&after), Ok(true));
    assert_eq!(rotated.rewrap(&after, &RECORD, &mut chance), Ok(None));
    assert_eq!(keys(&[2]).unwrap(&after, &RECORD).unwrap().id(), key.id());

    let sealed_under = keys(&[1]).current_id();
    let offered = keys(&[2]).current_id();
    let refused = keys(&[2]).unwrap(&before, &RECORD).unwrap_err();
    assert_eq!(
        refused,
        OpenRefused::OtherKey {
            sealed_under,
            offered
        }
    );
}

#[test]
fn the_seed_of_a_second_factor_belongs_to_one_person() {
    let school = keys(&[1]);
    let mut chance = chance(9);
    let sealed = school.seal_second_factor(&PERSON, b"twenty bytes of seed", &mut chance);
    let check = |person: Person<'_>, expected: Result<&[u8], OpenRefused>| {
        let opened = school.open_second_factor(&person, &sealed);
        assert_eq!(
            opened
                .as_deref()
                .map(Vec::as_slice)
                .map_err(|refused| *refused),
            expected
        );
    };
    check(PERSON, Ok(b"twenty bytes of seed"));
    check(
        Person {
            id: "person-5",
            ..PERSON
        },
        Err(OpenRefused::Moved),
    );
    check(
        Person {
            school: "school-2",
            ..PERSON
        },
        Err(OpenRefused::Moved),
    );
    // Nor is it a data key, and a data key is no seed.
    assert_eq!(
        school.unwrap(&sealed, &RECORD).unwrap_err(),
        OpenRefused::Moved
    );
    let wrapped = school.wrap(&DataKey::new(&mut chance), &RECORD, &mut chance);
    assert_eq!(
        school.open_second_factor(&PERSON, &wrapped),
        Err(OpenRefused::Moved)
    );
    // After a rotation it opens as before.
    assert!(keys(&[2, 1]).open_second_factor(&PERSON, &sealed).is_ok());
    assert!(keys(&[2]).open_second_factor(&PERSON, &sealed).is_err());
}

#[test]
fn a_typed_name_has_one_fingerprint_for_each_key() {
    let (one, other) = (keys(&[1]), keys(&[2, 1]));
    let of = |keys: &SchoolKeys, name: &[u8]| keys.fingerprint_of_typed_name(name);
    assert_eq!(of(&one, b"ada"), of(&one, b"ada"));
    assert_ne!(of(&one, b"ada"), of(&one, b"adb"));
    assert_ne!(of(&one, b"ada"), of(&other, b"ada"));
}
