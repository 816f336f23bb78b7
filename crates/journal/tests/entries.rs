//! Drafts, lines, heads, keys and slips: what is taken, what is refused, what comes back.

use std::collections::BTreeMap;

use belisha_journal::{
    Actor, Checkpoint, Draft, Entry, Factor, Hash, Head, LineRefused, Origin, Outcome, Signer,
    SlipRefused, VerifierKey,
};
use proptest::prelude::*;
use uuid::Uuid;

fn plain() -> Draft {
    Draft {
        at_ms: 1_788_249_600_000,
        clock_ms: 42,
        actor: Actor::Person(Uuid::from_u128(0xbe)),
        session: Some("s1".to_owned()),
        factor: Factor::StepUp,
        action: "incident.closed".to_owned(),
        object: "incident:7f3a".to_owned(),
        facts: BTreeMap::from([("version".to_owned(), "3".to_owned())]),
        revision: Some(Hash::of(b"state")),
        result: Outcome::Done,
        payload: None,
    }
}

fn signer() -> Signer {
    Signer::from_seed(
        Origin::new("beacon-primary.example/journal").expect("a name"),
        [1; 32],
    )
}

/// The line as the format page shows it.
#[test]
fn an_entry_is_one_readable_line() {
    let recorded = Head::empty()
        .append(plain())
        .expect("the draft is well formed");
    let revision = Hash::of(b"state");
    let line = [
        r#"{"sequence":0,"time":"2026-09-01T08:00:00.000Z","at":1788249600000,"clock":42,"#,
        r#""actor":"person:00000000-0000-0000-0000-0000000000be","session":"s1","#,
        r#""factor":"step-up","action":"incident.closed","object":"incident:7f3a","#,
        r#""facts":{"version":"3"},"#,
        &format!(
            r#""revision":"{revision}","result":"done","previous":"{}","#,
            "0".repeat(64)
        ),
        r#""payload":null}"#,
    ];
    assert_eq!(recorded.line, line.concat());
    assert_eq!(recorded.leaf, Hash::of_leaf(recorded.line.as_bytes()));
}

#[test]
fn a_draft_out_of_shape_is_refused_and_leaves_the_head_alone() {
    let check = |field: &str, change: &dyn Fn(&mut Draft)| {
        let mut head = Head::empty();
        head.append(plain()).expect("the draft is well formed");
        let before = head.clone();
        let mut draft = plain();
        change(&mut draft);
        let refused = head.append(draft).expect_err(field);
        assert_eq!(refused.field, field, "{refused}");
        assert_eq!(head, before);
    };
    check("time", &|draft| draft.at_ms = 253_370_764_800_000);
    check("clock", &|draft| draft.clock_ms = 1 << 53);
    check("actor", &|draft| {
        draft.actor = Actor::System("Nightly Duties".to_owned())
    });
    check("actor", &|draft| draft.actor = Actor::System(String::new()));
    check("session", &|draft| draft.session = Some(String::new()));
    check("session", &|draft| draft.session = Some("s".repeat(33)));
    check("session", &|draft| draft.session = Some("s 1".to_owned()));
    for action in [
        "closed",
        "incident.",
        ".closed",
        "Incident.closed",
        "a.b.c",
        "incident closed",
    ] {
        check("action", &|draft| draft.action = action.to_owned());
    }
    for object in [
        "incident",
        "incident:",
        ":7",
        "incident:7:8",
        "incident:A Child",
        "incident:é",
    ] {
        check("object", &|draft| draft.object = object.to_owned());
    }
    check("object", &|draft| {
        draft.object = format!("incident:{}", "7".repeat(81))
    });
    for value in [
        "a\nb",
        "a\u{0}",
        "a\u{85}",
        "a\u{2028}b",
        "\u{202e}a",
        "\u{2066}a",
    ] {
        check("facts", &|draft| {
            drop(draft.facts.insert("version".to_owned(), value.to_owned()))
        });
    }
    check("facts", &|draft| {
        drop(draft.facts.insert("version".to_owned(), "é".repeat(201)))
    });
    check("facts", &|draft| {
        drop(draft.facts.insert("Version".to_owned(), "3".to_owned()))
    });
    check("facts", &|draft| {
        draft.facts = (0..17)
            .map(|number| (format!("f{number}"), String::new()))
            .collect();
    });
}

