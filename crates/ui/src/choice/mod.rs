//! One answer among several: what radios and checkboxes offer.

use crate::Html;

/// One answer that can be chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Value sent with the form.
    pub value: String,
    /// The answer in words.
    pub text: String,
    /// One sentence that helps to choose.
    pub hint: Option<String>,
    /// Further questions that belong to this answer; shown to everyone where there is no script.
    pub reveals: Option<Html>,
    /// A word between this answer and the one above it, such as "or".
    pub divider: Option<String>,
    /// For checkboxes: whether choosing this clears the others ("None of these").
    pub exclusive: bool,
}

impl Choice {
    /// An answer with its value and words.
    #[must_use]
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            text: text.into(),
            hint: None,
            reveals: None,
            divider: None,
            exclusive: false,
        }
    }
}

/// The id of the answer at this place: numbers count dividers too, and the first has none,
/// so that an error summary can link to it.
pub(crate) fn choice_id(id: &str, choices: &[Choice], index: usize) -> String {
    let dividers = choices[..=index]
        .iter()
        .filter(|choice| choice.divider.is_some())
        .count();
    match index + 1 + dividers {
        1 => id.to_owned(),
        number => format!("{id}-{number}"),
    }
}
