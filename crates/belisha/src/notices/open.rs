//! Opening a notice: it counts as read, and leads to what it speaks of.

use axum::extract::Path;
use axum::response::Response;
use belisha_policy::Word as _;

use super::{NoticeKind, place};
use crate::db::sql;
use crate::problem::Problem;
use crate::upkeep::{Upkeep, keep};
use crate::viewer::Viewer;

pub(super) fn url(id: &str) -> String {
    format!("/notices/{id}")
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let row = sql("select kind, object from notice where id = $1 and person = $2")
        .bind(&id)
        .bind(viewer.person.to_string())
        .optional(&mut records)
        .await?
        .ok_or(Problem::NotFound)?;
    drop(records);
    let kind = row.read("kind", NoticeKind::from_key)?;
    let read = Upkeep::NoticeRead {
        notice: &id,
        at: viewer.now,
    };
    keep(&viewer.school.database, read).await?;
    let object: String = row.get("object")?;
    Ok(crate::web::go_to(&place::of(kind, &object)))
}
