//! A password box. The script adds a button that shows what was typed; without it the box stays closed.

use askama::{Template, filters::HtmlSafe};

use crate::field::{FieldNotes, group_class};
use crate::label::LabelFor;
use crate::{Example, Label};

/// A password, never shown again by the server.
#[derive(Clone, Debug, Template)]
#[template(path = "password_input/password_input.html")]
pub struct PasswordInput {
    /// Id of the field.
    pub id: String,
    /// Name sent with the form.
    pub name: String,
    /// The question.
    pub label: Label,
    /// Help that everyone may need.
    pub hint: Option<String>,
    /// What is wrong.
    pub error: Option<String>,
    /// `current-password` to sign in, `new-password` to choose one.
    pub autocomplete: String,
}

impl HtmlSafe for PasswordInput {}

impl PasswordInput {
    /// The password that a person signs in with.
    #[must_use]
    pub fn current(name: &str, label: impl Into<Label>) -> Self {
        Self::for_use(name, label, "current-password")
    }

    /// A password being chosen.
    #[must_use]
    pub fn chosen(name: &str, label: impl Into<Label>) -> Self {
        Self::for_use(name, label, "new-password")
    }

    fn for_use(name: &str, label: impl Into<Label>, autocomplete: &str) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            label: label.into(),
            hint: None,
            error: None,
            autocomplete: autocomplete.to_owned(),
        }
    }

    fn label_for(&self) -> LabelFor<'_> {
        LabelFor {
            label: &self.label,
            id: &self.id,
        }
    }

    fn notes(&self) -> FieldNotes<'_> {
        FieldNotes {
            id: &self.id,
            hint: &self.hint,
            error: &self.error,
        }
    }

    fn group_class(&self) -> &'static str {
        group_class(&self.error)
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new(
            "to sign in",
            &PasswordInput::current("password", "Password"),
        ),
        Example::new(
            "to choose, with a hint and an error",
            &PasswordInput {
                hint: Some(
                    "Three words that do not belong together are strong and easy to type".into(),
                ),
                error: Some("This password is on a list of known passwords: choose another".into()),
                ..PasswordInput::chosen("new-password", "Choose a password")
            },
        ),
    ]
}
