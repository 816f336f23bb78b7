//! The packs state every row of the requirements, and each stated row leads to a clause.

use std::collections::BTreeSet;

use crate::policies::{Pack, pack};

const REQUIREMENTS: &str = include_str!("../../../../../docs/requirements.tsv");

fn check(pack: &Pack, rows_file: &str, school: &str, expected: usize) {
    let policy = belisha_policy::parse(pack.text).expect("a pack reads");
    let asked: BTreeSet<&str> = REQUIREMENTS
        .lines()
        .filter_map(|line| line.split('\t').next())
        .filter(|id| id.starts_with(school))
        .collect();
    assert_eq!(asked.len(), expected, "{school}");
    let mut stated = BTreeSet::new();
    for line in rows_file.lines().filter(|line| !line.is_empty()) {
        let (clause, rows) = line.split_once('\t').expect("a tab");
        assert!(
            policy.clause(clause).is_some(),
            "{}: no clause “{clause}”",
            pack.key
        );
        stated.extend(rows.split(' '));
    }
    let missing: Vec<&&str> = asked.difference(&stated).collect();
    assert!(
        missing.is_empty(),
        "{} states none of {missing:?}",
        pack.key
    );
    let unknown: Vec<&&str> = stated.difference(&asked).collect();
    assert!(
        unknown.is_empty(),
        "{} states rows that are not there: {unknown:?}",
        pack.key
    );
}

#[test]
fn each_pack_states_every_row_of_its_school() {
    let rows = [
        include_str!("../../../../../packs/junior.rows.tsv"),
        include_str!("../../../../../packs/primary.rows.tsv"),
    ];
    check(pack("junior").expect("a pack"), rows[0], "H-", 306);
    check(pack("primary").expect("a pack"), rows[1], "C-", 249);
}
