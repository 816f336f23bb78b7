//! The first thing a keyboard reaches: past the navigation to the main part.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// A link that shows itself when it has the focus.
#[derive(Clone, Debug, Template)]
#[template(path = "skip_link/skip_link.html")]
pub struct SkipLink {
    /// The words.
    pub text: String,
    /// Id of the place to skip to.
    pub target_id: String,
}

impl HtmlSafe for SkipLink {}

impl SkipLink {
    /// To the main part of the page.
    #[must_use]
    pub fn to_main() -> Self {
        Self {
            text: "Skip to main content".into(),
            target_id: "main".into(),
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![Example::new("shows itself on focus", &SkipLink::to_main())]
}
