use belisha_policy::{Post, Standing};
use jiff::civil::date;

use super::*;
use crate::testing::policy_with;

fn account() -> Account {
    Account {
        disabled: false,
        last_day: None,
        taken_up: true,
        awaits_approval: false,
        password_is_known: false,
        has_second_factor: true,
        needs_second_factor: true,
        shut: None,
    }
}

#[test]
fn the_most_final_state_wins() {
    let today = date(2026, 1, 14);
    let check = |account: Account, expected| assert_eq!(state(&account, today), expected);
    check(account(), AccountState::Active);
    check(
        Account {
            last_day: Some(today),
            ..account()
        },
        AccountState::Active,
    );
    check(
        Account {
            last_day: Some(date(2026, 1, 13)),
            ..account()
        },
        AccountState::Expired,
    );
    check(
        Account {
            taken_up: false,
            ..account()
        },
        AccountState::Invited,
    );
    check(
        Account {
            awaits_approval: true,
            ..account()
        },
        AccountState::Pending,
    );
    check(
        Account {
            password_is_known: true,
            ..account()
        },
        AccountState::Locked,
    );
    check(
        Account {
            has_second_factor: false,
            ..account()
        },
        AccountState::MustEnrol,
    );
    check(
        Account {
            shut: Some(Shut::Account),
            ..account()
        },
        AccountState::MustSign,
    );
    check(
        Account {
            shut: Some(Shut::ContactWithPupils),
            ..account()
        },
        AccountState::Active,
    );
    check(
        Account {
            disabled: true,
            taken_up: false,
            last_day: Some(date(2020, 1, 1)),
            ..account()
        },
        AccountState::Disabled,
    );
    check(
        Account {
            has_second_factor: false,
            shut: Some(Shut::Account),
            ..account()
        },
        AccountState::MustEnrol,
    );
}

#[test]
fn the_policy_says_who_needs_a_second_factor() {
    let silent = policy_with("");
    let everyone = policy_with("```control second-factor\nof = \"everyone\"\n```\n");
    let check = |policy: &Policy, standing, posts: &[Post], expected| {
        let hats = Hats::new([standing], posts.iter().copied());
        assert_eq!(
            needs_second_factor(policy, &hats),
            expected,
            "{standing:?} {posts:?}"
        );
    };
    check(&silent, Standing::Staff, &[Post::Headteacher], true);
    check(&silent, Standing::Contractor, &[Post::NetworkManager], true);
    check(
        &silent,
        Standing::Governor,
        &[Post::SafeguardingGovernor],
        true,
    );
    check(&silent, Standing::Staff, &[], false);
    check(&silent, Standing::Parent, &[], false);
    check(&everyone, Standing::Staff, &[], true);
}

#[test]
fn a_guest_account_names_one_person_and_ends() {
    let today = date(2026, 1, 14);
    let check = |name, ends_on, expected| {
        assert_eq!(open_guest_account(name, ends_on, Days(30), today), expected);
    };
    let latest = date(2026, 2, 13);
    check("Sam Visitor", today, Ok(()));
    check("Sam Visitor", latest, Ok(()));
    check(
        "Sam Visitor",
        date(2026, 2, 14),
        Err(GuestRefused::TooLong { latest }),
    );
    check(
        "Sam Visitor",
        date(2026, 1, 13),
        Err(GuestRefused::EndsBeforeItBegins),
    );
    check(" ", latest, Err(GuestRefused::NobodyNamed));
}

#[test]
fn a_link_works_once_and_not_for_long() {
    let made_at: Timestamp = "2026-01-14T10:00:00Z".parse().unwrap();
    let link = |purpose| Link {
        purpose,
        made_at,
        used: false,
        withdrawn: false,
    };
    let check = |link: Link, minutes, expected| {
        let now = made_at
            .saturating_add(SignedDuration::from_mins(minutes))
            .unwrap();
        assert_eq!(follow(link, now), expected);
    };
    check(link(Purpose::Reset), 59, Ok(()));
    check(link(Purpose::Reset), 60, Err(LinkRefused::TooOld));
    check(link(Purpose::Invitation), 7 * 24 * 60 - 1, Ok(()));
    check(
        link(Purpose::Invitation),
        7 * 24 * 60,
        Err(LinkRefused::TooOld),
    );
    check(
        Link {
            used: true,
            ..link(Purpose::Reset)
        },
        1,
        Err(LinkRefused::Used),
    );
    check(
        Link {
            withdrawn: true,
            ..link(Purpose::Reset)
        },
        1,
        Err(LinkRefused::Withdrawn),
    );
}

#[test]
fn a_lost_factor_takes_two_others() {
    let check = |owner, started, approved, expected| {
        let [owner, started, approved] = [owner, started, approved].map(PersonId::new);
        assert_eq!(clear_factor(owner, started, approved), expected);
    };
    check(1, 2, 3, Ok(()));
    check(1, 2, 2, Err(FactorResetRefused::SamePerson));
    check(1, 1, 2, Err(FactorResetRefused::OwnFactor));
    check(1, 2, 1, Err(FactorResetRefused::OwnFactor));
}

#[test]
fn an_account_is_made_safe_so_that_whoever_knows_the_password_stays_out() {
    use MadeSafe::{NewPassword, Shut};
    use MadeSafeRefused::{NoSecondFactor, Oneself};
    let check = |how, has_second_factor, is_oneself, expected| {
        assert_eq!(make_safe(how, has_second_factor, is_oneself), expected);
    };
    check(NewPassword, true, false, Ok(()));
    check(NewPassword, false, false, Err(NoSecondFactor));
    check(Shut, true, false, Ok(()));
    check(Shut, false, false, Ok(()));
    check(NewPassword, true, true, Err(Oneself));
    check(Shut, false, true, Err(Oneself));
}
