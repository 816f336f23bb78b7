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

/// Everybody who holds one of these posts today, but one.
async fn holding(tx: &mut Tx, posts: &[Post], but: PersonId) -> Result<Vec<PersonId>, Problem> {
    let today = tx.today();
    let mut people = Vec::new();
    for post in posts {
        for (person, _) in holders(tx, *post, today).await? {
            if person != but && !people.contains(&person) {
                people.push(person);
            }
        }
    }
    Ok(people)
}

/// Those who decide and have not.
pub(super) async fn deciders(tx: &mut Tx, found: &Found, terms: &Terms) -> Result<(), Problem> {
    let open: Vec<Post> = terms
        .deciders
        .iter()
        .copied()
        .filter(|post| {
            found
                .approval
                .agreed
                .iter()
                .all(|(agreed, _)| agreed != post)
        })
        .collect();
    for person in holding(tx, &open, found.approval.asked_by).await? {
        notices::tell(
            tx,
            person,
            NoticeKind::ApprovalToDecide,
            &object(found.id),
            false,
        )
        .await?;
    }
    Ok(())
}

/// Those who apply what is agreed.
pub(super) async fn managers(tx: &mut Tx, found: &Found, terms: &Terms) -> Result<(), Problem> {
    let nobody = PersonId::new(0);
    for person in holding(tx, &terms.managers, nobody).await? {
        notices::tell(
            tx,
            person,
            NoticeKind::ApprovalToApply,
            &object(found.id),
            false,
        )
        .await?;
    }
    Ok(())
}

/// Whoever asked, once it is decided; and nobody is asked to decide any longer.
pub(super) async fn decided(tx: &mut Tx, found: &Found) -> Result<(), Problem> {
    notices::settled_for_all(tx, NoticeKind::ApprovalToDecide, &object(found.id)).await?;
    if tx.actor().person() != Some(found.approval.asked_by) {
        let asker = found.approval.asked_by;
        notices::tell(
            tx,
            asker,
            NoticeKind::ApprovalDecided,
            &object(found.id),
            false,
        )
        .await?;
    }
    Ok(())
}

/// Those who manage the filter, when it does not do what was agreed.
pub(super) async fn failed(tx: &mut Tx, found: &Found, terms: &Terms) -> Result<(), Problem> {
    for person in holding(tx, &terms.managers, PersonId::new(0)).await? {
        notices::tell(
            tx,
            person,
            NoticeKind::ApprovalFailed,
            &object(found.id),
            true,
        )
        .await?;
    }
    Ok(())
}
