//! Until when a certificate holds (RFC 5280, 4.1). Read from its bytes by hand: nothing else of it is
//! asked for, and a whole parser would be a dependency for one date.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The end of a certificate in DER; none where these bytes are no certificate.
pub(super) fn ends_at(certificate: &[u8]) -> Option<Timestamp> {
    let (certificate, _) = inside(certificate, SEQUENCE)?;
    let (body, _) = inside(certificate, SEQUENCE)?;
    let body = inside(body, VERSION).map_or(body, |(_, rest)| rest);
    let (_, body) = inside(body, INTEGER)?;
    // The algorithm and the issuer stand before the validity.
    let (_, body) = inside(body, SEQUENCE)?;
    let (_, body) = inside(body, SEQUENCE)?;
    let (validity, _) = inside(body, SEQUENCE)?;
    let (_, _, validity) = element(validity)?;
    let (tag, until, _) = element(validity)?;
    instant(tag, until)
}

/// The content of an element with this tag, and what follows it.
fn inside(bytes: &[u8], expected: u8) -> Option<(&[u8], &[u8])> {
    let (tag, content, rest) = element(bytes)?;
    (tag == expected).then_some((content, rest))
}

/// The first element: its tag, its content, and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, bytes) = bytes.split_first()?;
    let (first, bytes) = bytes.split_first()?;
    let (length, bytes) = match first {
        0..=0x7f => (usize::from(*first), bytes),
        0x81..=0x84 => {
            let (length, bytes) = bytes.split_at_checked(usize::from(first & 0x7f))?;
            let length = length
                .iter()
                .fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
            (length, bytes)
        }
        _ => return None,
    };
    let (content, rest) = bytes.split_at_checked(length)?;
    Some((*tag, content, rest))
}

fn instant(tag: u8, text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let text = match tag {
        // Two figures of a year: from 1950 to 2049.
        UTC_TIME if text.is_ascii() && text.len() == 12 => {
            let century = if text < "50" { "20" } else { "19" };
            format!("{century}{text}")
        }
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    DateTime::strptime("%Y%m%d%H%M%S", &text)
        .ok()?
        .to_zoned(TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read_as_certificates_write_them() {
        let check = |tag, text: &str, expected: Option<&str>| {
            let found = instant(tag, text.as_bytes()).map(|at| at.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check(UTC_TIME, "261203120000Z", Some("2026-12-03T12:00:00Z"));
        check(UTC_TIME, "491231235959Z", Some("2049-12-31T23:59:59Z"));
        check(UTC_TIME, "500101000000Z", Some("1950-01-01T00:00:00Z"));
        check(
            GENERALIZED_TIME,
            "20500101000000Z",
            Some("2050-01-01T00:00:00Z"),
        );
        check(UTC_TIME, "261303120000Z", None);
        check(UTC_TIME, "2612031200Z", None);
        check(UTC_TIME, "ééééééZ", None);
        check(GENERALIZED_TIME, "20500101000000", None);
        check(0x04, "261203120000Z", None);
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = ends_at(&bytes);
        }
    }
}
