//! Which rows of the requirements are shown by a test, which are only said by a pack, and which are
//! open: counted from the source, so that nobody has to keep a list.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::house::{House, Page};

pub const CATALOGUE: &str = "docs/requirements.tsv";
pub const COUNT: &str = "docs/requirements.md";
pub const COMMAND: &str = "cargo run -p belisha-tidy -- requirements";

/// How far a row has come.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// Tests that show it.
    Covered(BTreeSet<String>),
    /// Clauses of a pack that say it.
    Stated(BTreeSet<String>),
    Open,
}

/// Whether this is how the catalogue writes a row: `H-115`, `C-041`.
pub fn is_row(text: &str) -> bool {
    let number = text.strip_prefix("H-").or_else(|| text.strip_prefix("C-"));
    number.is_some_and(|number| number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()))
}

/// The page that says for each row where it stands, one line a row.
pub fn count(house: &House) -> String {
    let states = states(house);
    let covered = states
        .values()
        .filter(|state| matches!(state, State::Covered(_)))
        .count();
    let stated = states
        .values()
        .filter(|state| matches!(state, State::Stated(_)))
        .count();
    let mut page = format!(
        "# Requirements\n\n\
         {covered} of {} rows covered by a test, {stated} stated in a pack, {} open.\n\n\
         Printed by `{COMMAND}` from `{CATALOGUE}`, the packs and the tests; it may only grow.\n\n\
         id | state | shown by\n---|---|---\n",
        states.len(),
        states.len() - covered - stated
    );
    for (row, state) in &states {
        let (word, places) = match state {
            State::Covered(tests) => ("covered", joined(tests)),
            State::Stated(clauses) => ("stated", joined(clauses)),
            State::Open => ("open", "–".to_owned()),
        };
        writeln!(page, "{row} | {word} | {places}").expect("writing to a String cannot fail");
    }
    page
}

/// Rows that a test or a pack names and the catalogue does not have.
pub fn unknown_rows(house: &House) -> Vec<String> {
    let rows = catalogue(house);
    let named = covering(house).into_iter().chain(stating(house));
    named
        .filter(|(row, _)| !rows.contains(row))
        .map(|(row, place)| format!("{place} names {row}, which {CATALOGUE} does not have"))
        .collect()
}

/// Rows that were covered when the page was last printed and would not be now.
pub fn lost(house: &House) -> Vec<String> {
    let states = states(house);
    let before = house.page(COUNT).map_or("", |page| page.text.as_str());
    let was_covered = before
        .lines()
        .filter_map(|line| line.split_once(" | covered | "));
    was_covered
        .filter(|(row, _)| !matches!(states.get(*row), Some(State::Covered(_))))
        .map(|(row, tests)| format!("{row} was covered by {tests} and is covered no longer"))
        .collect()
}

fn states(house: &House) -> BTreeMap<String, State> {
    let mut states: BTreeMap<String, State> = catalogue(house)
        .into_iter()
        .map(|row| (row, State::Open))
        .collect();
    for (row, clause) in stating(house) {
        match states.get_mut(&row) {
            Some(State::Stated(clauses)) => drop(clauses.insert(clause)),
            Some(state) => *state = State::Stated(BTreeSet::from([clause])),
            None => {}
        }
    }
    for (row, test) in covering(house) {
        match states.get_mut(&row) {
            Some(State::Covered(tests)) => drop(tests.insert(test)),
            Some(state) => *state = State::Covered(BTreeSet::from([test])),
            None => {}
        }
    }
    states
}

fn catalogue(house: &House) -> BTreeSet<String> {
    let text = house.page(CATALOGUE).map_or("", |page| page.text.as_str());
    let rows = text.lines().filter_map(|line| line.split('\t').next());
    rows.filter(|row| is_row(row)).map(str::to_owned).collect()
}

/// Each row that a pack says, with the clause: `packs/junior.rows.tsv` has a clause and its rows a line.
fn stating(house: &House) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for page in house.pages() {
        let Some(pack) = page
            .path
            .strip_prefix("packs/")
            .and_then(|name| name.strip_suffix(".rows.tsv"))
        else {
            continue;
        };
        for (clause, rows) in page.text.lines().filter_map(|line| line.split_once('\t')) {
            let rows = rows.split_whitespace().filter(|row| is_row(row));
            found.extend(rows.map(|row| (row.to_owned(), format!("{pack}.md#{clause}"))));
        }
    }
    found
}

