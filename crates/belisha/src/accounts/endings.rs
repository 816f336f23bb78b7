//! Access ends: sessions, keys for programs, codes and known browsers of a person,
//! all at once, so that no kind of way in is forgotten (OWASP ASVS 5.0.0, 7.4.2 and 7.4.3).

use belisha_rules::ids::{PersonId, SessionId};

use super::devices;
use super::sessions::{self, Which};
use crate::db::sql;
use crate::problem::Problem;
use crate::tx::Tx;

/// How much ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) sessions: u64,
    pub(crate) tokens: u64,
    pub(crate) codes: u64,
}

/// Ends every way in that a person has, but for the session that asks. For a change of
/// password, factor, post or school, for leavers, and for accounts that are closed.
pub(crate) async fn of_access(
    tx: &mut Tx,
    person: PersonId,
    but: Option<SessionId>,
    why: &'static str,
) -> Result<Ended, Problem> {
    let now = tx.now();
    devices::forget(tx, person).await?;
    Ok(Ended {
        sessions: sessions::end(tx, person, Which::AllBut(but), why).await?,
        tokens: tx
            .run(
                sql("update token set revoked_at = $2 where person = $1 and revoked_at is null")
                    .bind(person.to_string())
                    .bind(now),
            )
            .await?,
        codes: withdraw_codes(tx, person).await?,
    })
}

/// Withdraws the codes that a person has not used; how many.
pub(crate) async fn withdraw_codes(tx: &mut Tx, person: PersonId) -> Result<u64, Problem> {
    let now = tx.now();
    Ok(tx
        .run(
            sql(
                "update account_invitation set withdrawn_at = $2, private_key_by_code = null
                 where person = $1 and used_at is null and withdrawn_at is null",
            )
            .bind(person.to_string())
            .bind(now),
        )
        .await?)
}
