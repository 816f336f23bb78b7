//! Periods: the lengths in which a school repeats something or gives notice of
//! it. Unlike a [`Measure`], a period needs no school calendar to become a date.

use std::fmt;

use jiff::{Span, ToSpan, civil::Date};

use crate::measure::Measure;

/// Whole days, weeks, months or years of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    Days(u16),
    Weeks(u16),
    Months(u16),
    Years(u16),
}

impl Period {
    /// The period that a measure states, if it is one of the four and not absurdly long.
    pub fn of(measure: Measure) -> Option<Self> {
        match measure {
            Measure::Days(n) => n.try_into().ok().map(Self::Days),
            Measure::Weeks(n) => n.try_into().ok().map(Self::Weeks),
            Measure::Months(n) => n.try_into().ok().map(Self::Months),
            Measure::Years(n) => n.try_into().ok().map(Self::Years),
            Measure::AtOnce
            | Measure::SameDay
            | Measure::Minutes(_)
            | Measure::Hours(_)
            | Measure::SchoolDays(_)
            | Measure::WorkingDays(_) => None,
        }
    }

    /// The same length as a measure.
    pub fn measure(self) -> Measure {
        match self {
            Self::Days(n) => Measure::Days(n.into()),
            Self::Weeks(n) => Measure::Weeks(n.into()),
            Self::Months(n) => Measure::Months(n.into()),
            Self::Years(n) => Measure::Years(n.into()),
        }
    }

    /// The date one period after `date`; the last possible date where the calendar ends.
    pub fn after(self, date: Date) -> Date {
        date.saturating_add(self.span())
    }

    /// The date one period before `date`; the first possible date where the calendar ends.
    pub fn before(self, date: Date) -> Date {
        date.saturating_sub(self.span())
    }

    /// Whether this is longer than `other`, taking a month as a twelfth of a year,
    /// so that "1 year", "12 months" and "365 days" are none of them longer than another.
    pub fn is_longer_than(self, other: Self) -> bool {
        self.ten_thousandths_of_a_day() > other.ten_thousandths_of_a_day()
    }

    fn ten_thousandths_of_a_day(self) -> u64 {
        match self {
            Self::Days(n) => u64::from(n) * 10_000,
            Self::Weeks(n) => u64::from(n) * 70_000,
            Self::Months(n) => u64::from(n) * 304_375,
            Self::Years(n) => u64::from(n) * 3_652_500,
        }
    }

    fn span(self) -> Span {
        // Widened first: 65,535 of any of these units is within what a span may hold,
        // except years, which stop at the end of the calendar.
        match self {
            Self::Days(n) => i64::from(n).days(),
            Self::Weeks(n) => i64::from(n).weeks(),
            Self::Months(n) => i64::from(n).months(),
            Self::Years(n) => i64::from(n.min(19_998)).years(),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.measure().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_period_leads_from_date_to_date() {
        assert_eq!(Period::Months(12).after(date(2025, 9, 1)), date(2026, 9, 1));
        assert_eq!(
            Period::Months(1).before(date(2026, 3, 31)),
            date(2026, 2, 28)
        );
        assert_eq!(Period::Weeks(6).before(date(2026, 3, 1)), date(2026, 1, 18));
        assert_eq!(Period::Days(1).after(date(2026, 12, 31)), date(2027, 1, 1));
        assert_eq!(Period::Years(u16::MAX).after(date(2026, 1, 1)), Date::MAX);
        assert_eq!(Period::Years(u16::MAX).before(date(2026, 1, 1)), Date::MIN);
    }

    #[test]
    fn a_year_is_a_year_however_it_is_counted() {
        let year = Period::Months(12);
        for same in [Period::Years(1), Period::Days(365), Period::Weeks(52)] {
            assert!(!same.is_longer_than(year), "{same}");
        }
        for longer in [Period::Months(13), Period::Days(366), Period::Weeks(53)] {
            assert!(longer.is_longer_than(year), "{longer}");
        }
    }
}
