//! What happened, newest first: title, date, who, and a few words.

use askama::{Template, filters::HtmlSafe};

use crate::{Example, Html};

/// A list of happenings, given newest first.
#[derive(Clone, Debug, Template)]
#[template(path = "timeline/timeline.html")]
pub struct Timeline {
    /// The happenings, newest first.
    pub items: Vec<TimelineItem>,
}

/// One happening.
#[derive(Clone, Debug)]
pub struct TimelineItem {
    /// What happened, in two or three words.
    pub title: String,
    /// When.
    pub moment: Moment,
    /// Who did it.
    pub by: Option<String>,
    /// A few words more, or a link.
    pub description: Option<Html>,
}

/// When something happened: a date, and a time only where one is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// For machines: `2026-06-16` or `2026-06-16T08:06`.
    pub machine: String,
    /// For people: "16 June 2026" or "16 June 2026 at 8:06am".
    pub words: String,
}

impl Moment {
    /// A moment for machines and in words; leave the time out of both where it is not known.
    #[must_use]
    pub fn new(machine: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            machine: machine.into(),
            words: words.into(),
        }
    }
}

impl TimelineItem {
    /// A happening without further words.
    #[must_use]
    pub fn new(title: impl Into<String>, moment: Moment) -> Self {
        Self {
            title: title.into(),
            moment,
            by: None,
            description: None,
        }
    }
}

impl HtmlSafe for Timeline {}

impl Timeline {
    /// A timeline of these happenings, newest first.
    #[must_use]
    pub fn new(items: Vec<TimelineItem>) -> Self {
        Self { items }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let told = TimelineItem {
        by: Some("Ann Lee".into()),
        description: Some(Html::paragraphs(
            "By telephone. They were thankful to know.",
        )),
        ..TimelineItem::new("Parents told", Moment::new("2026-06-17", "17 June 2026"))
    };
    let reported = TimelineItem {
        by: Some("Sam Oak".into()),
        ..TimelineItem::new(
            "Reported",
            Moment::new("2026-06-16T08:06", "16 June 2026 at 8:06am"),
        )
    };
    vec![Example::new(
        "newest first",
        &Timeline::new(vec![told, reported]),
    )]
}
