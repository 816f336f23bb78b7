//! A quotation, an example or a note that stands apart from the text.

use askama::{Template, filters::HtmlSafe};

use crate::{Example, Html};

/// A block that stands apart.
#[derive(Clone, Debug, Template)]
#[template(path = "inset_text/inset_text.html")]
pub struct InsetText {
    /// What it says.
    pub content: Html,
}

impl HtmlSafe for InsetText {}

impl InsetText {
    /// A block with this content.
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
        &InsetText::new("The screen locks after 10 minutes."),
    )]
}
