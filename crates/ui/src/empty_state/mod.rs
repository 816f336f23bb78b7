//! What stands where a list would be when it is empty: what would be here, and what to do.

use askama::{Template, filters::HtmlSafe};

use crate::{Button, Example, Html};

/// The place of a list that is empty.
#[derive(Clone, Debug, Template)]
#[template(path = "empty_state/empty_state.html")]
pub struct EmptyState {
    /// That there is nothing: "Nothing is waiting for you".
    pub title: String,
    /// What would be here, and when.
    pub body: Html,
    /// What can be done about it.
    pub action: Option<Button>,
}

impl HtmlSafe for EmptyState {}

impl EmptyState {
    /// An empty list where nothing needs doing.
    #[must_use]
    pub fn new(title: impl Into<String>, body: impl Into<Html>) -> Self {
        Self {
            title: title.into(),
            body: body.into(),
            action: None,
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new(
            "nothing to do",
            &EmptyState::new(
                "Nothing is waiting for you",
                "Reports, requests and agreements to sign will be listed here.",
            ),
        ),
        Example::new(
            "with something to do",
            &EmptyState {
                action: Some(Button::link("Bring in the staff list", "#")),
                ..EmptyState::new(
                    "No staff yet",
                    "Everyone who works here will be listed, with their posts.",
                )
            },
        ),
    ]
}
