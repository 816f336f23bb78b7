//! Every statement in the source is prepared on both engines: each engine finds
//! faults that the other lets pass.

use crate::testing::{JUNIOR, on_each_engine};

/// Every literal that stands in a call of `sql(..)`.
fn statements() -> Vec<(String, String)> {
    let mut found = Vec::new();
    visit(
        std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        &mut |path, text| {
            // This file speaks of statements and has none.
            if path.ends_with(file!().rsplit('/').next().unwrap_or_default()) {
                return;
            }
            for (at, _) in text.match_indices("sql(") {
                let before = text[..at].chars().next_back();
                if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                let rest = text[at + 4..].trim_start();
                let Some(literal) = rest.strip_prefix('"') else {
                    continue;
                };
                let mut statement = String::new();
                let mut characters = literal.chars();
                while let Some(character) = characters.next() {
                    match character {
                        '"' => break,
                        '\\' => statement.extend(characters.next()),
                        other => statement.push(other),
                    }
                }
                found.push((path.to_owned(), statement));
            }
        },
    );
    found
}

fn visit(folder: &std::path::Path, each: &mut impl FnMut(&str, &str)) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            visit(&path, each);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            each(
                &path.display().to_string(),
                &std::fs::read_to_string(&path).expect("text"),
            );
        }
    }
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    let statements = statements();
    assert!(
        statements.len() > 50,
        "the search for statements found only {}",
        statements.len()
    );
    on_each_engine(JUNIOR, async |app| {
        let mut faults = Vec::new();
        for (path, statement) in &statements {
            let statement: &'static str = Box::leak(statement.clone().into_boxed_str());
            if let Err(error) = app.school.database.prepare(statement).await {
                faults.push(format!("{path}: {error}\n    {statement}"));
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}

#[test]
fn every_control_has_evidence_that_both_engines_understand() {
    on_each_engine(JUNIOR, async |app| {
        for control in belisha_policy::catalogue() {
            if let belisha_policy::Assurance::Counted(query) = &control.assurance {
                app.school
                    .database
                    .prepare(query.sql)
                    .await
                    .unwrap_or_else(|error| panic!("{}: {error}", control.key));
            }
        }
    });
}
