use super::*;
use crate::parse;

fn policy(rest: &str) -> Policy {
    let text = format!("# P\n\nHello.\n\n{rest}");
    parse(&text).unwrap_or_else(|faults| panic!("{text}\n{faults:?}"))
}

/// A policy with one section and these clauses, each an id and words (and controls).
fn clauses_of(clauses: &[(&str, &str)]) -> Policy {
    let clauses: String = clauses
        .iter()
        .map(|(id, words)| format!("### Title of {id} {{#{id}}}\n\n{words}\n\n"))
        .collect();
    policy(&format!("## S {{#s}}\n\n{clauses}"))
}

fn check(old: &[(&str, &str)], new: &[(&str, &str)], expected: &[&str]) {
    let difference = difference(&clauses_of(old), &clauses_of(new));
    let found: Vec<String> = difference
        .clauses
        .iter()
        .map(ClauseChange::summary)
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn clauses_are_followed_by_their_ids() {
    let (a, b, c) = (("a", "One."), ("b", "Two."), ("c", "Three."));
    check(&[a, b], &[a, b], &[]);
    check(
        &[a, b],
        &[a, ("b", "Two,\nand more.")],
        &["1.2 Title of b: words changed"],
    );
    check(&[a], &[a, b], &["1.2 Title of b: added"]);
    check(
        &[a, b],
        &[b],
        &[
            "1.1 Title of a: removed",
            "1.1 Title of b: renumbered from 1.2",
        ],
    );
    check(
        &[a, b, c],
        &[a, c],
        &[
            "1.2 Title of b: removed",
            "1.2 Title of c: renumbered from 1.3",
        ],
    );
    check(&[a, b], &[a], &["1.2 Title of b: removed"]);
    check(
        &[a, b, c],
        &[b, c, a],
        &[
            "1.1 Title of b: renumbered from 1.2",
            "1.2 Title of c: renumbered from 1.3",
            "1.3 Title of a: moved from 1.1",
        ],
    );
    // Where one line is broken is nobody's business.
    check(&[("a", "One and two.")], &[("a", "One\nand  two.")], &[]);
}

#[test]
fn renamed_and_moved_under_another_clause() {
    let old = policy("## S {#s}\n\n### A {#a}\n\nw\n\n### B {#b}\n\nw\n\n#### C {#c}\n\nw\n");
    let new = policy("## S {#s}\n\n### A {#a}\n\nw\n\n#### C {#c}\n\nw\n\n### Bee {#b}\n\nw\n");
    let summaries: Vec<String> = difference(&old, &new)
        .clauses
        .iter()
        .map(ClauseChange::summary)
        .collect();
    assert_eq!(
        summaries,
        ["1.1.1 C: moved from 1.2.1", "1.2 Bee: renamed from “B”",]
    );
}

#[test]
fn title_and_introduction_are_compared_too() {
    let old = parse("# P\n\nHello.\n\n## S {#s}\n\nw\n").unwrap();
    let new = parse("# Q\n\nHello all.\n\n## S {#s}\n\nw\n").unwrap();
    let found = difference(&old, &new);
    assert_eq!(found.title, Some(("P".to_owned(), "Q".to_owned())));
    assert_eq!(
        found.introduction,
        [
            Run::Removed("Hello.".to_owned()),
            Run::Added("Hello all.".to_owned()),
        ]
    );
    assert!(difference(&old, &old).is_empty());
}

/// What changes in effect, as lines for a person.
fn effects(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
    difference(&clauses_of(old), &clauses_of(new))
        .effects
        .iter()
        .map(|change| {
            let side = |side: &Option<InForce>| match side {
                Some(InForce {
                    sentence,
                    clause: Some(clause),
                }) => format!("{sentence} [{clause}]"),
                Some(InForce {
                    sentence,
                    clause: None,
                }) => format!("{sentence} [by default]"),
                None => "nothing".to_owned(),
            };
            let params: Vec<String> = change
                .params
                .iter()
                .map(|param| format!("{}: {} -> {}", param.name, param.before, param.after))
                .collect();
            let of = change.of.as_deref().unwrap_or_default();
            format!(
                "{} {of} | {} | {} | {}",
                change.control.key,
                side(&change.before),
                side(&change.after),
                params.join(", ")
            )
        })
        .collect()
}

#[test]
fn effects_are_told_control_by_control() {
    let locked = |minutes: &str| format!("w\n\n```control idle-lock\nafter = \"{minutes}\"\n```");
    let (five, ten) = (locked("5 minutes"), locked("10 minutes"));
    let said = |minutes: &str| {
        format!("The screen locks after {minutes} without a key, a click or a touch.")
    };
    let (five_said, ten_said) = (said("5 minutes"), said("10 minutes"));
    let nothing: [String; 0] = [];

    assert_eq!(
        effects(&[("a", &ten)], &[("a", &five)]),
        [format!(
            "idle-lock  | {ten_said} [a] | {five_said} [a] | after: 10 minutes -> 5 minutes"
        )]
    );
    // A clause that falls silent leaves the default in force.
    assert_eq!(
        effects(&[("a", &five)], &[("a", "w")]),
        [format!(
            "idle-lock  | {five_said} [a] | {ten_said} [by default] | after: 5 minutes -> 10 minutes"
        )]
    );
    // Saying the default aloud, or in another clause, changes nothing.
    assert_eq!(effects(&[("a", "w")], &[("a", &ten)]), nothing);
    assert_eq!(
        effects(&[("a", &five), ("b", "w")], &[("a", "w"), ("b", &five)]),
        nothing
    );
}

#[test]
fn effects_of_repeating_controls_are_told_use_by_use() {
    let held = |post: &str, more: &str| {
        format!("w\n\n```control named-post\npost = \"{post}\"\n{more}```")
    };
    let (head, head_and_deputy, office) = (
        held("headteacher", ""),
        held("headteacher", "deputy = true\n"),
        held("school-office", ""),
    );
    assert_eq!(
        effects(&[("a", &head), ("b", &office)], &[("a", &head_and_deputy)]),
        [
            "named-post headteacher | A named person holds the post of headteacher. [a] \
             | A named person holds the post of headteacher, and another is named as deputy. [a] | deputy: no -> yes",
            "named-post school office | A named person holds the post of school office. [b] | nothing | ",
        ]
    );
}
