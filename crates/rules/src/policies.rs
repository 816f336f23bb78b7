//! The life of a policy version: drafted, agreed and approved step by step, in
//! force from a day, superseded. The version in force says who approves the
//! next one, so that a draft cannot weaken its own approval.

use std::collections::BTreeSet;

use belisha_policy::controls::policy_approval::{self, Approver};
use belisha_policy::controls::policy_review;
use belisha_policy::{Period, Policy, Word};
use jiff::civil::Date;

use crate::access::Role;
use crate::people::Identity;

/// Who approves a version, in order, and what each approval must give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    pub steps: Vec<Approver>,
    /// The reference of the minute is asked for.
    pub minute: bool,
}

impl Chain {
    /// The chain by which a draft is approved: that of the version in force. Only
    /// the very first version of a school is approved by its own. None where
    /// neither says who approves; such a policy does not come into force.
    pub fn of(draft: &Policy, in_force: Option<&Policy>) -> Option<Self> {
        let settings = in_force
            .unwrap_or(draft)
            .settings(&policy_approval::CONTROL)?;
        Some(Self {
            steps: settings.get(&policy_approval::BY),
            minute: settings.get(&policy_approval::MINUTE),
        })
    }
}

/// One approval that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    pub step: Approver,
    pub by: Identity,
}

/// What is on record about one version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Version {
    /// Its words are closed and it has been put forward.
    pub put_forward: bool,
    pub approvals: Vec<Approval>,
    /// The day from which it is in force, once that was set.
    pub in_force_from: Option<Date>,
    /// The day from which a later version is in force.
    pub superseded_from: Option<Date>,
    pub withdrawn: bool,
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionState {
    Draft,
    /// Put forward; this body is next.
    Awaiting(Approver),
    /// Every step is done and no day is set yet.
    Approved,
    /// In force from a day that lies ahead.
    ComesIntoForce {
        on: Date,
    },
    InForce {
        since: Date,
    },
    Superseded,
    Withdrawn,
}

/// Where a version stands on one day.
pub fn state(version: &Version, chain: &Chain, today: Date) -> VersionState {
    if version.withdrawn {
        return VersionState::Withdrawn;
    }
    if version.superseded_from.is_some_and(|from| from <= today) {
        return VersionState::Superseded;
    }
    if let Some(from) = version.in_force_from {
        return if from <= today {
            VersionState::InForce { since: from }
        } else {
            VersionState::ComesIntoForce { on: from }
        };
    }
    if !version.put_forward {
        return VersionState::Draft;
    }
    match chain.steps.get(version.approvals.len()) {
        Some(next) => VersionState::Awaiting(*next),
        None => VersionState::Approved,
    }
}

/// Why a draft was not put forward or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftRefused {
    /// Its words are closed.
    NotADraft,
    /// It leaves out what every school must decide; the editor shows each point.
    NotReady { lacks: usize },
    /// A later version came into force since it was begun.
    BegunFromAnOlderVersion,
}

/// Whether the words of a version may still be changed.
pub fn edit(version: &Version, chain: &Chain, today: Date) -> Result<(), DraftRefused> {
    match state(version, chain, today) {
        VersionState::Draft => Ok(()),
        VersionState::Awaiting(_)
        | VersionState::Approved
        | VersionState::ComesIntoForce { .. }
        | VersionState::InForce { .. }
        | VersionState::Superseded
        | VersionState::Withdrawn => Err(DraftRefused::NotADraft),
    }
}

/// Whether a draft may be put forward for approval. `begun_from_current` says that
/// no other version came into force since the draft was begun.
pub fn put_forward(
    version: &Version,
    chain: &Chain,
    policy: &Policy,
    begun_from_current: bool,
    today: Date,
) -> Result<(), DraftRefused> {
    edit(version, chain, today)?;
    if !begun_from_current {
        return Err(DraftRefused::BegunFromAnOlderVersion);
    }
    policy.ready().map_err(|faults| DraftRefused::NotReady {
        lacks: faults.len(),
    })
}

/// Why an approval was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApproveRefused {
    /// The version does not wait for an approval.
    NotAwaiting(VersionState),
    /// This step belongs to another body.
    NotYourStep(Approver),
    MinuteMissing,
    /// The person took an earlier step, and somebody else can take this one.
    TookAnEarlierStep,
}

