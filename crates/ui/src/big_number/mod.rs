//! One count that matters, with what it counts.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// A count in large figures; the label has at most about twenty characters.
#[derive(Clone, Debug, Template)]
#[template(path = "big_number/big_number.html")]
pub struct BigNumber {
    /// How many: a whole number, never words or a fraction.
    pub number: u64,
    /// What is counted: "waiting for you".
    pub label: String,
    /// The list behind the count.
    pub href: Option<String>,
    /// Whether the count asks for action.
    pub needs_action: bool,
}

impl HtmlSafe for BigNumber {}

impl BigNumber {
    /// A count that asks for nothing.
    #[must_use]
    pub fn new(number: u64, label: impl Into<String>) -> Self {
        Self {
            number,
            label: label.into(),
            href: None,
            needs_action: false,
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new("a count", &BigNumber::new(23, "have signed")),
        Example::new(
            "a count to act on, with its list",
            &BigNumber {
                href: Some("#".into()),
                needs_action: true,
                ..BigNumber::new(7, "have not signed")
            },
        ),
    ]
}
