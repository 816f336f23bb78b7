//! `GET /api/v1/cases` and `GET /api/v1/cases/{id}`: which cases there are and how they
//! stand. No name and no word of a case, and nothing at all of one that is sealed to persons.

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use belisha_policy::Word as _;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{ClosureRule, close_check};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::incidents::queries::{self, Show};
use crate::incidents::words::{kind_key, state_key};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::path::Path;

const USUAL: u16 = 100;
const MOST: u16 = 500;
/// Nobody reads a list further down than this.
const DEEPEST: u32 = 100_000;

/// Which cases are asked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `new`, `mine`, `overdue`, `open` or `closed`, as on the page; `open` where left out.
    show: Option<String>,
    /// The `next` of the page before; left out for the first page.
    after: Option<u32>,
    /// How many at most, 1 to 500; 100 where left out.
    limit: Option<u16>,
}

/// A page of cases, the newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct Cases {
    /// May be fewer than were asked for on any page but the last, too.
    cases: Vec<CaseStanding>,
    /// Send it as `after` for the next page; null on the last.
    next: Option<u32>,
}

/// How a case stands.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseStanding {
    id: String,
    /// As people quote it.
    reference: String,
    /// `pupil-welfare` or `child-protection`.
    kind: &'static str,
    /// `reported`, `acknowledged`, `triaged`, `in-review`, `investigating`, `responding`, `reopened`, `closed` or
    /// `no-further-action`.
    state: &'static str,
    /// Whether the reporter said that a child was at risk: `yes`, `no` or `not-sure`.
    child_at_risk: &'static str,
    /// The kind of risk that the triage found, as the edition of guidance names it; empty before.
    category: String,
    /// As `2026-09-23T09:45:00Z`.
    opened_at: String,
    /// Until when somebody has to take it up; null where the policy sets no time.
    acknowledge_by: Option<String>,
    /// Whether it was reported later than the policy asks.
    late: bool,
    /// Only of one case that is asked for by its id: what the policy still asks before it can be closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<String>>,
}

/// The cases that the person behind the key may read
#[utoipa::path(
    get,
    path = "/api/v1/cases",
    tag = "cases",
    params(Asked),
    security(("key" = ["cases"])),
    responses(
        (status = 200, description = "A page of cases: how each stands, and no word of it", body = Cases),
        (status = 403, description = "The key does not open this", content_type = "application/problem+json"),
        (status = 422, description = "The page cannot be found", content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(
    viewer: Viewer,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Cases>, Problem> {
    let Query(asked) = asked.map_err(|_| {
        Problem::field(
            "after",
            "Send what “next” said on the page before, and whole numbers as “after” and “limit”.",
        )
    })?;
    let show = match asked.show.as_deref() {
        None => Show::Open,
        Some(word) => Show::from_key(word).ok_or_else(|| {
            let words = "Ask for “new”, “mine”, “overdue”, “open” or “closed”.";
            Problem::field("show", words)
        })?,
    };
    let limit = asked.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        let says = format!("Ask for 1 to {MOST} cases at a time.");
        return Err(Problem::field("limit", says));
    }
    let after = asked.after.unwrap_or(0).min(DEEPEST);
    let mut records = viewer.read().await?;
    let (from, most) = (i64::from(after), i64::from(limit));
    let (rows, more) = queries::list(&mut records, &viewer, show, from, most).await?;
    Ok(Json(Cases {
        cases: rows
            .into_iter()
            .map(|row| CaseStanding {
                id: row.id.to_string(),
                reference: row.reference,
                kind: kind_key(row.kind),
                state: state_key(row.state),
                child_at_risk: row.risk.key(),
                category: row.category,
                opened_at: row.opened_at.to_string(),
                acknowledge_by: row.acknowledge_by.map(|by| by.to_string()),
                late: row.late,
                missing: None,
            })
            .collect(),
        next: more.then(|| after + u32::from(limit)),
    }))
}

/// How one case stands
#[utoipa::path(
    get,
    path = "/api/v1/cases/{id}",
    tag = "cases",
    params(("id" = String, Path, description = "The id of the case")),
    security(("key" = ["cases"])),
    responses(
        (status = 200, description = "How it stands, and no word of it", body = CaseStanding),
        (status = 403, description = "The key does not open this", content_type = "application/problem+json"),
        (status = 404, description = "There is no such case for this key", content_type = "application/problem+json"),
    )
)]
pub(super) async fn get(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
) -> Result<Json<CaseStanding>, Problem> {
    let case = queries::load(&mut viewer.read().await?, &viewer, id).await?;
    let rule = ClosureRule::of(&viewer.policy.policy);
    let missing = close_check(&case.incident, &rule);
    Ok(Json(CaseStanding {
        id: case.id.to_string(),
        reference: case.reference,
        kind: kind_key(case.kind),
        state: state_key(case.incident.state()),
        child_at_risk: case.risk.key(),
        category: case.category,
        opened_at: case.opened_at.to_string(),
        acknowledge_by: case.acknowledge_by.map(|by| by.to_string()),
        late: case.late,
        missing: Some(missing.iter().map(|missing| missing.sentence()).collect()),
    }))
}
