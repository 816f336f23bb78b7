//! Versions of the policy: drafted, put forward, approved step by step, in force from
//! a day, superseded. Rows say what happened; the rules say where a version stands.

pub(super) mod approval;
pub(super) mod block;
mod block_form;
pub(crate) mod commencement;
pub(super) mod difference;
pub(super) mod draft;
pub(super) mod list;
pub(super) mod proposal;
pub(super) mod queries;
pub(super) mod show;
pub(super) mod take_back;
pub(super) mod text;

use belisha_policy::Word as _;
use belisha_rules::ids::PolicyVersionId;
use belisha_rules::policies::VersionState;
use belisha_ui::{Tag, TagColour};
use sha2::{Digest as _, Sha256};

use crate::entries::Object;

/// What exactly was put to those who approve: a mark of the text and of its revision,
/// so that any change voids the approvals that were given before it.
pub(super) fn fingerprint(text: &str, revision: i64) -> String {
    let hash = Sha256::new()
        .chain_update(format!("belisha policy {revision}\n"))
        .chain_update(text)
        .finalize();
    data_encoding::HEXLOWER.encode(&hash)
}

/// A version as entries and notices name it.
fn object(id: PolicyVersionId) -> Object {
    Object::new("policy-version", id)
}

/// Where a version stands, in a few words.
fn state_in_words(state: VersionState) -> String {
    match state {
        VersionState::Draft => "draft".to_owned(),
        VersionState::Awaiting(next) => format!("waits for the {}", next.name()),
        VersionState::Approved => "approved".to_owned(),
        VersionState::ComesIntoForce { on } => {
            format!("comes into force on {}", super::days::written(on))
        }
        VersionState::InForce { .. } => "in force".to_owned(),
        VersionState::Superseded => "superseded".to_owned(),
        VersionState::Withdrawn => "withdrawn".to_owned(),
    }
}

fn state_tag(state: VersionState) -> Tag {
    Tag {
        colour: match state {
            VersionState::InForce { .. } => TagColour::Green,
            VersionState::Awaiting(_) | VersionState::Approved => TagColour::Amber,
            VersionState::Draft | VersionState::ComesIntoForce { .. } => TagColour::Plain,
            VersionState::Superseded | VersionState::Withdrawn => TagColour::Grey,
        },
        ..Tag::new(state_in_words(state))
    }
}
