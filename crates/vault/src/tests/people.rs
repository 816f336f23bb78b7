use proptest::prelude::*;

use super::{PERSON, PLACE, RECORD, chance, flipped, hex};
use crate::{
    Cost, DataKey, Kit, OpenRefused, PasswordRefused, PasswordWrap, Person, PersonPrivate,
    PersonPublic, Reader, Record, SessionToken,
};

const PASSWORD: &str = "four amber beacons blink";
const WRONG: PasswordRefused = PasswordRefused::WrongPassword;

fn light() -> Cost {
    Cost::of(64, 1).unwrap()
}

fn private(seed: u8) -> PersonPrivate {
    PersonPrivate::new(&mut chance(seed))
}

#[test]
fn a_password_opens_its_own_persons_key() {
    let private = private(1);
    let public = private.public();
    let wrap = PasswordWrap::new(&private, &PERSON, PASSWORD, light(), &mut chance(2));
    let wrap = PasswordWrap::from_bytes(&wrap.to_bytes()).unwrap();
    let check = |person: Person<'_>, password: &str, expected| {
        let opened = wrap
            .open(&person, password, &public)
            .map(|key| key == private);
        assert_eq!(opened, expected, "{password} of {person:?}");
    };
    check(PERSON, PASSWORD, Ok(true));
    check(PERSON, "", Err(WRONG));
    check(PERSON, "four amber beacons blinK", Err(WRONG));
    check(PERSON, "four amber beacons blink ", Err(WRONG));
    // A row moved to another account is another password.
    check(
        Person {
            id: "person-5",
            ..PERSON
        },
        PASSWORD,
        Err(WRONG),
    );
    check(
        Person {
            school: "school-2",
            ..PERSON
        },
        PASSWORD,
        Err(WRONG),
    );
}

#[test]
fn a_key_that_is_not_the_stored_one_is_refused() {
    let wrap = PasswordWrap::new(&private(1), &PERSON, PASSWORD, light(), &mut chance(2));
    let refused = wrap.open(&PERSON, PASSWORD, &private(3).public());
    assert_eq!(refused.unwrap_err(), PasswordRefused::Damaged);
}

#[test]
fn every_changed_byte_of_a_password_wrap_is_refused() {
    let private = private(1);
    let public = private.public();
    let wrap = PasswordWrap::new(&private, &PERSON, PASSWORD, light(), &mut chance(2));
    let bytes = wrap.to_bytes();
    for at in 0..bytes.len() {
        let read = PasswordWrap::from_bytes(&flipped(&bytes, at, 1));
        let refused = read.and_then(|wrap| wrap.open(&PERSON, PASSWORD, &public));
        assert!(refused.is_err(), "byte {at}");
    }
    for length in 0..bytes.len() {
        assert!(PasswordWrap::from_bytes(&bytes[..length]).is_err());
    }
}

#[test]
fn the_stored_verifier_does_not_open_the_wrap() {
    use aes_kw::{KeyInit, KwpAes256};
    let wrap = PasswordWrap::new(&private(1), &PERSON, PASSWORD, light(), &mut chance(2));
    let bytes = wrap.to_bytes();
    let verifier: [u8; 32] = bytes[26..58].try_into().unwrap();
    let opened = KwpAes256::new(&verifier.into())
        .unwrap_key(&bytes[58..], &mut [0; 32])
        .is_ok();
    assert!(!opened);
}

#[test]
fn the_floor_of_the_cost_works_and_is_known_as_the_floor() {
    assert_eq!(Cost::of(65_536, 3), Some(Cost::FLOOR));
    assert!(light().is_below(Cost::FLOOR));
    assert!(Cost::of(131_072, 2).unwrap().is_below(Cost::FLOOR));
    assert!(!Cost::of(131_072, 3).unwrap().is_below(Cost::FLOOR));
    for (memory, passes) in [
        (7, 3),
        (1_048_577, 3),
        (65_536, 0),
        (65_536, 65),
        (u32::MAX, 3),
    ] {
        assert_eq!(
            Cost::of(memory, passes),
            None,
            "{memory} KiB, {passes} passes"
        );
    }

    let private = private(1);
    let wrap = PasswordWrap::new(&private, &PERSON, PASSWORD, Cost::FLOOR, &mut chance(2));
    assert_eq!(wrap.cost(), Cost::FLOOR);
    assert!(wrap.open(&PERSON, PASSWORD, &private.public()).unwrap() == private);
    assert_eq!(PasswordWrap::pretend(&PERSON, PASSWORD, Cost::FLOOR), WRONG);
}

