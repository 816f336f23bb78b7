//! Dates and numbers as people read them.

use belisha_ui::Moment;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::school::School;

/// "23 September 2026".
pub(crate) fn date(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// "23 September 2026 at 8:55am", by this clock.
pub(crate) fn moment(instant: Timestamp, zone: &TimeZone) -> String {
    let at = instant.to_zoned(zone.clone());
    format!(
        "{} at {}{}",
        date(at.date()),
        at.strftime("%-I:%M"),
        if at.hour() < 12 { "am" } else { "pm" }
    )
}

/// The same by the school's own clock.
pub(crate) fn moment_at(school: &School, instant: Timestamp) -> String {
    moment(instant, &school.settings().time_zone)
}

/// The instant by which something is due: "23 September 2026 at 9:55am", or "the end of
/// 24 September 2026" where it is midnight.
pub(crate) fn deadline(school: &School, instant: Timestamp) -> String {
    let at = instant.to_zoned(school.settings().time_zone.clone());
    match at.date().yesterday() {
        Ok(before) if at.hour() == 0 && at.minute() == 0 => {
            format!("the end of {}", date(before))
        }
        _ => moment_at(school, instant),
    }
}

/// The same for the `time` element.
pub(crate) fn element(school: &School, instant: Timestamp) -> Moment {
    Moment::new(instant.to_string(), moment_at(school, instant))
}

/// The last day of what ends at the midnight after it.
pub(crate) fn last_day(school: &School, ends_at: Timestamp) -> String {
    let last = ends_at.saturating_sub(SignedDuration::from_millis(1));
    date(school.date_of(last.unwrap_or(ends_at)))
}

/// A date typed as three numbers; none where there is no such day.
pub(crate) fn read_date(day: &str, month: &str, year: &str) -> Option<Date> {
    let year = year.trim();
    // A year in two digits would be read as one nearly two thousand years ago.
    if year.len() != 4 {
        return None;
    }
    Date::new(
        year.parse().ok()?,
        month.trim().parse().ok()?,
        day.trim().parse().ok()?,
    )
    .ok()
}

/// A time of day as people write it: 10:45, 10.45, 1045, 9.
pub(crate) fn read_time(text: &str) -> Option<Time> {
    let lower = text.to_lowercase().replace(' ', "");
    let (digits, afternoon) = match (lower.strip_suffix("pm"), lower.strip_suffix("am")) {
        (Some(digits), _) => (digits, Some(true)),
        (_, Some(digits)) => (digits, Some(false)),
        (None, None) => (lower.as_str(), None),
    };
    let (hours, minutes) = match digits.split_once([':', '.']) {
        Some((hours, minutes)) => (hours, minutes),
        None if digits.len() > 2 && digits.is_ascii() => digits.split_at(digits.len() - 2),
        None => (digits, "0"),
    };
    let hours: i8 = hours.parse().ok()?;
    let minutes: i8 = minutes.parse().ok()?;
    let hours = match (afternoon, hours) {
        (None, hours) => hours,
        (Some(true), 12) => 12,
        (Some(false), 12) => 0,
        (Some(true), hours @ 1..=11) => hours + 12,
        (Some(false), hours @ 1..=11) => hours,
        (Some(_), _) => return None,
    };
    Time::new(hours, minutes, 0, 0).ok()
}

/// With a capital first letter, as a line begins.
pub(crate) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// "1 person", "7 people".
pub(crate) fn counted(number: i64, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let check = |text: &str, expected: Option<(i8, i8)>| {
            let read = read_time(text).map(|time| (time.hour(), time.minute()));
            assert_eq!(read, expected, "{text}");
        };
        check("10:45", Some((10, 45)));
        check("10.45", Some((10, 45)));
        check("1045", Some((10, 45)));
        check("945", Some((9, 45)));
        check("9", Some((9, 0)));
        check("2:30pm", Some((14, 30)));
        check("2 pm", Some((14, 0)));
        check("12am", Some((0, 0)));
        check("12pm", Some((12, 0)));
        check("13pm", None);
        check("25:00", None);
        check("10:75", None);
        check("after lunch", None);
        check("é45", None);
    }

    #[test]
    fn a_date_is_three_numbers_that_exist() {
        let check = |day, month, year, expected: Option<&str>| {
            let read = read_date(day, month, year).map(|date| date.to_string());
            assert_eq!(read.as_deref(), expected);
        };
        check("7", "3", "2026", Some("2026-03-07"));
        check("31", "2", "2026", None);
        check("", "3", "2026", None);
        check("300", "3", "2026", None);
    }

    #[test]
    fn times_are_written_as_people_say_them() {
        let london = TimeZone::get("Europe/London").unwrap();
        let check = |instant: &str, expected: &str| {
            assert_eq!(moment(instant.parse().unwrap(), &london), expected);
        };
        check("2026-09-23T07:55:00Z", "23 September 2026 at 8:55am");
        check("2026-12-01T12:05:00Z", "1 December 2026 at 12:05pm");
        check("2026-12-01T00:05:00Z", "1 December 2026 at 12:05am");
        let read = |day, month, year| read_date(day, month, year).map(|date| date.to_string());
        assert_eq!(read("3", " 9", "2026").as_deref(), Some("2026-09-03"));
        assert_eq!(read("31", "9", "2026"), None);
        assert_eq!(read("3", "9", "26"), None);
        assert_eq!(read("", "", ""), None);
        assert_eq!(counted(1, "person", "people"), "1 person");
        assert_eq!(counted(0, "person", "people"), "0 people");
    }
}
