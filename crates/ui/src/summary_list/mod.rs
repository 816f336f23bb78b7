//! Facts by name, each with a link to change it: the heart of "Check your answers".

use askama::{Template, filters::HtmlSafe};

use crate::{Example, Html};

/// Facts by name.
#[derive(Clone, Debug, Template)]
#[template(path = "summary_list/summary_list.html")]
pub struct SummaryList {
    /// The facts, in the order they were asked.
    pub rows: Vec<SummaryRow>,
}

/// One fact.
#[derive(Clone, Debug)]
pub struct SummaryRow {
    /// Its name.
    pub key: String,
    /// What it is; "Not provided" where an optional question was skipped.
    pub value: Html,
    /// What can be done about it.
    pub actions: Vec<RowAction>,
}

/// A link at the end of a row.
#[derive(Clone, Debug)]
pub struct RowAction {
    /// The visible word: "Change".
    pub text: String,
    /// What is changed, for those who hear the link alone: "place".
    pub of_what: String,
    /// Where it leads.
    pub href: String,
}

impl RowAction {
    /// A "Change" link; `of_what` is read out after it.
    #[must_use]
    pub fn change(of_what: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: "Change".into(),
            of_what: of_what.into(),
            href: href.into(),
        }
    }
}

impl SummaryRow {
    /// A fact that cannot be changed here.
    #[must_use]
    pub fn new(key: impl Into<String>, value: impl Into<Html>) -> Self {
        Self {
            key: key.into(),
            value: value.into(),
            actions: Vec::new(),
        }
    }

    /// A fact with a "Change" link that says, to those who hear it alone, what is changed.
    #[must_use]
    pub fn changeable(
        key: impl Into<String>,
        value: impl Into<Html>,
        href: impl Into<String>,
    ) -> Self {
        let key = key.into();
        let change = RowAction::change(key.to_lowercase(), href);
        Self {
            actions: vec![change],
            ..Self::new(key, value)
        }
    }
}

impl HtmlSafe for SummaryList {}

impl SummaryList {
    /// A list of these facts.
    #[must_use]
    pub fn new(rows: Vec<SummaryRow>) -> Self {
        Self { rows }
    }

    fn row_class(&self, row: &SummaryRow) -> &'static str {
        let any_has_actions = self.rows.iter().any(|row| !row.actions.is_empty());
        if any_has_actions && row.actions.is_empty() {
            "govuk-summary-list__row govuk-summary-list__row--no-actions"
        } else {
            "govuk-summary-list__row"
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new(
            "facts",
            &SummaryList::new(vec![
                SummaryRow::new("Reference", "K7M2 Q4"),
                SummaryRow::new("Received", "16 June at 8:06am"),
            ]),
        ),
        Example::new(
            "answers to check",
            &SummaryList::new(vec![
                SummaryRow::new("Reported by", "You"),
                SummaryRow::changeable("Place", "Computer room", "#"),
                SummaryRow::changeable("Witness", "Not provided", "#"),
            ]),
        ),
    ]
}
