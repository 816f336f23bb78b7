//! Two reports of one event: the second case is merged into the first, which keeps all
//! reporters and times. Nothing is deleted, so it can be separated again.

use super::{Act, Incident, State, WrongState, in_state};
use crate::access::Kind;

/// The case into which another is merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Other {
    pub kind: Kind,
    pub state: State,
    /// Whether it is the very same case.
    pub is_same: bool,
}

/// Why a case was not merged into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeRefused {
    WrongState(WrongState),
    SameCase,
    /// A case about an adult stays apart from one about pupils: others may read it.
    AnotherKind,
    OtherHasEnded,
    ActionsStillOpen {
        count: usize,
    },
    ReasonMissing,
}

impl MergeRefused {
    /// Why not, and what can be done instead.
    pub fn sentence(&self) -> String {
        match self {
            Self::WrongState(wrong) => wrong.sentence(),
            Self::SameCase => "That is this case. Enter the reference of the other one.".to_owned(),
            Self::AnotherKind => {
                "The other case is of another kind, which other people may read. Link the two instead."
                    .to_owned()
            }
            Self::OtherHasEnded => {
                "The other case has ended. Open it again first, or link the two instead.".to_owned()
            }
            Self::ActionsStillOpen { count: 1 } => {
                "Complete the 1 action that is still open here first.".to_owned()
            }
            Self::ActionsStillOpen { count } => {
                format!("Complete the {count} actions that are still open here first.")
            }
            Self::ReasonMissing => "Say how you know that both are about the same.".to_owned(),
        }
    }
}

/// Merges a case into another that is open.
pub fn merge(incident: &Incident, other: Other, reason: &str) -> Result<(), MergeRefused> {
    let fits = |state| match state {
        State::Acknowledged | State::Triaged | State::Reopened => true,
        State::InReview | State::Investigating => incident.nothing_begun(),
        State::Reported
        | State::Responding
        | State::Closed
        | State::NoFurtherAction
        | State::Merged => false,
    };
    if incident.open_actions > 0 {
        return Err(MergeRefused::ActionsStillOpen {
            count: incident.open_actions,
        });
    }
    in_state(incident, Act::Merge, fits).map_err(MergeRefused::WrongState)?;
    if other.is_same {
        Err(MergeRefused::SameCase)
    } else if other.kind != incident.kind {
        Err(MergeRefused::AnotherKind)
    } else if !other.state.is_open() {
        Err(MergeRefused::OtherHasEnded)
    } else if reason.trim().is_empty() {
        Err(MergeRefused::ReasonMissing)
    } else {
        Ok(())
    }
}

/// Why a case was not separated again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeparateRefused {
    WrongState(WrongState),
    ReasonMissing,
}

/// Undoes a merge: the case stands for itself again, where it was.
pub fn separate(incident: &Incident, reason: &str) -> Result<(), SeparateRefused> {
    in_state(incident, Act::Separate, |state| state == State::Merged)
        .map_err(SeparateRefused::WrongState)?;
    if reason.trim().is_empty() {
        Err(SeparateRefused::ReasonMissing)
    } else {
        Ok(())
    }
}
