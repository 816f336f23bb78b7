//! The message beside a field that needs correcting; fields draw their own, this is for pages that lay out by hand.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// Says what is wrong with the field below it and how to put it right.
#[derive(Clone, Debug, Template)]
#[template(path = "error_message/error_message.html")]
pub struct ErrorMessage {
    /// The id that the field names in `aria-describedby`.
    pub id: Option<String>,
    /// The sentence, the same as in the error summary.
    pub text: String,
}

impl HtmlSafe for ErrorMessage {}

impl ErrorMessage {
    /// A message without an id.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { id: None, text }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![Example::new(
        "default",
        &ErrorMessage::new("Enter the date as it is on the letter"),
    )]
}
