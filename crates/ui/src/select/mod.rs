//! One answer out of many; for a few, radios are easier.

use askama::{Template, filters::HtmlSafe};

use crate::field::{FieldNotes, group_class};
use crate::label::LabelFor;
use crate::{Example, Label};

/// A list that drops down.
#[derive(Clone, Debug, Template)]
#[template(path = "select/select.html")]
pub struct Select {
    /// Id of the field.
    pub id: String,
    /// Name sent with the form.
    pub name: String,
    /// The question.
    pub label: Label,
    /// Help that everyone may need.
    pub hint: Option<String>,
    /// What is wrong with the answer.
    pub error: Option<String>,
    /// The answers; one with an empty value may stand first.
    pub options: Vec<SelectOption>,
    /// Value of the chosen answer.
    pub chosen: Option<String>,
}

/// One answer in a list that drops down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectOption {
    /// Value sent with the form.
    pub value: String,
    /// The answer in words.
    pub text: String,
}

impl SelectOption {
    /// An answer with its value and words.
    #[must_use]
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            text: text.into(),
        }
    }
}

impl HtmlSafe for Select {}

impl Select {
    /// A list with nothing chosen.
    #[must_use]
    pub fn new(name: &str, label: impl Into<Label>, options: Vec<SelectOption>) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            label: label.into(),
            hint: None,
            error: None,
            options,
            chosen: None,
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

    fn is_chosen(&self, option: &SelectOption) -> bool {
        self.chosen.as_deref() == Some(option.value.as_str())
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let classes = vec![
        SelectOption::new("", "Choose a class"),
        SelectOption::new("oak", "Oak"),
        SelectOption::new("ash", "Ash"),
    ];
    let select = Select::new("class", "Class", classes);
    vec![
        Example::new("nothing chosen", &select),
        Example::new(
            "chosen, with a hint and an error",
            &Select {
                id: "class-again".into(),
                hint: Some("The class this term".into()),
                error: Some("Choose a class".into()),
                chosen: Some("ash".into()),
                ..select
            },
        ),
    ]
}
