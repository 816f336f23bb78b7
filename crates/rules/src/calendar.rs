//! The school's calendar: which days are school days and which are working
//! days, and when something is due. An event is an instant, a deadline is a
//! date or an instant; only this module turns one into the other.

use belisha_policy::Measure;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

use crate::bank_holidays;

/// The hour that "at once" allows before an alert moves on to the next person.
/// C says only "immediately"; requirements (e) 1 proposes the hour.
pub const AT_ONCE_MOVES_ON_AFTER: Measure = Measure::Hours(1);

/// A run of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    pub first: Date,
    pub last: Date,
}

impl Days {
    /// A run of one day.
    pub const fn one(day: Date) -> Self {
        Self {
            first: day,
            last: day,
        }
    }

    fn overlap(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Whether the day is one of them.
    pub fn contain(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }
}

/// The days on which one school is open, and its clock.
#[derive(Debug, Clone, PartialEq)]
pub struct SchoolCalendar {
    /// Terms or half terms, in any order.
    pub terms: Vec<Days>,
    /// Inset days, snow days, polling days: inside a term but without pupils.
    pub closures: Vec<Days>,
    /// Bank holidays proclaimed after this program was made.
    pub extra_bank_holidays: Vec<Date>,
    /// The clock on the school's wall.
    pub zone: TimeZone,
}

/// By when something must have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// Counted in minutes and hours.
    At(Timestamp),
    /// Any time up to midnight at the end of this day, by the school's clock.
    EndOf(Date),
}

/// Something in a calendar that cannot be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarFault {
    EndsBeforeItBegins(Days),
    /// These two terms share days.
    TermsOverlap(Days, Days),
    ClosureOutsideTerms(Days),
    /// The closures and bank holidays leave the term no school day.
    NoSchoolDay(Days),
}

impl CalendarFault {
    /// What is wrong and what to do.
    pub fn sentence(self) -> String {
        let day = |date: Date| date.strftime("%-d %B %Y").to_string();
        let run = |days: Days| format!("{} to {}", day(days.first), day(days.last));
        match self {
            Self::EndsBeforeItBegins(days) => {
                format!(
                    "{} ends before it begins. Exchange the two dates.",
                    run(days)
                )
            }
            Self::TermsOverlap(a, b) => format!(
                "The terms {} and {} share days. Change one of them.",
                run(a),
                run(b)
            ),
            Self::ClosureOutsideTerms(days) => format!(
                "The closure {} lies outside every term, where there are no school days anyway. \
                 Change its dates or remove it.",
                run(days)
            ),
            Self::NoSchoolDay(days) => format!(
                "The term {} has no school day left. Check its dates and the closures.",
                run(days)
            ),
        }
    }
}

impl SchoolCalendar {
    /// What in this calendar cannot be meant; empty for a sound one.
    pub fn faults(&self) -> Vec<CalendarFault> {
        let backwards = |days: &&Days| days.last < days.first;
        let mut faults: Vec<CalendarFault> = self
            .terms
            .iter()
            .chain(&self.closures)
            .filter(backwards)
            .map(|days| CalendarFault::EndsBeforeItBegins(*days))
            .collect();
        let terms: Vec<Days> = self
            .terms
            .iter()
            .filter(|t| !backwards(t))
            .copied()
            .collect();
        for (index, term) in terms.iter().enumerate() {
            faults.extend(
                terms[index + 1..]
                    .iter()
                    .filter(|other| term.overlap(other))
                    .map(|other| CalendarFault::TermsOverlap(*term, *other)),
            );
            // Two years of days are enough to find a school day in any real term.
            let mut days = term
                .first
                .series(1.day())
                .take_while(|d| *d <= term.last)
                .take(731);
            if !days.any(|day| self.is_school_day(day)) {
                faults.push(CalendarFault::NoSchoolDay(*term));
            }
        }
        faults.extend(
            self.closures
                .iter()
                .filter(|closure| !backwards(closure))
                .filter(|closure| !terms.iter().any(|term| term.overlap(closure)))
                .map(|closure| CalendarFault::ClosureOutsideTerms(*closure)),
        );
        faults
    }

    /// A calendar without terms yet, by the clock of England and Wales.
    pub fn of_england_and_wales() -> Self {
        Self {
            terms: Vec::new(),
            closures: Vec::new(),
            extra_bank_holidays: Vec::new(),
            zone: TimeZone::get("Europe/London")
                .expect("the time zone table is built into the program"),
        }
    }

    /// The date on the school's wall at this instant.
    pub fn date_of(&self, instant: Timestamp) -> Date {
        instant.to_zoned(self.zone.clone()).date()
    }

    /// Monday to Friday without bank holidays, in term or out of it.
    pub fn is_working_day(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            && !bank_holidays::of_year(day.year()).contains(&day)
            && !self.extra_bank_holidays.contains(&day)
    }

    /// A working day in term on which the school is open to pupils.
    pub fn is_school_day(&self, day: Date) -> bool {
        self.is_working_day(day)
            && self.terms.iter().any(|term| term.contain(day))
            && !self.closures.iter().any(|closure| closure.contain(day))
    }

