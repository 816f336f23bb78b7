//! What leaves the school on purpose: for whom, by when, and what is owed afterwards.

use belisha_policy::Measure;
use jiff::civil::Date;

use crate::calendar::SchoolCalendar;

/// Under which law somebody asks for what the school holds. The two are kept in registers
/// of their own, since a request under the wrong one is answered under the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Law {
    /// About themselves (UK GDPR, article 15).
    DataProtection,
    /// About anything else (Freedom of Information Act 2000, section 1).
    FreedomOfInformation,
}

/// The last day on which a request may be answered.
///
/// About oneself: one calendar month, and where that day is no working day, the next one.
/// Freedom of information: twenty school days or sixty working days, whichever comes first.
pub fn answer_due(law: Law, received_on: Date, calendar: &SchoolCalendar) -> Date {
    match law {
        Law::DataProtection => {
            let mut day = calendar.date_after(received_on, Measure::Months(1));
            while !calendar.is_working_day(day) {
                match day.tomorrow() {
                    Ok(next) => day = next,
                    Err(_) => break,
                }
            }
            day
        }
        Law::FreedomOfInformation => calendar
            .date_after(received_on, Measure::SchoolDays(20))
            .min(calendar.date_after(received_on, Measure::WorkingDays(60))),
    }
}

/// The last day on which the next school should have confirmed that the file arrived; from
/// the day after, it is chased.
pub fn receipt_due(sent_on: Date, calendar: &SchoolCalendar) -> Date {
    calendar.date_after(sent_on, Measure::SchoolDays(5))
}

/// Why a pack may not be made final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MakeRefused {
    /// The names were not looked at.
    NotMasked,
    /// The text was not looked at.
    NotChecked,
    /// It was made before, or given up.
    Over,
    /// The case may hold imagery of a child: none of it is exported, and no file is.
    ImageryOfAChild,
}

impl MakeRefused {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotMasked => "Say first how each person appears.",
            Self::NotChecked => "Read what will leave first, and say that it is right.",
            Self::Over => "This pack was finished or given up. Make a new one.",
            Self::ImageryOfAChild => {
                "A file of this pack belongs to a case that may be about an indecent image of a child. \
                 Files of such a case never leave. Make a new pack without files."
            }
        }
    }
}

/// How far a pack has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub masked: bool,
    pub checked: bool,
    pub over: bool,
    /// Whether one of its files is of a case that may hold imagery of a child.
    pub imagery: bool,
}

/// Whether the pack may be made final.
pub fn make(progress: Progress) -> Result<(), MakeRefused> {
    if progress.over {
        Err(MakeRefused::Over)
    } else if progress.imagery {
        Err(MakeRefused::ImageryOfAChild)
    } else if !progress.masked {
        Err(MakeRefused::NotMasked)
    } else if !progress.checked {
        Err(MakeRefused::NotChecked)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Days;

    fn calendar() -> SchoolCalendar {
        let days = |first: &str, last: &str| Days {
            first: first.parse().unwrap(),
            last: last.parse().unwrap(),
        };
        SchoolCalendar {
            terms: vec![
                days("2026-09-02", "2026-12-18"),
                days("2027-01-04", "2027-03-25"),
            ],
            closures: vec![days("2026-10-26", "2026-10-30")],
            ..SchoolCalendar::of_england_and_wales()
        }
    }

    #[test]
    fn requests_are_due_by_their_own_law() {
        let check = |law, received: &str, due: &str| {
            let found = answer_due(law, received.parse().unwrap(), &calendar());
            assert_eq!(found.to_string(), due, "{law:?} received {received}");
        };
        check(Law::DataProtection, "2026-09-23", "2026-10-23");
        // A Sunday, so the Monday after.
        check(Law::DataProtection, "2026-09-25", "2026-10-26");
        // There is no 31 November.
        check(Law::DataProtection, "2026-10-31", "2026-11-30");
        // Christmas Day and Boxing Day, which is moved.
        check(Law::DataProtection, "2026-11-25", "2026-12-29");
        check(Law::FreedomOfInformation, "2026-09-23", "2026-10-21");
        // The half-term week does not count.
        check(Law::FreedomOfInformation, "2026-10-05", "2026-11-09");
    }

    #[test]
    fn sixty_working_days_end_a_request_that_school_days_would_draw_out() {
        let calendar = SchoolCalendar {
            terms: vec![
                Days {
                    first: "2026-04-13".parse().unwrap(),
                    last: "2026-07-20".parse().unwrap(),
                },
                Days {
                    first: "2026-11-02".parse().unwrap(),
                    last: "2026-12-18".parse().unwrap(),
                },
            ],
            ..SchoolCalendar::of_england_and_wales()
        };
        let due = answer_due(
            Law::FreedomOfInformation,
            "2026-07-17".parse().unwrap(),
            &calendar,
        );
        assert_eq!(due.to_string(), "2026-10-12");
    }

    #[test]
    fn a_receipt_is_owed_in_five_school_days() {
        let due = receipt_due("2026-10-22".parse().unwrap(), &calendar());
        assert_eq!(due.to_string(), "2026-11-05");
    }

    #[test]
    fn a_pack_is_final_only_once_somebody_looked_at_all_of_it() {
        let ready = Progress {
            masked: true,
            checked: true,
            over: false,
            imagery: false,
        };
        let table = [
            (ready, Ok(())),
            (
                Progress {
                    masked: false,
                    ..ready
                },
                Err(MakeRefused::NotMasked),
            ),
            (
                Progress {
                    checked: false,
                    ..ready
                },
                Err(MakeRefused::NotChecked),
            ),
            (
                Progress {
                    over: true,
                    ..ready
                },
                Err(MakeRefused::Over),
            ),
            (
                Progress {
                    imagery: true,
                    ..ready
                },
                Err(MakeRefused::ImageryOfAChild),
            ),
            (
                Progress {
                    imagery: true,
                    masked: false,
                    ..ready
                },
                Err(MakeRefused::ImageryOfAChild),
            ),
        ];
        for (progress, expected) in table {
            assert_eq!(make(progress), expected, "{progress:?}");
            if let Err(why) = expected {
                assert!(!why.sentence().is_empty());
            }
        }
    }
}
