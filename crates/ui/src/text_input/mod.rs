//! A single line of text.

use askama::{Template, filters::HtmlSafe};

use crate::field::{FieldNotes, group_class};
use crate::label::LabelFor;
use crate::{Example, Label};

/// A single line of text with its label, hint and error message.
#[derive(Clone, Debug, Template)]
#[template(path = "text_input/text_input.html")]
pub struct TextInput {
    /// Id of the field; error summaries link to it.
    pub id: String,
    /// Name sent with the form.
    pub name: String,
    /// The question.
    pub label: Label,
    /// Help that everyone may need.
    pub hint: Option<String>,
    /// What is wrong with what was typed.
    pub error: Option<String>,
    /// What was typed, to be shown again.
    pub value: String,
    /// Which keyboard a phone shows.
    pub kind: InputKind,
    /// What stands before the box, such as `£`.
    pub prefix: Option<String>,
    /// What stands after the box, such as `minutes`.
    pub suffix: Option<String>,
    /// How long the answer is likely to be.
    pub width: Option<InputWidth>,
    /// What a browser may fill in, such as `name`, `email` or `one-time-code`.
    pub autocomplete: Option<String>,
    /// `Some(false)` for names, codes and addresses, which no dictionary knows.
    pub spellcheck: Option<bool>,
}

/// Which keyboard a phone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// Letters.
    Text,
    /// Digits; the field stays text, so that leading zeros and spaces survive.
    Digits,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Telephone,
    /// A search.
    Search,
}

/// How many characters the box has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputWidth {
    /// Two characters.
    Two,
    /// Three characters.
    Three,
    /// Four characters.
    Four,
    /// Five characters.
    Five,
    /// Ten characters.
    Ten,
    /// Twenty characters.
    Twenty,
    /// Thirty characters.
    Thirty,
}

impl HtmlSafe for TextInput {}

impl TextInput {
    /// A box for letters, whose id is its name.
    #[must_use]
    pub fn new(name: &str, label: impl Into<Label>) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            label: label.into(),
            hint: None,
            error: None,
            value: String::new(),
            kind: InputKind::Text,
            prefix: None,
            suffix: None,
            width: None,
            autocomplete: None,
            spellcheck: None,
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

    fn class(&self) -> String {
        let width = match self.width {
            None => "",
            Some(InputWidth::Two) => " govuk-input--width-2",
            Some(InputWidth::Three) => " govuk-input--width-3",
            Some(InputWidth::Four) => " govuk-input--width-4",
            Some(InputWidth::Five) => " govuk-input--width-5",
            Some(InputWidth::Ten) => " govuk-input--width-10",
            Some(InputWidth::Twenty) => " govuk-input--width-20",
            Some(InputWidth::Thirty) => " govuk-input--width-30",
        };
        let error = self.error.as_ref().map_or("", |_| " govuk-input--error");
        format!("govuk-input{width}{error}")
    }

    fn type_attribute(&self) -> &'static str {
        match self.kind {
            InputKind::Text | InputKind::Digits => "text",
            InputKind::Email => "email",
            InputKind::Telephone => "tel",
            InputKind::Search => "search",
        }
    }

    fn is_digits(&self) -> bool {
        self.kind == InputKind::Digits
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let code = TextInput {
        kind: InputKind::Digits,
        width: Some(InputWidth::Ten),
        autocomplete: Some("one-time-code".into()),
        hint: Some("Six figures from your authenticator app".into()),
        ..TextInput::new("code", "Sign-in code")
    };
    vec![
        Example::new("default", &TextInput::new("place", "Where did it happen?")),
        Example::new(
            "as the page's heading",
            &TextInput {
                spellcheck: Some(false),
                autocomplete: Some("name".into()),
                ..TextInput::new("full-name", Label::page_heading("What is your full name?"))
            },
        ),
        Example::new("digits, with a hint", &code),
        Example::new(
            "with an error",
            &TextInput {
                id: "code-again".into(),
                value: "12".into(),
                error: Some("The code has six figures: look at the app again".into()),
                ..code
            },
        ),
        Example::new(
            "with a suffix",
            &TextInput {
                kind: InputKind::Digits,
                suffix: Some("minutes".into()),
                width: Some(InputWidth::Three),
                value: "10".into(),
                ..TextInput::new("after", "Lock the screen after")
            },
        ),
        Example::new(
            "with a prefix",
            &TextInput {
                kind: InputKind::Digits,
                prefix: Some("£".into()),
                width: Some(InputWidth::Five),
                ..TextInput::new("cost", "What will it cost?")
            },
        ),
        Example::new(
            "without a visible label",
            &TextInput {
                kind: InputKind::Search,
                ..TextInput::new("search", Label::hidden("Search this list"))
            },
        ),
    ]
}
