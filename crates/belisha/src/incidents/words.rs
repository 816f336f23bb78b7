//! The words that cases are kept in: a person's part, an answer that may be
//! unknown, and how kinds and states are spelled in the records.

use belisha_policy::Word;
use belisha_rules::access::Kind;
use belisha_rules::incidents::State;

/// What a person has to do with a case. Each has their own part: to be linked to a
/// case never makes anybody a victim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Part {
    Harmed,
    Alleged,
    Witness,
    Reporter,
    Other,
}

impl Word for Part {
    const KIND: &'static str = "a part in a case";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Harmed, "harmed", "was harmed or upset"),
        (Self::Alleged, "alleged", "is said to have done it"),
        (Self::Witness, "witness", "saw or heard it"),
        (Self::Reporter, "reporter", "reported it"),
        (Self::Other, "other", "is involved in another way"),
    ];
}

/// Whether a child is at risk, as the reporter sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AtRisk {
    Yes,
    No,
    NotSure,
}

impl Word for AtRisk {
    const KIND: &'static str = "an answer";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Yes, "yes", "Yes"),
        (Self::No, "no", "No"),
        (Self::NotSure, "not-sure", "Not sure"),
    ];
}

impl AtRisk {
    /// Not knowing counts as a risk: it costs a look, and the other way may cost a child.
    pub(crate) fn counts(self) -> bool {
        match self {
            Self::Yes | Self::NotSure => true,
            Self::No => false,
        }
    }
}

/// A kind of case as the records spell it.
pub(crate) fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::PupilWelfare => "pupil-welfare",
        Kind::ChildProtection => "child-protection",
        Kind::LowLevelConcern => "low-level-concern",
        Kind::AllegationStaff => "allegation-staff",
        Kind::AllegationHead => "allegation-head",
        Kind::AllegationChair => "allegation-chair",
        Kind::NewConcern
        | Kind::EmergencySight
        | Kind::Agreement
        | Kind::PolicyDocument
        | Kind::Assurance
        | Kind::Register
        | Kind::Appointment
        | Kind::Account
        | Kind::Journal
        | Kind::Backup
        | Kind::ApiToken
        | Kind::School
        | Kind::Operations
        | Kind::Approval
        | Kind::Filter
        | Kind::FilterLog
        | Kind::DataRequest => "no-case",
    }
}

/// The kinds of case there are.
pub(crate) const KINDS: [Kind; 6] = [
    Kind::PupilWelfare,
    Kind::ChildProtection,
    Kind::LowLevelConcern,
    Kind::AllegationStaff,
    Kind::AllegationHead,
    Kind::AllegationChair,
];

/// The kind of case that this word spells.
pub(crate) fn kind_from(key: &str) -> Option<Kind> {
    KINDS.into_iter().find(|kind| kind_key(*kind) == key)
}

/// A kind of case as the page calls it.
pub(crate) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::PupilWelfare => "Pupil’s welfare",
        Kind::ChildProtection => "Child protection",
        Kind::LowLevelConcern => "Low-level concern about an adult",
        Kind::AllegationStaff => "Concern about a member of staff",
        Kind::AllegationHead => "Concern about the headteacher",
        Kind::AllegationChair => "Concern about the chair of governors",
        Kind::NewConcern
        | Kind::EmergencySight
        | Kind::Agreement
        | Kind::PolicyDocument
        | Kind::Assurance
        | Kind::Register
        | Kind::Appointment
        | Kind::Account
        | Kind::Journal
        | Kind::Backup
        | Kind::ApiToken
        | Kind::School
        | Kind::Operations
        | Kind::Approval
        | Kind::Filter
        | Kind::FilterLog
        | Kind::DataRequest => "No case",
    }
}

/// A state as the records spell it.
pub(crate) fn state_key(state: State) -> &'static str {
    match state {
        State::Reported => "reported",
        State::Acknowledged => "acknowledged",
        State::Triaged => "triaged",
        State::InReview => "in-review",
        State::Investigating => "investigating",
        State::Responding => "responding",
        State::Closed => "closed",
        State::Reopened => "reopened",
        State::NoFurtherAction => "no-further-action",
        State::Merged => "merged",
    }
}

/// The state that this word spells.
pub(crate) fn state_from(key: &str) -> Option<State> {
    State::ALL
        .into_iter()
        .find(|state| state_key(*state) == key)
}
