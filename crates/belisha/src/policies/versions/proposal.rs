//! Putting a draft forward: its words close, and the first body that approves is told.

use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PolicyVersionId;
use belisha_rules::policies::{self as rules, DraftRefused};

use super::draft::Nothing;
use super::{approval, object, queries, show};
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

pub(super) fn url(id: PolicyVersionId) -> String {
    format!("{}/proposal", show::url(id))
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
    _: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let entry = put_forward(&mut tx, &viewer, id).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&show::url(id)))
}

async fn put_forward(tx: &mut Tx, viewer: &Viewer, id: PolicyVersionId) -> Result<Entry, Problem> {
    let school = tx.school().clone();
    let in_force = school.in_force(tx).await?;
    let version = queries::version(tx, id).await?;
    viewer.require(
        Action::EditPolicyDraft,
        &RecordFacts::of(Kind::PolicyDocument),
    )?;
    let chain = version.chain(&in_force.policy);
    rules::put_forward(
        &version.facts(),
        &chain,
        &version.policy,
        version.is_begun_from(in_force.id),
        tx.today(),
    )
    .map_err(|why| match why {
        DraftRefused::NotReady { .. } => lacks(&version.policy),
        DraftRefused::NotADraft | DraftRefused::BegunFromAnOlderVersion => refused(why),
    })?;
    tx.run_one(
        sql("update policy_version set state = 'proposed' where id = $1 and state = 'draft'")
            .bind(id.to_string()),
    )
    .await?;
    if approval::settle(tx, id).await? {
        return Ok(Entry::of(EntryKind::PolicyProposed, object(id)).fact("approved", "before"));
    }
    approval::tell_next(tx, id).await?;
    Ok(Entry::of(EntryKind::PolicyProposed, object(id)).fact("revision", version.row.revision))
}

/// What a version lacks before it may come into force, as a page.
fn lacks(policy: &belisha_policy::Policy) -> Problem {
    let missing: Vec<String> = policy
        .ready()
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|fault| {
            let help = fault.help.unwrap_or_default();
            format!("{} {help}", crate::web::words::capital(&fault.message))
        })
        .collect();
    Problem::refused(
        "This version leaves out what every school must decide",
        format!("It cannot be put forward yet. {}", missing.join(" ")),
    )
}

/// Why a draft stays as it is, as a page.
pub(super) fn refused(why: DraftRefused) -> Problem {
    match why {
        DraftRefused::NotADraft => Problem::refused(
            "This version is no longer a draft",
            "Its words are closed. To change them, take it back first: approvals that were given stand \
             only for the words they were given for.",
        ),
        DraftRefused::NotReady { lacks } => Problem::refused(
            "This version leaves out what every school must decide",
            format!("{lacks} things are missing. The version’s page lists them."),
        ),
        DraftRefused::BegunFromAnOlderVersion => Problem::refused(
            "Another version came into force since this draft was begun",
            "If this one were put forward now, it would undo what the other changed. Go back to the version \
             and choose “Bring up to the version in force”, then look at the difference.",
        ),
    }
}
