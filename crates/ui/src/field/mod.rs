//! What every field has above it: hint and error message, and the ids that tie them to the field.

use askama::{Template, filters::HtmlSafe};

/// Hint and error message, in that order, with ids made from the field's id.
#[derive(Template)]
#[template(path = "field/notes.html")]
pub(crate) struct FieldNotes<'a> {
    pub(crate) id: &'a str,
    pub(crate) hint: &'a Option<String>,
    pub(crate) error: &'a Option<String>,
}

impl HtmlSafe for FieldNotes<'_> {}

impl FieldNotes<'_> {
    /// The value of `aria-describedby`: which notes there are; empty if none.
    pub(crate) fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let ids: Vec<String> = hint.into_iter().chain(error).collect();
        ids.join(" ")
    }
}

/// The class of the group that holds one question.
pub(crate) fn group_class(error: &Option<String>) -> &'static str {
    match error {
        Some(_) => "govuk-form-group govuk-form-group--error",
        None => "govuk-form-group",
    }
}
