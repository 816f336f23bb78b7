//! The keeping periods, a line a case.

use jiff::civil::{Date, date};

use super::*;
use crate::guides::allegation_outcomes;
use crate::ids::PersonId;
use crate::testing;

const OPENED: Date = date(2026, 3, 2);
const CLOSED: Date = date(2026, 5, 20);

fn policy_with(block: &str) -> Policy {
    testing::policy_with(&format!("```{block}\n```\n"))
}

fn decided() -> Policy {
    policy_with("control record-keeping\nlow_level = \"until-they-leave\"\nlow_level_years = 1")
}

fn adult(born_on: Option<Date>, last_day: Option<Date>) -> Facts {
    Facts {
        adults: vec![Adult { born_on, last_day }],
        ..Facts::default()
    }
}

#[test]
fn each_outcome_of_an_allegation_has_its_time() {
    let policy = decided();
    let born = |year| Some(date(year, 7, 1));
    let check = |outcome: &str, born_on, expected| {
        let facts = Facts {
            outcome: outcome.to_owned(),
            ..adult(born_on, None)
        };
        for kind in [
            Kind::AllegationStaff,
            Kind::AllegationHead,
            Kind::AllegationChair,
        ] {
            assert_eq!(
                term(&policy, kind, OPENED, CLOSED, &facts),
                expected,
                "{outcome} {kind:?}"
            );
        }
    };
    // Pension age at 67 lies behind ten years from the allegation, or before them.
    let pension = Term::Until(date(2052, 7, 1), Rule::Allegation);
    let ten_years = Term::Until(date(2036, 3, 2), Rule::Allegation);
    let at_once = Term::Until(CLOSED, Rule::FalseAllegation);
    check("substantiated", born(1985), pension);
    check("substantiated", born(1960), ten_years);
    check("unsubstantiated", born(1985), pension);
    check("unsubstantiated", born(1960), ten_years);
    check("unfounded", born(1985), pension);
    check("unfounded", born(1960), ten_years);
    check("malicious", born(1985), at_once);
    check("malicious", None, at_once);
    check("false", born(1985), at_once);
    check("false", None, at_once);
    // Ended without a review: nobody has shown that it was false.
    check("", born(1985), pension);
    for (outcome, _) in allegation_outcomes() {
        if !matches!(*outcome, "malicious" | "false") {
            let unknown = Term::Unknown(Lacks::BirthDate, Rule::Allegation);
            check(outcome, None, unknown);
        }
    }
}

#[test]
fn the_policy_moves_the_times() {
    let policy = policy_with(
        "control record-keeping\nallegation_years = 30\npension_age = 60\nwelfare_until_age = 30\n\
         child_protection_until_age = 50\nabuse_years = 100",
    );
    let facts = adult(Some(date(1985, 7, 1)), None);
    assert_eq!(
        term(&policy, Kind::AllegationStaff, OPENED, CLOSED, &facts),
        Term::Until(date(2056, 3, 2), Rule::Allegation)
    );
    let child = Facts {
        children: vec![Some(date(2018, 1, 31))],
        ..Facts::default()
    };
    assert_eq!(
        term(&policy, Kind::PupilWelfare, OPENED, CLOSED, &child),
        Term::Until(date(2048, 1, 31), Rule::Welfare)
    );
    assert_eq!(
        term(&policy, Kind::ChildProtection, OPENED, CLOSED, &child),
        Term::Until(date(2068, 1, 31), Rule::ChildProtection)
    );
}

#[test]
fn a_case_about_pupils_lasts_until_the_youngest_is_twenty_five() {
    let policy = decided();
    let check = |children: &[Option<Date>], abuse, expected| {
        let facts = Facts {
            children: children.to_vec(),
            abuse,
            ..Facts::default()
        };
        let found = term(&policy, Kind::ChildProtection, OPENED, CLOSED, &facts);
        assert_eq!(found, expected, "{children:?}");
    };
    let until = |day| Term::Until(day, Rule::ChildProtection);
    let (older, younger) = (Some(date(2016, 9, 1)), Some(date(2018, 2, 28)));
    check(&[older], false, until(date(2041, 9, 1)));
    check(&[older, younger], false, until(date(2043, 2, 28)));
    check(&[younger, older], false, until(date(2043, 2, 28)));
    check(&[Some(date(2016, 2, 29))], false, until(date(2041, 3, 1)));
    check(&[], false, until(date(2051, 3, 2)));
    check(
        &[older, None],
        false,
        Term::Unknown(Lacks::BirthDate, Rule::ChildProtection),
    );
    check(&[older], true, Term::Until(date(2101, 3, 2), Rule::Abuse));
    let welfare = Facts {
        children: vec![older],
        ..Facts::default()
    };
    assert_eq!(
        term(&policy, Kind::PupilWelfare, OPENED, CLOSED, &welfare),
        Term::Until(date(2041, 9, 1), Rule::Welfare)
    );
}

