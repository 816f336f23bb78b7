//! Bank holidays of England and Wales, computed for any year (Banking and
//! Financial Dealings Act 1971 and the yearly proclamations), with the moved
//! and single ones since 2020 as data.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// Days that were given once, on top of the usual ones.
const GIVEN_ONCE: &[Date] = &[
    date(2022, 6, 3),  // Platinum Jubilee
    date(2022, 9, 19), // State funeral of the Queen
    date(2023, 5, 8),  // Coronation
];

/// The bank holidays of one year, in order.
pub fn of_year(year: i16) -> Vec<Date> {
    let mut days = Vec::with_capacity(11);
    if year < 1 {
        return days;
    }
    days.push(moved_off_weekend(date(year, 1, 1)));
    let easter = easter_sunday(year);
    days.push(easter.saturating_sub(2.days()));
    days.push(easter.saturating_add(1.day()));
    days.push(early_may(year));
    days.push(spring(year));
    days.push(last_monday(date(year, 8, 31)));
    // When Christmas and Boxing Day touch a weekend, the days after it take their place.
    let (christmas, boxing) = match date(year, 12, 25).weekday() {
        Weekday::Friday => (25, 28),
        Weekday::Saturday => (27, 28),
        Weekday::Sunday => (27, 26),
        Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday => (25, 26),
    };
    days.push(date(year, 12, christmas));
    days.push(date(year, 12, boxing));
    days.extend(GIVEN_ONCE.iter().filter(|day| day.year() == year));
    days.sort();
    days
}

/// Easter Sunday by the Gregorian computus (the anonymous algorithm in the form
/// that Meeus gives in "Astronomical Algorithms", chapter 8).
pub fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let a = y % 19;
    let (b, c) = (y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    // n is 114 + a number of days from 22 March to 25 April, so both parts fit.
    let (month, day) = ((n / 31) as i8, (n % 31 + 1) as i8);
    date(year, month, day)
}

fn early_may(year: i16) -> Date {
    if year == 2020 {
        return date(2020, 5, 8); // Moved to the 75th anniversary of VE Day.
    }
    first_monday(date(year, 5, 1))
}

fn spring(year: i16) -> Date {
    if year == 2022 {
        return date(2022, 6, 2); // Moved for the Platinum Jubilee.
    }
    last_monday(date(year, 5, 31))
}

fn moved_off_weekend(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => day.saturating_add(2.days()),
        Weekday::Sunday => day.saturating_add(1.day()),
        Weekday::Monday
        | Weekday::Tuesday
        | Weekday::Wednesday
        | Weekday::Thursday
        | Weekday::Friday => day,
    }
}

fn first_monday(first_of_month: Date) -> Date {
    let past = i32::from(first_of_month.weekday().to_monday_zero_offset());
    first_of_month.saturating_add(((7 - past) % 7).days())
}

fn last_monday(last_of_month: Date) -> Date {
    let past = i32::from(last_of_month.weekday().to_monday_zero_offset());
    last_of_month.saturating_sub(past.days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_years_that_gov_uk_has_published_are_reproduced() {
        let check = |year: i16, days: &[(i8, i8)]| {
            let expected: Vec<Date> = days.iter().map(|(m, d)| date(year, *m, *d)).collect();
            assert_eq!(of_year(year), expected, "{year}");
        };
        check(
            2020,
            &[
                (1, 1),
                (4, 10),
                (4, 13),
                (5, 8),
                (5, 25),
                (8, 31),
                (12, 25),
                (12, 28),
            ],
        );
        check(
            2021,
            &[
                (1, 1),
                (4, 2),
                (4, 5),
                (5, 3),
                (5, 31),
                (8, 30),
                (12, 27),
                (12, 28),
            ],
        );
        check(
            2022,
            &[
                (1, 3),
                (4, 15),
                (4, 18),
                (5, 2),
                (6, 2),
                (6, 3),
                (8, 29),
                (9, 19),
                (12, 26),
                (12, 27),
            ],
        );
        check(
            2023,
            &[
                (1, 2),
                (4, 7),
                (4, 10),
                (5, 1),
                (5, 8),
                (5, 29),
                (8, 28),
                (12, 25),
                (12, 26),
            ],
        );
        check(
            2024,
            &[
                (1, 1),
                (3, 29),
                (4, 1),
                (5, 6),
                (5, 27),
                (8, 26),
                (12, 25),
                (12, 26),
            ],
        );
        check(
            2025,
            &[
                (1, 1),
                (4, 18),
                (4, 21),
                (5, 5),
                (5, 26),
                (8, 25),
                (12, 25),
                (12, 26),
            ],
        );
        check(
            2026,
            &[
                (1, 1),
                (4, 3),
                (4, 6),
                (5, 4),
                (5, 25),
                (8, 31),
                (12, 25),
                (12, 28),
            ],
        );
        check(
            2027,
            &[
                (1, 1),
                (3, 26),
                (3, 29),
                (5, 3),
                (5, 31),
                (8, 30),
                (12, 27),
                (12, 28),
            ],
        );
        check(
            2028,
            &[
                (1, 3),
                (4, 14),
                (4, 17),
                (5, 1),
                (5, 29),
                (8, 28),
                (12, 25),
                (12, 26),
            ],
        );
    }

    #[test]
    fn easter_falls_where_the_tables_say() {
        let check = |year, month, day| assert_eq!(easter_sunday(year), date(year, month, day));
        check(1818, 3, 22); // The earliest that can be.
        check(1943, 4, 25); // The latest that can be.
        check(1961, 4, 2);
        check(2000, 4, 23);
        check(2008, 3, 23);
        check(2019, 4, 21);
        check(2038, 4, 25);
        check(2285, 3, 22);
    }

    #[test]
    fn every_year_has_its_days_between_monday_and_friday() {
        for year in 1..=9998 {
            let easter = easter_sunday(year);
            assert_eq!(easter.weekday(), Weekday::Sunday, "{year}");
            assert!(
                easter >= date(year, 3, 22) && easter <= date(year, 4, 25),
                "{year}"
            );
            let days = of_year(year);
            assert!(days.len() >= 8, "{year}");
            for day in days {
                assert!(
                    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
                    "{day}"
                );
            }
        }
    }
}
