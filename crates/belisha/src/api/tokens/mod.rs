//! Keys for programs: each has scopes, an end, and a person it acts for.

mod list;
mod make;
mod revocation;

#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use belisha_rules::access::{self, AccountState};
use belisha_rules::ids::PersonId;
use sha2::{Digest as _, Sha256};

use crate::db::sql;
use crate::people::hats;
use crate::problem::Problem;
use crate::school::School;
use crate::upkeep::{Upkeep, keep};
use crate::viewer::Viewer;
use crate::web::route::{Needs, Route, get, post};

/// The viewer's own keys.
pub(crate) fn url() -> String {
    "/account/keys".to_owned()
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/account/keys", Needs::Session, list::get),
        get("/account/keys/new", Needs::SteppedUp, make::get),
        post("/account/keys/new", Needs::SteppedUp, make::post),
        post(
            "/account/keys/{key}/revocation",
            Needs::Session,
            revocation::post,
        ),
    ]
}

/// Lets a program in whose token has this scope. A token never opens what is sealed
/// to persons, and never carries a role that its person has lost since.
pub(crate) async fn admit(
    school: &Arc<School>,
    headers: &HeaderMap,
    scope: &'static str,
    address: IpAddr,
    path: &str,
) -> Result<Viewer, Problem> {
    let refused = || {
        Problem::refused(
            "This key does not open this",
            "Send a key that is in use and has the scope this address needs, as \
             “Authorization: Bearer …”. Keys are made under Account, Keys for programs.",
        )
    };
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(refused)?;
    let now = school.clock.now();
    let today = school.date_of(now);
    let mut records = school.database.read().await?;
    let row = sql("select token.id, token.person, token.scopes, person.name
         from token
         join person on person.id = token.person
         join account on account.person = token.person
         where token.token_hash = $1 and token.revoked_at is null and token.expires_at > $2
           and account.state = 'active' and (account.ends_at is null or account.ends_at > $2)
           and person.starts_on <= $3 and (person.ends_on is null or person.ends_on >= $3)")
    .bind(Sha256::digest(token.as_bytes()).as_slice())
    .bind(now)
    .bind(today)
    .optional(&mut records)
    .await?
    .ok_or_else(refused)?;
    let scopes: String = row.get("scopes")?;
    if !scopes.split(' ').any(|held| held == scope) {
        return Err(refused());
    }
    let person: PersonId = row.read("person", |text| text.parse().ok())?;
    let worn = hats::of(&mut records, person, today).await?;
    let withheld = crate::incidents::withholding::is_withheld(&mut records, &worn.identity).await?;
    let in_force = school.in_force(&mut records).await?;
    drop(records);
    let id: String = row.get("id")?;
    keep(
        &school.database,
        Upkeep::TokenUsed {
            token: &id,
            at: now,
        },
    )
    .await?;
    let access = access::Viewer::token(
        worn.identity,
        &worn.hats,
        AccountState::Active,
        super::scopes::actions(&scopes),
    )
    .withheld(withheld);
    Ok(Viewer::of_program(
        Arc::clone(school),
        in_force,
        person,
        row.get("name")?,
        worn.hats,
        access,
        now,
        address,
        path,
    ))
}
