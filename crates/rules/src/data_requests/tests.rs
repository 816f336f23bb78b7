//! The clocks and the steps, a line a case.

use jiff::civil::date;

use super::RequestKind::{EducationalRecord, FreedomOfInformation, SubjectAccess};
use super::RequestStep as S;
use super::*;
use crate::calendar::Days;

fn calendar() -> SchoolCalendar {
    SchoolCalendar {
        terms: vec![
            Days {
                first: date(2026, 9, 2),
                last: date(2026, 12, 18),
            },
            Days {
                first: date(2027, 1, 5),
                last: date(2027, 3, 25),
            },
        ],
        ..SchoolCalendar::of_england_and_wales()
    }
}

fn request(kind: RequestKind, received_on: Date, steps: &[(S, Date)]) -> Request {
    Request {
        kind,
        received_on,
        steps: steps.to_vec(),
    }
}

#[test]
fn one_calendar_month_begins_when_it_is_known_who_asks() {
    let today = date(2026, 10, 20);
    let check = |received, steps: &[(S, Date)], expected| {
        let request = request(SubjectAccess, received, steps);
        assert_eq!(request.due(today, &calendar()), expected, "{steps:?}");
    };
    let october = |day| date(2026, 10, day);
    check(
        october(1),
        &[],
        Due::Waits {
            for_identity: date(2026, 11, 20),
        },
    );
    check(
        october(1),
        &[(S::IdentityChecked, october(1))],
        Due::On(date(2026, 11, 1)),
    );
    check(
        october(1),
        &[(S::IdentityChecked, october(8))],
        Due::On(date(2026, 11, 8)),
    );
    // A month that has no such day ends earlier.
    check(
        date(2026, 8, 31),
        &[(S::IdentityChecked, date(2026, 8, 31))],
        Due::On(date(2026, 9, 30)),
    );
    check(
        october(1),
        &[(S::IdentityChecked, october(1)), (S::Extended, october(5))],
        Due::On(date(2027, 1, 1)),
    );
    // Ten days of waiting for an answer are added.
    check(
        october(1),
        &[
            (S::IdentityChecked, october(1)),
            (S::ClarificationAsked, october(5)),
            (S::ClarificationAnswered, october(15)),
        ],
        Due::On(date(2026, 11, 11)),
    );
    check(
        october(1),
        &[
            (S::IdentityChecked, october(1)),
            (S::ClarificationAsked, october(5)),
        ],
        Due::Paused { days_left: 27 },
    );
    check(
        october(1),
        &[
            (S::IdentityChecked, october(1)),
            (S::Masked, october(9)),
            (S::Sent, october(10)),
        ],
        Due::Ended(S::Sent, october(10)),
    );
}

#[test]
fn school_days_leave_out_holidays_and_never_reach_past_sixty_working_days() {
    let check = |kind, received, expected| {
        let request = request(kind, received, &[]);
        assert_eq!(
            request.due(received, &calendar()),
            Due::On(expected),
            "{kind:?} {received}"
        );
    };
    check(EducationalRecord, date(2026, 9, 2), date(2026, 9, 23));
    check(FreedomOfInformation, date(2026, 9, 2), date(2026, 9, 30));
    // Over Christmas.
    check(FreedomOfInformation, date(2026, 12, 14), date(2027, 1, 26));
    // A closure that nobody expected: sixty working days are the end.
    let mut closed = calendar();
    closed.terms[1].first = date(2027, 4, 20);
    closed.terms[1].last = date(2027, 7, 20);
    let received = date(2026, 12, 14);
    let request = request(FreedomOfInformation, received, &[]);
    assert_eq!(
        request.due(received, &closed),
        Due::On(closed.date_after(received, Measure::WorkingDays(60)))
    );
    assert!(
        closed.date_after(received, Measure::WorkingDays(60))
            < closed.date_after(received, Measure::SchoolDays(20))
    );
}

