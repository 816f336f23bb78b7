//! A picture with its finding in words: a QR code, a plot, a plan.

use askama::{Template, filters::HtmlSafe};

use crate::{Example, Html};

/// A picture and its caption. The caption says in words what the picture says.
#[derive(Clone, Debug, Template)]
#[template(path = "figure/figure.html")]
pub struct Figure {
    /// What the picture says, in a sentence.
    pub caption: String,
    /// An `svg` or `img` element that our own code made.
    pub picture: Html,
    /// The same as text: the address of a QR code, the table of a plot.
    pub in_words: Option<Html>,
    /// How wide the picture may become.
    pub size: FigureSize,
}

/// How wide a picture may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureSize {
    /// A QR code: 14 rem.
    Code,
    /// As wide as the text.
    Text,
}

impl HtmlSafe for Figure {}

impl Figure {
    /// A QR code with the words to type where it cannot be scanned.
    #[must_use]
    pub fn code(caption: impl Into<String>, picture: Html, to_type: impl Into<Html>) -> Self {
        Self {
            caption: caption.into(),
            picture,
            in_words: Some(to_type.into()),
            size: FigureSize::Code,
        }
    }

    /// A plot or plan as wide as the text.
    #[must_use]
    pub fn wide(caption: impl Into<String>, picture: Html) -> Self {
        Self {
            caption: caption.into(),
            picture,
            in_words: None,
            size: FigureSize::Text,
        }
    }

    fn is_code(&self) -> bool {
        self.size == FigureSize::Code
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let picture = Html::trusted(
        r#"<svg viewBox="0 0 6 6" aria-hidden="true" focusable="false"><path d="M0 0h2v2H0zm4 0h2v2H4zM0 4h2v2H0zm3-1h1v1H3zm2 2h1v1H5z"/></svg>"#,
    );
    let bars = Html::trusted(
        r#"<svg viewBox="0 0 60 12" aria-hidden="true" focusable="false"><path fill="currentColor" d="M0 1h46v4H0zm0 6h14v4H0z"/></svg>"#,
    );
    vec![
        Example::new(
            "a code to scan or type",
            &Figure::code("Scan to open your family page", picture, "Or type K7M2 Q4"),
        ),
        Example::new(
            "a picture as wide as the text",
            &Figure {
                in_words: Some("Signed: 23. Not yet: 7.".into()),
                ..Figure::wide("Three in four have signed", bars)
            },
        ),
    ]
}
