//! Instants and days as these pages name them.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::school::School;

/// "23 September 2026 at 8:55am", by the school's clock.
pub(super) fn moment(school: &School, at: Timestamp) -> String {
    at.to_zoned(school.settings().time_zone.clone())
        .strftime("%-d %B %Y at %-I:%M%P")
        .to_string()
}

/// "23 September 2026".
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// The last day of what ends at the midnight after it.
pub(super) fn last_day(school: &School, ends_at: Timestamp) -> String {
    let last = ends_at.saturating_sub(SignedDuration::from_millis(1));
    day(school.date_of(last.unwrap_or(ends_at)))
}
