//! One shown variant of a component: what the gallery shows is what the tests test.

use askama::filters::HtmlSafe;

use crate::Html;

/// A named variant of a component, with its HTML.
#[derive(Clone, Debug)]
pub struct Example {
    /// What is special about this variant, in a few words.
    pub name: &'static str,
    /// The variant as it would stand on a page.
    pub html: Html,
}

impl Example {
    /// Names a variant.
    #[must_use]
    pub fn new(name: &'static str, component: &impl HtmlSafe) -> Self {
        Self {
            name,
            html: Html::of(component),
        }
    }
}
