//! Accounts that are opened for people, and the codes that are handed to them. Every way in which
//! somebody is given either comes here: inviting, a guest, the set-up, a lost password, the recovery kit.

use belisha_rules::accounts::Purpose;
use belisha_rules::ids::PersonId;
use belisha_vault::{PasswordWrap, PersonPrivate};
use jiff::Timestamp;

use super::codes::Code;
use super::keys::{self, UnderCode};
use super::{endings, new_password, standing};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;

/// Opens an account that waits for its person. `ends_at` is a guest's end.
pub(crate) async fn open_account(
    tx: &mut Tx,
    person: PersonId,
    email: &str,
    ends_at: Option<Timestamp>,
    under_code: &UnderCode,
) -> Result<Entry, Problem> {
    enter(tx, person, email, ends_at, &under_code.private).await?;
    give_code(
        tx,
        person,
        Purpose::Invitation,
        Some(&under_code.wrapped),
        &under_code.code,
    )
    .await?;
    Ok(Entry::of(
        EntryKind::AccountInvited,
        Object::new("account", person),
    ))
}

/// Opens the account of somebody who stands here and chooses a password at once: the first person of
/// a school, at set-up.
pub(crate) async fn open_with_password(
    tx: &mut Tx,
    person: PersonId,
    email: &str,
    private: &PersonPrivate,
    wrap: &PasswordWrap,
) -> Result<Entry, Problem> {
    enter(tx, person, email, None, private).await?;
    new_password::store(tx, person, wrap, private).await?;
    Ok(Entry::of(
        EntryKind::AccountOpened,
        Object::new("account", person),
    ))
}

async fn enter(
    tx: &mut Tx,
    person: PersonId,
    email: &str,
    ends_at: Option<Timestamp>,
    private: &PersonPrivate,
) -> Result<(), Problem> {
    let (now, by) = (tx.now(), tx.actor().key());
    let by_recovery = keys::for_recovery(tx, person, private).await?;
    tx.run_one(
        sql("insert into account (person, sign_in_name, state, ends_at, password_record, password_set_at,
                                  totp_sealed, totp_last_step, second_factor_at, public_key,
                                  private_key_by_password, private_key_by_recovery,
                                  must_change_password, created_at, created_by, disabled_at)
             values ($1, $2, 'invited', $3, null, null, null, null, null, $4, null, $5, false, $6, $7, null)")
        .bind(person.to_string())
        .bind(standing::sign_in_name(email))
        .bind(ends_at)
        .bind(private.public().to_bytes().as_slice())
        .bind(by_recovery)
        .bind(now)
        .bind(by),
    )
    .await
}

/// Writes a code; those that the person had are withdrawn. `wrapped` is the private key that waits
/// under the code.
pub(crate) async fn give_code(
    tx: &mut Tx,
    person: PersonId,
    purpose: Purpose,
    wrapped: Option<&PasswordWrap>,
    code: &Code,
) -> Result<(), Problem> {
    endings::withdraw_codes(tx, person).await?;
    let (now, by) = (tx.now(), tx.actor().key());
    let expires_at = now
        .checked_add(purpose.lasts())
        .map_err(|error| Fault::at("the end of a code".into(), error))?;
    let id = tx.school().new_row_id();
    tx.run_one(
        sql("insert into account_invitation (id, person, code_hash, kind, made_at, made_by, expires_at,
                                             used_at, private_key_by_code, withdrawn_at)
             values ($1, $2, $3, $4, $5, $6, $7, null, $8, null)")
        .bind(id)
        .bind(person.to_string())
        .bind(code.hash().as_slice())
        .bind(match purpose {
            Purpose::Invitation => "invitation",
            Purpose::Reset => "reset",
        })
        .bind(now)
        .bind(by)
        .bind(expires_at)
        .bind(wrapped.map(PasswordWrap::to_bytes)),
    )
    .await
}
