//! What changed between two versions, line by line, told in words and by strokes as well as by colour.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// The lines of two versions in one.
#[derive(Clone, Debug, Template)]
#[template(path = "difference/difference.html")]
pub struct Difference {
    /// The lines, in reading order.
    pub lines: Vec<DifferenceLine>,
}

/// One line, in one or both versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DifferenceLine {
    /// In both versions.
    Same(String),
    /// Only before.
    Removed(String),
    /// Only after.
    Added(String),
}

impl HtmlSafe for Difference {}

impl Difference {
    /// A view of these lines.
    #[must_use]
    pub fn new(lines: Vec<DifferenceLine>) -> Self {
        Self { lines }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![Example::new(
        "a changed line",
        &Difference::new(vec![
            DifferenceLine::Same("Lock the screen whenever you walk away.".into()),
            DifferenceLine::Removed("The screen locks after 10 minutes.".into()),
            DifferenceLine::Added("The screen locks after 5 minutes.".into()),
        ]),
    )]
}
