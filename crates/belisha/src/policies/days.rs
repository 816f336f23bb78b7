//! Days as people write and read them.

use belisha_ui::Moment;
use jiff::civil::Date;

/// "3 June 2026".
pub(super) use crate::web::words::date as written;

/// A day for a timeline.
pub(super) fn moment(day: Date) -> Moment {
    Moment::new(day.to_string(), written(day))
}

/// What the three boxes of a date hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    Nothing,
    /// Something that is no day of the calendar.
    NoDay,
    Day(Date),
}

/// Reads a day as somebody typed it.
pub(super) fn read_day(day: &str, month: &str, year: &str) -> Typed {
    let (day, month, year) = (day.trim(), month.trim(), year.trim());
    if day.is_empty() && month.is_empty() && year.is_empty() {
        return Typed::Nothing;
    }
    let date = || {
        let year: i16 = year.parse().ok().filter(|year| *year >= 1900)?;
        Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
    };
    date().map_or(Typed::NoDay, Typed::Day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_typed_day_is_read_or_told_apart() {
        let check = |day, month, year, expected| {
            assert_eq!(read_day(day, month, year), expected, "{day} {month} {year}");
        };
        check("27", "3", "2026", Typed::Day(date(2026, 3, 27)));
        check(" 07", "03 ", "2026", Typed::Day(date(2026, 3, 7)));
        check("", " ", "", Typed::Nothing);
        check("30", "2", "2026", Typed::NoDay);
        check("1", "", "2026", Typed::NoDay);
        check("1", "1", "26", Typed::NoDay);
        check("one", "1", "2026", Typed::NoDay);
    }
}
