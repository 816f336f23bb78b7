//! A state in one or two words; always words first, colour second.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// A state in one or two words.
#[derive(Clone, Debug, Template)]
#[template(path = "tag/tag.html")]
pub struct Tag {
    /// The state, as an adjective.
    pub text: String,
    /// What the eye sees first.
    pub colour: TagColour,
}

/// How much a tag asks to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagColour {
    /// An ordinary state.
    Plain,
    /// A state that no longer matters.
    Grey,
    /// Something to act on.
    Amber,
    /// Something wrong.
    Red,
    /// Something well.
    Green,
}

impl HtmlSafe for Tag {}

impl Tag {
    /// An ordinary state.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            colour: TagColour::Plain,
        }
    }

    fn class(&self) -> &'static str {
        match self.colour {
            TagColour::Plain => "govuk-tag",
            TagColour::Grey => "govuk-tag govuk-tag--grey",
            TagColour::Amber => "govuk-tag govuk-tag--yellow",
            TagColour::Red => "govuk-tag govuk-tag--red",
            TagColour::Green => "govuk-tag govuk-tag--green",
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let coloured = |colour, text| Tag {
        colour,
        ..Tag::new(text)
    };
    vec![
        Example::new("plain", &Tag::new("New")),
        Example::new("grey", &coloured(TagColour::Grey, "Closed")),
        Example::new("amber", &coloured(TagColour::Amber, "Waiting for you")),
        Example::new("red", &coloured(TagColour::Red, "Overdue")),
        Example::new("green", &coloured(TagColour::Green, "Signed")),
    ]
}