#[test]
fn each_step_fits_where_it_fits() {
    let day = |day| date(2026, 10, day);
    let today = day(20);
    let check = |kind, steps: &[(S, Date)], step, on, expected: Result<(), StepRefused>| {
        let request = request(kind, day(1), steps);
        assert_eq!(
            may_take(&request, step, on, today, &calendar()),
            expected,
            "{kind:?} {steps:?} {step:?}"
        );
    };
    let known: &[(S, Date)] = &[(S::IdentityChecked, day(2))];
    let asked = &[
        (S::IdentityChecked, day(2)),
        (S::ClarificationAsked, day(3)),
    ];
    let masked = &[(S::IdentityChecked, day(2)), (S::Masked, day(9))];
    let sent = &[
        (S::IdentityChecked, day(2)),
        (S::Masked, day(9)),
        (S::Sent, day(10)),
    ];
    check(SubjectAccess, &[], S::IdentityChecked, day(2), Ok(()));
    check(
        SubjectAccess,
        known,
        S::IdentityChecked,
        day(2),
        Err(StepRefused::Twice),
    );
    check(
        FreedomOfInformation,
        &[],
        S::IdentityChecked,
        day(2),
        Err(StepRefused::NotOfThisKind),
    );
    check(
        SubjectAccess,
        &[],
        S::Sent,
        day(2),
        Err(StepRefused::IdentityFirst),
    );
    check(
        SubjectAccess,
        known,
        S::Sent,
        day(9),
        Err(StepRefused::MaskingFirst),
    );
    check(SubjectAccess, masked, S::Sent, day(10), Ok(()));
    check(FreedomOfInformation, &[], S::Sent, day(2), Ok(()));
    check(
        SubjectAccess,
        sent,
        S::Refused,
        day(20),
        Err(StepRefused::Ended),
    );
    check(
        SubjectAccess,
        asked,
        S::Sent,
        day(9),
        Err(StepRefused::WaitsForAnswer),
    );
    check(
        SubjectAccess,
        asked,
        S::ClarificationAsked,
        day(9),
        Err(StepRefused::Twice),
    );
    check(
        SubjectAccess,
        asked,
        S::ClarificationAnswered,
        day(9),
        Ok(()),
    );
    check(
        SubjectAccess,
        known,
        S::ClarificationAnswered,
        day(9),
        Err(StepRefused::NothingAsked),
    );
    check(SubjectAccess, known, S::Extended, day(9), Ok(()));
    check(
        SubjectAccess,
        &[],
        S::Extended,
        day(9),
        Err(StepRefused::IdentityFirst),
    );
    check(
        EducationalRecord,
        known,
        S::Extended,
        day(9),
        Err(StepRefused::NotOfThisKind),
    );
    check(
        SubjectAccess,
        known,
        S::Extended,
        day(1),
        Err(StepRefused::WrongDay),
    );
    check(
        SubjectAccess,
        known,
        S::Refused,
        day(21),
        Err(StepRefused::WrongDay),
    );
    check(SubjectAccess, &[], S::Refused, day(3), Ok(()));
    check(SubjectAccess, &[], S::Withdrawn, day(3), Ok(()));
    let late = request(SubjectAccess, day(1), &[(S::IdentityChecked, day(2))]);
    assert_eq!(
        may_take(
            &late,
            S::Extended,
            date(2026, 11, 3),
            date(2026, 11, 3),
            &calendar()
        ),
        Err(StepRefused::TooLateToExtend)
    );
    let offered = request(SubjectAccess, day(1), known).next(today, &calendar());
    assert_eq!(
        offered,
        [
            S::ClarificationAsked,
            S::Extended,
            S::Masked,
            S::Refused,
            S::Withdrawn
        ]
    );
}

#[test]
fn an_ended_request_keeps_the_day_by_which_it_was_due() {
    let day = |day| date(2026, 10, day);
    let ended = request(
        SubjectAccess,
        day(1),
        &[
            (S::IdentityChecked, day(1)),
            (S::Masked, day(2)),
            (S::Sent, day(3)),
        ],
    );
    let found = ended.due_on(date(2027, 1, 1), &calendar());
    assert_eq!(found, Some(date(2026, 11, 1)));
    let refused = request(SubjectAccess, day(1), &[(S::Refused, day(3))]);
    assert_eq!(refused.due_on(day(20), &calendar()), None);
}
