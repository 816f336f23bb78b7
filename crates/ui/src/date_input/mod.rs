//! A date that a person knows, in three boxes; a calendar is never the only way.

use askama::{Template, filters::HtmlSafe};

use crate::field::{FieldNotes, group_class};
use crate::{Example, Fieldset, Html, Label};

/// A date as day, month and year, each sent as typed under `<name>-day`, `<name>-month`, `<name>-year`.
#[derive(Clone, Debug, Template)]
#[template(path = "date_input/date_input.html")]
pub struct DateInput {
    /// Id of the group; the boxes' ids are `<id>-day` and so on.
    pub id: String,
    /// What the boxes' names begin with; `None` names them `day`, `month` and `year`.
    pub name_prefix: Option<String>,
    /// The question.
    pub legend: Label,
    /// Help, with an example whose day is above twelve: "For example, 27 3 2026".
    pub hint: Option<String>,
    /// What is wrong.
    pub error: Option<String>,
    /// Which boxes are wrong; all of them where this is empty.
    pub wrong: Vec<DatePart>,
    /// The day as typed.
    pub day: String,
    /// The month as typed.
    pub month: String,
    /// The year as typed.
    pub year: String,
}

/// One of the three boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatePart {
    /// The day of the month.
    Day,
    /// The month as a number.
    Month,
    /// The year in four figures.
    Year,
}

impl HtmlSafe for DateInput {}

impl DateInput {
    /// An empty date whose boxes are named `<name>-day`, `<name>-month` and `<name>-year`.
    #[must_use]
    pub fn new(name: &str, legend: impl Into<Label>) -> Self {
        Self {
            id: name.to_owned(),
            name_prefix: Some(name.to_owned()),
            legend: legend.into(),
            hint: None,
            error: None,
            wrong: Vec::new(),
            day: String::new(),
            month: String::new(),
            year: String::new(),
        }
    }

    fn group_class(&self) -> &'static str {
        group_class(&self.error)
    }

    fn fieldset(&self) -> Fieldset {
        let notes = FieldNotes {
            id: &self.id,
            hint: &self.hint,
            error: &self.error,
        };
        let boxes = DateBoxes {
            id: &self.id,
            boxes: [
                self.part(DatePart::Day, "day", "Day", &self.day),
                self.part(DatePart::Month, "month", "Month", &self.month),
                self.part(DatePart::Year, "year", "Year", &self.year),
            ],
        };
        Fieldset {
            described_by: notes.described_by(),
            grouped: true,
            ..Fieldset::new(
                self.legend.clone(),
                Html::join(&[Html::of(&notes), Html::of(&boxes)]),
            )
        }
    }

    fn part<'a>(
        &'a self,
        part: DatePart,
        key: &'static str,
        label: &'static str,
        value: &'a str,
    ) -> DateBox<'a> {
        let is_wrong =
            self.error.is_some() && (self.wrong.is_empty() || self.wrong.contains(&part));
        DateBox {
            name: match &self.name_prefix {
                Some(prefix) => format!("{prefix}-{key}"),
                None => key.to_owned(),
            },
            key,
            label,
            value,
            is_wrong,
            characters: if part == DatePart::Year { 4 } else { 2 },
        }
    }
}

#[derive(Template)]
#[template(path = "date_input/date_boxes.html")]
struct DateBoxes<'a> {
    id: &'a str,
    boxes: [DateBox<'a>; 3],
}

impl HtmlSafe for DateBoxes<'_> {}

struct DateBox<'a> {
    name: String,
    key: &'static str,
    label: &'static str,
    value: &'a str,
    is_wrong: bool,
    characters: u8,
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new(
            "default",
            &DateInput {
                hint: Some("For example, 27 3 2026".into()),
                ..DateInput::new("seen-on", Label::page_heading("When was it seen?"))
            },
        ),
        Example::new(
            "one box wrong",
            &DateInput {
                day: "27".into(),
                month: "13".into(),
                year: "2026".into(),
                error: Some("The month must be a number from 1 to 12".into()),
                wrong: vec![DatePart::Month],
                ..DateInput::new("told-on", "When were the parents told?")
            },
        ),
    ]
}
