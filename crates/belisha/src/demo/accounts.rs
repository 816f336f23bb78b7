//! Accounts for the adults of a made-up school, with passwords and second factors
//! that are handed out: for a demonstration only, since whoever knows the seed knows them.

use belisha_rules::ids::PersonId;
use belisha_vault::{Cost, KitRecipient, PasswordWrap, Person, PersonPrivate};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::clock::{ForVault, SeededChance, random};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::{Fault, Problem};

use super::Life;
use super::cast::Cast;
use super::dice::Dice;
use super::names;

/// How a made-up person signs in.
pub(super) struct Account {
    /// The place in the cast.
    pub(super) who: usize,
    pub(super) password: String,
    /// Twenty bytes; nothing for somebody who needs no second factor.
    pub(super) totp_secret: Option<[u8; 20]>,
    /// What the password opens, so that the made-up person can act.
    pub(super) key: PersonPrivate,
}

/// An account whose keys are still being made.
struct Coming {
    who: usize,
    password: String,
    totp_secret: Option<[u8; 20]>,
    keys: JoinHandle<Keys>,
}

struct Keys {
    password_record: Vec<u8>,
    private: PersonPrivate,
    for_recovery: Vec<u8>,
}

/// Opens an account for everybody who has one.
pub(super) async fn open(
    life: &Life<'_>,
    cast: &Cast,
    ids: &[PersonId],
    kit: &KitRecipient,
) -> Result<Vec<Account>, Problem> {
    let dice = Dice::of(&*life.school.chance);
    let mut coming = Vec::new();
    for (who, someone) in cast
        .people
        .iter()
        .enumerate()
        .filter(|(_, someone)| someone.has_account)
    {
        let password = names::password(dice);
        let totp_secret = (!someone.posts.is_empty()).then(|| random(&*life.school.chance));
        let seed = u64::from_be_bytes(random(&*life.school.chance));
        let (school, person) = (life.school.settings().id.clone(), ids[who].to_string());
        let (typed, kit) = (password.clone(), *kit);
        coming.push(Coming {
            who,
            password,
            totp_secret,
            // Stretching a password is slow by design, so it is done on all processors.
            keys: spawn_blocking(move || keys(seed, &school, &person, &typed, &kit)),
        });
    }
    let mut accounts = Vec::with_capacity(coming.len());
    for account in coming {
        let keys = account
            .keys
            .await
            .map_err(|error| Fault::at("making the keys of a made-up person".into(), error))?;
        let someone = &cast.people[account.who];
        write(
            life,
            ids[account.who],
            someone.email.clone(),
            account.totp_secret,
            &keys,
        )
        .await?;
        accounts.push(Account {
            who: account.who,
            password: account.password,
            totp_secret: account.totp_secret,
            key: keys.private,
        });
    }
    Ok(accounts)
}

fn keys(seed: u64, school: &str, person: &str, password: &str, kit: &KitRecipient) -> Keys {
    let chance = SeededChance::new(seed);
    let chance = &mut ForVault(&chance);
    let private = PersonPrivate::new(chance);
    let place = Person { school, id: person };
    Keys {
        password_record: PasswordWrap::new(&private, &place, password, Cost::FLOOR, chance)
            .to_bytes(),
        for_recovery: private.wrap_for_kit(kit, &place, chance),
        private,
    }
}

async fn write(
    life: &Life<'_>,
    person: PersonId,
    email: Option<String>,
    totp_secret: Option<[u8; 20]>,
    keys: &Keys,
) -> Result<(), Problem> {
    let mut tx = life.act_of_the_program().await?;
    let now = tx.now();
    let (settings, id) = (life.school.settings(), person.to_string());
    let place = Person {
        school: &settings.id,
        id: &id,
    };
    let keys_of_school = life.school.key_file.keys();
    let totp = totp_secret.map(|secret| {
        keys_of_school.seal_second_factor(&place, &secret, &mut ForVault(&*life.school.chance))
    });
    tx.run_one(
        sql("insert into account (person, sign_in_name, state, ends_at, password_record, password_set_at,
                                  totp_sealed, totp_last_step, second_factor_at, public_key,
                                  private_key_by_password, private_key_by_recovery,
                                  must_change_password, created_at, created_by, disabled_at)
             values ($1, $2, 'active', null, $3, $4, $5, null, $6, $7, null, $8, false, $4, $9, null)")
        .bind(person.to_string())
        .bind(email)
        .bind(keys.password_record.as_slice())
        .bind(now)
        .bind(totp)
        .bind(totp_secret.map(|_| now))
        .bind(keys.private.public().to_bytes().as_slice())
        .bind(keys.for_recovery.as_slice())
        .bind(tx.actor().key()),
    )
    .await?;
    tx.commit(Entry::of(
        EntryKind::AccountOpened,
        Object::new("account", person),
    ))
    .await?;
    Ok(())
}
