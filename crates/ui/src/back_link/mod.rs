//! The way back, above the heading.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// A link to the page before; stands in the `before_main` block.
#[derive(Clone, Debug, Template)]
#[template(path = "back_link/back_link.html")]
pub struct BackLink {
    /// The words.
    pub text: String,
    /// Where it leads.
    pub href: String,
}

impl HtmlSafe for BackLink {}

impl BackLink {
    /// "Back" to this page.
    #[must_use]
    pub fn to(href: impl Into<String>) -> Self {
        Self {
            text: "Back".into(),
            href: href.into(),
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new("default", &BackLink::to("#")),
        Example::new(
            "own words",
            &BackLink {
                text: "Back to the queue".into(),
                ..BackLink::to("#")
            },
        ),
    ]
}
