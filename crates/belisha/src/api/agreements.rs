//! `GET /api/v1/agreements/{of}`: who owes an agreement and who has signed it.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use belisha_policy::controls::agreement;
use belisha_rules::access::{Action, Kind, RecordFacts};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::paging::{self, Paging};
use crate::db::{Row, sql};
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

/// A page of those who are asked to sign, by name.
#[derive(Serialize, ToSchema)]
pub(super) struct Signers {
    /// The short name of the agreement.
    agreement: String,
    title: String,
    signers: Vec<Signer>,
    /// Send it as `after` for the next page; null on the last.
    next: Option<String>,
}

/// How one person stands with the agreement.
#[derive(Serialize, ToSchema)]
pub(super) struct Signer {
    id: String,
    name: String,
    standing: SignerStanding,
    /// The last day in time, as `2026-09-01`.
    due_on: String,
    signed_on: Option<String>,
    /// The last day on which the signature holds; null where it holds for good.
    until_on: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SignerStanding {
    Signed,
    Due,
    Overdue,
}

/// Who has signed an agreement
#[utoipa::path(
    get,
    path = "/api/v1/agreements/{of}",
    tag = "agreements",
    params(("of" = String, Path, description = "The short name of the agreement in the policy"), Paging),
    security(("key" = ["agreements"])),
    responses(
        (status = 200, description = "A page of those who are asked to sign", body = Signers),
        (status = 403, description = "The key does not open this", content_type = "application/problem+json"),
        (status = 404, description = "The policy in force has no such agreement", content_type = "application/problem+json"),
        (status = 422, description = "The page cannot be found", content_type = "application/problem+json"),
    )
)]
pub(super) async fn get(
    viewer: Viewer,
    Path(of): Path<String>,
    asked: Result<Query<Paging>, QueryRejection>,
) -> Result<Json<Signers>, Problem> {
    viewer.require(Action::ListUnsigned, &RecordFacts::of(Kind::Agreement))?;
    let title = viewer
        .policy
        .policy
        .find(&agreement::OF, &of)
        .ok_or(Problem::NotFound)?
        .get(&agreement::TITLE);
    let mut records = viewer.read().await?;
    let page = paging::page(&mut records, asked).await?;
    let (name, id) = page.after;
    let today = viewer.today();
    let mut signers = sql(
        "select person.id, person.name, agreement_due.due_on, agreement_due.signed_on, agreement_due.until_on
         from agreement_due
         join person on person.id = agreement_due.person
         where agreement_due.agreement = $1
           and (person.sort_name > $2 or (person.sort_name = $2 and person.id > $3))
         order by person.sort_name, person.id
         limit $4",
    )
    .bind(&of)
    .bind(name)
    .bind(id)
    .bind(i64::try_from(page.limit + 1).unwrap_or(i64::MAX))
    .all(&mut records)
    .await?
    .iter()
    .map(|row| Signer::read(row, today))
    .collect::<Result<Vec<_>, Fault>>()?;
    let next = paging::cut(&mut signers, page.limit, |signer| signer.id.clone());
    Ok(Json(Signers {
        agreement: of,
        title,
        signers,
        next,
    }))
}

impl Signer {
    fn read(row: &Row, today: Date) -> Result<Self, Fault> {
        let due_on = row.date("due_on")?;
        let signed_on = row.date_optional("signed_on")?;
        let until_on = row.date_optional("until_on")?;
        let holds = signed_on.is_some() && until_on.is_none_or(|until| until >= today);
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            standing: match (holds, due_on < today) {
                (true, _) => SignerStanding::Signed,
                (false, false) => SignerStanding::Due,
                (false, true) => SignerStanding::Overdue,
            },
            due_on: due_on.to_string(),
            signed_on: signed_on.map(|on| on.to_string()),
            until_on: until_on.map(|on| on.to_string()),
        })
    }
}
