use jiff::civil::date;

use super::*;
use crate::ids::PersonId;
use crate::testing::policy_with;

const TODAY: Date = date(2026, 1, 14);

fn two_steps() -> Chain {
    Chain {
        steps: vec![Approver::SeniorLeaders, Approver::Governors],
        minute: true,
    }
}

fn person(n: u128) -> Identity {
    Identity::of(PersonId::new(n))
}

fn put_forward_version() -> Version {
    Version {
        put_forward: true,
        ..Version::default()
    }
}

fn approved_by(people: &[u128]) -> Version {
    let approvals = people
        .iter()
        .zip(two_steps().steps)
        .map(|(n, step)| Approval {
            step,
            by: person(*n),
        })
        .collect();
    Version {
        approvals,
        ..put_forward_version()
    }
}

fn policy(by: &str) -> Policy {
    policy_with(&format!("```control policy-approval\nby = [{by}]\n```\n"))
}

#[test]
fn a_version_goes_through_its_states() {
    let check = |version: Version, expected| {
        assert_eq!(state(&version, &two_steps(), TODAY), expected);
    };
    check(Version::default(), VersionState::Draft);
    check(
        put_forward_version(),
        VersionState::Awaiting(Approver::SeniorLeaders),
    );
    check(
        approved_by(&[1]),
        VersionState::Awaiting(Approver::Governors),
    );
    check(approved_by(&[1, 2]), VersionState::Approved);
    let from = |day| Version {
        in_force_from: Some(day),
        ..approved_by(&[1, 2])
    };
    check(
        from(date(2026, 1, 15)),
        VersionState::ComesIntoForce {
            on: date(2026, 1, 15),
        },
    );
    check(from(TODAY), VersionState::InForce { since: TODAY });
    let superseded = |day| Version {
        superseded_from: Some(day),
        ..from(date(2025, 1, 1))
    };
    check(
        superseded(date(2026, 1, 15)),
        VersionState::InForce {
            since: date(2025, 1, 1),
        },
    );
    check(superseded(TODAY), VersionState::Superseded);
    check(
        Version {
            withdrawn: true,
            ..approved_by(&[1])
        },
        VersionState::Withdrawn,
    );
}

#[test]
fn the_version_in_force_says_who_approves_the_next() {
    let strict = policy("\"senior-leaders\", \"full-governing-body\"");
    let lax = policy("\"senior-leaders\"");
    let steps = |draft, in_force| Chain::of(draft, in_force).map(|chain| chain.steps);
    assert_eq!(
        steps(&lax, Some(&strict)),
        Some(vec![Approver::SeniorLeaders, Approver::FullGoverningBody])
    );
    assert_eq!(steps(&lax, None), Some(vec![Approver::SeniorLeaders]));
    let silent = policy_with("");
    assert_eq!(steps(&silent, None), None);
}

#[test]
fn approvals_are_taken_in_order_by_those_whose_step_it_is() {
    let check = |version: &Version, who, role, minute, others_can, expected| {
        let taken = approve(
            version,
            &two_steps(),
            &person(who),
            &BTreeSet::from([role]),
            minute,
            others_can,
            TODAY,
        );
        assert_eq!(taken, expected, "{role:?}");
    };
    let (fresh, agreed) = (put_forward_version(), approved_by(&[1]));
    check(
        &fresh,
        1,
        Role::Head,
        "SLT 3",
        true,
        Ok(Approver::SeniorLeaders),
    );
    check(
        &fresh,
        2,
        Role::Chair,
        "FGB 7",
        true,
        Err(ApproveRefused::NotYourStep(Approver::SeniorLeaders)),
    );
    check(
        &agreed,
        2,
        Role::Chair,
        "FGB 7",
        true,
        Ok(Approver::Governors),
    );
    check(
        &agreed,
        2,
        Role::Chair,
        " ",
        true,
        Err(ApproveRefused::MinuteMissing),
    );
    check(
        &agreed,
        3,
        Role::Head,
        "x",
        true,
        Err(ApproveRefused::NotYourStep(Approver::Governors)),
    );
    // The headteacher is a governor too, but not the only one.
    check(
        &agreed,
        1,
        Role::Governor,
        "x",
        true,
        Err(ApproveRefused::TookAnEarlierStep),
    );
    check(
        &agreed,
        1,
        Role::Governor,
        "x",
        false,
        Ok(Approver::Governors),
    );
    check(
        &approved_by(&[1, 2]),
        2,
        Role::Chair,
        "x",
        true,
        Err(ApproveRefused::NotAwaiting(VersionState::Approved)),
    );
    check(
        &Version::default(),
        1,
        Role::Head,
        "x",
        true,
        Err(ApproveRefused::NotAwaiting(VersionState::Draft)),
    );
}

#[test]
fn only_an_approved_version_comes_into_force_and_not_backwards() {
    let check = |version: Version, from, current, expected| {
        assert_eq!(
            bring_into_force(&version, &two_steps(), from, current, TODAY),
            expected
        );
    };
    check(approved_by(&[1, 2]), TODAY, true, Ok(()));
    check(approved_by(&[1, 2]), date(2026, 9, 1), true, Ok(()));
    check(
        approved_by(&[1, 2]),
        date(2026, 1, 13),
        true,
        Err(InForceRefused::InThePast),
    );
    check(
        approved_by(&[1, 2]),
        TODAY,
        false,
        Err(InForceRefused::BegunFromAnOlderVersion),
    );
    check(
        approved_by(&[1]),
        TODAY,
        true,
        Err(InForceRefused::NotApproved(VersionState::Awaiting(
            Approver::Governors,
        ))),
    );
}

#[test]
fn what_is_put_forward_is_closed_and_complete() {
    let chain = two_steps();
    let incomplete = policy("\"governors\"");
    assert_eq!(edit(&Version::default(), &chain, TODAY), Ok(()));
    assert_eq!(
        edit(&put_forward_version(), &chain, TODAY),
        Err(DraftRefused::NotADraft)
    );
    let put = |current| put_forward(&Version::default(), &chain, &incomplete, current, TODAY);
    assert!(matches!(put(true), Err(DraftRefused::NotReady { lacks }) if lacks > 0));
    assert_eq!(put(false), Err(DraftRefused::BegunFromAnOlderVersion));
}

#[test]
fn the_policy_says_how_often_it_is_reviewed() {
    let policy = policy_with("```control policy-review\nevery = \"6 months\"\n```\n");
    assert_eq!(
        review(&policy, date(2025, 9, 1), date(2025, 9, 2)),
        Review::InDate {
            next: date(2026, 3, 1)
        }
    );
}

#[test]
fn a_review_is_announced_and_then_late() {
    let check = |today, expected| {
        let (every, notice) = (Period::Months(12), Period::Weeks(6));
        assert_eq!(
            review_by(every, notice, date(2025, 9, 1), today),
            expected,
            "{today}"
        );
    };
    check(
        date(2025, 9, 1),
        Review::InDate {
            next: date(2026, 9, 1),
        },
    );
    check(
        date(2026, 7, 20),
        Review::InDate {
            next: date(2026, 9, 1),
        },
    );
    check(
        date(2026, 7, 21),
        Review::DueSoon {
            by: date(2026, 9, 1),
        },
    );
    check(
        date(2026, 9, 1),
        Review::DueSoon {
            by: date(2026, 9, 1),
        },
    );
    check(
        date(2026, 9, 2),
        Review::Overdue {
            since: date(2026, 9, 1),
        },
    );
}
