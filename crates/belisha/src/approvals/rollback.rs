//! The way back: what was applied is taken out, and what stood before stands again. One press; a word about it may come with it.

use belisha_rules::access::Action;
use belisha_rules::approvals::{Event, State};
use belisha_rules::ids::ApprovalId;

use super::queries::Found;
use super::step::Step;
use crate::entries::EntryKind;
use crate::filter;
use crate::problem::Problem;
use crate::tx::Tx;

pub(super) fn url(id: ApprovalId) -> String {
    format!("/approvals/{id}/rollback")
}

pub(super) struct Rollback;

impl Step for Rollback {
    const MAY: Action = Action::ApplyApproval;
    const EVENT: Event = Event::RollBack;
    const ENTRY: EntryKind = EntryKind::ApprovalRolledBack;
    const TITLE: &'static str = "Roll it back";
    const BUTTON: &'static str = "Roll it back now";
    const ASKS: &'static str = "Why?";

    async fn follow(tx: &mut Tx, found: &Found, _: State) -> Result<(), Problem> {
        filter::undo(tx, found.id).await?;
        filter::ask(tx).await
    }
}
