//! The rules of the house itself: who owns a table, where things stand, what must not be said.
//!
//! Each rule is a function from the tree to its findings, one sentence each; `tests/house.rs` runs
//! them all over the real tree. The same crate prints `docs/requirements.md`.

pub mod house;
pub mod links;
pub mod lists;
pub mod requirements;
pub mod sizes;
pub mod tables;
pub mod templates;
pub mod words;

/// Names the requirement rows that a test shows: `covers(&["H-115", "C-041"])`, as its first line.
/// The source is read for these calls; when the test runs, a mistyped row fails it.
#[track_caller]
pub fn covers(rows: &[&str]) {
    for row in rows {
        assert!(
            requirements::is_row(row),
            "“{row}” is not a requirement row, such as H-115"
        );
    }
}
