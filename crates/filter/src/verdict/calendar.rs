//! Lessons, breaks and days without school, as a group's hours need them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};

/// When something is asked: the instant, and what the school's clock showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub now: Timestamp,
    pub local: DateTime,
}

impl Moment {
    pub fn of(zoned: &jiff::Zoned) -> Self {
        Self {
            now: zoned.timestamp(),
            local: zoned.datetime(),
        }
    }
}

/// The part of a school's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartOfDay {
    Lesson,
    /// Within the school day, and no lesson.
    Break,
    /// On a school day, before it begins or after it ends.
    OutOfHours,
    /// A weekend or a holiday.
    NoSchool,
}

impl PartOfDay {
    pub const ALL: [Self; 4] = [Self::Lesson, Self::Break, Self::OutOfHours, Self::NoSchool];

    pub fn words(self) -> &'static str {
        match self {
            Self::Lesson => "a lesson",
            Self::Break => "a break",
            Self::OutOfHours => "out of hours",
            Self::NoSchool => "a day without school",
        }
    }
}

/// From one time to another, the last minute not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    pub from: Time,
    pub to: Time,
}

impl Hours {
    fn hold(self, time: Time) -> bool {
        self.from <= time && time < self.to
    }
}

/// The school's week and its holidays.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Calendar {
    pub day: Hours,
    pub lessons: Vec<Hours>,
    /// First and last day of each time without school.
    pub closed: Vec<(Date, Date)>,
}

impl Default for Calendar {
    fn default() -> Self {
        let hours = |from: (i8, i8), to: (i8, i8)| Hours {
            from: Time::constant(from.0, from.1, 0, 0),
            to: Time::constant(to.0, to.1, 0, 0),
        };
        Self {
            day: hours((8, 50), (15, 20)),
            lessons: vec![
                hours((9, 0), (10, 30)),
                hours((10, 50), (12, 10)),
                hours((13, 10), (15, 15)),
            ],
            closed: Vec::new(),
        }
    }
}

impl Calendar {
    pub fn part(&self, at: DateTime) -> PartOfDay {
        let weekend = matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
        let date = at.date();
        if weekend
            || self
                .closed
                .iter()
                .any(|(from, to)| *from <= date && date <= *to)
        {
            PartOfDay::NoSchool
        } else if self.lessons.iter().any(|lesson| lesson.hold(at.time())) {
            PartOfDay::Lesson
        } else if self.day.hold(at.time()) {
            PartOfDay::Break
        } else {
            PartOfDay::OutOfHours
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_parts() {
        let mut calendar = Calendar::default();
        let from = Date::constant(2026, 12, 21);
        calendar.closed.push((from, Date::constant(2027, 1, 1)));
        let check = |at: &str, expected| {
            assert_eq!(
                calendar.part(at.parse().expect("a moment")),
                expected,
                "{at}"
            );
        };
        check("2026-11-27T09:00", PartOfDay::Lesson);
        check("2026-11-27T10:29:59", PartOfDay::Lesson);
        check("2026-11-27T10:30", PartOfDay::Break);
        check("2026-11-27T08:49", PartOfDay::OutOfHours);
        check("2026-11-27T15:20", PartOfDay::OutOfHours);
        check("2026-11-28T10:00", PartOfDay::NoSchool);
        check("2026-12-21T10:00", PartOfDay::NoSchool);
        check("2027-01-01T10:00", PartOfDay::NoSchool);
        check("2027-01-04T10:00", PartOfDay::Lesson);
    }
}
