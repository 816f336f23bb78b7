//! The review: somebody who neither asked nor applied looks at whether it was right.

use belisha_rules::access::Action;
use belisha_rules::approvals::{Event, State};
use belisha_rules::ids::ApprovalId;

use super::object;
use super::queries::Found;
use super::step::Step;
use crate::entries::EntryKind;
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::tx::Tx;

pub(super) fn url(id: ApprovalId) -> String {
    format!("/approvals/{id}/review")
}

pub(super) struct Review;

impl Step for Review {
    const MAY: Action = Action::ReviewApproval;
    const EVENT: Event = Event::Review;
    const ENTRY: EntryKind = EntryKind::ApprovalReviewed;
    const TITLE: &'static str = "Look at it";
    const BUTTON: &'static str = "I have looked at it";
    const ASKS: &'static str = "What did you find?";
    const NEEDS: Option<&'static str> =
        Some("Say what you found, such as “right, and no longer than needed”");

    async fn follow(tx: &mut Tx, found: &Found, _: State) -> Result<(), Problem> {
        notices::settled_for_all(tx, NoticeKind::ApprovalToReview, &object(found.id)).await
    }
}
