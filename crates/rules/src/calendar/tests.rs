use jiff::civil::date;
use proptest::prelude::*;

use super::*;

/// Autumn and spring of 2025–26 with a half term, an inset day and a snow day.
fn calendar() -> SchoolCalendar {
    let days = |a: (i16, i8, i8), b: (i16, i8, i8)| Days {
        first: date(a.0, a.1, a.2),
        last: date(b.0, b.1, b.2),
    };
    SchoolCalendar {
        terms: vec![
            days((2025, 9, 3), (2025, 10, 24)),
            days((2025, 11, 3), (2025, 12, 19)),
            days((2026, 1, 5), (2026, 3, 27)),
            days((2026, 4, 13), (2026, 7, 21)),
        ],
        closures: vec![Days::one(date(2025, 11, 3)), Days::one(date(2026, 1, 8))],
        ..SchoolCalendar::of_england_and_wales()
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

#[test]
fn days_are_told_apart() {
    let calendar = calendar();
    let check = |day: Date, school: bool, working: bool| {
        assert_eq!(calendar.is_school_day(day), school, "{day} as a school day");
        assert_eq!(
            calendar.is_working_day(day),
            working,
            "{day} as a working day"
        );
    };
    check(date(2025, 9, 2), false, true);
    check(date(2025, 9, 3), true, true);
    check(date(2025, 9, 6), false, false); // Saturday
    check(date(2025, 10, 28), false, true); // half term
    check(date(2025, 11, 3), false, true); // inset day
    check(date(2025, 12, 19), true, true);
    check(date(2025, 12, 25), false, false);
    check(date(2025, 12, 29), false, true);
    check(date(2026, 1, 1), false, false);
    check(date(2026, 1, 8), false, true); // snow
    check(date(2026, 5, 4), false, false); // bank holiday inside a term
    check(date(2026, 7, 21), true, true);
    check(date(2026, 7, 22), false, true);
}

#[test]
fn a_bank_holiday_proclaimed_later_is_entered_as_data() {
    let mut calendar = calendar();
    calendar.extra_bank_holidays.push(date(2026, 6, 15));
    assert!(!calendar.is_working_day(date(2026, 6, 15)));
    assert!(!calendar.is_school_day(date(2026, 6, 15)));
}

#[test]
fn things_are_due_by_the_schools_calendar() {
    let calendar = calendar();
    let check = |from: &str, measure: &str, expected: Deadline| {
        let measure = Measure::read(measure).expect("a measure");
        assert_eq!(
            calendar.due(at(from), measure),
            expected,
            "{measure} from {from}"
        );
    };
    let end = |y, m, d| Deadline::EndOf(date(y, m, d));
    check(
        "2025-09-08T10:00:00Z",
        "at once",
        Deadline::At(at("2025-09-08T10:00:00Z")),
    );
    check(
        "2025-09-08T10:00:00Z",
        "10 minutes",
        Deadline::At(at("2025-09-08T10:10:00Z")),
    );
    check("2025-09-08T10:00:00Z", "same day", end(2025, 9, 8));
    // Half past eleven at night in Greenwich is already tomorrow in a British summer.
    check("2025-09-08T23:30:00Z", "same day", end(2025, 9, 9));
    check("2025-12-08T23:30:00Z", "same day", end(2025, 12, 8));
    // Friday to Monday, over half term and its inset day, over Christmas.
    check("2025-09-12T15:00:00Z", "1 school day", end(2025, 9, 15));
    check("2025-10-24T15:00:00Z", "1 school day", end(2025, 11, 4));
    check("2025-12-19T15:00:00Z", "2 school days", end(2026, 1, 6));
    check("2026-01-07T15:00:00Z", "1 school day", end(2026, 1, 9));
    check("2025-12-24T15:00:00Z", "1 working day", end(2025, 12, 29));
    check("2026-04-02T15:00:00Z", "1 working day", end(2026, 4, 7)); // Easter
    // From a Sunday the Monday is the first working day.
    check("2025-09-14T12:00:00Z", "1 working day", end(2025, 9, 15));
    check("2025-09-08T10:00:00Z", "28 days", end(2025, 10, 6));
    check("2025-09-08T10:00:00Z", "6 weeks", end(2025, 10, 20));
    // Months keep to the month's end; a leap day comes back as 28 February.
    check("2026-01-31T10:00:00Z", "1 month", end(2026, 2, 28));
    check("2028-02-29T10:00:00Z", "1 year", end(2029, 2, 28));
    check("2027-02-28T10:00:00Z", "12 months", end(2028, 2, 28));
    // Clock hours are real hours, also in the nights that have 23 or 25.
    check(
        "2026-03-28T12:00:00Z",
        "24 hours",
        Deadline::At(at("2026-03-29T12:00:00Z")),
    );
    check(
        "2025-10-25T12:00:00Z",
        "72 hours",
        Deadline::At(at("2025-10-28T12:00:00Z")),
    );
    // Beyond the last known term a deadline still exists.
    check("2026-07-21T10:00:00Z", "2 school days", end(2026, 7, 23));
}

#[test]
fn without_any_term_working_days_stand_in() {
    let calendar = SchoolCalendar::of_england_and_wales();
    assert_eq!(
        calendar.due(at("2026-04-02T10:00:00Z"), Measure::SchoolDays(1)),
        Deadline::EndOf(date(2026, 4, 7))
    );
}

#[test]
fn a_day_ends_at_its_own_midnight() {
    let calendar = calendar();
    let check = |day: Date, midnight: &str| {
        assert_eq!(
            calendar.passes_at(Deadline::EndOf(day)),
            at(midnight),
            "{day}"
        );
    };
    check(date(2025, 12, 8), "2025-12-09T00:00:00Z");
    check(date(2025, 7, 1), "2025-07-01T23:00:00Z");
    check(date(2026, 3, 28), "2026-03-29T00:00:00Z");
    check(date(2026, 3, 29), "2026-03-29T23:00:00Z"); // clocks went forward that morning
    check(date(2025, 10, 26), "2025-10-27T00:00:00Z"); // and back that morning
    let deadline = Deadline::EndOf(date(2025, 7, 1));
    assert!(!calendar.is_overdue(deadline, at("2025-07-01T22:59:59Z")));
    assert!(calendar.is_overdue(deadline, at("2025-07-01T23:00:00Z")));
}

#[test]
fn a_calendar_that_cannot_be_meant_says_what_is_wrong() {
    let days = |first, last| Days { first, last };
    let autumn = days(date(2025, 9, 3), date(2025, 12, 19));
    let check = |terms: &[Days], closures: &[Days], expected: &[CalendarFault]| {
        let calendar = SchoolCalendar {
            terms: terms.to_vec(),
            closures: closures.to_vec(),
            ..SchoolCalendar::of_england_and_wales()
        };
        assert_eq!(calendar.faults(), expected);
    };
    check(&[], &[], &[]);
    check(&[autumn], &[Days::one(date(2025, 9, 3))], &[]);
    let backwards = days(autumn.last, autumn.first);
    check(
        &[backwards],
        &[],
        &[CalendarFault::EndsBeforeItBegins(backwards)],
    );
    let spring = days(date(2025, 12, 19), date(2026, 3, 27));
    check(
        &[autumn, spring],
        &[],
        &[CalendarFault::TermsOverlap(autumn, spring)],
    );
    check(&[autumn], &[autumn], &[CalendarFault::NoSchoolDay(autumn)]);
    let weekend = days(date(2026, 1, 10), date(2026, 1, 11));
    check(&[weekend], &[], &[CalendarFault::NoSchoolDay(weekend)]);
    let august = Days::one(date(2025, 8, 5));
    check(
        &[autumn],
        &[august],
        &[CalendarFault::ClosureOutsideTerms(august)],
    );
    assert_eq!(calendar().faults(), []);
    assert!(
        CalendarFault::NoSchoolDay(autumn)
            .sentence()
            .contains("3 September 2025")
    );
}

#[test]
fn a_notice_period_is_counted_backwards() {
    let calendar = calendar();
    let check = |day: Date, notice: &str, begins: Date| {
        let notice = Measure::read(notice).expect("a measure");
        assert_eq!(
            calendar.date_before(day, notice),
            begins,
            "{notice} before {day}"
        );
    };
    check(date(2026, 9, 1), "6 weeks", date(2026, 7, 21));
    check(date(2026, 3, 31), "1 month", date(2026, 2, 28));
    check(date(2026, 4, 7), "1 working day", date(2026, 4, 2));
    check(date(2025, 11, 4), "1 school day", date(2025, 10, 24));
    check(date(2025, 11, 4), "2 hours", date(2025, 11, 4));
}

proptest! {
    #[test]
    fn a_deadline_never_lies_before_its_start(
        second in 946_684_800_i64..4_102_444_800,
        n in 1_u32..400,
        kind in 0_usize..8,
    ) {
        let calendar = calendar();
        let from = Timestamp::from_second(second).unwrap();
        let measure = [
            Measure::SameDay,
            Measure::Minutes(n),
            Measure::Hours(n),
            Measure::SchoolDays(n),
            Measure::WorkingDays(n),
            Measure::Days(n),
            Measure::Months(n),
            Measure::Years(n),
        ][kind];
        let due = calendar.due(from, measure);
        prop_assert!(calendar.passes_at(due) > from);
        prop_assert!(!calendar.is_overdue(due, from));
    }

    #[test]
    fn a_day_named_by_working_days_is_one(offset in 0_i32..20_000, n in 1_u32..60) {
        let calendar = calendar();
        let from = date(2000, 1, 1).saturating_add(offset.days());
        let due = calendar.date_after(from, Measure::WorkingDays(n));
        prop_assert!(calendar.is_working_day(due));
        let between = (1..).map(|d: i32| from.saturating_add(d.days())).take_while(|d| *d <= due);
        prop_assert_eq!(between.filter(|d| calendar.is_working_day(*d)).count(), n as usize);
    }

    #[test]
    fn no_measure_however_long_makes_the_calendar_fail(n: u32) {
        let calendar = calendar();
        let from = at("2026-01-05T09:00:00Z");
        for measure in [Measure::Hours(n), Measure::SchoolDays(n), Measure::WorkingDays(n.max(20_000)), Measure::Days(n), Measure::Weeks(n), Measure::Months(n), Measure::Years(n)] {
            let due = calendar.due(from, measure);
            prop_assert!(calendar.passes_at(due) >= from);
            prop_assert!(calendar.date_before(date(2026, 1, 5), measure) <= date(2026, 1, 5));
        }
    }
}
