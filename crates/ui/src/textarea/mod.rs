//! Several lines of text, with a count of what is left if there is a limit.

use askama::{Template, filters::HtmlSafe};

use crate::field::{FieldNotes, group_class};
use crate::label::LabelFor;
use crate::{Example, Label};

/// Several lines of text.
#[derive(Clone, Debug, Template)]
#[template(path = "textarea/textarea.html")]
pub struct Textarea {
    /// Id of the field.
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
    /// Height in lines.
    pub rows: u8,
    /// `Some(false)` where no dictionary helps.
    pub spellcheck: Option<bool>,
    /// The limit that the server enforces; the script counts down to it.
    pub limit: Option<TextLimit>,
}

/// How much may be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLimit {
    /// At most so many characters.
    Characters(u32),
    /// At most so many words.
    Words(u32),
}

impl HtmlSafe for Textarea {}

impl Textarea {
    /// Five lines without a limit.
    #[must_use]
    pub fn new(name: &str, label: impl Into<Label>) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            label: label.into(),
            hint: None,
            error: None,
            value: String::new(),
            rows: 5,
            spellcheck: None,
            limit: None,
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
        let error = self.error.as_ref().map_or("", |_| " govuk-textarea--error");
        let counted = self.limit.map_or("", |_| " govuk-js-character-count");
        format!("govuk-textarea{error}{counted}")
    }

    fn described_by(&self) -> String {
        let notes = self.notes().described_by();
        match (self.limit, notes.is_empty()) {
            (None, _) => notes,
            (Some(_), true) => format!("{}-info", self.id),
            (Some(_), false) => format!("{}-info {notes}", self.id),
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new(
            "default",
            &Textarea {
                hint: Some("Write what was seen and heard, in the words that were used".into()),
                ..Textarea::new("what-happened", "What happened?")
            },
        ),
        Example::new(
            "with a limit and an error",
            &Textarea {
                value: "It was long.".into(),
                rows: 3,
                error: Some("The summary must be 10 characters or fewer".into()),
                limit: Some(TextLimit::Characters(10)),
                ..Textarea::new("summary", Label::page_heading("Summary"))
            },
        ),
        Example::new(
            "with a limit in words",
            &Textarea {
                limit: Some(TextLimit::Words(150)),
                ..Textarea::new("reason", "Why do you ask?")
            },
        ),
    ]
}
