//! What needs correcting, at the top of the page, each line a link to its field.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// The list of what needs correcting; shows nothing when there is nothing.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "error_summary/error_summary.html")]
pub struct ErrorSummary {
    /// The problems, in the order of the fields.
    pub errors: Vec<FieldError>,
}

/// One problem and the field it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Id of the field; `None` if the problem belongs to no field.
    pub field_id: Option<String>,
    /// The sentence, the same as beside the field.
    pub text: String,
}

impl FieldError {
    /// A problem with the field of this id.
    #[must_use]
    pub fn new(field_id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            field_id: Some(field_id.into()),
            text: text.into(),
        }
    }
}

impl HtmlSafe for ErrorSummary {}

impl ErrorSummary {
    /// A summary of these problems.
    #[must_use]
    pub fn new(errors: Vec<FieldError>) -> Self {
        Self { errors }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let pointed = FieldError::new("error-summary", "Enter the date when it was seen");
    let general = FieldError {
        field_id: None,
        text: "Somebody else has changed this page: look at their change first".into(),
    };
    vec![Example::new(
        "two problems",
        &ErrorSummary::new(vec![pointed, general]),
    )]
}
