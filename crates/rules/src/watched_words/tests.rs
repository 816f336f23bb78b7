//! Which searches ask for a person, and which are schoolwork. The examples are the extension's too.

use std::collections::BTreeSet;

use super::*;

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../extension/test/watched-words.json"
);

/// What was typed, and the rules that it meets.
const EXAMPLES: &[(&str, &[&str])] = &[
    ("I want to die", &["self-harm-wish"]),
    ("i DON'T want to live", &["self-harm-wish"]),
    ("how to   kill yourself", &["self-harm-means"]),
    ("killing myself laughing", &[]),
    ("dumb ways to die game", &[]),
    ("how many paracetamol to overdose", &["self-harm-pills"]),
    ("overdose first aid treatment how to", &[]),
    ("how to hide my scars", &["self-harm-injury"]),
    ("I hurt myself playing football", &[]),
    ("how to starve myself", &["self-harm-eating"]),
    ("suicide squad cast", &[]),
    ("chcę umrzeć", &["self-harm-pl"]),
    ("Je veux mourir!", &["self-harm-fr"]),
    ("eisiau marw", &["self-harm-cy"]),
    ("he asked me for nudes", &["grooming-pictures"]),
    (
        "someone threatened to share my photos",
        &["grooming-threat"],
    ),
    ("blackmail film plot", &[]),
    (
        "meet my online boyfriend in the park",
        &["grooming-meeting"],
    ),
    ("he says keep it a secret from mum", &["grooming-secret"]),
    ("how to keep a secret surprise party for mum", &[]),
    ("my uncle touched me", &["grooming-touch"]),
    ("how to make a bomb", &["extremism-means"]),
    ("how to make a bath bomb", &[]),
    ("why did people join isis history", &[]),
    ("how to join ISIS", &["extremism-join"]),
    ("white supremacist music", &["extremism-hate"]),
    ("beheading video", &["extremism-glory"]),
    ("anne boleyn beheading video ks2", &[]),
    ("I'm being bullied", &["bullying-mine"]),
    ("anti-bullying week poster", &[]),
    (
        "he told me to kill myself",
        &["self-harm-wish", "bullying-urged"],
    ),
    ("how to beat someone up", &["bullying-own"]),
    ("times tables games", &[]),
    ("how do plants die in winter", &[]),
    ("the romans killed caesar", &[]),
    ("", &[]),
];

#[test]
fn a_search_asks_for_a_person_or_is_left_alone() {
    let all: Vec<Theme> = Theme::all().collect();
    for (text, expected) in EXAMPLES {
        let found: Vec<&str> = met_by(text, &all)
            .iter()
            .map(|rule| rule.id.as_str())
            .collect();
        assert_eq!(found, *expected, "{text}");
    }
    assert!(met_by("I want to die", &[Theme::Bullying]).is_empty());
}

#[test]
fn the_list_is_whole() {
    let ids: BTreeSet<&str> = rules().iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids.len(), rules().len(), "an id stands twice");
    for rule in rules() {
        assert!(rule.id.starts_with(rule.theme.key()), "{}", rule.id);
        assert_eq!(rule.language.len(), 2, "{}", rule.id);
        assert!(!rule.any.is_empty(), "{}", rule.id);
        let phrases = rule.any.iter().chain(&rule.with).chain(&rule.unless);
        for phrase in phrases {
            assert!(
                phrase.trim_end_matches('*').len() > 1,
                "{}: {phrase}",
                rule.id
            );
        }
    }
    for theme in Theme::all() {
        let of_it: Vec<&Rule> = rules().iter().filter(|rule| rule.theme == theme).collect();
        assert!(of_it.iter().any(|rule| rule.severity == Severity::Urgent));
        assert!(of_it.iter().any(|rule| rule.language != "en") || theme == Theme::Extremism);
    }
}

#[test]
fn what_was_typed_has_one_form() {
    for (text, expected) in [
        ("  Don't — STOP!! ", "dont stop"),
        ("café\u{301} ﬁn", "cafe fin"),
        ("a+b_c", "a b c"),
        ("’’", ""),
    ] {
        assert_eq!(one_form(text), expected, "{text}");
    }
}

/// `UPDATE=1` prints the rules as a device gets them, and the examples, for the extension's own tests.
#[test]
fn the_extension_is_tried_on_the_same_rules_and_examples() {
    let mut printed = String::from("{\n  \"rules\": [\n");
    let rows = |rows: Vec<String>| rows.join(",\n");
    let quoted = |words: &[String]| -> String {
        let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
        format!("[{}]", words.join(", "))
    };
    printed += &rows(
        rules()
            .iter()
            .map(|rule| {
                format!(
                    "    {{ \"id\": {:?}, \"theme\": {:?}, \"severity\": {:?}, \"any\": {}, \"with\": {}, \"unless\": {} }}",
                    rule.id,
                    rule.theme.key(),
                    match rule.severity {
                        Severity::Urgent => "urgent",
                        Severity::Concern => "concern",
                    },
                    quoted(&rule.any),
                    quoted(&rule.with),
                    quoted(&rule.unless)
                )
            })
            .collect(),
    );
    printed += "\n  ],\n  \"examples\": [\n";
    printed += &rows(
        EXAMPLES
            .iter()
            .map(|(text, ids)| format!("    {{ \"text\": {text:?}, \"rules\": {ids:?} }}"))
            .collect(),
    );
    printed += "\n  ]\n}\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, &printed).expect("the file");
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert_eq!(
        kept, printed,
        "run UPDATE=1 cargo test -p belisha-rules the_extension_is_tried"
    );
}
