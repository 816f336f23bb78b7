//! A table has one owner: only the feature whose noun begins the table's name writes to it. And one
//! place names a database driver.

use std::collections::BTreeSet;

use crate::house::{House, Page};

const SOURCE: &str = "crates/belisha/src/";
const MIGRATIONS: &str = "crates/belisha/migrations/";

/// The writes that are nobody's act and have no journal entry stand together in one file, so that
/// their whole list can be read; it may write to any table.
const UPKEEP: &str = "upkeep";

/// The nouns that do not say by themselves which feature they belong to. Any other table belongs
/// to the folder that is its first word in the plural: `incident_closure` to `incidents`.
const OWNERS: &[(&str, &str)] = &[
    ("agency", "agencies"),
    ("class", "people"),
    ("data_request", "data_requests"),
    ("family", "people"),
    ("filter", "filter"),
    ("journal", "tx"),
    ("person", "people"),
    ("post", "people"),
    ("record_key", "records"),
    ("recovery_kit", "backups"),
    ("report", "incidents"),
    ("retention", "retention"),
    ("school", "schools"),
    ("session", "accounts"),
    ("set_up", "schools"),
    ("submission", "tx"),
    ("token", "api"),
];

/// Rooms that write to tables of other rooms, with the reason. The list may only shrink.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "testing/",
        "a test's school stands before any act could make it",
    ),
    (
        "schools/set_up/",
        "the first people, before anybody is there to act",
    ),
    (
        "accounts/endings.rs",
        "a leaver's tokens end with their sessions",
    ),
    (
        "notices/post.rs",
        "a failed mail asks for the mail job again",
    ),
];

/// Writes to a table from outside the feature that owns it.
pub fn written_by_others(house: &House) -> Vec<String> {
    let tables: BTreeSet<String> = house
        .pages()
        .filter(|page| page.path.starts_with(MIGRATIONS))
        .flat_map(|page| after(&page.text, &["create", "table"]))
        .collect();
    let mut findings = Vec::new();
    for page in house
        .pages()
        .filter(|page| page.path.starts_with(SOURCE) && page.is("rs") && !page.is_test())
    {
        for verb in [&["insert", "into"][..], &["update"], &["delete", "from"]] {
            for table in after(&page.text, verb).filter(|word| tables.contains(word)) {
                let owner = owner(&table);
                let excused = ELSEWHERE
                    .iter()
                    .any(|(room, _)| page.path.starts_with(&format!("{SOURCE}{room}")));
                if !excused && !stands_in(page, &owner) && !stands_in(page, UPKEEP) {
                    findings.push(format!(
                        "{} writes to the table {table}, which belongs to {SOURCE}{owner}: call an act of that feature",
                        page.path
                    ));
                }
            }
        }
    }
    findings
}

/// Places outside `db` that name a driver, or vouch for a statement put together at run time.
pub fn drivers_elsewhere(house: &House) -> Vec<String> {
    let needles = [
        "AssertSqlSafe",
        "sqlx::sqlite",
        "sqlx::postgres",
        "SqlitePool",
        "PgPool",
    ];
    let mut findings = Vec::new();
    for page in house
        .pages()
        .filter(|page| page.is("rs") && page.path.starts_with("crates/"))
    {
        if stands_in(page, "db") || page.path.starts_with("crates/tidy/") {
            continue;
        }
        for (line, text) in page.lines() {
            for needle in needles.iter().filter(|needle| text.contains(**needle)) {
                findings.push(format!(
                    "{}:{line} says {needle}; only {SOURCE}db may",
                    page.path
                ));
            }
        }
    }
    findings
}

/// The feature that owns a table: the longest noun that begins its name, or else its first word in the plural.
fn owner(table: &str) -> String {
    let begins = |noun: &str| {
        table
            .strip_prefix(noun)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    let named = OWNERS
        .iter()
        .filter(|(noun, _)| begins(noun))
        .max_by_key(|(noun, _)| noun.len());
    match named {
        Some((_, feature)) => (*feature).to_owned(),
        None => plural(table.split('_').next().unwrap_or(table)),
    }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    }
}

/// Whether a page is the feature's file or in its folder.
fn stands_in(page: &Page, feature: &str) -> bool {
    page.path
        .strip_prefix(SOURCE)
        .and_then(|path| path.strip_prefix(feature))
        .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// The words that follow a phrase, in lower case, with `if not exists` passed over.
fn after<'a>(text: &'a str, phrase: &'a [&str]) -> impl Iterator<Item = String> + 'a {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty() && !["if", "not", "exists", "only"].contains(word))
        .map(str::to_lowercase)
        .collect();
    let found: Vec<String> = words
        .windows(phrase.len() + 1)
        .filter(|words| {
            words
                .iter()
                .zip(phrase)
                .all(|(word, wanted)| word == wanted)
        })
        .filter_map(|words| words.last().cloned())
        .collect();
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: (&str, &str) = (
        "crates/belisha/migrations/0001.sql",
        "create table incident_closure (id text); create table if not exists person (id text);",
    );

    #[track_caller]
    fn check(path: &str, sql: &str, findings: usize) {
        let house = House::of(&[TABLES, (path, sql)]);
        assert_eq!(written_by_others(&house).len(), findings, "{path}: {sql}");
    }

    #[test]
    fn only_the_owner_writes() {
        check(
            "crates/belisha/src/incidents/queries.rs",
            "insert into incident_closure (id)",
            0,
        );
        check(
            "crates/belisha/src/incidents.rs",
            "delete from incident_closure",
            0,
        );
        check(
            "crates/belisha/src/home/mod.rs",
            "insert into incident_closure (id)",
            1,
        );
        check(
            "crates/belisha/src/home/mod.rs",
            "update person\n set name = $1",
            1,
        );
        check("crates/belisha/src/home/mod.rs", "DELETE FROM person", 1);
        check("crates/belisha/src/home/mod.rs", "select id from person", 0);
        check(
            "crates/belisha/src/home/mod.rs",
            "// Ways to update the page",
            0,
        );
        check(
            "crates/belisha/src/home/tests.rs",
            "update person set name = $1",
            0,
        );
        check(
            "crates/belisha/src/upkeep.rs",
            "update person set name = $1",
            0,
        );
        check(
            "crates/belisha/src/incidents_old.rs",
            "update incident_closure",
            1,
        );
    }

    #[test]
    fn a_table_is_owned_by_the_feature_of_its_noun() {
        assert_eq!(owner("incident_closure"), "incidents");
        assert_eq!(owner("policy_version"), "policies");
        assert_eq!(owner("post_holding"), "people");
        assert_eq!(owner("record_key_reader"), "records");
        assert_eq!(owner("reporter"), "reporters");
    }

    #[test]
    fn a_driver_is_named_in_one_place() {
        let says = "use sqlx::sqlite::SqliteRow;";
        let elsewhere = |path| drivers_elsewhere(&House::of(&[(path, says)])).len();
        assert_eq!(elsewhere("crates/belisha/src/db/mod.rs"), 0);
        assert_eq!(elsewhere("crates/belisha/src/db.rs"), 0);
        assert_eq!(elsewhere("crates/belisha/src/people/queries.rs"), 1);
    }
}
