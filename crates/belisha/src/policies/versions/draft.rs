//! A draft: begun from the version in force, and brought up to it again where another
//! version came into force meanwhile.

use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PolicyVersionId;
use belisha_rules::policies as rules;

use super::{object, queries, show};
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Where a draft is brought up to the version in force.
pub(super) fn renewal_url(id: PolicyVersionId) -> String {
    format!("{}/renewal", show::url(id))
}

pub(crate) async fn post(
    viewer: Viewer,
    Sent { submission, .. }: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let id: PolicyVersionId = tx.new_id();
    tx.once(&submission, &show::url(id)).await?;
    let entry = begin(&mut tx, &viewer, id).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&show::url(id)))
}

/// Begins a draft with the words of the version in force.
async fn begin(tx: &mut Tx, viewer: &Viewer, id: PolicyVersionId) -> Result<Entry, Problem> {
    let school = tx.school().clone();
    let in_force = school.in_force(tx).await?;
    viewer.require(
        Action::EditPolicyDraft,
        &RecordFacts::of(Kind::PolicyDocument),
    )?;
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run_one(
        sql(
            "insert into policy_version (id, number, text, pack, state, revision, made_at, made_by,
                                         in_force_on, reviewed_on, next_review_on, begun_from)
             select $1, (select max(number) + 1 from policy_version), text, pack, 'draft', 1, $2, $3,
                    null, null, null, id
             from policy_version where id = $4",
        )
        .bind(id.to_string())
        .bind(now)
        .bind(by)
        .bind(in_force.id.to_string()),
    )
    .await?;
    Ok(Entry::of(EntryKind::PolicyDrafted, object(id)).fact("from", in_force.number))
}

pub(crate) async fn renew_post(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
    _: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let entry = renew(&mut tx, &viewer, id).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&super::difference::url(id)))
}

/// Sets a draft against the version that is in force now. Its words stay; what differs
/// is for the editor to look at, because the later version may say what this one undoes.
async fn renew(tx: &mut Tx, viewer: &Viewer, id: PolicyVersionId) -> Result<Entry, Problem> {
    let school = tx.school().clone();
    let in_force = school.in_force(tx).await?;
    let version = queries::version(tx, id).await?;
    viewer.require(
        Action::EditPolicyDraft,
        &RecordFacts::of(Kind::PolicyDocument),
    )?;
    rules::edit(
        &version.facts(),
        &version.chain(&in_force.policy),
        tx.today(),
    )
    .map_err(super::proposal::refused)?;
    tx.run_one(
        sql(
            "update policy_version set begun_from = $2, revision = revision + 1
             where id = $1 and state = 'draft'",
        )
        .bind(id.to_string())
        .bind(in_force.id.to_string()),
    )
    .await?;
    Ok(Entry::of(EntryKind::PolicyChanged, object(id)).fact("from", in_force.number))
}
