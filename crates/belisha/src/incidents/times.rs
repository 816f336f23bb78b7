//! Instants and days as people read them.

use belisha_ui::Moment;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::school::School;

/// "23 September 2026 at 8:55am", by the school's clock.
pub(crate) fn moment(school: &School, instant: Timestamp) -> String {
    let zoned = instant.to_zoned(school.settings().time_zone.clone());
    let half = if zoned.hour() < 12 { "am" } else { "pm" };
    format!(
        "{} at {}:{:02}{half}",
        day(zoned.date()),
        (zoned.hour() + 11) % 12 + 1,
        zoned.minute(),
    )
}

/// The instant by which something is due: "23 September 2026 at 9:55am", or "the end of
/// 24 September 2026" where it is midnight.
pub(crate) fn deadline(school: &School, instant: Timestamp) -> String {
    let zoned = instant.to_zoned(school.settings().time_zone.clone());
    match zoned.date().yesterday() {
        Ok(before) if zoned.hour() == 0 && zoned.minute() == 0 => {
            format!("the end of {}", day(before))
        }
        _ => moment(school, instant),
    }
}

/// "23 September 2026".
pub(crate) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// The same for the `time` element.
pub(crate) fn element(school: &School, instant: Timestamp) -> Moment {
    Moment::new(instant.to_string(), moment(school, instant))
}