#[test]
fn a_session_token_opens_the_key_of_its_person() {
    let mut chance = chance(7);
    let private = private(1);
    let public = private.public();
    let token = SessionToken::new(&mut chance);
    let wrapped = token.wrap(&private, &PERSON, &mut chance);
    let again = SessionToken::read(&token.text()).unwrap();
    assert_eq!(again.lookup(), token.lookup());
    assert!(again.unwrap(&PERSON, &wrapped, &public).unwrap() == private);

    let other = Person {
        id: "person-5",
        ..PERSON
    };
    assert_eq!(
        token.unwrap(&other, &wrapped, &public).unwrap_err(),
        OpenRefused::Moved
    );
    let stranger = SessionToken::new(&mut chance);
    let refused = stranger.unwrap(&PERSON, &wrapped, &public).unwrap_err();
    assert!(matches!(refused, OpenRefused::OtherKey { .. }));
    let of_another = self::private(3).public();
    assert_eq!(
        token.unwrap(&PERSON, &wrapped, &of_another).unwrap_err(),
        OpenRefused::Altered
    );
    for at in 0..wrapped.len() {
        assert!(
            token
                .unwrap(&PERSON, &flipped(&wrapped, at, 1), &public)
                .is_err(),
            "byte {at}"
        );
    }
}

#[test]
fn what_the_session_table_stores_is_not_the_token() {
    let token = SessionToken::new(&mut chance(7));
    let as_cookie = SessionToken(crate::secret::Secret::copy(&token.lookup()).unwrap());
    assert_ne!(as_cookie.text(), token.text());
    assert_ne!(as_cookie.lookup(), token.lookup());
}

#[test]
fn only_our_own_cookies_are_session_tokens() {
    let text = SessionToken::new(&mut chance(7)).text();
    assert!(SessionToken::read(&text).is_some());
    for other in [
        "",
        "x",
        &text[1..],
        &format!("{}A", *text),
        &format!("{}=", *text),
        &text.replace(&text[..1], "/"),
    ] {
        assert!(SessionToken::read(other).is_none(), "{other}");
    }
}

#[test]
fn a_sealed_record_opens_only_for_its_readers() {
    let mut chance = chance(7);
    let (lead, chair) = (private(1), private(2));
    let key = DataKey::new(&mut chance);
    let reader = Reader {
        person: "lead",
        key: &lead.public(),
    };
    let wrapped = key.wrap_for(&reader, &RECORD, &mut chance);
    assert_eq!(wrapped.len(), 106);
    let check = |private: &PersonPrivate, person: &str, record: Record<'_>, expected| {
        let opened = private
            .unwrap(person, &record, &wrapped)
            .map(|key| key.id());
        assert_eq!(opened, expected, "{person}, {record:?}");
    };
    let (sealed_under, offered) = (lead.public().id(), chair.public().id());
    check(&lead, "lead", RECORD, Ok(key.id()));
    check(
        &chair,
        "chair",
        RECORD,
        Err(OpenRefused::OtherKey {
            sealed_under,
            offered,
        }),
    );
    check(
        &chair,
        "lead",
        RECORD,
        Err(OpenRefused::OtherKey {
            sealed_under,
            offered,
        }),
    );
    check(&lead, "chair", RECORD, Err(OpenRefused::Moved));
    check(
        &lead,
        "lead",
        Record {
            id: "incident-8",
            ..RECORD
        },
        Err(OpenRefused::Moved),
    );
    check(
        &lead,
        "lead",
        Record {
            school: "school-2",
            ..RECORD
        },
        Err(OpenRefused::Moved),
    );

    for at in 0..wrapped.len() {
        for mask in [1, 0x80] {
            let changed = flipped(&wrapped, at, mask);
            // X25519 ignores the top bit of a point, but the key schedule does not.
            assert!(lead.unwrap("lead", &RECORD, &changed).is_err(), "byte {at}");
        }
    }
    for length in 0..wrapped.len() {
        assert!(lead.unwrap("lead", &RECORD, &wrapped[..length]).is_err());
    }
    // A wrap for a reader is no wrap under a key, nor the other way about.
    let field = key.seal(&PLACE, b"text", &mut chance);
    assert_eq!(
        lead.unwrap("lead", &RECORD, &field).unwrap_err(),
        OpenRefused::OtherAlgorithm(1)
    );
    assert_eq!(
        key.open(&PLACE, &wrapped).unwrap_err(),
        OpenRefused::OtherAlgorithm(2)
    );
}

#[test]
fn a_renamed_envelope_still_opens_for_nobody_else() {
    let mut chance = chance(7);
    let (lead, chair) = (private(1), private(2));
    let reader = Reader {
        person: "lead",
        key: &lead.public(),
    };
    let mut wrapped = DataKey::new(&mut chance).wrap_for(&reader, &RECORD, &mut chance);
    wrapped[2..10].copy_from_slice(&chair.public().id().0);
    assert_eq!(
        chair.unwrap("lead", &RECORD, &wrapped).unwrap_err(),
        OpenRefused::Altered
    );
}

