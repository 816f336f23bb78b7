//! Several fields that answer one question together.

use askama::{Template, filters::HtmlSafe};

use crate::{Example, Html, Label, TextInput};

/// A group of fields with its legend.
#[derive(Clone, Debug, Template)]
#[template(path = "fieldset/fieldset.html")]
pub struct Fieldset {
    /// The question that the fields answer.
    pub legend: Label,
    /// Ids of notes about the whole group; empty if none.
    pub described_by: String,
    /// Whether the group takes `role="group"`, which some screen readers need for text boxes.
    pub grouped: bool,
    /// The fields.
    pub content: Html,
}

impl HtmlSafe for Fieldset {}

impl Fieldset {
    /// A group of these fields.
    #[must_use]
    pub fn new(legend: impl Into<Label>, content: Html) -> Self {
        Self {
            legend: legend.into(),
            described_by: String::new(),
            grouped: false,
            content,
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let fields = Html::join(&[
        Html::of(&TextInput::new("house", "House number or name")),
        Html::of(&TextInput::new("postcode", "Postcode")),
    ]);
    vec![Example::new(
        "default",
        &Fieldset::new(Label::medium("Where do you live?"), fields),
    )]
}
