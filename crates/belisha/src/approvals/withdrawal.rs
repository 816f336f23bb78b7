//! The withdrawal of a request by whoever asked; and of a lesson, at any time, by whoever had to agree to it.

use belisha_rules::access::Action;
use belisha_rules::approvals::{Event, State};
use belisha_rules::ids::ApprovalId;

use super::object;
use super::queries::Found;
use super::step::Step;
use crate::entries::EntryKind;
use crate::filter;
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::tx::Tx;

pub(super) fn url(id: ApprovalId) -> String {
    format!("/approvals/{id}/withdrawal")
}

pub(super) struct Withdrawal;

impl Step for Withdrawal {
    const MAY: Action = Action::ReadApproval;
    const EVENT: Event = Event::Withdraw;
    const ENTRY: EntryKind = EntryKind::ApprovalWithdrawn;
    const TITLE: &'static str = "Withdraw it";
    const BUTTON: &'static str = "Withdraw it";
    const ASKS: &'static str = "Why?";

    async fn follow(tx: &mut Tx, found: &Found, before: State) -> Result<(), Problem> {
        if before.is_set() && found.asked_for.sets_the_filter(found.between()) {
            filter::undo(tx, found.id).await?;
            filter::ask(tx).await?;
        }
        for kind in [NoticeKind::ApprovalToDecide, NoticeKind::ApprovalToApply] {
            notices::settled_for_all(tx, kind, &object(found.id)).await?;
        }
        Ok(())
    }
}