    /// When something is due that may take `measure` from the instant `from`.
    ///
    /// Minutes and hours run on the clock, through nights and clock changes.
    /// Days are counted from the day after, and the last of them counts to its
    /// end. Beyond the last term that the school has entered, working days stand
    /// in for school days: the deadline may come early, but it never vanishes.
    pub fn due(&self, from: Timestamp, measure: Measure) -> Deadline {
        let today = self.date_of(from);
        match measure {
            Measure::AtOnce => Deadline::At(from),
            Measure::Minutes(n) => Deadline::At(later(from, SignedDuration::from_mins(n.into()))),
            Measure::Hours(n) => Deadline::At(later(from, SignedDuration::from_hours(n.into()))),
            Measure::SameDay
            | Measure::SchoolDays(_)
            | Measure::WorkingDays(_)
            | Measure::Days(_)
            | Measure::Weeks(_)
            | Measure::Months(_)
            | Measure::Years(_) => Deadline::EndOf(self.date_after(today, measure)),
        }
    }

    /// The last day on which something may be done that was started on `from` and
    /// may take `measure`. What is counted in minutes or hours is due the same day.
    pub fn date_after(&self, from: Date, measure: Measure) -> Date {
        match measure {
            Measure::AtOnce | Measure::SameDay | Measure::Minutes(_) | Measure::Hours(_) => from,
            Measure::SchoolDays(n) => nth_day_after(from, n, |day| self.counts_as_school_day(day)),
            Measure::WorkingDays(n) => nth_day_after(from, n, |day| self.is_working_day(day)),
            Measure::Days(n) => add(from, Span::new().try_days(i64::from(n))),
            Measure::Weeks(n) => add(from, Span::new().try_weeks(i64::from(n))),
            Measure::Months(n) => add(from, Span::new().try_months(i64::from(n))),
            Measure::Years(n) => add(from, Span::new().try_years(i64::from(n))),
        }
    }

    /// The day on which a notice period of `notice` before `day` begins.
    pub fn date_before(&self, day: Date, notice: Measure) -> Date {
        match notice {
            Measure::AtOnce | Measure::SameDay | Measure::Minutes(_) | Measure::Hours(_) => day,
            Measure::SchoolDays(n) => nth_day_before(day, n, |d| self.counts_as_school_day(d)),
            Measure::WorkingDays(n) => nth_day_before(day, n, |d| self.is_working_day(d)),
            Measure::Days(n) => subtract(day, Span::new().try_days(i64::from(n))),
            Measure::Weeks(n) => subtract(day, Span::new().try_weeks(i64::from(n))),
            Measure::Months(n) => subtract(day, Span::new().try_months(i64::from(n))),
            Measure::Years(n) => subtract(day, Span::new().try_years(i64::from(n))),
        }
    }

    /// The instant at which a deadline has passed: its own, or the midnight that ends its day.
    pub fn passes_at(&self, deadline: Deadline) -> Timestamp {
        match deadline {
            Deadline::At(instant) => instant,
            Deadline::EndOf(date) => date
                .tomorrow()
                .and_then(|next| next.to_zoned(self.zone.clone()))
                .map_or(Timestamp::MAX, |midnight| midnight.timestamp()),
        }
    }

    /// Whether the deadline has passed at this instant.
    pub fn is_overdue(&self, deadline: Deadline, now: Timestamp) -> bool {
        now >= self.passes_at(deadline)
    }

    fn counts_as_school_day(&self, day: Date) -> bool {
        match self.terms.iter().map(|term| term.last).max() {
            Some(last_known) if day <= last_known => self.is_school_day(day),
            Some(_) | None => {
                self.is_working_day(day) && !self.closures.iter().any(|c| c.contain(day))
            }
        }
    }
}

fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.saturating_add(by).unwrap_or(Timestamp::MAX)
}

fn add(from: Date, span: Result<Span, jiff::Error>) -> Date {
    span.map_or(Date::MAX, |span| from.saturating_add(span))
}

fn subtract(from: Date, span: Result<Span, jiff::Error>) -> Date {
    span.map_or(Date::MIN, |span| from.saturating_sub(span))
}

fn nth_day_after(from: Date, n: u32, counts: impl Fn(Date) -> bool) -> Date {
    nth_day(from, n, counts, |day| day.tomorrow()).unwrap_or(Date::MAX)
}

fn nth_day_before(from: Date, n: u32, counts: impl Fn(Date) -> bool) -> Date {
    nth_day(from, n, counts, |day| day.yesterday()).unwrap_or(Date::MIN)
}

/// More than forty years of days is a slip of the pen; it is answered at once
/// with the end of the calendar instead of being counted out.
const MOST_DAYS_COUNTED: u32 = 10_000;

fn nth_day(
    from: Date,
    n: u32,
    counts: impl Fn(Date) -> bool,
    step: impl Fn(Date) -> Result<Date, jiff::Error>,
) -> Option<Date> {
    if n > MOST_DAYS_COUNTED {
        return None;
    }
    let mut day = from;
    let mut left = n;
    while left > 0 {
        day = step(day).ok()?;
        if counts(day) {
            left -= 1;
        }
    }
    Some(day)
}

#[cfg(test)]
mod tests;
