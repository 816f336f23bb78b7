//! Accounts for the adults of a made-up school, with passwords and second factors
//! that are handed out: for a demonstration only, since whoever knows the seed knows them.

use belisha_policy::Post;
use belisha_vault::PersonPrivate;
use tokio::task::{JoinHandle, spawn_blocking};

use super::Life;
use super::dice::Dice;
use super::living::Living;
use super::names;
use crate::accounts::made_up::{self, Stretched};
use crate::actor::{Actor, Factor};
use crate::clock::random;
use crate::problem::{Fault, Problem};

/// How a made-up person signs in.
pub(super) struct Account {
    /// The place in the cast.
    pub(super) who: usize,
    pub(super) password: String,
    /// Twenty bytes; nothing for somebody who needs no second factor.
    pub(super) totp_secret: Option<[u8; 20]>,
    /// What the password opens, so that the made-up person can act; nothing for a guest,
    /// who opened the account themselves and does nothing in the made-up life.
    pub(super) key: Option<PersonPrivate>,
}

/// An account whose keys are still being made.
struct Coming {
    who: usize,
    password: String,
    totp_secret: Option<[u8; 20]>,
    stretched: JoinHandle<Stretched>,
}

/// Opens accounts for these people. Until somebody runs the accounts the set-up invites,
/// as its last step does.
pub(super) async fn open(
    life: &Life<'_>,
    living: &mut Living,
    people: &[usize],
) -> Result<(), Problem> {
    let dice = Dice::of(&*life.school.chance);
    let invited_by = match living.accounts.is_empty() {
        true => Actor::School("set-up"),
        false => Actor::Person {
            person: living.id(living.cast.holder(Post::NetworkManager)),
            session: None,
            factor: Factor::SecondFactor,
        },
    };
    let mut coming = Vec::new();
    for who in people {
        let password = names::password(dice);
        let totp_secret =
            (!living.cast.people[*who].posts.is_empty()).then(|| random(&*life.school.chance));
        let seed = u64::from_be_bytes(random(&*life.school.chance));
        let (school, person) = (
            life.school.settings().id.clone(),
            living.id(*who).to_string(),
        );
        let typed = password.clone();
        coming.push(Coming {
            who: *who,
            password,
            totp_secret,
            // Stretching a password is slow by design, so it is done on all processors.
            stretched: spawn_blocking(move || made_up::stretch(seed, &school, &person, &typed)),
        });
    }
    for account in coming {
        let stretched = account
            .stretched
            .await
            .map_err(|error| Fault::at("making the keys of a made-up person".into(), error))?;
        life.a_minute_passes();
        let key = made_up::open(
            life.school,
            invited_by.clone(),
            living.id(account.who),
            living.cast.people[account.who]
                .email
                .as_deref()
                .unwrap_or_default(),
            stretched,
            account.totp_secret,
        )
        .await?;
        living.accounts.push(Account {
            who: account.who,
            password: account.password,
            totp_secret: account.totp_secret,
            key: Some(key),
        });
    }
    Ok(())
}
