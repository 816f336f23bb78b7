//! The account of a made-up person, from the invitation to the second factor, by the acts
//! that the pages do. Only the stretching of passwords is done apart, beforehand and on all
//! processors: by the pages it would be done three times for each account, one after the
//! other, and a made-up school would take a minute to open.

use std::sync::Arc;

use belisha_rules::ids::PersonId;
use belisha_vault::{Cost, PasswordWrap, Person, PersonPrivate};

use super::codes::Code;
use super::keys::UnderCode;
use super::totp::{self, Seed};
use super::{enrolment, given, invitation, new_password};
use crate::actor::{Actor, Factor};
use crate::clock::{ForVault, SeededChance};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::Problem;
use crate::school::School;

/// What takes long: a key pair, under a code and under a password.
pub(crate) struct Stretched {
    under_code: UnderCode,
    under_password: PasswordWrap,
}

/// Does what takes long, for a person whose password is known.
pub(crate) fn stretch(seed: u64, school: &str, person: &str, password: &str) -> Stretched {
    let chance = SeededChance::new(seed);
    let (code, place) = (Code::drawn(&chance), Person { school, id: person });
    let chance = &mut ForVault(&chance);
    let private = PersonPrivate::new(chance);
    let mut wrap =
        |under: &str| PasswordWrap::new(&private, &place, under, Cost::FLOOR, &mut *chance);
    let (wrapped, under_password) = (wrap(&code.letters()), wrap(password));
    Stretched {
        under_code: UnderCode {
            code,
            private,
            wrapped,
        },
        under_password,
    }
}

/// Somebody is invited, takes the account up and sets a second factor; their key.
pub(crate) async fn open(
    school: &Arc<School>,
    invited_by: Actor,
    person: PersonId,
    email: &str,
    stretched: Stretched,
    totp_secret: Option<[u8; 20]>,
) -> Result<PersonPrivate, Problem> {
    let object = || Object::new("account", person);
    let mut tx = school.write(invited_by).await?;
    let entry = given::open_account(&mut tx, person, email, None, &stretched.under_code).await?;
    crate::agreements::person_changed(&mut tx, person).await?;
    tx.commit(entry).await?;

    let by_themselves = |factor| Actor::Person {
        person,
        session: None,
        factor,
    };
    let private = stretched.under_code.private;
    let mut tx = school.write(by_themselves(Factor::Password)).await?;
    let code = sql("select id from account_invitation
         where person = $1 and used_at is null and withdrawn_at is null")
    .bind(person.to_string())
    .one(&mut tx)
    .await?;
    invitation::use_up(&mut tx, &code.get::<String>("id")?).await?;
    new_password::store(&mut tx, person, &stretched.under_password, &private).await?;
    tx.commit(
        Entry::of(EntryKind::AccountOpened, object())
            .fact("by", "a code")
            .fact("new-key", false)
            .fact("sealed-records-closed", 0_usize),
    )
    .await?;

    if let Some(secret) = totp_secret {
        let mut tx = school.write(by_themselves(Factor::SecondFactor)).await?;
        let step = totp::step_at(tx.now());
        enrolment::set(&mut tx, person, &Seed::from(secret.to_vec()), step).await?;
        tx.commit(Entry::of(EntryKind::AccountSecondFactorSet, object()))
            .await?;
    }
    Ok(private)
}
