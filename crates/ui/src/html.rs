//! HTML that is known to be safe to show: escaped text, or the output of a template.

use std::fmt;

use askama::filters::{Html as HtmlEscaper, HtmlSafe, escape};

/// A piece of HTML. Text that becomes one (`"..".into()`) is escaped on the way in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Takes markup as it stands: only for markup that our own code made, never for what a person typed.
    #[must_use]
    pub fn trusted(markup: impl Into<String>) -> Self {
        Self(markup.into())
    }

    /// The HTML of a component.
    #[must_use]
    pub fn of(component: &impl HtmlSafe) -> Self {
        Self(component.to_string())
    }

    /// Several pieces, one after the other.
    #[must_use]
    pub fn join(pieces: &[Self]) -> Self {
        Self(pieces.iter().map(|piece| piece.0.as_str()).collect())
    }

    /// What a person typed into a text box: blank lines part paragraphs, single line breaks are kept.
    #[must_use]
    pub fn paragraphs(typed: &str) -> Self {
        let unified = typed.replace("\r\n", "\n");
        let paragraphs = unified
            .split("\n\n")
            .map(str::trim)
            .filter(|paragraph| !paragraph.is_empty())
            .map(|paragraph| {
                let escaped = Self::from(paragraph).0.replace('\n', "<br>");
                format!("<p>{escaped}</p>")
            });
        Self(paragraphs.collect())
    }

    /// A link in running text.
    #[must_use]
    pub fn link(text: &str, href: &str) -> Self {
        Self(format!(
            r#"<a class="govuk-link" href="{}">{}</a>"#,
            Self::from(href),
            Self::from(text)
        ))
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        let Ok(escaped) = escape(text, HtmlEscaper);
        Self(escaped.to_string())
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl fmt::Display for Html {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

#[cfg(test)]
mod tests {
    use super::Html;

    fn check(html: Html, expected: &str) {
        assert_eq!(html.to_string(), expected);
    }

    #[test]
    fn what_people_type_is_escaped() {
        check("a < b & c".into(), "a &#60; b &#38; c");
        check(
            Html::paragraphs("one\ntwo\r\n\r\n<b>"),
            "<p>one<br>two</p><p>&#60;b&#62;</p>",
        );
        check(Html::paragraphs("  \n\n "), "");
        check(
            Html::link("<Ann>", "/a?b=\"c\""),
            "<a class=\"govuk-link\" href=\"/a?b=&#34;c&#34;\">&#60;Ann&#62;</a>",
        );
        check(Html::trusted("<b>x</b>"), "<b>x</b>");
    }
}
