//! Dates as pages say them and as forms ask for them.

use belisha_ui::{DateInput, DatePart, FieldError, Label};
use jiff::civil::Date;

/// "27 March 2019".
pub(crate) use crate::web::words::date as in_words;

/// A date as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DateTyped {
    pub(crate) day: String,
    pub(crate) month: String,
    pub(crate) year: String,
}

impl DateTyped {
    pub(crate) fn of(day: Option<Date>) -> Self {
        day.map_or_else(Self::default, |day| Self {
            day: day.day().to_string(),
            month: day.month().to_string(),
            year: day.year().to_string(),
        })
    }

    /// The date; none where all boxes are empty. The error names the box to correct.
    pub(crate) fn read(&self, name: &str, what: &str) -> Result<Option<Date>, FieldError> {
        let parts = [&self.day, &self.month, &self.year].map(|part| part.trim());
        if parts.iter().all(|part| part.is_empty()) {
            return Ok(None);
        }
        let wrong = |part: &str, says: &str| {
            Err(FieldError::new(
                format!("{name}-{part}"),
                format!("{what}: {says}"),
            ))
        };
        let Some(day) = number(parts[0], 1, 31) else {
            return wrong("day", "the day must be a number from 1 to 31");
        };
        let Some(month) = number(parts[1], 1, 12) else {
            return wrong("month", "the month must be a number from 1 to 12");
        };
        let Some(year) = number(parts[2], 1900, 2200) else {
            return wrong("year", "the year must have four figures, like 2019");
        };
        let whole = i8::try_from(day)
            .ok()
            .zip(i8::try_from(month).ok())
            .and_then(|(day, month)| Date::new(year, month, day).ok());
        match whole {
            Some(date) => Ok(Some(date)),
            None => wrong("day", "there is no such day in that month"),
        }
    }

    /// The boxes, with what was typed and what is wrong with it.
    pub(crate) fn input(
        &self,
        name: &str,
        legend: impl Into<Label>,
        hint: &str,
        errors: &[FieldError],
    ) -> DateInput {
        let boxes = [
            (DatePart::Day, "day"),
            (DatePart::Month, "month"),
            (DatePart::Year, "year"),
        ];
        let found = errors.iter().find_map(|error| {
            let id = error.field_id.as_deref()?;
            boxes
                .iter()
                .find(|(_, key)| id == format!("{name}-{key}"))
                .map(|(part, _)| (*part, error.text.clone()))
        });
        DateInput {
            hint: Some(hint.to_owned()),
            error: found.as_ref().map(|(_, text)| text.clone()),
            wrong: found.iter().map(|(part, _)| *part).collect(),
            day: self.day.clone(),
            month: self.month.clone(),
            year: self.year.clone(),
            ..DateInput::new(name, legend)
        }
    }
}

fn number(text: &str, least: i16, most: i16) -> Option<i16> {
    text.parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_date_is_read_or_the_box_is_named() {
        let check = |day: &str, month: &str, year: &str, expected: Result<Option<&str>, &str>| {
            let typed = DateTyped {
                day: day.into(),
                month: month.into(),
                year: year.into(),
            };
            let read = typed.read("born-on", "Date of birth");
            match (read, expected) {
                (Ok(read), Ok(expected)) => {
                    assert_eq!(read.map(|day| day.to_string()).as_deref(), expected);
                }
                (Err(error), Err(expected)) => {
                    assert_eq!(error.field_id.as_deref(), Some(expected))
                }
                (read, _) => panic!("{day} {month} {year}: {read:?}"),
            }
        };
        check("27", "3", "2019", Ok(Some("2019-03-27")));
        check(" 7 ", "03", "2019", Ok(Some("2019-03-07")));
        check("", "", "", Ok(None));
        check("32", "3", "2019", Err("born-on-day"));
        check("27", "March", "2019", Err("born-on-month"));
        check("27", "3", "19", Err("born-on-year"));
        check("31", "4", "2019", Err("born-on-day"));
        check("27", "", "2019", Err("born-on-month"));
    }
}
