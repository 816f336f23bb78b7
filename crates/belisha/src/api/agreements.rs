//! `/api/v1/agreements/{of}`: who owes an agreement and who has signed it, its words as they
//! are put before the person behind the key, and that person's signature.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use belisha_policy::controls::agreement;
use belisha_rules::access::{Action, Kind, RecordFacts};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Once, Told};
use super::paging::{self, Paging};
use crate::agreements::program;
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

/// An agreement as it is put before the person behind the key.
#[derive(Serialize, ToSchema)]
pub(super) struct AgreementWords {
    agreement: String,
    title: String,
    /// The version of the policy that it belongs to.
    version: i64,
    clauses: Vec<AgreementClause>,
    /// What is declared by signing; show it to the person.
    statement: &'static str,
    /// What the signature must name: `full-name`, `post`, `date`.
    asks: Vec<&'static str>,
    /// Send it back with the signature: it says which words were shown.
    shown: String,
    /// Whether a signature is asked of this person now.
    is_due: bool,
}

/// One clause of an agreement.
#[derive(Serialize, ToSchema)]
pub(super) struct AgreementClause {
    number: String,
    title: String,
    /// In Markdown.
    words: String,
}

/// The words of an agreement
#[utoipa::path(
    get,
    path = "/api/v1/agreements/{of}/words",
    tag = "agreements",
    params(("of" = String, Path, description = "The short name of the agreement in the policy")),
    security(("key" = ["sign"])),
    responses(
        (status = 200, description = "The words as they stand", body = AgreementWords),
        (status = 403, description = "The key does not open this, or it is not asked of this person", content_type = "application/problem+json"),
        (status = 404, description = "The policy in force has no such agreement", content_type = "application/problem+json"),
    )
)]
pub(super) async fn words(
    viewer: Viewer,
    Path(of): Path<String>,
) -> Result<Json<AgreementWords>, Problem> {
    let put = program::put(&viewer, &of).await?;
    Ok(Json(AgreementWords {
        agreement: of,
        title: put.title,
        version: put.version,
        clauses: put
            .clauses
            .into_iter()
            .map(|(number, title, words)| AgreementClause {
                number,
                title,
                words,
            })
            .collect(),
        statement: put.statement,
        asks: put.asks,
        shown: put.shown,
        is_due: put.is_due,
    }))
}

/// A signature of the person behind the key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSignature {
    /// The `shown` that came with the words which the person read.
    shown: String,
    /// As the school knows the person.
    #[serde(default)]
    full_name: String,
    #[serde(default)]
    post: String,
    /// Today, as `2026-09-01`.
    date: String,
    /// The person says that they have opened the policy and read it.
    policy_read: bool,
    /// The person agrees to the statement.
    agree: bool,
}

/// A signature that is kept.
#[derive(Serialize, ToSchema)]
pub(super) struct SignatureKept {
    id: String,
}

/// Sign an agreement
///
/// In the name of the person behind the key and of nobody else. The journal says that it came
/// through a key.
#[utoipa::path(
    post,
    path = "/api/v1/agreements/{of}/signatures",
    tag = "agreements",
    params(
        ("of" = String, Path, description = "The short name of the agreement in the policy"),
        ("Idempotency-Key" = String, Header, description = "The program's own number of this signature; sent twice, it is kept once"),
    ),
    request_body = NewSignature,
    security(("key" = ["sign"])),
    responses(
        (status = 201, description = "The signature is kept", body = SignatureKept),
        (status = 403, description = "The key does not open this, or it is not asked of this person", content_type = "application/problem+json"),
        (status = 404, description = "The policy in force has no such agreement", content_type = "application/problem+json"),
        (status = 422, description = "Something needs correcting; each field is named", content_type = "application/problem+json"),
    )
)]
pub(super) async fn sign(
    viewer: Viewer,
    Path(of): Path<String>,
    Once(number): Once,
    Told(sent): Told<NewSignature>,
) -> Result<(StatusCode, Json<SignatureKept>), Problem> {
    let said = program::Said {
        shown: sent.shown,
        full_name: sent.full_name,
        post: sent.post,
        date: sent.date,
        policy_read: sent.policy_read,
        agree: sent.agree,
    };
    let id = program::receive(&viewer, &of, &said, &number).await?;
    let kept = SignatureKept { id: id.to_string() };
    Ok((StatusCode::CREATED, Json(kept)))
}
