//! Requests to see what the school holds: what about oneself or one's child (subject
//! access), a pupil's educational record, and freedom of information. Each kind has its
//! clock; the periods are data of `reference/retention.toml`, checked on 21 November 2026.

use belisha_policy::{Measure, Word};
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::calendar::SchoolCalendar;

/// What is asked for, by which law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestKind {
    SubjectAccess,
    EducationalRecord,
    FreedomOfInformation,
}

impl Word for RequestKind {
    const KIND: &'static str = "a kind of request for data";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::SubjectAccess, "subject-access", "subject access"),
        (
            Self::EducationalRecord,
            "educational-record",
            "a pupil’s educational record",
        ),
        (
            Self::FreedomOfInformation,
            "freedom-of-information",
            "freedom of information",
        ),
    ];
}

impl RequestKind {
    /// Whether it is about one person, whose identity and whose asker's right are checked.
    pub fn is_about_a_person(self) -> bool {
        match self {
            Self::SubjectAccess | Self::EducationalRecord => true,
            Self::FreedomOfInformation => false,
        }
    }

    /// How long there is, as a sentence.
    pub fn time(self) -> &'static str {
        match self {
            Self::SubjectAccess => {
                "One calendar month from the day the school has what it needs: who asks, and that they may. \
                 School holidays count."
            }
            Self::EducationalRecord => "15 school days. Holidays do not count.",
            Self::FreedomOfInformation => {
                "20 school days, and never more than 60 working days. Holidays do not count as school days."
            }
        }
    }
}

/// What was done about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestStep {
    /// Who asks is who they say, and may ask.
    IdentityChecked,
    ClarificationAsked,
    ClarificationAnswered,
    /// Two months more, and the person was told why.
    Extended,
    /// Other people's names and words were masked, or left in with a reason.
    Masked,
    Sent,
    Refused,
    Withdrawn,
}

impl Word for RequestStep {
    const KIND: &'static str = "a step of a request for data";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::IdentityChecked,
            "identity-checked",
            "identity checked",
        ),
        (
            Self::ClarificationAsked,
            "clarification-asked",
            "asked what is meant",
        ),
        (
            Self::ClarificationAnswered,
            "clarification-answered",
            "they said what is meant",
        ),
        (Self::Extended, "extended", "two months more"),
        (Self::Masked, "masked", "other people masked"),
        (Self::Sent, "sent", "sent"),
        (Self::Refused, "refused", "refused"),
        (Self::Withdrawn, "withdrawn", "withdrawn"),
    ];
}

impl RequestStep {
    /// Whether it ends the request.
    pub fn ends(self) -> bool {
        matches!(self, Self::Sent | Self::Refused | Self::Withdrawn)
    }
}

/// A request as the rules see it.
#[derive(Debug, Clone)]
pub struct Request {
    pub kind: RequestKind,
    pub received_on: Date,
    /// In the order in which they were taken, each with its day.
    pub steps: Vec<(RequestStep, Date)>,
}

/// Until when it must be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    On(Date),
    /// The clock has not begun, because nobody has checked who asks. If it were done
    /// today there would be time until then.
    Waits {
        for_identity: Date,
    },
    /// The clock stands still while the person is asked what they mean; this much was left.
    Paused {
        days_left: i64,
    },
    Ended(RequestStep, Date),
}

impl Request {
    fn day_of(&self, step: RequestStep) -> Option<Date> {
        self.steps
            .iter()
            .rev()
            .find(|(taken, _)| *taken == step)
            .map(|(_, day)| *day)
    }

    fn has(&self, step: RequestStep) -> bool {
        self.day_of(step).is_some()
    }

    fn ended(&self) -> Option<(RequestStep, Date)> {
        self.steps
            .iter()
            .rev()
            .find(|(step, _)| step.ends())
            .copied()
    }

    fn waits_for_an_answer(&self) -> bool {
        self.steps
            .iter()
            .rev()
            .find(|(step, _)| {
                matches!(
                    step,
                    RequestStep::ClarificationAsked | RequestStep::ClarificationAnswered
                )
            })
            .is_some_and(|(step, _)| *step == RequestStep::ClarificationAsked)
    }

    /// The day on which the clock began; none while nobody has checked who asks.
    fn began(&self) -> Option<Date> {
        if self.kind == RequestKind::SubjectAccess {
            self.day_of(RequestStep::IdentityChecked)
                .map(|day| day.max(self.received_on))
        } else {
            Some(self.received_on)
        }
    }

    /// The days for which the clock stood still, until this day.
    fn stood_still(&self, today: Date) -> i64 {
        let mut days = 0;
        let mut since = None;
        for (step, day) in &self.steps {
            match step {
                RequestStep::ClarificationAsked => since = since.or(Some(*day)),
                RequestStep::ClarificationAnswered => {
                    if let Some(since) = since.take() {
                        days += days_between(since, *day);
                    }
                }
                RequestStep::IdentityChecked
                | RequestStep::Extended
                | RequestStep::Masked
                | RequestStep::Sent
                | RequestStep::Refused
                | RequestStep::Withdrawn => {}
            }
        }
        days + since.map_or(0, |since| days_between(since, today))
    }

