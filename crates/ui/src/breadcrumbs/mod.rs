//! Where a page stands among others; not for journeys, which have a back link.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// The pages above this one.
#[derive(Clone, Debug, Template)]
#[template(path = "breadcrumbs/breadcrumbs.html")]
pub struct Breadcrumbs {
    /// From the top down; the last may be this page, without an address.
    pub crumbs: Vec<Crumb>,
    /// Whether a phone shows the first and last only.
    pub collapse_on_mobile: bool,
}

/// One page in the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// Name of the page.
    pub text: String,
    /// Its address; `None` for this page.
    pub href: Option<String>,
}

impl Crumb {
    /// A page above this one.
    #[must_use]
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: Some(href.into()),
        }
    }

    /// This page.
    #[must_use]
    pub fn here(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: None,
        }
    }
}

impl HtmlSafe for Breadcrumbs {}

impl Breadcrumbs {
    /// A line of these pages.
    #[must_use]
    pub fn new(crumbs: Vec<Crumb>) -> Self {
        Self {
            crumbs,
            collapse_on_mobile: true,
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![Example::new(
        "ending here",
        &Breadcrumbs::new(vec![
            Crumb::new("Today", "#"),
            Crumb::new("Policy", "#"),
            Crumb::here("Leaving a computer"),
        ]),
    )]
}
