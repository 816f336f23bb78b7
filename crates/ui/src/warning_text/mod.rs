//! A consequence to know before acting.

use askama::{Template, filters::HtmlSafe};

use crate::{Example, Html};

/// A sentence with a warning sign.
#[derive(Clone, Debug, Template)]
#[template(path = "warning_text/warning_text.html")]
pub struct WarningText {
    /// What will or must not happen.
    pub content: Html,
}

impl HtmlSafe for WarningText {}

impl WarningText {
    /// A warning with this content.
    #[must_use]
    pub fn new(content: impl Into<Html>) -> Self {
        let content = content.into();
        Self { content }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![Example::new(
        "default",
        &WarningText::new("Do not look at the picture, copy it or send it on."),
    )]
}