#[test]
fn the_longest_possible_entry_still_fits_a_line() {
    let long = |letter: &str, count: usize| letter.repeat(count);
    let draft = Draft {
        at_ms: 253_370_764_799_999,
        clock_ms: (1 << 53) - 1,
        actor: Actor::System(long("a", 40)),
        session: Some(long("s", 32)),
        factor: Factor::SecondFactor,
        action: format!("{0}.{0}", long("a", 40)),
        object: format!("{}:{}", long("a", 40), long("9", 80)),
        facts: (10..26)
            .map(|n| (format!("{}{n}", long("f", 38)), long("🦺", 200)))
            .collect(),
        revision: Some(Hash::of(b"")),
        result: Outcome::Refused,
        payload: Some(Hash::of(b"")),
    };
    let signer = signer();
    let mut head = Head::empty();
    let line = head
        .append(draft)
        .expect("every field is as long as it may be")
        .line;
    let origin = signer.verifier_key().origin().clone();
    let mut file = belisha_journal::Export::begin(Vec::new(), &origin).expect("memory");
    file.entry(&line).expect("memory");
    file.checkpoint(&signer.checkpoint(&head, 0).note())
        .expect("memory");
    let file = file.finish().expect("a checkpoint is last");
    let verdict = belisha_journal::verify(file.as_slice(), &signer.verifier_key(), &[]);
    assert_eq!(verdict.exit_code(), 0, "{verdict}");
}

#[test]
fn lines_that_are_not_entries_say_why() {
    let line = Head::empty()
        .append(plain())
        .expect("the draft is well formed")
        .line;
    assert!(Entry::read(&line).is_ok());
    assert_eq!(
        Entry::read(&line.replace("T08:00", "T09:00")),
        Err(LineRefused::Time)
    );
    assert_eq!(
        Entry::read(&line.replace("T08:00", "08:00")),
        Err(LineRefused::Form)
    );
    assert_eq!(Entry::read(""), Err(LineRefused::Form));
    assert_eq!(Entry::read(&format!("{line} ")), Err(LineRefused::Form));
}

#[test]
fn damaged_head_bytes_are_refused() {
    let mut head = Head::empty();
    let empty = head.to_bytes();
    for _ in 0..5 {
        head.append(plain()).expect("the draft is well formed");
    }
    let bytes = head.to_bytes();
    let check = |bytes: &[u8], sound: bool| assert_eq!(Head::from_bytes(bytes).is_ok(), sound);
    check(&empty, true);
    check(&bytes, true);
    check(&[], false);
    check(&bytes[..bytes.len() - 1], false);
    check(&[bytes.as_slice(), &[0]].concat(), false);
    check(&[bytes.as_slice(), &[0; 32]].concat(), false);
    check(&[&[2], &bytes[1..]].concat(), false);
    check(&[&empty[..9], &[1; 32]].concat(), false);
    check(&[&[1, 0xff], &bytes[2..]].concat(), false);
}

#[test]
fn a_verifier_key_is_taken_whole_or_not_at_all() {
    let key = signer().verifier_key();
    let text = key.to_string();
    assert_eq!(text.parse::<VerifierKey>(), Ok(key));
    for at in 0..text.len() {
        for other in ["A", "0", "+", "/"] {
            let mut wrong = text.clone();
            wrong.replace_range(at..=at, other);
            assert!(
                wrong == text || wrong.parse::<VerifierKey>().is_err(),
                "{wrong}"
            );
        }
    }
    for origin in ["", "a b", "a+b", "é", &"a".repeat(101), "a\n"] {
        assert!(Origin::new(origin).is_err(), "{origin:?}");
    }
}

fn signed() -> Checkpoint {
    let mut head = Head::empty();
    head.append(plain()).expect("the draft is well formed");
    signer().checkpoint(&head, plain().at_ms)
}