#[test]
fn a_low_level_concern_lasts_until_the_adult_has_left_if_the_school_decided_so() {
    let check = |policy: &Policy, last_day, expected| {
        let facts = adult(None, last_day);
        let found = term(policy, Kind::LowLevelConcern, OPENED, CLOSED, &facts);
        assert_eq!(found, expected, "{last_day:?}");
    };
    let unknown = |lacks| Term::Unknown(lacks, Rule::LowLevel);
    check(&decided(), None, unknown(Lacks::StillHere));
    check(
        &decided(),
        Some(date(2026, 8, 31)),
        Term::Until(date(2027, 8, 31), Rule::LowLevel),
    );
    let silent = policy_with("control password");
    check(&silent, None, unknown(Lacks::Decision));
    check(&silent, Some(date(2026, 8, 31)), unknown(Lacks::Decision));
}

fn person(number: u128) -> Identity {
    Identity::of(PersonId::new(number))
}

fn standing() -> Standing {
    Standing {
        is_open: false,
        is_merged: false,
        term: Term::Until(date(2026, 5, 20), Rule::FalseAllegation),
        kept_until: None,
        held: false,
        asked_for: false,
        decided_by: Some(person(1)),
    }
}

#[test]
fn nothing_is_destroyed_before_its_time_under_a_hold_or_by_one_person() {
    let today = date(2026, 6, 1);
    let check = |change: &dyn Fn(&mut Standing), second, expected: Result<(), Refused>| {
        let mut standing = standing();
        change(&mut standing);
        assert_eq!(
            destroy(&standing, &person(second), today),
            expected,
            "{standing:?}"
        );
    };
    check(&|_| {}, 2, Ok(()));
    check(&|_| {}, 1, Err(Refused::SamePerson));
    check(&|s| s.decided_by = None, 2, Err(Refused::NobodyDecided));
    check(&|s| s.held = true, 2, Err(Refused::Held));
    check(&|s| s.is_open = true, 2, Err(Refused::Open));
    check(&|s| s.is_merged = true, 2, Err(Refused::Merged));
    check(&|s| s.asked_for = true, 2, Err(Refused::AskedFor));
    let later = date(2026, 6, 2);
    check(
        &|s| s.kept_until = Some(later),
        2,
        Err(Refused::NotDue(Some(later))),
    );
    check(&|s| s.kept_until = Some(date(2026, 6, 1)), 2, Ok(()));
    check(
        &|s| s.term = Term::Unknown(Lacks::BirthDate, Rule::Welfare),
        2,
        Err(Refused::NotDue(None)),
    );
    check(
        &|s| s.term = Term::Until(later, Rule::Welfare),
        2,
        Err(Refused::NotDue(Some(later))),
    );
    // A merge made the two who decided one.
    let mut merged = person(2);
    merged.aliases.insert(PersonId::new(1));
    assert_eq!(
        destroy(&standing(), &merged, today),
        Err(Refused::SamePerson)
    );
}

#[test]
fn whoever_decides_gives_a_reason_and_a_day_that_lies_ahead() {
    let today = date(2026, 6, 1);
    let kept = |until, reason| keep(&standing(), until, reason, true, today);
    assert_eq!(kept(date(2027, 6, 1), "A claim"), Ok(()));
    assert_eq!(kept(date(2027, 6, 1), " "), Err(Refused::ReasonMissing));
    assert_eq!(kept(today, "A claim"), Err(Refused::WrongDay));
    assert_eq!(kept(date(2051, 6, 2), "A claim"), Err(Refused::WrongDay));
    assert_eq!(propose(&standing(), "Its time is over", today), Ok(()));
    assert_eq!(propose(&standing(), "", today), Err(Refused::ReasonMissing));
    let asked = Standing {
        asked_for: true,
        ..standing()
    };
    assert_eq!(propose(&asked, "Over", today), Err(Refused::AskedFor));
    assert_eq!(keep(&asked, date(2027, 1, 1), "Asked", true, today), Ok(()));
    // A false allegation stays on nobody's record without their word; any other case does.
    let without = |standing: &Standing| keep(standing, date(2027, 1, 1), "A claim", false, today);
    assert_eq!(without(&standing()), Err(Refused::NotAgreed));
    let other = Standing {
        term: Term::Until(date(2026, 5, 20), Rule::Allegation),
        ..standing()
    };
    assert_eq!(without(&other), Ok(()));
    let held = Standing {
        held: true,
        ..standing()
    };
    assert_eq!(propose(&held, "Over", today), Err(Refused::Held));
}

#[test]
fn every_rule_reads_back() {
    for rule in Rule::ALL {
        assert_eq!(Rule::from_key(rule.key()), Some(rule));
    }
    for lacks in [Lacks::BirthDate, Lacks::StillHere, Lacks::Decision] {
        assert_eq!(Lacks::from_key(lacks.key()), Some(lacks));
    }
}
