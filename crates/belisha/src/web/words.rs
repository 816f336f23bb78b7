//! Dates and numbers as people read them.

use belisha_ui::Moment;
use jiff::civil::Date;
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

/// "1 person", "7 people".
pub(crate) fn counted(number: i64, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

#[cfg(test)]
mod tests {
    use super::*;

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
