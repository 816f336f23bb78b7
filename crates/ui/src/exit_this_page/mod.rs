//! For pupils and parents who may be watched: leaves for a harmless page at once.
//!
//! A plain link without script. With script it blanks the page first, leaves no way back to it, and
//! answers to Shift pressed three times. Shift, because Escape stops a page from loading.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// A red button that leaves the page.
#[derive(Clone, Debug, Template)]
#[template(path = "exit_this_page/exit_this_page.html")]
pub struct ExitThisPage {
    /// Address to leave by: an own one that ends the session and then redirects.
    pub href: String,
}

impl HtmlSafe for ExitThisPage {}

impl ExitThisPage {
    /// A button that leaves by this address.
    #[must_use]
    pub fn new(href: impl Into<String>) -> Self {
        Self { href: href.into() }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![Example::new("default", &ExitThisPage::new("#"))]
}
