//! Passwords: typed, judged, stretched. Stretching takes 64 MiB and most of a
//! second's tenth each time, so only so many run at once and none on the threads
//! that answer.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use belisha_policy::Policy;
use belisha_rules::ids::PersonId;
use belisha_rules::passwords::{self, PasswordRefused};
use belisha_vault::{Cost, PasswordWrap, Person, PersonPrivate};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::denied_passwords;
use super::standing::Stored;
use crate::clock::ForVault;
use crate::problem::Fault;
use crate::school::School;

/// What a guess costs, for everybody.
const COST: Cost = Cost::FLOOR;

/// How many passwords are stretched at once; the others wait in line.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A password as it was typed, in Unicode's composed form, so that the same keys on
/// another computer give the same password.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(from = "String")]
pub(crate) struct Password(Zeroizing<String>);

impl From<String> for Password {
    fn from(typed: String) -> Self {
        let typed = Zeroizing::new(typed);
        Self(Zeroizing::new(typed.nfc().collect()))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

/// Whether a person may choose this password.
pub(crate) fn accept(
    school: &School,
    policy: &Policy,
    of: &Stored,
    chosen: &Password,
) -> Result<(), PasswordRefused> {
    accept_from(school, policy, &of.name, &of.sign_in_name, chosen)
}

/// The same for somebody who has no account yet.
pub(crate) fn accept_from(
    school: &School,
    policy: &Policy,
    name: &str,
    sign_in_name: &str,
    chosen: &Password,
) -> Result<(), PasswordRefused> {
    let settings = school.settings();
    let context = [
        name,
        sign_in_name,
        settings.name.as_str(),
        settings.town.as_str(),
    ];
    let listed = denied_passwords::is_denied(&chosen.0, &context);
    passwords::accept(&chosen.0, passwords::shortest(policy), listed, &context)
}

/// Opens a person's private key with a password. Whether there is no such account, no
/// password yet or a wrong one, the same work is done and the answer is none.
pub(crate) async fn open(
    school: &Arc<School>,
    stored: Option<&Stored>,
    password: &Password,
) -> Result<Option<PersonPrivate>, Fault> {
    let found = stored.and_then(|stored| {
        Some((
            stored.person.to_string(),
            stored.password.clone()?,
            stored.public?,
        ))
    });
    let (school_id, password) = (school.settings().id.clone(), password.clone());
    stretch(school, move || match found {
        Some((id, wrap, public)) => {
            let person = Person {
                school: &school_id,
                id: &id,
            };
            match wrap.open(&person, &password.0, &public) {
                Ok(private) => Ok(Some(private)),
                Err(belisha_vault::PasswordRefused::WrongPassword) => Ok(None),
                Err(damaged @ belisha_vault::PasswordRefused::Damaged) => Err(Fault::at(
                    format!("opening the key of person {id}"),
                    damaged,
                )),
            }
        }
        None => {
            let nobody = Person {
                school: &school_id,
                id: "",
            };
            PasswordWrap::pretend(&nobody, &password.0, COST);
            Ok(None)
        }
    })
    .await?
}

/// Opens a private key that waits under a code.
pub(crate) async fn open_under_code(
    school: &Arc<School>,
    stored: &Stored,
    wrapped: PasswordWrap,
    code: String,
) -> Result<Option<PersonPrivate>, Fault> {
    let under_code = Stored {
        password: Some(wrapped),
        ..stored.clone()
    };
    open(school, Some(&under_code), &Password::from(code)).await
}

/// Wraps a private key under a password, and gives the key back.
pub(crate) async fn wrap(
    school: &Arc<School>,
    person: PersonId,
    private: PersonPrivate,
    password: &Password,
) -> Result<(PersonPrivate, PasswordWrap), Fault> {
    let (password, id) = (password.clone(), person.to_string());
    let at = Arc::clone(school);
    stretch(school, move || {
        let settings = at.settings();
        let person = Person {
            school: &settings.id,
            id: &id,
        };
        let chance = &mut ForVault(&*at.chance);
        let wrap = PasswordWrap::new(&private, &person, &password.0, COST, chance);
        (private, wrap)
    })
    .await
}

/// Whether a password was wrapped when guesses cost less than they do now.
pub(crate) fn is_cheap(wrap: &PasswordWrap) -> bool {
    wrap.cost().is_below(COST)
}

async fn stretch<T: Send + 'static>(
    school: &School,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    let permit = AT_ONCE
        .acquire()
        .await
        .map_err(|error| Fault::at("waiting to stretch a password".into(), error))?;
    let done = tokio::task::spawn_blocking(move || {
        let before = belisha_vault::password_work();
        (work(), belisha_vault::password_work() - before)
    })
    .await;
    drop(permit);
    let (done, cost) = done.map_err(|error| Fault::at("stretching a password".into(), error))?;
    school.password_work.fetch_add(cost, Ordering::Relaxed);
    Ok(done)
}
