//! Who may do what: one decision function over one table. Deny by default;
//! what may not be known is answered as if it did not exist.

mod matrix;
mod records;
mod roles;
mod table;
mod viewer;
mod words;

use jiff::Timestamp;

pub use matrix::matrix;
pub use records::{Action, Grant, Granted, Kind, RecordFacts, Relation};
pub use roles::Role;
pub use viewer::{AccountState, Means, Viewer};
pub use words::{Who, who_may};

use crate::people::{Hats, Held, Identity};
use table::When;

/// The answer to "may this person do this with this record?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Allowed(Why),
    /// Answer exactly as if the record did not exist: 404.
    Hidden,
    /// The person sees the thing but may not do this: 403, with the reason.
    Refused(WhyNot),
}

impl Decision {
    /// Whether the answer is yes.
    pub fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// What gave the right; the journal entry names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Everyone with an account may.
    Anyone,
    /// It is the person's own report.
    OwnReport,
    /// The role may with any record of the kind.
    Role(Role),
    /// The role may with a record to which the person stands so.
    Relation(Role, Relation),
}

/// Why not, where the person may know that the thing exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    AccountNotActive(AccountState),
    RoleMayNot,
    /// The token was not issued for this.
    TokenDoesNotCover,
    /// There is no such act on this kind of record.
    NoSuchAct,
}

impl WhyNot {
    /// The sentence for the page that says no.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::AccountNotActive(state) => state.sentence(),
            Self::RoleMayNot => {
                "Your posts do not allow this. If it is part of your work, ask the headteacher \
                 to appoint you, or ask somebody who holds the post."
            }
            Self::TokenDoesNotCover => {
                "This token was not issued for this. Ask for a token that covers it, or sign in."
            }
            Self::NoSuchAct => "This cannot be done with a record of this kind.",
        }
    }
}

/// Decides whether the viewer may do this with the record at this moment.
///
/// In this order: raising a concern stands open to every account that can sign
/// in; a subject, or somebody marked as close to one, learns nothing, whatever
/// else they are; an account that is not active reaches nothing; a token
/// reaches what it names; a reporter reads their own report; then the table.
pub fn may(viewer: &Viewer, action: Action, record: &RecordFacts, now: Timestamp) -> Decision {
    if !record.kind.actions().contains(&action) {
        return Decision::Refused(WhyNot::NoSuchAct);
    }
    if let Some(identity) = viewer.identity()
        && record.excludes(identity)
    {
        return Decision::Hidden;
    }
    let state = viewer.account();
    if !state.allows(action) {
        return match record.kind.seen_by() {
            Some(_) => Decision::Hidden,
            None => Decision::Refused(WhyNot::AccountNotActive(state)),
        };
    }
    let relations = viewer
        .identity()
        .map_or_else(Vec::new, |identity| record.relations(identity, now));
    match right(viewer, action, record.kind, &relations) {
        // To a program, a case that it may not know of is one that does not exist.
        Some(_) if !viewer.means().covers(action, record.kind) => {
            if record.kind.is_case() {
                Decision::Hidden
            } else {
                Decision::Refused(WhyNot::TokenDoesNotCover)
            }
        }
        Some(why) => Decision::Allowed(why),
        None => {
            let known = record
                .kind
                .seen_by()
                .is_none_or(|seeing| right(viewer, seeing, record.kind, &relations).is_some());
            if known {
                Decision::Refused(WhyNot::RoleMayNot)
            } else {
                Decision::Hidden
            }
        }
    }
}

fn right(viewer: &Viewer, action: Action, kind: Kind, relations: &[Relation]) -> Option<Why> {
    if action == Action::RaiseConcern {
        return Some(Why::Anyone);
    }
    if matches!(action, Action::ReadOwnReport | Action::ConfirmOwnReport)
        && relations.contains(&Relation::Reporter)
    {
        return Some(Why::OwnReport);
    }
    viewer.roles().iter().find_map(|role| {
        table::rights(kind, *role)
            .iter()
            .filter(|(_, actions)| actions.contains(&action))
            .find_map(|(when, _)| match when {
                When::Always => Some(Why::Role(*role)),
                When::If(relation) => relations
                    .contains(relation)
                    .then_some(Why::Relation(*role, *relation)),
            })
    })
}

/// Whether somebody who holds this post could act on a record of this kind when
/// told first. Routing never tells a person who could not open what waits.
pub fn may_take_charge(held: Held, kind: Kind) -> bool {
    grants(
        Role::of_post(held),
        kind,
        Action::Acknowledge,
        Relation::InCharge,
    )
}

/// Whether somebody who holds this post could read a record of this kind when
/// told for information.
pub fn may_be_informed(held: Held, kind: Kind) -> bool {
    grants(
        Role::of_post(held),
        kind,
        Action::ReadCase,
        Relation::Informed,
    )
}

