//! `GET /api/v1/policy`: the version in force, clause by clause.

use std::collections::HashMap;

use axum::Json;
use belisha_policy::Clause;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::assurance::Status;
use serde::Serialize;
use utoipa::ToSchema;

use crate::policies;
use crate::problem::Problem;
use crate::viewer::Viewer;

/// The version of the policy that is in force.
#[derive(Serialize, ToSchema)]
pub(super) struct PolicyInForce {
    /// Versions are numbered from 1.
    version: i64,
    /// The first day on which it is in force, as `2026-09-01`.
    in_force_on: String,
    clauses: Vec<ClauseInForce>,
}

/// One section, clause or sub-clause.
#[derive(Serialize, ToSchema)]
pub(super) struct ClauseInForce {
    /// Stays the same from version to version.
    id: String,
    /// As printed: `2.3.1`.
    number: String,
    title: String,
    /// The id of the part that this one belongs to.
    parent: Option<String>,
    /// `enforced`, `met`, `attested`, `due-soon`, `not-met` or `stated`; null where the
    /// person behind the key may not see how the school stands.
    status: Option<String>,
    controls: Vec<ControlInForce>,
}

/// What the program holds the school to.
#[derive(Serialize, ToSchema)]
pub(super) struct ControlInForce {
    key: &'static str,
    /// What it does, in plain English.
    says: String,
}

/// The policy in force
#[utoipa::path(
    get,
    path = "/api/v1/policy",
    tag = "policy",
    security(("key" = ["policy"])),
    responses(
        (status = 200, description = "The version in force", body = PolicyInForce),
        (status = 403, description = "The key does not open this", content_type = "application/problem+json"),
    )
)]
pub(super) async fn get(viewer: Viewer) -> Result<Json<PolicyInForce>, Problem> {
    viewer.require(Action::ReadPolicy, &RecordFacts::of(Kind::PolicyDocument))?;
    let may_see_how_it_stands = viewer
        .may(Action::ReadAssurance, &RecordFacts::of(Kind::Assurance))
        .is_allowed();
    let mut statuses = match may_see_how_it_stands {
        true => policies::statuses(&mut viewer.read().await?, &viewer).await?,
        false => HashMap::new(),
    };
    let in_force = &viewer.policy;
    Ok(Json(PolicyInForce {
        version: in_force.number,
        in_force_on: in_force.in_force_on.to_string(),
        clauses: in_force
            .policy
            .clauses
            .iter()
            .map(|clause| ClauseInForce::of(clause, statuses.remove(&clause.id).flatten()))
            .collect(),
    }))
}

impl ClauseInForce {
    fn of(clause: &Clause, status: Option<Status>) -> Self {
        Self {
            id: clause.id.clone(),
            number: clause.number.clone(),
            title: clause.title.clone(),
            parent: clause.parent.clone(),
            status: status.map(|status| status.name().replace(' ', "-")),
            controls: clause
                .controls
                .iter()
                .map(|bound| ControlInForce {
                    key: bound.control().key,
                    says: bound.sentence(),
                })
                .collect(),
        }
    }
}
