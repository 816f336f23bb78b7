//! How far a long piece of work has come. The page asks again by itself: see `Frame::refresh_after_seconds`.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// A bar with words.
#[derive(Clone, Debug, Template)]
#[template(path = "progress/progress.html")]
pub struct Progress {
    /// Id of the bar.
    pub id: String,
    /// What is being done: "Bringing in the staff list".
    pub label: String,
    /// How much is done.
    pub done: u64,
    /// How much there is; `None` while it is not known.
    pub total: Option<u64>,
    /// How far, in words: "Row 120 of 480".
    pub words: String,
}

impl HtmlSafe for Progress {}

impl Progress {
    /// Work on counted things, whose words are "`thing` `done` of `total`".
    #[must_use]
    pub fn counted(id: &str, label: impl Into<String>, thing: &str, done: u64, total: u64) -> Self {
        Self {
            id: id.to_owned(),
            label: label.into(),
            done,
            total: Some(total),
            words: format!("{thing} {done} of {total}"),
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new(
            "counted",
            &Progress::counted("rows", "Bringing in the staff list", "Row", 120, 480),
        ),
        Example::new(
            "not yet known how much",
            &Progress {
                total: None,
                words: "Reading the file".into(),
                ..Progress::counted("reading", "Bringing in the roll", "Row", 0, 0)
            },
        ),
    ]
}
