//! One answer out of very many, found by typing. It is a text box with suggestions: the server understands
//! what was typed, and offers choices where it is not clear; the script, if there is one, fetches suggestions.

use askama::{Template, filters::HtmlSafe};

use crate::field::{FieldNotes, group_class};
use crate::label::LabelFor;
use crate::{Example, Label};

/// A text box with suggestions.
#[derive(Clone, Debug, Template)]
#[template(path = "type_ahead/type_ahead.html")]
pub struct TypeAhead {
    /// Id of the field.
    pub id: String,
    /// Name sent with the form; the value is what was typed.
    pub name: String,
    /// The question.
    pub label: Label,
    /// Help that everyone may need.
    pub hint: Option<String>,
    /// What is wrong: "Two people match: choose one".
    pub error: Option<String>,
    /// What was typed, to be shown again.
    pub value: String,
    /// The suggestions known when the page is made; few, as they travel with it.
    pub suggestions: Vec<String>,
    /// Address that answers `?q=typed` with one suggestion a line as plain text.
    pub suggestions_url: Option<String>,
}

impl HtmlSafe for TypeAhead {}

impl TypeAhead {
    /// A box that suggests these.
    #[must_use]
    pub fn new(name: &str, label: impl Into<Label>, suggestions: Vec<String>) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            label: label.into(),
            hint: None,
            error: None,
            value: String::new(),
            suggestions,
            suggestions_url: None,
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
    let apps = ["A game", "A messaging app", "A video site"]
        .map(str::to_owned)
        .to_vec();
    vec![
        Example::new(
            "suggestions in the page",
            &TypeAhead {
                hint: Some("Begin to type, then choose or go on typing".into()),
                ..TypeAhead::new("app", "Which app or site?", apps)
            },
        ),
        Example::new(
            "suggestions from the server, with an error",
            &TypeAhead {
                value: "Lee".into(),
                suggestions_url: Some("/people/suggestions".into()),
                error: Some("Two people match \"Lee\": type more of the name".into()),
                ..TypeAhead::new("person", "Who told you?", Vec::new())
            },
        ),
    ]
}
