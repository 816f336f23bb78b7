//! Taking a version back: from those who approve it, to change its words or its day;
//! or withdrawing it for good.

use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PolicyVersionId;
use belisha_rules::policies::VersionState;

use super::draft::Nothing;
use super::{object, queries, show};
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

pub(super) fn url(id: PolicyVersionId) -> String {
    format!("{}/return", show::url(id))
}

pub(super) fn withdrawal_url(id: PolicyVersionId) -> String {
    format!("{}/withdrawal", show::url(id))
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
    _: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let entry = end(&mut tx, &viewer, id, Into::Draft).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&show::url(id)))
}

pub(crate) async fn withdraw_post(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
    _: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let entry = end(&mut tx, &viewer, id, Into::Withdrawn).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&show::url(id)))
}

/// What a version becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Into {
    Draft,
    Withdrawn,
}

/// Approvals are kept: they hold again if the very same words are put forward again.
async fn end(
    tx: &mut Tx,
    viewer: &Viewer,
    id: PolicyVersionId,
    into: Into,
) -> Result<Entry, Problem> {
    let school = tx.school().clone();
    let in_force = school.in_force(tx).await?;
    let version = queries::version(tx, id).await?;
    viewer.require(
        Action::EditPolicyDraft,
        &RecordFacts::of(Kind::PolicyDocument),
    )?;
    match (version.state(&in_force.policy, tx.today()), into) {
        (VersionState::Draft, Into::Withdrawn)
        | (
            VersionState::Awaiting(_)
            | VersionState::Approved
            | VersionState::ComesIntoForce { .. },
            _,
        ) => {}
        (VersionState::Draft, Into::Draft)
        | (VersionState::InForce { .. } | VersionState::Superseded | VersionState::Withdrawn, _) => {
            return Err(Problem::refused(
                "This version cannot be taken back",
                "Only a version that has not come into force yet can be. To change what is in force, \
                 begin a draft from it.",
            ));
        }
    }
    let state = match into {
        Into::Draft => "draft",
        Into::Withdrawn => "withdrawn",
    };
    tx.run_one(
        sql("update policy_version set state = $2, in_force_on = null
             where id = $1 and state in ('draft', 'proposed', 'approved')")
        .bind(id.to_string())
        .bind(state),
    )
    .await?;
    Ok(Entry::of(EntryKind::PolicyChanged, object(id)).fact("now", state))
}
