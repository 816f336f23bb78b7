//! What the log says of a decision.

use super::*;

#[test]
fn decisions_are_logged() {
    let more = "[[device]]\naddress = \"127.0.0.1\"\nid = \"laptop-17\"\ngroup = \"pupils\"\n";
    let school = School::new(vec![Upstream::start(Manner::Honest)], more);
    school.address("games.example");
    school.address("open.example");
    let text = logged(school);
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('\t').skip(1).collect())
        .collect();
    let who = ["127.0.0.1", "laptop-17", "pupils"];
    let games = [
        &who[..],
        &["games.example", "1", "listed", "made-up/games", "games"],
    ]
    .concat();
    let open = [&who[..], &["open.example", "1", "allowed", "", ""]].concat();
    assert!(lines.contains(&games) && lines.contains(&open), "{text}");
}
