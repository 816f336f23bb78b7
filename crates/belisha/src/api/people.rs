//! `GET /api/v1/people` and `GET /api/v1/people/{id}`: the register, as far as programs need it to know who is here.
//! Addresses, dates of birth, pupil numbers and families stay inside.

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PersonId;
use serde::Serialize;
use utoipa::ToSchema;

use super::paging::{self, Paging};
use crate::db::{Row, sql};
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::path::Path;

/// A page of the register, by name.
#[derive(Serialize, ToSchema)]
pub(super) struct People {
    people: Vec<Listed>,
    /// Send it as `after` for the next page; null on the last.
    next: Option<String>,
}

/// Somebody who is at the school today or will be.
#[derive(Serialize, ToSchema)]
pub(super) struct Listed {
    id: String,
    name: String,
    /// `staff`, `governors`, `pupils` and so on.
    standing: String,
    job_title: String,
    /// The class of a pupil or of those who teach it; the first by name where there are several.
    class: Option<String>,
    /// As `2026-09-01`.
    starts_on: String,
    /// The last day, where one is set.
    ends_on: Option<String>,
}

/// The register of people
#[utoipa::path(
    get,
    path = "/api/v1/people",
    tag = "register",
    params(Paging),
    security(("key" = ["register"])),
    responses(
        (status = 200, description = "A page of the register", body = People),
        (status = 403, description = "The key does not open this", content_type = "application/problem+json"),
        (status = 422, description = "The page cannot be found", content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(
    viewer: Viewer,
    asked: Result<Query<Paging>, QueryRejection>,
) -> Result<Json<People>, Problem> {
    viewer.require(Action::ReadRegister, &RecordFacts::of(Kind::Register))?;
    let mut records = viewer.read().await?;
    let page = paging::page(&mut records, asked).await?;
    let (name, id) = page.after;
    let mut people = sql(
        "select person.id, person.name, person.standing, person.job_title, person.starts_on, person.ends_on,
                (select min(class.name) from class_member join class on class.id = class_member.class
                 where class_member.person = person.id and class_member.from_on <= $1
                   and (class_member.until_on is null or class_member.until_on >= $1)) as class
         from person
         where person.merged_into is null and (person.ends_on is null or person.ends_on >= $1)
           and (person.sort_name > $2 or (person.sort_name = $2 and person.id > $3))
         order by person.sort_name, person.id
         limit $4",
    )
    .bind(viewer.today())
    .bind(name)
    .bind(id)
    .bind(i64::try_from(page.limit + 1).unwrap_or(i64::MAX))
    .all(&mut records)
    .await?
    .iter()
    .map(Listed::read)
    .collect::<Result<Vec<_>, Fault>>()?;
    let next = paging::cut(&mut people, page.limit, |person| person.id.clone());
    Ok(Json(People { people, next }))
}

/// One person of the register
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}",
    tag = "register",
    params(("id" = String, Path, description = "The id of the person")),
    security(("key" = ["register"])),
    responses(
        (status = 200, description = "The person", body = Listed),
        (status = 403, description = "The key does not open this", content_type = "application/problem+json"),
        (status = 404, description = "Nobody of this id is at the school", content_type = "application/problem+json"),
    )
)]
pub(super) async fn get(viewer: Viewer, Path(id): Path<PersonId>) -> Result<Json<Listed>, Problem> {
    viewer.require(Action::ReadRegister, &RecordFacts::of(Kind::Register))?;
    let row = sql(
        "select person.id, person.name, person.standing, person.job_title, person.starts_on, person.ends_on,
                (select min(class.name) from class_member join class on class.id = class_member.class
                 where class_member.person = person.id and class_member.from_on <= $1
                   and (class_member.until_on is null or class_member.until_on >= $1)) as class
         from person
         where person.merged_into is null and (person.ends_on is null or person.ends_on >= $1)
           and person.id = $2",
    )
    .bind(viewer.today())
    .bind(id.to_string())
    .optional(&mut viewer.read().await?)
    .await?
    .ok_or(Problem::NotFound)?;
    Ok(Json(Listed::read(&row)?))
}

impl Listed {
    fn read(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            standing: row.get("standing")?,
            job_title: row.get("job_title")?,
            class: row.get("class")?,
            starts_on: row.get("starts_on")?,
            ends_on: row.get("ends_on")?,
        })
    }
}
