//! Instants: milliseconds since 1970 in UTC, and the same in words that a person reads.

use jiff::Timestamp;

/// The last millisecond of the year 9998: the calendar library ends within the year after.
pub(crate) const LATEST_MS: u64 = 253_370_764_799_999;

/// The instant as `2026-09-01T08:15:00.000Z`, or nothing after the year 9998.
pub fn readable(at_ms: u64) -> Option<String> {
    let at_ms = i64::try_from(at_ms)
        .ok()
        .filter(|ms| *ms <= LATEST_MS as i64)?;
    Some(format!("{:.3}", Timestamp::from_millisecond(at_ms).ok()?))
}

/// Reads back exactly what [`readable`] writes.
pub(crate) fn from_readable(text: &str) -> Option<u64> {
    let at: Timestamp = text.parse().ok()?;
    let at_ms = u64::try_from(at.as_millisecond()).ok()?;
    (readable(at_ms)? == text).then_some(at_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_read_back_as_they_were_written() {
        let check = |at_ms, text: &str| {
            assert_eq!(readable(at_ms).as_deref(), Some(text));
            assert_eq!(from_readable(text), Some(at_ms));
        };
        check(0, "1970-01-01T00:00:00.000Z");
        check(951_782_400_007, "2000-02-29T00:00:00.007Z");
        check(2_147_483_648_000, "2038-01-19T03:14:08.000Z");
        check(LATEST_MS, "9998-12-31T23:59:59.999Z");
    }

    #[test]
    fn other_spellings_of_an_instant_are_refused() {
        assert_eq!(readable(LATEST_MS + 1), None);
        assert_eq!(readable(u64::MAX), None);
        for text in [
            "2026-09-01T08:15:00Z",
            "2026-09-01T08:15:00.0000Z",
            "2026-09-01t08:15:00.000z",
            "2026-09-01T09:15:00.000+01:00",
            "2016-12-31T23:59:60.000Z",
            "1969-12-31T23:59:59.999Z",
            "",
        ] {
            assert_eq!(from_readable(text), None, "{text}");
        }
    }
}
