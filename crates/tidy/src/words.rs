//! What may not stand in the tree: unfinished code, lints switched off for good, places on somebody's
//! machine, and anything but the product itself.

use crate::house::{House, Page};

/// Rust that the compiler's own lints let pass, or only warn of, with what to do instead.
const RUST: &[(&str, &str)] = &[
    (concat!("todo", "!("), "write it, or leave it out"),
    (concat!("unimplemented", "!("), "write it, or leave it out"),
    (
        concat!("#[", "allow("),
        "say #[expect(.., reason = \"..\")], which fails when it is no longer needed",
    ),
    (
        concat!("#![", "allow("),
        "say #[expect(.., reason = \"..\")] where it is needed",
    ),
    (
        concat!("#[", "ignore"),
        "a test that does not run shows nothing",
    ),
];

/// A library has no console; only the binaries, their tests and the examples do.
const PRINTS: &[&str] = &[
    concat!("print", "ln!("),
    concat!("eprint", "ln!("),
    concat!("dbg", "!("),
];

const BINARIES: [&str; 3] = ["bench/", "crates/belisha/", "crates/tidy/"];

/// Paths of one machine, which another machine does not have.
const PLACES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
];

/// The product speaks of itself, not of who built it or with what.
const BUILDERS: &[&str] = &[
    concat!("anth", "ropic"),
    concat!("chat", "gpt"),
    concat!("cla", "ude"),
    concat!("co-auth", "ored-by"),
    concat!("copi", "lot"),
    concat!("language ", "model"),
    concat!("open", "ai"),
];

/// Unfinished or hushed Rust, and prints from a library.
pub fn unfinished(house: &House) -> Vec<String> {
    let mut findings = Vec::new();
    for page in house.pages().filter(|page| page.is("rs")) {
        for (line, text) in page.lines() {
            for (needle, instead) in RUST.iter().filter(|(needle, _)| text.contains(needle)) {
                findings.push(format!("{}:{line} says {needle}…: {instead}", page.path));
            }
            let prints = PRINTS.iter().any(|needle| text.contains(needle));
            if prints && is_library(page) {
                findings.push(format!(
                    "{}:{line} prints; a library returns what it has to say",
                    page.path
                ));
            }
        }
    }
    findings
}

/// Machine paths and words about builders, in any text of ours.
pub fn out_of_place(house: &House) -> Vec<String> {
    let mut findings = Vec::new();
    for page in house.pages().filter(|page| is_ours(page)) {
        for (line, text) in page.lines() {
            for place in PLACES.iter().filter(|place| begins_path(text, place)) {
                findings.push(format!(
                    "{}:{line} names a place on one machine, {place}…",
                    page.path
                ));
            }
            let lower = text.to_lowercase();
            for builder in BUILDERS.iter().filter(|builder| has_word(&lower, builder)) {
                findings.push(format!(
                    "{}:{line} says “{builder}”; the product speaks only of itself",
                    page.path
                ));
            }
        }
    }
    findings
}

fn is_library(page: &Page) -> bool {
    let binary = BINARIES.iter().any(|folder| page.path.starts_with(folder));
    !binary && page.path.contains("/src/") && !page.is_test()
}

/// Texts of others are kept as they were published, and lock files as they were resolved.
fn is_ours(page: &Page) -> bool {
    let theirs = ["/vendor/", "/fixtures/"]
        .iter()
        .any(|folder| page.path.contains(folder));
    !theirs
        && !page.is("lock")
        && !page.path.ends_with("package-lock.json")
        && page.path != "LICENSE"
}

/// Whether an absolute path begins so here: not in the middle of another path or of an address.
fn begins_path(text: &str, place: &str) -> bool {
    text.match_indices(place).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !"/.-_}$".contains(c))
    })
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        [before, after]
            .iter()
            .all(|c| c.is_none_or(|c| !c.is_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: fn(&House) -> Vec<String>, path: &str, text: &str, findings: usize) {
        assert_eq!(
            rule(&House::of(&[(path, text)])).len(),
            findings,
            "{path}: {text}"
        );
    }

    #[test]
    fn unfinished_and_hushed_code_is_found() {
        let lib = "crates/rules/src/incidents.rs";
        for (needle, _) in RUST {
            check(unfinished, lib, &format!("    {needle}dead_code)]"), 1);
        }
        check(
            unfinished,
            lib,
            "#[expect(dead_code, reason = \"read by the next rule\")]",
            0,
        );
        for needle in PRINTS {
            check(unfinished, lib, &format!("    {needle}\"closed\");"), 1);
            check(
                unfinished,
                "crates/belisha/src/main.rs",
                &format!("    {needle}\"ready\");"),
                0,
            );
            check(
                unfinished,
                "crates/journal/tests/vectors.rs",
                &format!("    {needle}\"\");"),
                0,
            );
        }
    }

    #[test]
    fn places_on_a_machine_are_found() {
        for place in PLACES {
            check(out_of_place, "test", &format!("cd {place}belisha"), 1);
            check(
                out_of_place,
                "test",
                &format!("https://example.org{place}belisha"),
                0,
            );
            check(
                out_of_place,
                "crates/ui/assets/vendor/form.css",
                &format!("cd {place}belisha"),
                0,
            );
        }
    }

    #[test]
    fn words_about_builders_are_found() {
        for builder in BUILDERS {
            check(
                out_of_place,
                "README.md",
                &format!("Made with {}.", builder.to_uppercase()),
                1,
            );
            check(out_of_place, "README.md", &format!("un{builder}ed"), 0);
        }
    }
}
