//! Help that few people need, folded away.

use askama::{Template, filters::HtmlSafe};

use crate::{Example, Html};

/// A line that unfolds.
#[derive(Clone, Debug, Template)]
#[template(path = "details/details.html")]
pub struct Details {
    /// The line: what unfolding will tell.
    pub summary: String,
    /// What unfolds.
    pub content: Html,
    /// Whether it starts unfolded.
    pub open: bool,
}

impl HtmlSafe for Details {}

impl Details {
    /// A folded line with this content.
    #[must_use]
    pub fn new(summary: impl Into<String>, content: impl Into<Html>) -> Self {
        Self {
            summary: summary.into(),
            content: content.into(),
            open: false,
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let help = Details::new(
        "What counts as evidence?",
        "Anything that was counted from records, or a named person's word with its date.",
    );
    vec![
        Example::new("folded", &help),
        Example::new("unfolded", &Details { open: true, ..help }),
    ]
}
