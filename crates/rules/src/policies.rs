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
mod tests;
