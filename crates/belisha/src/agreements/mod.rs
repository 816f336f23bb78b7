//! Agreements: who owes which, what they sign, and what waits until they have.

mod asked;
mod copy;
mod decline;
mod decline_read;
mod due;
mod export;
mod look;
mod own;
mod paper;
pub(crate) mod program;
pub mod proof;
mod queries;
mod remind;
pub(crate) mod sign;
mod signatures;
mod signed;
pub(crate) mod signers;
mod words;

#[cfg(test)]
mod tests;

use belisha_policy::Word as _;
use belisha_policy::controls::agreement::Gate;
use belisha_rules::ids::PersonId;
use jiff::civil::Date;

use crate::db::{Connection, sql};
use crate::problem::Fault;
use crate::web::route::{Needs, Route, get, post};

pub(crate) use decline_read::url as decline_url;
pub(crate) use due::{everybody_changed, person_changed, versions_changed};
pub(crate) use look::OWED;
pub(crate) use own::today;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/agreements", Needs::Session, own::get),
        get("/agreements/{of}", Needs::Session, signers::get),
        get("/agreements/{of}/sign", Needs::Session, sign::get),
        post("/agreements/{of}/sign", Needs::Session, sign::post),
        get("/agreements/{of}/decline", Needs::Session, decline::get),
        post("/agreements/{of}/decline", Needs::Session, decline::post),
        post("/agreements/{of}/remind", Needs::Session, remind::post),
        get(
            "/agreements/{of}/signatures.csv",
            Needs::Session,
            export::get,
        ),
        get(
            "/agreements/{of}/paper/{person}",
            Needs::Session,
            paper::get,
        ),
        post(
            "/agreements/{of}/paper/{person}",
            Needs::Session,
            paper::post,
        ),
        get("/agreements/signatures/{id}", Needs::Session, signed::get),
        get(
            "/agreements/signatures/{id}/copy.pdf",
            Needs::Session,
            copy::get,
        ),
        get(
            "/agreements/declines/{id}",
            Needs::Session,
            decline_read::get,
        ),
    ]
}

/// The person's own agreements.
pub(crate) fn url() -> String {
    "/agreements".to_owned()
}

/// Whether a person's account is held until they have signed; see
/// [`belisha_rules::agreements::shut`].
pub(crate) async fn holds_account(
    connection: &mut Connection,
    person: PersonId,
    today: Date,
) -> Result<bool, Fault> {
    holds(connection, person, Gate::Account, today).await
}

/// Whether a person is to be shown as not cleared for contact with pupils.
pub(crate) async fn holds_contact(
    connection: &mut Connection,
    person: PersonId,
    today: Date,
) -> Result<bool, Fault> {
    holds(connection, person, Gate::ContactWithPupils, today).await
}

/// Everybody who is to be shown as not cleared for contact with pupils, for lists.
pub(crate) async fn not_cleared(
    connection: &mut Connection,
    today: Date,
) -> Result<std::collections::BTreeSet<PersonId>, Fault> {
    sql("select distinct person from agreement_due
         where gate = 'contact-with-pupils'
           and ((signed_on is null and changed_clauses = '')
                or (due_on < $1
                    and (signed_on is null or (until_on is not null and until_on < $1))))")
    .bind(today)
    .all(connection)
    .await?
    .iter()
    .map(|row| row.read("person", |text| text.parse().ok()))
    .collect()
}

/// Whoever never signed is held at once; whoever must sign anew, when the time for it
/// has passed.
async fn holds(
    connection: &mut Connection,
    person: PersonId,
    gate: Gate,
    today: Date,
) -> Result<bool, Fault> {
    let row = sql("select count(*) as held from agreement_due
         where person = $1 and gate = $2
           and ((signed_on is null and changed_clauses = '')
                or (due_on < $3
                    and (signed_on is null or (until_on is not null and until_on < $3))))")
    .bind(person.to_string())
    .bind(gate.key())
    .bind(today)
    .one(connection)
    .await?;
    Ok(row.get::<i64>("held")? > 0)
}

/// The pages that a person whose account is held may visit all the same: signing
/// itself, the policy it speaks of, their own account, and raising a concern, which
/// is always possible.
pub(crate) fn may_visit_unsigned(path: &str) -> bool {
    [
        "/agreements",
        "/policy",
        "/account",
        "/reports",
        "/sign-out",
        "/cover",
        "/help",
    ]
    .iter()
    .any(|open| {
        path == *open
            || path
                .strip_prefix(open)
                .is_some_and(|rest| rest.starts_with('/'))
    })
}
