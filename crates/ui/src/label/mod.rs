//! The words of a question: a label for one field, or the legend of several.

use askama::{Template, filters::HtmlSafe};

/// The words of a question and how large they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The question, in sentence case and without a colon.
    pub text: String,
    /// How the question is shown.
    pub style: LabelStyle,
}

/// How a label or legend is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelStyle {
    /// Text size, for pages with several questions.
    Plain,
    /// A bold medium line, for groups of questions.
    Medium,
    /// The page's only `h1`, for one question on a page.
    PageHeading,
    /// For screen readers only, where the surroundings say it to the eye.
    Hidden,
}

impl Label {
    /// The question as the page's `h1`.
    #[must_use]
    pub fn page_heading(text: impl Into<String>) -> Self {
        Self::styled(text, LabelStyle::PageHeading)
    }

    /// The question as a bold medium line.
    #[must_use]
    pub fn medium(text: impl Into<String>) -> Self {
        Self::styled(text, LabelStyle::Medium)
    }

    /// The question for screen readers only.
    #[must_use]
    pub fn hidden(text: impl Into<String>) -> Self {
        Self::styled(text, LabelStyle::Hidden)
    }

    fn styled(text: impl Into<String>, style: LabelStyle) -> Self {
        let text = text.into();
        Self { text, style }
    }

    pub(crate) fn is_page_heading(&self) -> bool {
        self.style == LabelStyle::PageHeading
    }

    pub(crate) fn label_class(&self) -> &'static str {
        match self.style {
            LabelStyle::Plain => "govuk-label",
            LabelStyle::Medium => "govuk-label govuk-label--m",
            LabelStyle::PageHeading => "govuk-label govuk-label--l",
            LabelStyle::Hidden => "govuk-label govuk-visually-hidden",
        }
    }

    pub(crate) fn legend_class(&self) -> &'static str {
        match self.style {
            LabelStyle::Plain => "govuk-fieldset__legend",
            LabelStyle::Medium => "govuk-fieldset__legend govuk-fieldset__legend--m",
            LabelStyle::PageHeading => "govuk-fieldset__legend govuk-fieldset__legend--l",
            LabelStyle::Hidden => "govuk-fieldset__legend govuk-visually-hidden",
        }
    }
}

impl From<&str> for Label {
    fn from(text: &str) -> Self {
        Self::styled(text, LabelStyle::Plain)
    }
}

impl From<String> for Label {
    fn from(text: String) -> Self {
        Self::styled(text, LabelStyle::Plain)
    }
}

/// A `label` element for the field with this id.
#[derive(Template)]
#[template(path = "label/label.html")]
pub(crate) struct LabelFor<'a> {
    pub(crate) label: &'a Label,
    pub(crate) id: &'a str,
}

impl HtmlSafe for LabelFor<'_> {}
