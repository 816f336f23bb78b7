//! Referrals to agencies outside: due, sent, answered, chased, ended. Which step fits
//! follows from the steps that stand.

use jiff::Timestamp;
use jiff::civil::Date;

/// What happens with a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Sent,
    /// The agency said that it has it.
    Acknowledged,
    /// It advised, and asked for nothing else or told the school to go on.
    Advice,
    /// It did not take the referral.
    Refused,
    /// What came of it.
    Outcome,
    /// The school asked again.
    Chased,
}

impl belisha_policy::Word for Step {
    const KIND: &'static str = "a step of a referral";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Sent, "sent", "Sent"),
        (Self::Acknowledged, "acknowledged", "Acknowledged"),
        (Self::Advice, "advice", "Advice received"),
        (Self::Refused, "refused", "Not taken"),
        (Self::Outcome, "outcome", "Outcome"),
        (Self::Chased, "chased", "Chased"),
    ];
}

/// Where a referral stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It must be sent, by this instant where there is one.
    Due(Option<Timestamp>),
    /// Sent, and no answer yet.
    Sent,
    Acknowledged,
    Advised,
    /// Not taken: the school decides what next, and may send it elsewhere.
    Refused,
    /// The outcome is recorded.
    Ended,
    /// The answers that asked for it changed before it was sent.
    Withdrawn,
}

impl State {
    /// The words on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Due(_) => "to be sent",
            Self::Sent => "sent",
            Self::Acknowledged => "acknowledged",
            Self::Advised => "advice received",
            Self::Refused => "not taken",
            Self::Ended => "ended",
            Self::Withdrawn => "no longer needed",
        }
    }
}

/// Where it stands after these steps, oldest first.
pub fn state(steps: &[Step], due_at: Option<Timestamp>, withdrawn: bool) -> State {
    if withdrawn {
        return State::Withdrawn;
    }
    steps
        .iter()
        .fold(State::Due(due_at), |before, step| match step {
            Step::Sent => State::Sent,
            Step::Acknowledged => State::Acknowledged,
            Step::Advice => State::Advised,
            Step::Refused => State::Refused,
            Step::Outcome => State::Ended,
            Step::Chased => before,
        })
}

/// The steps that fit now.
pub fn next(state: State) -> &'static [Step] {
    match state {
        State::Due(_) => &[Step::Sent],
        State::Sent => &[
            Step::Acknowledged,
            Step::Advice,
            Step::Refused,
            Step::Outcome,
            Step::Chased,
        ],
        State::Acknowledged => &[Step::Advice, Step::Refused, Step::Outcome, Step::Chased],
        State::Advised => &[Step::Advice, Step::Refused, Step::Outcome, Step::Chased],
        State::Refused => &[Step::Sent, Step::Outcome],
        State::Ended | State::Withdrawn => &[],
    }
}

/// Whether somebody should be told that it hangs: it was to be sent by now, or the day
/// to chase it has come and no outcome is there.
pub fn hangs(state: State, chase_on: Option<Date>, now: Timestamp, today: Date) -> bool {
    match state {
        State::Due(due_at) => due_at.is_some_and(|due| due <= now),
        State::Sent | State::Acknowledged | State::Advised => {
            chase_on.is_some_and(|day| day <= today)
        }
        State::Refused | State::Ended | State::Withdrawn => false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_step_leads_where_the_table_says_and_no_other_fits() {
        use Step::{Acknowledged, Advice, Chased, Outcome, Refused, Sent};
        let all = [Sent, Acknowledged, Advice, Refused, Outcome, Chased];
        let check = |steps: &[Step], stands: State, fit: &[Step]| {
            let found = state(steps, None, false);
            assert_eq!(found, stands, "{steps:?}");
            for step in all {
                assert_eq!(
                    next(found).contains(&step),
                    fit.contains(&step),
                    "{steps:?} then {step:?}"
                );
            }
        };
        let answers = [Acknowledged, Advice, Refused, Outcome, Chased];
        check(&[], State::Due(None), &[Sent]);
        check(&[Sent], State::Sent, &answers);
        check(&[Sent, Chased], State::Sent, &answers);
        check(&[Sent, Acknowledged], State::Acknowledged, &answers[1..]);
        check(
            &[Sent, Acknowledged, Chased],
            State::Acknowledged,
            &answers[1..],
        );
        check(&[Sent, Advice], State::Advised, &answers[1..]);
        check(&[Sent, Refused], State::Refused, &[Sent, Outcome]);
        check(&[Sent, Refused, Sent], State::Sent, &answers);
        check(&[Sent, Outcome], State::Ended, &[]);
        assert_eq!(state(&[], None, true), State::Withdrawn);
        assert!(next(State::Withdrawn).is_empty());
    }

    #[test]
    fn it_hangs_when_its_time_has_passed_and_not_before() {
        let now: Timestamp = "2026-09-23T10:00:00Z".parse().unwrap();
        let (early, late) = ("2026-09-23T09:59:00Z", "2026-09-23T10:01:00Z");
        let today = date(2026, 9, 23);
        let yesterday = Some(date(2026, 9, 22));
        let check = |state, chase_on, expected| {
            assert_eq!(
                hangs(state, chase_on, now, today),
                expected,
                "{state:?} {chase_on:?}"
            );
        };
        check(State::Due(Some(early.parse().unwrap())), None, true);
        check(State::Due(Some(now)), None, true);
        check(State::Due(Some(late.parse().unwrap())), None, false);
        check(State::Due(None), yesterday, false);
        check(State::Sent, None, false);
        for waiting in [State::Sent, State::Acknowledged, State::Advised] {
            check(waiting, yesterday, true);
            check(waiting, Some(today), true);
            check(waiting, Some(date(2026, 9, 24)), false);
        }
        for over in [State::Refused, State::Ended, State::Withdrawn] {
            check(over, yesterday, false);
        }
    }
}
