//! How long a file may be before somebody must say why: 600 lines, or 900 of tests.

use crate::house::House;

const LONGEST: usize = 600;

/// Tests are tables with a line per case, which the formatter breaks over several.
const LONGEST_TESTS: usize = 900;

/// Files that are longer, with the reason.
const LONGER: &[(&str, &str)] = &[
    (
        "crates/belisha/schema.sql",
        "the whole data model, printed from the migrations",
    ),
    (
        "crates/belisha/src/entries.rs",
        "one table: every kind of entry with its key and its sentence",
    ),
    (
        "crates/rules/src/access/table.rs",
        "one table: who may do what, read from top to bottom",
    ),
];

const LANGUAGES: [&str; 7] = ["rs", "html", "css", "js", "py", "sql", "typ"];

/// Overlong files without a reason, and reasons that no longer apply.
pub fn overlong(house: &House) -> Vec<String> {
    findings(house, LONGER)
}

fn findings(house: &House, longer: &[(&str, &str)]) -> Vec<String> {
    let is_long = |path: &str| {
        house.page(path).is_some_and(|page| {
            let longest = if page.is_test() {
                LONGEST_TESTS
            } else {
                LONGEST
            };
            page.text.lines().count() > longest
        })
    };
    let ours = |path: &str| !path.contains("/vendor/");
    let unexplained = house
        .pages()
        .filter(|page| LANGUAGES.iter().any(|ending| page.is(ending)) && ours(&page.path))
        .filter(|page| is_long(&page.path) && !longer.iter().any(|(path, _)| *path == page.path))
        .map(|page| {
            format!(
                "{} is too long, {} lines: which second noun hides in it?",
                page.path,
                page.text.lines().count()
            )
        });
    let settled = longer
        .iter()
        .filter(|(path, _)| !is_long(path))
        .map(|(path, _)| format!("{path} is not too long: take its reason away"));
    unexplained.chain(settled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_needs_a_reason_and_a_short_one_must_have_none() {
        let long = "\n".repeat(LONGEST + 1);
        let check = |path, text: &str, reasons: &[(&str, &str)], expected| {
            assert_eq!(
                findings(&House::of(&[(path, text)]), reasons).len(),
                expected,
                "{path}"
            );
        };
        check("crates/rules/src/duties.rs", &long, &[], 1);
        check(
            "crates/rules/src/duties.rs",
            &long,
            &[("crates/rules/src/duties.rs", "one table")],
            0,
        );
        check(
            "crates/rules/src/duties.rs",
            "short",
            &[("crates/rules/src/duties.rs", "one table")],
            1,
        );
        check("crates/ui/assets/vendor/form.css", &long, &[], 0);
        check("packs/junior.md", &long, &[], 0);
        check("crates/rules/src/duties/tests.rs", &long, &[], 0);
        let longer = "\n".repeat(LONGEST_TESTS + 1);
        check("crates/rules/src/duties/tests.rs", &longer, &[], 1);
    }
}
