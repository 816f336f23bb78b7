//! Somebody's account is made safe by others, because somebody else may know its password:
//! every way in ends at once, and the password that was known opens nothing any more.

use belisha_policy::Word;
use belisha_rules::accounts::MadeSafe;
use belisha_rules::ids::PersonId;

use super::endings::{self, Ended};
use super::standing;
use crate::db::{Connection, sql};
use crate::entries::Object;
use crate::notices::{self, NoticeKind};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;

/// Whether this person has an account that somebody could get into, and whether a second factor
/// keeps it where the password alone is known.
pub(crate) async fn second_factor(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Option<bool>, Fault> {
    Ok(standing::of(connection, person)
        .await?
        .filter(|account| account.password.is_some())
        .map(|account| account.facts.has_second_factor))
}

/// Ends every way in, and either asks for a new password at the next sign-in or keeps the
/// account shut until the school gives a code for one.
///
/// # Errors
/// A person without an account is not found.
pub(crate) async fn make_safe(
    tx: &mut Tx,
    person: PersonId,
    how: MadeSafe,
) -> Result<Ended, Problem> {
    match how {
        MadeSafe::NewPassword => {
            let statement = sql("update account set must_change_password = true where person = $1");
            tx.run_one(statement.bind(person.to_string())).await?;
        }
        MadeSafe::Shut => shut(tx, person).await?,
    }
    let ended = endings::of_access(tx, person, None, how.key()).await?;
    let object = Object::new("account", person);
    notices::tell(tx, person, NoticeKind::AccountChanged, &object, true).await?;
    Ok(ended)
}

/// Lets nobody in with the password that is known, until the school gives a code for a new one.
pub(super) async fn shut(tx: &mut Tx, person: PersonId) -> Result<(), Problem> {
    let now = tx.now();
    tx.run_one(
        sql("update account set password_known_at = $2 where person = $1")
            .bind(person.to_string())
            .bind(now),
    )
    .await
}
