//! Agreements: who owes which, what they sign, and what waits until they have.

use belisha_rules::ids::PersonId;
use jiff::civil::Date;

use crate::db::{Connection, sql};
use crate::problem::Fault;

/// Whether a person's account is held until they have signed: an agreement that
/// gates the account is due and not signed, or signed too long ago.
pub(crate) async fn holds_account(
    connection: &mut Connection,
    person: PersonId,
    today: Date,
) -> Result<bool, Fault> {
    let row = sql("select count(*) as held from agreement_due
         where person = $1 and gate = 'account'
           and (signed_on is null or (until_on is not null and until_on < $2))")
    .bind(person.to_string())
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
    ]
    .iter()
    .any(|open| {
        path == *open
            || path
                .strip_prefix(open)
                .is_some_and(|rest| rest.starts_with('/'))
    })
}

pub(crate) fn routes() -> Vec<crate::web::route::Route> {
    Vec::new()
}

/// The person's own agreements.
pub(crate) fn url() -> String {
    "/agreements".to_owned()
}
