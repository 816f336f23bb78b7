//! The second level of navigation: the parts of one record or one area.

use askama::{Template, filters::HtmlSafe};

use crate::{Example, NavigationItem};

/// A row of links to the parts of one thing.
#[derive(Clone, Debug, Template)]
#[template(path = "sub_navigation/sub_navigation.html")]
pub struct SubNavigation {
    /// What the parts belong to, for screen readers: "This incident".
    pub label: String,
    /// The parts.
    pub items: Vec<NavigationItem>,
}

impl HtmlSafe for SubNavigation {}

impl SubNavigation {
    /// A row of these parts.
    #[must_use]
    pub fn new(label: impl Into<String>, items: Vec<NavigationItem>) -> Self {
        Self {
            label: label.into(),
            items,
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![Example::new(
        "default",
        &SubNavigation::new(
            "This incident",
            vec![
                NavigationItem::current("Summary", "#"),
                NavigationItem::new("Actions", "#"),
                NavigationItem::new("History", "#"),
            ],
        ),
    )]
}
