//! Measures of time as a school writes them: "10 minutes", "the same day",
//! "1 working day", "12 months". A measure is words until somebody's calendar
//! turns it into a date; that is `rules::calendar`.

use std::fmt;

use crate::prose::quoted;

/// How long something may take or last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// No waiting at all. Alerts that are due "at once" move on after an hour.
    AtOnce,
    /// Before midnight, by the school's own clock.
    SameDay,
    Minutes(u32),
    Hours(u32),
    /// Days on which the school is open to pupils.
    SchoolDays(u32),
    /// Monday to Friday without bank holidays, in term or out of it.
    WorkingDays(u32),
    Days(u32),
    Weeks(u32),
    Months(u32),
    Years(u32),
}

/// What a measure is counted in. Each parameter says which units fit it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    AtOnce,
    SameDay,
    Minutes,
    Hours,
    SchoolDays,
    WorkingDays,
    Days,
    Weeks,
    Months,
    Years,
}

impl Unit {
    /// The unit as a parameter's help names it: "school days", "at once".
    pub fn name(self) -> &'static str {
        match self {
            Self::AtOnce => "at once",
            Self::SameDay => "same day",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::SchoolDays => "school days",
            Self::WorkingDays => "working days",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
        }
    }
}

impl Measure {
    /// So many of a unit; the number does not count for "at once" and "same day".
    pub fn of(number: u32, unit: Unit) -> Self {
        match unit {
            Unit::AtOnce => Self::AtOnce,
            Unit::SameDay => Self::SameDay,
            Unit::Minutes => Self::Minutes(number),
            Unit::Hours => Self::Hours(number),
            Unit::SchoolDays => Self::SchoolDays(number),
            Unit::WorkingDays => Self::WorkingDays(number),
            Unit::Days => Self::Days(number),
            Unit::Weeks => Self::Weeks(number),
            Unit::Months => Self::Months(number),
            Unit::Years => Self::Years(number),
        }
    }

    /// How many of its unit; none for "at once" and "same day".
    pub fn number(self) -> Option<u32> {
        match self {
            Self::AtOnce | Self::SameDay => None,
            Self::Minutes(n)
            | Self::Hours(n)
            | Self::SchoolDays(n)
            | Self::WorkingDays(n)
            | Self::Days(n)
            | Self::Weeks(n)
            | Self::Months(n)
            | Self::Years(n) => Some(n),
        }
    }

    /// What this measure is counted in.
    pub fn unit(self) -> Unit {
        match self {
            Self::AtOnce => Unit::AtOnce,
            Self::SameDay => Unit::SameDay,
            Self::Minutes(_) => Unit::Minutes,
            Self::Hours(_) => Unit::Hours,
            Self::SchoolDays(_) => Unit::SchoolDays,
            Self::WorkingDays(_) => Unit::WorkingDays,
            Self::Days(_) => Unit::Days,
            Self::Weeks(_) => Unit::Weeks,
            Self::Months(_) => Unit::Months,
            Self::Years(_) => Unit::Years,
        }
    }

    /// Reads a measure. The error names the shapes that are understood.
    pub fn read(text: &str) -> Result<Self, String> {
        let folded = text.trim().to_lowercase();
        match folded.as_str() {
            "at once" | "immediately" => return Ok(Self::AtOnce),
            "same day" | "the same day" => return Ok(Self::SameDay),
            _ => {}
        }
        let misread = || {
            format!(
                "{} is not a length of time. Write a number and a unit, such as \
                 “10 minutes”, “2 school days”, “1 working day” or “12 months”, \
                 or “at once” or “same day”.",
                quoted(text)
            )
        };
        let (number, unit) = folded.split_once(' ').ok_or_else(misread)?;
        let number: u32 = number.parse().map_err(|_| misread())?;
        let unit = unit.trim();
        let unit = match unit.strip_suffix('s').unwrap_or(unit) {
            "minute" => Unit::Minutes,
            "hour" => Unit::Hours,
            "school day" => Unit::SchoolDays,
            "working day" => Unit::WorkingDays,
            "day" => Unit::Days,
            "week" => Unit::Weeks,
            "month" => Unit::Months,
            "year" => Unit::Years,
            _ => return Err(misread()),
        };
        if number == 0 {
            return Err(format!(
                "“{text}” is no time at all. Write a number above zero."
            ));
        }
        Ok(Self::of(number, unit))
    }

    /// Roughly how many minutes this is, for comparing with bounds and for putting
    /// measures in order; a school day counts as a day, a month as thirty.
    pub fn about_minutes(self) -> u64 {
        let day = 24 * 60;
        match self {
            Self::AtOnce => 0,
            Self::SameDay => day,
            Self::Minutes(n) => u64::from(n),
            Self::Hours(n) => u64::from(n) * 60,
            Self::SchoolDays(n) | Self::WorkingDays(n) | Self::Days(n) => u64::from(n) * day,
            Self::Weeks(n) => u64::from(n) * 7 * day,
            Self::Months(n) => u64::from(n) * 30 * day,
            Self::Years(n) => u64::from(n) * 365 * day,
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit().name();
        match self.number() {
            None => f.write_str(unit),
            Some(1) => write!(f, "1 {}", unit.strip_suffix('s').unwrap_or(unit)),
            Some(number) => write!(f, "{number} {unit}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_read_and_written_the_same() {
        for text in [
            "at once",
            "same day",
            "1 minute",
            "10 minutes",
            "72 hours",
            "1 working day",
            "2 school days",
            "28 days",
            "6 weeks",
            "12 months",
            "1 year",
        ] {
            assert_eq!(Measure::read(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_measure_says_what_would_be() {
        for text in ["ten minutes", "10", "10 fortnights", "", "-1 days"] {
            assert!(
                Measure::read(text).unwrap_err().contains("such as"),
                "{text}"
            );
        }
        assert!(
            Measure::read("0 days")
                .unwrap_err()
                .contains("no time at all")
        );
    }
}
