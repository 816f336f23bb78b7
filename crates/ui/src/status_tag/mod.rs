//! Whether what was promised is kept. Each state has words and a shape of its own, so that it reads in grey print.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// The state of a promise, in plain words with its own shape.
#[derive(Clone, Debug, Template)]
#[template(path = "status_tag/status_tag.html")]
pub struct StatusTag {
    /// The state.
    pub status: Status,
    /// What more there is to say in a few words: "7 people since 3 June".
    pub detail: Option<String>,
}

/// The state of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The program makes the contrary impossible.
    Enforced,
    /// The evidence is complete and in date.
    Met,
    /// Met today, and something runs out soon.
    DueSoon,
    /// Evidence is missing or out of date.
    NotMet,
    /// No record can prove it; a named person confirmed it on a date.
    Attested,
    /// Words only: nothing is bound to them yet.
    Stated,
}

impl Status {
    /// All states, best first.
    pub const ALL: [Self; 6] = [
        Self::Enforced,
        Self::Met,
        Self::DueSoon,
        Self::NotMet,
        Self::Attested,
        Self::Stated,
    ];

    /// The word that people see.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Enforced => "Enforced",
            Self::Met => "Met",
            Self::DueSoon => "Due soon",
            Self::NotMet => "Not met",
            Self::Attested => "Attested",
            Self::Stated => "Stated",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::Met => "met",
            Self::DueSoon => "due-soon",
            Self::NotMet => "not-met",
            Self::Attested => "attested",
            Self::Stated => "stated",
        }
    }

    /// The shape, on a square of twenty units: padlock, tick, clock, cross, pen, lines of text.
    fn path(self) -> &'static str {
        match self {
            Self::Enforced => {
                "M5 9V6.5a5 5 0 0 1 10 0V9h1.5v9h-13V9zm2.5 0h5V6.5a2.5 2.5 0 0 0-5 0z"
            }
            Self::Met => "M7.6 16.6 1.4 10.4l2.4-2.4 3.8 3.8 8.6-8.6 2.4 2.4z",
            Self::DueSoon => {
                "M10 1a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 2.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm-1.2 2h2.4v4l2.9 2.9-1.7 1.7-3.6-3.6z"
            }
            Self::NotMet => {
                "m4.3 2 5.7 5.7L15.7 2 18 4.3 12.3 10l5.7 5.7-2.3 2.3-5.7-5.7L4.3 18 2 15.7 7.7 10 2 4.3z"
            }
            Self::Attested => "M14.2 1.5 18.5 5.8 7 17.3 1.5 18.5 2.7 13zm-9.4 12.6-.5 1.6 1.6-.5z",
            Self::Stated => "M2 4h16v2.4H2zm0 4.8h16v2.4H2zm0 4.8h10V16H2z",
        }
    }
}

impl HtmlSafe for StatusTag {}

impl StatusTag {
    /// A state without further words.
    #[must_use]
    pub fn new(status: Status) -> Self {
        Self {
            status,
            detail: None,
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let plain = Status::ALL.map(|status| Example::new(status.words(), &StatusTag::new(status)));
    let detailed = Example::new(
        "with a detail",
        &StatusTag {
            detail: Some("7 people since 3 June".into()),
            ..StatusTag::new(Status::NotMet)
        },
    );
    plain.into_iter().chain([detailed]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Status;

    #[test]
    fn no_two_states_share_words_or_shape() {
        let words: HashSet<&str> = Status::ALL.iter().map(|status| status.words()).collect();
        let shapes: HashSet<&str> = Status::ALL.iter().map(|status| status.path()).collect();
        assert_eq!((words.len(), shapes.len()), (6, 6));
    }
}
