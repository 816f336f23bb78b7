//! Reminding those who have not signed: one notice each.

use axum::extract::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use serde::Deserialize;

use super::queries::Stands;
use super::{queries, signers};
use crate::entries::{Entry, EntryKind, Object};
use crate::notices::{NoticeKind, tell};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(of: &str) -> String {
    format!("/agreements/{of}/remind")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {}

pub(super) async fn post(
    viewer: Viewer,
    Path(of): Path<String>,
    Sent { submission, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    signers::may(&viewer, Action::ListUnsigned)?;
    queries::bound(&viewer.policy.policy, &of)?;
    let leads_to = signers::url(&of);
    let mut tx = viewer.write().await?;
    tx.once(&submission, &leads_to).await?;
    let today = tx.today();
    let object = Object::new("agreement", &of);
    let mut reminded = 0_u64;
    for line in signers::lines(&mut tx, &of, today).await? {
        let late = match line.owed.stands(today) {
            Stands::Signed => continue,
            Stands::Due => false,
            Stands::Overdue => true,
        };
        tell(
            &mut tx,
            line.person,
            NoticeKind::AgreementToSign,
            &object,
            late,
        )
        .await?;
        reminded += 1;
    }
    tx.commit(
        Entry::of(EntryKind::AgreementReminded, object)
            .fact("agreement", &of)
            .fact("people", reminded),
    )
    .await?;
    Ok(crate::web::go_to(&leads_to))
}
