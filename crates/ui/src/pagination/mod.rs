//! One page of a long list, and the way to the others.

use askama::{Template, filters::HtmlSafe};

use crate::Example;

/// Links to the pages of a list, or to the parts before and after this one.
#[derive(Clone, Debug, Template)]
#[template(path = "pagination/pagination.html")]
pub struct Pagination {
    /// What is paged, for screen readers; two on a page need two.
    pub label: String,
    /// The page before.
    pub previous: Option<PageLink>,
    /// The numbered pages; empty where only before and after matter.
    pub items: Vec<PageItem>,
    /// The page after.
    pub next: Option<PageLink>,
}

/// A link to the page before or after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLink {
    /// Its address.
    pub href: String,
    /// What is on it, where pages are not numbered.
    pub label: Option<String>,
}

impl PageLink {
    /// A link without a label.
    #[must_use]
    pub fn new(href: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: None,
        }
    }
}

/// A place in the row of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageItem {
    /// Another page.
    Page {
        /// Its number, from 1.
        number: usize,
        /// Its address.
        href: String,
    },
    /// This page.
    Current {
        /// Its number, from 1.
        number: usize,
        /// Its address.
        href: String,
    },
    /// Pages left out.
    Gap,
}

impl HtmlSafe for Pagination {}

impl Pagination {
    /// The row for page `current` of `total`, both from 1; shows first, last and neighbours.
    /// Nothing is shown if there is one page.
    #[must_use]
    pub fn numbered(current: usize, total: usize, href: impl Fn(usize) -> String) -> Self {
        if total < 2 {
            return Self::around(None, None);
        }
        let link = |number: usize| PageLink::new(href(number));
        let mut items = Vec::new();
        let mut last_shown = 0;
        for number in 1..=total {
            if number != 1 && number != total && number.abs_diff(current) > 1 {
                continue;
            }
            if number > last_shown + 1 {
                items.push(PageItem::Gap);
            }
            last_shown = number;
            let href = href(number);
            items.push(if number == current {
                PageItem::Current { number, href }
            } else {
                PageItem::Page { number, href }
            });
        }
        Self {
            previous: (current > 1).then(|| link(current - 1)),
            next: (current < total).then(|| link(current + 1)),
            items,
            ..Self::around(None, None)
        }
    }

    /// The parts before and after this one, without numbers.
    #[must_use]
    pub fn around(previous: Option<PageLink>, next: Option<PageLink>) -> Self {
        Self {
            label: "Pagination".into(),
            previous,
            items: Vec::new(),
            next,
        }
    }

    /// Whether only before and after are shown, each on its own line.
    fn is_block(&self) -> bool {
        self.items.is_empty()
    }

    fn is_shown(&self) -> bool {
        self.previous.is_some() || self.next.is_some() || !self.items.is_empty()
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let to = |number| format!("#page-{number}");
    let labelled = |href: &str, label: &str| PageLink {
        label: Some(label.into()),
        ..PageLink::new(href)
    };
    vec![
        Example::new("in the middle of many", &Pagination::numbered(6, 12, to)),
        Example::new(
            "first of three",
            &Pagination {
                label: "Closed incidents".into(),
                ..Pagination::numbered(1, 3, to)
            },
        ),
        Example::new(
            "before and after",
            &Pagination {
                label: "Clauses".into(),
                ..Pagination::around(
                    Some(labelled("#", "Phones in school")),
                    Some(labelled("#", "Leaving a computer")),
                )
            },
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::{PageItem, Pagination};

    fn check(current: usize, total: usize, expected: &str) {
        let pagination = Pagination::numbered(current, total, |number| number.to_string());
        let row: Vec<String> = pagination
            .items
            .iter()
            .map(|item| match item {
                PageItem::Page { number, .. } => number.to_string(),
                PageItem::Current { number, .. } => format!("[{number}]"),
                PageItem::Gap => "…".to_owned(),
            })
            .collect();
        assert_eq!(row.join(" "), expected);
    }

    #[test]
    fn shows_first_last_and_neighbours() {
        check(1, 1, "");
        check(1, 2, "[1] 2");
        check(2, 3, "1 [2] 3");
        check(1, 9, "[1] 2 … 9");
        check(5, 9, "1 … 4 [5] 6 … 9");
        check(9, 9, "1 … 8 [9]");
    }
}