#[test]
fn a_reader_adds_a_reader() {
    let mut chance = chance(7);
    let (lead, deputy) = (private(1), private(2));
    let key = DataKey::new(&mut chance);
    let sealed = key.seal(&PLACE, b"about an adult", &mut chance);
    let for_lead = key.wrap_for(
        &Reader {
            person: "lead",
            key: &lead.public(),
        },
        &RECORD,
        &mut chance,
    );
    drop(key);
    let present = lead.unwrap("lead", &RECORD, &for_lead).unwrap();
    let new = Reader {
        person: "deputy",
        key: &deputy.public(),
    };
    let for_deputy = present.wrap_for(&new, &RECORD, &mut chance);
    let opened = deputy
        .unwrap("deputy", &RECORD, &for_deputy)
        .unwrap()
        .open(&PLACE, &sealed);
    assert_eq!(opened.unwrap().as_slice(), b"about an adult");
}

#[test]
fn the_kit_opens_what_a_forgotten_password_closed() {
    let mut chance = chance(7);
    let kit = Kit::new(&mut chance);
    let person = private(1);
    let public = person.public();
    let wrapped = person.wrap_for_kit(&kit.recipient(), &PERSON, &mut chance);
    assert!(kit.unwrap_person(&PERSON, &wrapped, &public).unwrap() == person);
    let other = Person {
        id: "person-5",
        ..PERSON
    };
    assert_eq!(
        kit.unwrap_person(&other, &wrapped, &public).unwrap_err(),
        OpenRefused::Moved
    );
    let swapped = kit.unwrap_person(&PERSON, &wrapped, &private(3).public());
    assert_eq!(swapped.unwrap_err(), OpenRefused::Altered);
    assert!(
        Kit::new(&mut chance)
            .unwrap_person(&PERSON, &wrapped, &public)
            .is_err()
    );

    let key = DataKey::new(&mut chance);
    let wrapped = key.wrap_for_kit(&kit.recipient(), &RECORD, &mut chance);
    assert_eq!(kit.unwrap(&RECORD, &wrapped).unwrap().id(), key.id());
    let elsewhere = Record {
        id: "incident-8",
        ..RECORD
    };
    assert_eq!(
        kit.unwrap(&elsewhere, &wrapped).unwrap_err(),
        OpenRefused::Moved
    );
}

#[test]
fn a_public_key_that_everybody_shares_is_refused() {
    let mut one = [0; 32];
    one[0] = 1;
    for bytes in [[0; 32], one] {
        assert!(PersonPublic::from_bytes(&bytes).is_err());
    }
    assert!(PersonPublic::from_bytes(&[9; 31]).is_err());
    let public = private(1).public();
    assert_eq!(PersonPublic::from_bytes(&public.to_bytes()), Ok(public));
}

/// Schools keep these bytes for decades: a change here is a new version, never an edit.
#[test]
fn the_formats_stay() {
    let private = private(1);
    let wrap = PasswordWrap::new(&private, &PERSON, PASSWORD, light(), &mut chance(2));
    assert_eq!(hex(&wrap.to_bytes()), PASSWORD_WRAP);
    let key = DataKey::new(&mut chance(3));
    let reader = Reader {
        person: "lead",
        key: &private.public(),
    };
    assert_eq!(
        hex(&key.wrap_for(&reader, &RECORD, &mut chance(4))),
        ENVELOPE
    );
    let token = SessionToken::new(&mut chance(5));
    assert_eq!(hex(&token.lookup()), LOOKUP);
}
const PASSWORD_WRAP: &str = "01010000004000000001f6a12ca8ffc30a66ca140ccc727633619ff1ae6888a6187dbe2b11459896d2f73e27dd70632709d69926e3b4265484bc15afad794081b3dc7527758f8bb8bf334302911c19cf0f6987ea92a032e7bd58ad68003765cb99be";
const ENVELOPE: &str = "010293fd49020c7e851d80bc5d4c77a9ca2e61827b56e27d054979159e7cf70943312b8e8db6069815891c861bb55fbf5887ebcae78abfc4f264bc41a09e9052054df78339201c4b6e09fc5b5df01fe174d04ba35eb4f6604864d7591ccf38f6bb5770b7a0a9d77a5e6f";
const LOOKUP: &str = "55e01f75760f512a33309bba080a067731a347c07aeb11d94dabfe36490397a8";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_password_opens_and_any_other_does_not(password in ".{0,200}", other in ".{0,200}") {
        let private = private(1);
        let cost = Cost::of(8, 1).unwrap();
        let wrap = PasswordWrap::new(&private, &PERSON, &password, cost, &mut chance(2));
        let opened = wrap.open(&PERSON, &other, &private.public());
        prop_assert_eq!(opened.is_ok(), password == other);
        prop_assert!(wrap.open(&PERSON, &password, &private.public()).is_ok());
    }
}
