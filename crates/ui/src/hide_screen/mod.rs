//! For staff: covers the page when somebody walks up, and shows it again.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// A button that covers the page. Without script it is a link to a page that shows nothing.
#[derive(Clone, Debug, Template)]
#[template(path = "hide_screen/hide_screen.html")]
pub struct HideScreen {
    /// Address of a page that shows nothing but a way back, for browsers without script.
    pub cover_page: String,
}

impl HtmlSafe for HideScreen {}

impl HideScreen {
    /// A button that, without script, leads to this page.
    #[must_use]
    pub fn new(cover_page: impl Into<String>) -> Self {
        Self {
            cover_page: cover_page.into(),
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![Example::new("default", &HideScreen::new("#"))]
}
