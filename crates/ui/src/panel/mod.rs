//! The top of a confirmation page: it is done, and this is its reference.

use askama::{Template, filters::HtmlSafe};

use crate::{Example, Html};

/// The words that end a journey, as the page's `h1`; holds no links.
#[derive(Clone, Debug, Template)]
#[template(path = "panel/panel.html")]
pub struct Panel {
    /// What was done: "Report sent".
    pub title: String,
    /// Usually the reference.
    pub body: Option<Html>,
}

impl HtmlSafe for Panel {}

impl Panel {
    /// A panel without a body.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            body: None,
        }
    }

    /// A panel whose body is a reference on its own line.
    #[must_use]
    pub fn with_reference(title: impl Into<String>, words: &str, reference: &str) -> Self {
        Self {
            body: Some(Html::trusted(format!(
                "{}<br><strong>{}</strong>",
                Html::from(words),
                Html::from(reference)
            ))),
            ..Self::new(title)
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new("title only", &Panel::new("Agreement signed")),
        Example::new(
            "with a reference",
            &Panel::with_reference("Report sent", "Your reference", "K7M2 Q4"),
        ),
    ]
}
