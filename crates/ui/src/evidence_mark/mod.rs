//! Whether a line of evidence was counted from records or is somebody's word. The two never look alike.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// The mark before a line of evidence.
#[derive(Clone, Debug, Template)]
#[template(path = "evidence_mark/evidence_mark.html")]
pub struct EvidenceMark {
    /// Where the evidence comes from.
    pub evidence: Evidence,
}

/// Where a line of evidence comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Counted from records.
    Measured,
    /// Confirmed by a person.
    Attested {
        /// Who confirmed it.
        by: String,
        /// The day, in words.
        on: String,
    },
}

impl HtmlSafe for EvidenceMark {}

impl EvidenceMark {
    /// Counted from records.
    #[must_use]
    pub fn measured() -> Self {
        Self {
            evidence: Evidence::Measured,
        }
    }

    /// Confirmed by this person on this day (in words).
    #[must_use]
    pub fn attested(by: impl Into<String>, on: impl Into<String>) -> Self {
        Self {
            evidence: Evidence::Attested {
                by: by.into(),
                on: on.into(),
            },
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new("counted from records", &EvidenceMark::measured()),
        Example::new(
            "somebody's word",
            &EvidenceMark::attested("Ann Lee, network manager", "3 June 2026"),
        ),
    ]
}
