//! Buttons, which act, and links that look like them, which start something.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// A button in a form, or a link that starts a journey.
#[derive(Clone, Debug, Template)]
#[template(path = "button/button.html")]
pub struct Button {
    /// The act, as a verb: "Send your report", never "OK".
    pub text: String,
    /// How much it asks to be pressed.
    pub style: ButtonStyle,
    /// Where it leads if it is a link; a form's button has none.
    pub href: Option<String>,
    /// Name sent with the form, when the form has more than one button.
    pub name: Option<String>,
    /// Value sent with the form.
    pub value: Option<String>,
    /// Another address to send the form to.
    pub form_action: Option<String>,
    /// Whether the script refuses a second press while the first is on its way; the server must not rely on it.
    pub once: bool,
}

/// How much a button asks to be pressed: one primary button on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ButtonStyle {
    /// The page's one main act.
    Primary,
    /// Another act.
    Secondary,
    /// An act with a consequence that cannot be undone.
    Warning,
    /// A minor act that looks like a link.
    Link,
}

impl HtmlSafe for Button {}

impl Button {
    /// The page's main act: sends the form, once.
    #[must_use]
    pub fn submit(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            style: ButtonStyle::Primary,
            href: None,
            name: None,
            value: None,
            form_action: None,
            once: true,
        }
    }

    /// Another act: sends the form, once.
    #[must_use]
    pub fn secondary(text: impl Into<String>) -> Self {
        Self {
            style: ButtonStyle::Secondary,
            ..Self::submit(text)
        }
    }

    /// An act that cannot be undone: sends the form, once.
    #[must_use]
    pub fn warning(text: impl Into<String>) -> Self {
        Self {
            style: ButtonStyle::Warning,
            ..Self::submit(text)
        }
    }

    /// A minor act that looks like a link: sends the form, once.
    #[must_use]
    pub fn like_link(text: impl Into<String>) -> Self {
        Self {
            style: ButtonStyle::Link,
            ..Self::submit(text)
        }
    }

    /// A link to the page where something starts.
    #[must_use]
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            href: Some(href.into()),
            once: false,
            ..Self::submit(text)
        }
    }

    fn class(&self) -> &'static str {
        match self.style {
            ButtonStyle::Primary => "govuk-button",
            ButtonStyle::Secondary => "govuk-button govuk-button--secondary",
            ButtonStyle::Warning => "govuk-button govuk-button--warning",
            ButtonStyle::Link => "govuk-button belisha-button--link",
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new("primary", &Button::submit("Send your report")),
        Example::new("secondary", &Button::secondary("Save for later")),
        Example::new("warning", &Button::warning("Withdraw the report")),
        Example::new("like a link", &Button::like_link("Remove this person")),
        Example::new("a link that starts", &Button::link("Report a concern", "#")),
        Example::new(
            "one of several, with name and value",
            &Button {
                name: Some("decision".into()),
                value: Some("approve".into()),
                ..Button::submit("Approve")
            },
        ),
    ]
}