/// Each row that a test names in a call of `covers`, with the test.
fn covering(house: &House) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for page in house.pages().filter(|page| is_searched(page)) {
        for (at, call) in page.text.match_indices("covers(") {
            let arguments = page.text[at + call.len()..]
                .split(')')
                .next()
                .unwrap_or_default();
            let test = test_around(page, at);
            let rows = arguments
                .split('"')
                .skip(1)
                .step_by(2)
                .filter(|row| is_row(row));
            found.extend(rows.map(|row| (row.to_owned(), test.clone())));
        }
    }
    found
}

/// Rust, but for this crate, which speaks of `covers` all the time; and journeys.
fn is_searched(page: &Page) -> bool {
    let rust =
        page.is("rs") && page.path.starts_with("crates/") && !page.path.starts_with("crates/tidy/");
    rust || (page.path.starts_with("e2e/journeys/") && page.path.ends_with(".test.js"))
}

/// The test in which a place stands: the last function, or the last `it("…")`, that begins before it.
fn test_around(page: &Page, at: usize) -> String {
    let before = &page.text[..at];
    let name = if page.is("rs") {
        before
            .rsplit_once("fn ")
            .and_then(|(_, rest)| rest.split(['(', '<']).next())
    } else {
        let opening = [" it(\"", "\nit(\"", " test(\"", "\ntest(\""];
        let last = opening
            .iter()
            .filter_map(|opening| Some(before.rfind(opening)? + opening.len()))
            .max();
        last.and_then(|start| before[start..].split('"').next())
    };
    format!("{}: {}", page.path, name.unwrap_or("the whole file"))
}

fn joined(places: &BTreeSet<String>) -> String {
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    places.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: (&str, &str) = (
        CATALOGUE,
        "id\tarea\nC-001\tpolicy\nH-001\tpolicy\nH-002\tpolicy\nH-003\tpolicy\n",
    );
    const PACK: (&str, &str) = (
        "packs/junior.rows.tsv",
        "purpose\tH-001 H-002\nscope\tH-002\n",
    );
    const RUST: (&str, &str) = (
        "crates/rules/src/incidents.rs",
        "#[test]\nfn closes_once() {\n    covers(&[\"H-001\", \"C-001\"]);\n}",
    );
    const JOURNEY: (&str, &str) = (
        "e2e/journeys/report.test.js",
        "\nit(\"is sent\", () => {\n  covers(\"C-001\");\n});",
    );

    #[test]
    fn each_row_says_where_it_stands() {
        let page = count(&House::of(&[ROWS, PACK, RUST, JOURNEY]));
        let lines: Vec<&str> = page.lines().collect();
        assert_eq!(
            lines[2],
            "2 of 4 rows covered by a test, 1 stated in a pack, 1 open."
        );
        assert_eq!(
            lines[8..],
            [
                "C-001 | covered | crates/rules/src/incidents.rs: closes_once; e2e/journeys/report.test.js: is sent",
                "H-001 | covered | crates/rules/src/incidents.rs: closes_once",
                "H-002 | stated | junior.md#purpose; junior.md#scope",
                "H-003 | open | –",
            ]
        );
    }

    #[test]
    fn a_row_that_is_covered_no_longer_is_named() {
        let before = count(&House::of(&[ROWS, PACK, RUST]));
        assert_eq!(
            lost(&House::of(&[ROWS, PACK, RUST, (COUNT, &before)])),
            [""; 0]
        );
        let findings = lost(&House::of(&[ROWS, PACK, JOURNEY, (COUNT, &before)]));
        assert_eq!(findings.len(), 1);
        assert!(findings[0].starts_with("H-001 was covered by crates/rules/src/incidents.rs"));
    }

    #[test]
    fn a_mistyped_row_is_named() {
        let mistyped = (RUST.0, "fn closes_once() { covers(&[\"H-999\"]); }");
        assert_eq!(unknown_rows(&House::of(&[ROWS, PACK, RUST])), [""; 0]);
        assert_eq!(unknown_rows(&House::of(&[ROWS, mistyped])).len(), 1);
        assert_eq!(
            unknown_rows(&House::of(&[ROWS, (PACK.0, "purpose\tC-999")])).len(),
            1
        );
    }

    #[test]
    fn a_row_is_a_letter_and_three_figures() {
        let check = |text, expected| assert_eq!(is_row(text), expected, "{text}");
        check("H-001", true);
        check("C-555", true);
        check("H-1", false);
        check("X-001", false);
        check("H-0011", false);
    }
}
