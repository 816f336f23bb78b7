//! `POST /api/v1/reports` and `GET /api/v1/reports/{id}`: a concern from a program of
//! the school, and how far it has come. The same act as the page, the same routing.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use belisha_rules::ids::ReportId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Once, Told};
use crate::incidents::reports::program::{self, Happened, Somebody, Typed};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::path::Path;

/// A concern as a program sends it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReport {
    /// What happened, in the words of whoever says it; 100,000 characters at most.
    words: String,
    /// When it happened; left out for “now, or a moment ago”.
    #[serde(default)]
    happened: Option<HappenedOn>,
    /// A room, a journey home, or a game, app or site.
    #[serde(default)]
    place: String,
    /// Those involved, each with their own part; 12 at most.
    #[serde(default)]
    people: Vec<Involved>,
    /// `yes`, `no` or `not-sure`.
    child_at_risk: String,
    /// Whether the safeguarding lead was told in person.
    told_lead: bool,
    /// Such as “I saw it”.
    #[serde(default)]
    knows_how: String,
}

/// The day, and the time where it is known.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HappenedOn {
    /// As `2026-09-23`, by the school's clock.
    on: String,
    /// As `10:45`.
    #[serde(default)]
    time: Option<String>,
}

/// Somebody who is involved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Involved {
    /// A name, a post such as `headteacher`, or a few words.
    who: String,
    /// `harmed`, `alleged`, `witness` or `other`.
    part: String,
    /// For a name that is not clear: the person's id, `adult` for an adult of the school whom
    /// nobody can name, or `outside` for somebody who is not on the register.
    #[serde(default)]
    meant: Option<String>,
}

/// What came of sending.
#[derive(Serialize, ToSchema)]
pub(super) struct Received {
    /// Ask for its state by this; null where the person behind the key may not follow it.
    id: Option<String>,
    /// Who was told, by post.
    told: String,
}

/// How far a report has come.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportStanding {
    id: String,
    /// As people quote it.
    reference: String,
    /// `reported`, `acknowledged`, `triaged`, `in-review`, `investigating`, `responding`, `reopened`, `closed` or
    /// `no-further-action`.
    state: String,
    /// As `2026-09-23T09:45:00Z`.
    sent_at: String,
    /// When somebody took it up; null until then.
    taken_up_at: Option<String>,
}

/// Report a concern
///
/// It goes to whoever the policy in force names, and is kept as if the person behind the key
/// had sent it from the page.
#[utoipa::path(
    post,
    path = "/api/v1/reports",
    tag = "reports",
    params(("Idempotency-Key" = String, Header, description = "The program's own number of this report; sent twice, it is kept once")),
    request_body = NewReport,
    security(("key" = ["report"])),
    responses(
        (status = 201, description = "The report is kept and its recipients were told", body = Received),
        (status = 403, description = "The key does not open this", content_type = "application/problem+json"),
        (status = 422, description = "Something needs correcting; each field is named", content_type = "application/problem+json"),
    )
)]
pub(super) async fn post(
    viewer: Viewer,
    Once(key): Once,
    Told(sent): Told<NewReport>,
) -> Result<Response, Problem> {
    let typed = Typed {
        words: sent.words,
        happened: sent.happened.map(|happened| Happened {
            on: happened.on,
            time: happened.time,
        }),
        place: sent.place,
        people: sent
            .people
            .into_iter()
            .map(|involved| Somebody {
                who: involved.who,
                part: involved.part,
                meant: involved.meant,
            })
            .collect(),
        child_at_risk: sent.child_at_risk,
        told_lead: sent.told_lead,
        knows_how: sent.knows_how,
    };
    let kept = program::receive(&viewer, &typed, &key).await?;
    let received = Received {
        id: kept.id.map(|id| id.to_string()),
        told: kept.told,
    };
    let place = received
        .id
        .as_ref()
        .map_or_else(|| "/api/v1/reports".to_owned(), |id| url(id));
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, place)],
        Json(received),
    )
        .into_response())
}

fn url(id: &str) -> String {
    format!("/api/v1/reports/{id}")
}

/// How far a report has come
#[utoipa::path(
    get,
    path = "/api/v1/reports/{id}",
    tag = "reports",
    params(("id" = String, Path, description = "The id that was given when it was sent")),
    security(("key" = ["report"])),
    responses(
        (status = 200, description = "Its state; nothing of how it is handled", body = ReportStanding),
        (status = 403, description = "The key does not open this", content_type = "application/problem+json"),
        (status = 404, description = "The person behind the key sent no such report", content_type = "application/problem+json"),
    )
)]
pub(super) async fn get(
    viewer: Viewer,
    Path(id): Path<ReportId>,
) -> Result<Json<ReportStanding>, Problem> {
    let standing = program::standing(&viewer, id).await?;
    Ok(Json(ReportStanding {
        id: id.to_string(),
        reference: standing.reference,
        state: standing.state.to_owned(),
        sent_at: standing.sent_at.to_string(),
        taken_up_at: standing.taken_up_at.map(|at| at.to_string()),
    }))
}
