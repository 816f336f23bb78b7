//! Who is told of what.

use belisha_policy::Post;
use belisha_rules::approvals::Terms;
use belisha_rules::ids::PersonId;

use super::object;
use super::queries::Found;
use crate::notices::{self, NoticeKind};
use crate::people::hats::holders;
use crate::problem::Problem;
use crate::tx::Tx;

/// Tells everybody who holds one of these posts today, but one.
async fn holding(
    tx: &mut Tx,
    posts: &[Post],
    but: Option<PersonId>,
    (kind, found, urgent): (NoticeKind, &Found, bool),
) -> Result<(), Problem> {
    let today = tx.today();
    let mut told = Vec::new();
    for post in posts {
        for (person, _) in holders(tx, *post, today).await? {
            if Some(person) != but && !told.contains(&person) {
                notices::tell(tx, person, kind, &object(found.id), urgent).await?;
                told.push(person);
            }
        }
    }
    Ok(())
}

/// Those who decide and have not.
pub(super) async fn deciders(tx: &mut Tx, found: &Found, terms: &Terms) -> Result<(), Problem> {
    let agreed = |post: &Post| found.approval.agreed.iter().any(|(by, _)| by == post);
    let open: Vec<Post> = terms
        .deciders
        .iter()
        .copied()
        .filter(|post| !agreed(post))
        .collect();
    let but = Some(found.approval.asked_by);
    holding(tx, &open, but, (NoticeKind::ApprovalToDecide, found, false)).await
}

/// Those who apply what is agreed.
pub(super) async fn managers(tx: &mut Tx, found: &Found, terms: &Terms) -> Result<(), Problem> {
    let notice = (NoticeKind::ApprovalToApply, found, false);
    holding(tx, &terms.managers, None, notice).await
}

/// Whoever asked, once it is decided; and nobody is asked to decide any longer.
pub(super) async fn decided(tx: &mut Tx, found: &Found) -> Result<(), Problem> {
    let object = object(found.id);
    notices::settled_for_all(tx, NoticeKind::ApprovalToDecide, &object).await?;
    let asker = found.approval.asked_by;
    if tx.actor().person() != Some(asker) {
        notices::tell(tx, asker, NoticeKind::ApprovalDecided, &object, false).await?;
    }
    Ok(())
}

/// Those who look at changes, in the order in which it falls to them.
const REVIEWERS: [Post; 3] = [
    Post::OnlineSafetyCoordinator,
    Post::DesignatedSafeguardingLead,
    Post::Headteacher,
];

/// Whoever holds the first of these posts and neither asked for the change nor applied it; whether there is
/// anybody.
pub(super) async fn reviewers(tx: &mut Tx, found: &Found) -> Result<bool, Problem> {
    let today = tx.today();
    let own = [Some(found.approval.asked_by), found.approval.applied_by];
    for post in REVIEWERS {
        let mut told = false;
        for (person, _) in holders(tx, post, today).await? {
            if !own.contains(&Some(person)) {
                let object = object(found.id);
                notices::tell(tx, person, NoticeKind::ApprovalToReview, &object, false).await?;
                told = true;
            }
        }
        if told {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Those who manage the filter, when it does not do what was agreed.
pub(super) async fn failed(tx: &mut Tx, found: &Found, terms: &Terms) -> Result<(), Problem> {
    let notice = (NoticeKind::ApprovalFailed, found, true);
    holding(tx, &terms.managers, None, notice).await
}