fn grants(role: Role, kind: Kind, action: Action, relation: Relation) -> bool {
    table::rights(kind, role).iter().any(|(when, actions)| {
        actions.contains(&action)
            && match when {
                When::Always => true,
                When::If(needed) => *needed == relation,
            }
    })
}

/// Why a record may not be given to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareRefused {
    /// The receiver is a subject or close to one. The page must not say so to
    /// others who share: it says that this person cannot be chosen.
    CannotBeChosen,
    /// Nobody with the receiver's posts reads records of this kind.
    PostsNeverRead,
    /// The receiver runs the system, and running the system is not reading it.
    RunsTheSystem,
}

/// Whether a reader may share the record with this person. Shares cannot be
/// passed on: the giver needs [`Action::ShareCase`], which no share gives.
///
/// Ask again when somebody becomes network manager, and end the shares that
/// this then refuses.
pub fn may_receive(
    receiver: &Identity,
    hats: &Hats,
    record: &RecordFacts,
) -> Result<(), ShareRefused> {
    may_be_given(receiver, hats, record, Relation::Shared)
}

/// The same for each way of giving: sharing, delegating and handing over. What the table
/// gives to nobody by a relation cannot be given by it at all, such as a concern about a
/// headteacher to the next one.
pub fn may_be_given(
    receiver: &Identity,
    hats: &Hats,
    record: &RecordFacts,
    how: Relation,
) -> Result<(), ShareRefused> {
    if record.excludes(receiver) {
        return Err(ShareRefused::CannotBeChosen);
    }
    let roles = Role::of(hats);
    let reads = |role: &Role| grants(*role, record.kind, Action::ReadCase, how);
    let reads_by_a_post = roles.iter().any(|role| *role != Role::Staff && reads(role));
    if roles.contains(&Role::Technician) && !reads_by_a_post {
        return Err(ShareRefused::RunsTheSystem);
    }
    if roles.iter().any(reads) {
        Ok(())
    } else {
        Err(ShareRefused::PostsNeverRead)
    }
}

/// Whether the action asks for a fresh sign-in however long the session has
/// lasted (OWASP ASVS 5.0.0, 7.5.1 and 7.5.3).
pub fn needs_fresh_authentication(action: Action) -> bool {
    match action {
        Action::ExportCase
        | Action::HandOverCase
        | Action::BreakGlass
        | Action::ExportSignatures
        | Action::ApprovePolicy
        | Action::MergePeople
        | Action::ProposeAppointment
        | Action::ApproveAppointment
        | Action::StartReset
        | Action::ApproveFactorReset
        | Action::ApproveRestore
        | Action::RestoreBackup
        | Action::IssueApiToken
        | Action::DecideApproval
        | Action::ApplyApproval
        | Action::SearchFilterLog => true,
        Action::RaiseConcern
        | Action::ReadOwnReport
        | Action::ConfirmOwnReport
        | Action::ReadCase
        | Action::AddEntry
        | Action::AddAction
        | Action::RecordParentsInformed
        | Action::WithholdFromParents
        | Action::Acknowledge
        | Action::Triage
        | Action::LeadReview
        | Action::CloseCase
        | Action::ReopenCase
        | Action::ShareCase
        | Action::DelegateCase
        | Action::HoldCase
        | Action::MoveAlertOn
        | Action::ReadEmergencySight
        | Action::JudgeEmergencySight
        | Action::SignAgreement
        | Action::ReadSignature
        | Action::ListUnsigned
        | Action::RecordPaperSignature
        | Action::ReadPolicy
        | Action::ReadPolicyDraft
        | Action::EditPolicyDraft
        | Action::ReadAssurance
        | Action::AttestClause
        | Action::ReadPatterns
        | Action::ReadOwnEntry
        | Action::ReadRegister
        | Action::ImportPeople
        | Action::EditPeople
        | Action::ReadAppointments
        | Action::UseOwnAccount
        | Action::ListAccounts
        | Action::InviteAccount
        | Action::DisableAccount
        | Action::EndOthersSessions
        | Action::ReadOwnLines
        | Action::ReadTechnicalLines
        | Action::ReadAllLines
        | Action::TakeCheckpoint
        | Action::VerifyJournal
        | Action::ReadBackups
        | Action::RunBackup
        | Action::ListApiTokens
        | Action::RevokeApiToken
        | Action::ReadSchool
        | Action::EditSchool
        | Action::EditAgencies
        | Action::ReadOperations
        | Action::AskApproval
        | Action::ReadApproval
        | Action::ReviewApproval
        | Action::ReadFilter
        | Action::ReadFilterFigures
        | Action::ManageFilter
        | Action::TestFilter
        | Action::HandleFilterAlert
        | Action::ReadTechnicalAlert => false,
    }
}

#[cfg(test)]
mod tests;