impl ApproveRefused {
    /// What to do about it.
    pub fn sentence(self) -> String {
        match self {
            Self::NotAwaiting(_) => "This version does not wait for an approval.".to_owned(),
            Self::NotYourStep(step) => {
                format!("The {} approve this version now.", step.name())
            }
            Self::MinuteMissing => {
                "Enter the reference of the minute that records the approval.".to_owned()
            }
            Self::TookAnEarlierStep => {
                "You approved an earlier step of this version, so somebody else takes this one."
                    .to_owned()
            }
        }
    }
}

/// Whether a person may record the approval that comes next, and which it is.
///
/// `others_can` says whether anybody else in the school could take this step.
/// Two steps are taken by two people, unless the school's posts leave no other.
pub fn approve(
    version: &Version,
    chain: &Chain,
    who: &Identity,
    roles: &BTreeSet<Role>,
    minute: &str,
    others_can: bool,
    today: Date,
) -> Result<Approver, ApproveRefused> {
    let step = match state(version, chain, today) {
        VersionState::Awaiting(step) => step,
        state @ (VersionState::Draft
        | VersionState::Approved
        | VersionState::ComesIntoForce { .. }
        | VersionState::InForce { .. }
        | VersionState::Superseded
        | VersionState::Withdrawn) => return Err(ApproveRefused::NotAwaiting(state)),
    };
    if !roles.iter().any(|role| speaks_for(*role, step)) {
        return Err(ApproveRefused::NotYourStep(step));
    }
    let took_earlier = version
        .approvals
        .iter()
        .any(|approval| who.is(approval.by.person) || approval.by.is(who.person));
    if took_earlier && others_can {
        return Err(ApproveRefused::TookAnEarlierStep);
    }
    if chain.minute && minute.trim().is_empty() {
        return Err(ApproveRefused::MinuteMissing);
    }
    Ok(step)
}

/// Whether somebody in this role records what the body decided. The full
/// governing body speaks through its chair or vice-chair.
pub fn speaks_for(role: Role, body: Approver) -> bool {
    match body {
        Approver::SeniorLeaders => matches!(role, Role::Head | Role::SeniorLeader),
        Approver::Governors => {
            matches!(
                role,
                Role::Chair | Role::ViceChair | Role::LinkGovernor | Role::Governor
            )
        }
        Approver::FullGoverningBody => matches!(role, Role::Chair | Role::ViceChair),
    }
}

/// Why a version does not come into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InForceRefused {
    NotApproved(VersionState),
    /// A promise cannot be made for days gone by.
    InThePast,
    /// Another version came into force since this one was begun.
    BegunFromAnOlderVersion,
}

/// Whether an approved version may come into force on this day.
pub fn bring_into_force(
    version: &Version,
    chain: &Chain,
    from: Date,
    begun_from_current: bool,
    today: Date,
) -> Result<(), InForceRefused> {
    match state(version, chain, today) {
        VersionState::Approved if !begun_from_current => {
            Err(InForceRefused::BegunFromAnOlderVersion)
        }
        VersionState::Approved if from < today => Err(InForceRefused::InThePast),
        VersionState::Approved => Ok(()),
        state @ (VersionState::Draft
        | VersionState::Awaiting(_)
        | VersionState::ComesIntoForce { .. }
        | VersionState::InForce { .. }
        | VersionState::Superseded
        | VersionState::Withdrawn) => Err(InForceRefused::NotApproved(state)),
    }
}

/// How the review of the policy stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    InDate { next: Date },
    DueSoon { by: Date },
    Overdue { since: Date },
}

/// How the review stands for a policy that was last reviewed, or came into force,
/// on this day.
pub fn review(policy: &Policy, last: Date, today: Date) -> Review {
    let (every, notice) = (
        policy.get(&policy_review::EVERY),
        policy.get(&policy_review::NOTICE),
    );
    review_by(every, notice, last, today)
}

fn review_by(every: Period, notice: Period, last: Date, today: Date) -> Review {
    let by = every.after(last);
    if by < today {
        Review::Overdue { since: by }
    } else if notice.before(by) <= today {
        Review::DueSoon { by }
    } else {
        Review::InDate { next: by }
    }
}

#[cfg(test)]
mod tests {
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
}