    /// The last day if the clock began on that one, without pauses.
    fn last_day(&self, began: Date, calendar: &SchoolCalendar) -> Date {
        match self.kind {
            RequestKind::SubjectAccess => {
                let months = if self.has(RequestStep::Extended) {
                    3
                } else {
                    1
                };
                began.saturating_add(months.months())
            }
            RequestKind::EducationalRecord => calendar.date_after(began, Measure::SchoolDays(15)),
            RequestKind::FreedomOfInformation => calendar
                .date_after(began, Measure::SchoolDays(20))
                .min(calendar.date_after(began, Measure::WorkingDays(60))),
        }
    }

    /// Until when it must be answered, as things stand today.
    pub fn due(&self, today: Date, calendar: &SchoolCalendar) -> Due {
        if let Some((step, day)) = self.ended() {
            return Due::Ended(step, day);
        }
        let Some(began) = self.began() else {
            return Due::Waits {
                for_identity: self.last_day(today, calendar),
            };
        };
        let last = self
            .last_day(began, calendar)
            .saturating_add(self.stood_still(today).days());
        if self.waits_for_an_answer() {
            Due::Paused {
                days_left: days_between(today, last),
            }
        } else {
            Due::On(last)
        }
    }

    /// The day by which it was, or is, to be answered; none while the clock does not run.
    /// Of an ended request, as it stood on the day it ended.
    pub fn due_on(&self, today: Date, calendar: &SchoolCalendar) -> Option<Date> {
        let mut open = self.clone();
        let day = self.ended().map_or(today, |(_, day)| day);
        open.steps.retain(|(step, _)| !step.ends());
        match open.due(day, calendar) {
            Due::On(day) => Some(day),
            Due::Waits { .. } | Due::Paused { .. } | Due::Ended(_, _) => None,
        }
    }

    /// The steps that fit now, in the order of the page.
    pub fn next(&self, today: Date, calendar: &SchoolCalendar) -> Vec<RequestStep> {
        use RequestStep as S;
        [
            S::IdentityChecked,
            S::ClarificationAsked,
            S::ClarificationAnswered,
            S::Extended,
            S::Masked,
            S::Sent,
            S::Refused,
            S::Withdrawn,
        ]
        .into_iter()
        .filter(|step| may_take(self, *step, today, today, calendar).is_ok())
        .collect()
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Why a step does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepRefused {
    Ended,
    /// Freedom of information asks nobody who they are, and is not extended.
    NotOfThisKind,
    Twice,
    IdentityFirst,
    /// They are asked what they mean and have not said.
    WaitsForAnswer,
    NothingAsked,
    /// The person must be told within the first month.
    TooLateToExtend,
    MaskingFirst,
    /// Before it was received, before the step that came last, or after today.
    WrongDay,
}

impl StepRefused {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Ended => "This request has ended.",
            Self::NotOfThisKind => "This step is not for a request of this kind.",
            Self::Twice => "This has been recorded already.",
            Self::IdentityFirst => "Check first who asks, and that they may.",
            Self::WaitsForAnswer => {
                "They were asked what they mean. Record first what they answered."
            }
            Self::NothingAsked => "They were not asked anything.",
            Self::TooLateToExtend => {
                "Two months more must be said within the first month. That has passed."
            }
            Self::MaskingFirst => {
                "Record first that other people in it were masked, or why they are left in."
            }
            Self::WrongDay => {
                "The day must not lie before the request or its last step, nor after today."
            }
        }
    }
}

/// Whether a step may be taken on a day.
pub fn may_take(
    request: &Request,
    step: RequestStep,
    day: Date,
    today: Date,
    calendar: &SchoolCalendar,
) -> Result<(), StepRefused> {
    use RequestStep as S;
    if request.ended().is_some() {
        return Err(StepRefused::Ended);
    }
    let latest = request
        .steps
        .last()
        .map_or(request.received_on, |(_, day)| {
            (*day).max(request.received_on)
        });
    if day < latest || day > today {
        return Err(StepRefused::WrongDay);
    }
    let about_a_person = request.kind.is_about_a_person();
    let identified = !about_a_person || request.has(S::IdentityChecked);
    match step {
        S::IdentityChecked if !about_a_person => Err(StepRefused::NotOfThisKind),
        S::IdentityChecked if request.has(step) => Err(StepRefused::Twice),
        S::ClarificationAsked if request.waits_for_an_answer() => Err(StepRefused::Twice),
        S::ClarificationAnswered if !request.waits_for_an_answer() => {
            Err(StepRefused::NothingAsked)
        }
        S::Extended if request.kind != RequestKind::SubjectAccess => {
            Err(StepRefused::NotOfThisKind)
        }
        S::Extended if request.has(step) => Err(StepRefused::Twice),
        S::Extended if !identified => Err(StepRefused::IdentityFirst),
        S::Extended => match request.due(day, calendar) {
            Due::On(last) if day > last => Err(StepRefused::TooLateToExtend),
            Due::On(_) | Due::Waits { .. } | Due::Paused { .. } | Due::Ended(_, _) => Ok(()),
        },
        S::Masked if request.has(step) => Err(StepRefused::Twice),
        S::Masked if !identified => Err(StepRefused::IdentityFirst),
        S::Sent if !identified => Err(StepRefused::IdentityFirst),
        S::Sent if request.waits_for_an_answer() => Err(StepRefused::WaitsForAnswer),
        S::Sent if about_a_person && !request.has(S::Masked) => Err(StepRefused::MaskingFirst),
        S::IdentityChecked
        | S::ClarificationAsked
        | S::ClarificationAnswered
        | S::Masked
        | S::Sent
        | S::Refused
        | S::Withdrawn => Ok(()),
    }
}

#[cfg(test)]
mod tests;