#[test]
fn a_slip_forgives_how_it_is_typed() {
    let key = signer().verifier_key();
    let slip = signed().to_slip();
    let code = &slip[slip.find("1:").expect("the code begins")..];
    let check = |text: &str| assert_eq!(Checkpoint::from_slip(text, &key), Ok(signed()), "{text}");
    check(&slip);
    check(code);
    check(&code.to_lowercase());
    check(&code.replace('\n', " "));
    check(&code.replace(['\n', '\r'], "\r\n"));
    check(&code.replace(": ", ": - "));
    let letters = code.replace('0', "o");
    check(&letters);
    assert_eq!(Checkpoint::open(&signed().note(), &key), Ok(signed()));
}

#[test]
fn every_mistyped_letter_of_a_slip_is_found_on_its_line() {
    let key = signer().verifier_key();
    let slip = signed().to_slip();
    let begin = slip.find("1:").expect("the code begins");
    let mut line = 0;
    for (at, letter) in slip.char_indices().skip(begin) {
        match letter {
            ':' => line += 1,
            ' ' | '\n' => {}
            _ if slip[at + 1..].starts_with(':') => {}
            _ => {
                let other = if letter == 'Z' { "Y" } else { "Z" };
                let mut wrong = slip.clone();
                wrong.replace_range(at..=at, other);
                let refused = Checkpoint::from_slip(&wrong, &key);
                assert_eq!(refused, Err(SlipRefused::Mistyped { line }), "{wrong}");
            }
        }
    }
    assert_eq!(line, 7);
    let other = Signer::from_seed(key.origin().clone(), [2; 32]).verifier_key();
    assert_eq!(
        Checkpoint::from_slip(&slip, &other),
        Err(SlipRefused::Signature)
    );
    assert_eq!(Checkpoint::from_slip("", &key), Err(SlipRefused::Form));
    assert_eq!(Checkpoint::from_slip("1: é", &key), Err(SlipRefused::Form));
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let word = "[a-z][a-z0-9-]{0,39}";
    let actor = prop_oneof![
        any::<u128>().prop_map(|id| Actor::Person(Uuid::from_u128(id))),
        word.prop_map(Actor::System),
    ];
    let hash = prop::option::of(any::<[u8; 32]>().prop_map(Hash));
    let factor = prop::sample::select(vec![
        Factor::None,
        Factor::Password,
        Factor::SecondFactor,
        Factor::StepUp,
    ]);
    let value = prop_oneof!["\\PC{0,200}", "[ -~]{0,200}", "[\"\\\\/é]{0,200}"].prop_filter(
        "no turned text",
        |text: &String| {
            !text.chars().any(|letter| {
                matches!(letter,
                '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            })
        },
    );
    let when = (0..253_370_764_800_000_u64, 0..1_u64 << 53);
    let who = (actor, prop::option::of("[A-Za-z0-9_-]{1,32}"), factor);
    let what = (
        "[a-z][a-z0-9-]{0,39}\\.[a-z][a-z0-9-]{0,39}",
        "[a-z][a-z0-9-]{0,39}:[A-Za-z0-9._-]{1,80}",
        prop::collection::btree_map(word, value, 0..=16),
    );
    let result = prop::sample::select(vec![Outcome::Done, Outcome::Refused]);
    (when, who, what, hash.clone(), result, hash).prop_map(
        |(
            (at_ms, clock_ms),
            (actor, session, factor),
            (action, object, facts),
            revision,
            result,
            payload,
        )| {
            Draft {
                at_ms,
                clock_ms,
                actor,
                session,
                factor,
                action,
                object,
                facts,
                revision,
                result,
                payload,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_draft_reads_back_from_its_line(draft in any_draft()) {
        let mut head = Head::empty();
        head.append(plain()).expect("the draft is well formed");
        let previous = head.last();
        let recorded = head.append(draft.clone()).expect("the draft is well formed");
        prop_assert!(!recorded.line.contains('\n'));
        prop_assert_eq!(Entry::read(&recorded.line), Ok(Entry { sequence: 1, draft, previous }));
    }

    #[test]
    fn any_text_as_a_slip_gets_an_answer(text in "(?s).{0,300}") {
        prop_assert!(Checkpoint::from_slip(&text, &signer().verifier_key()).is_err());
        prop_assert!(Checkpoint::open(&text, &signer().verifier_key()).is_err());
    }
}
