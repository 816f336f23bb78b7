//! One-time codes from an authenticator app (RFC 6238): six figures, thirty seconds,
//! each good once. The seed is kept sealed under the school's key.

use belisha_rules::ids::PersonId;
use belisha_vault::Person;
use jiff::Timestamp;
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use crate::clock::{ForVault, random};
use crate::db::sql;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::school_keys::rewrapping::{Batch, Turn};
use crate::tx::Tx;

const STEP_SECONDS: i64 = 30;
/// How many steps a telephone's clock may be out, either way.
const SLIP_STEPS: u16 = 1;

/// The secret that the app and the school share.
pub(crate) struct Seed(Zeroizing<Vec<u8>>);

impl Seed {
    pub(crate) fn new(school: &School) -> Self {
        let bytes: [u8; 20] = random(&*school.chance);
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// Sealed for one person, to be stored or to travel with a form.
    pub(crate) fn seal(&self, school: &School, person: PersonId) -> Vec<u8> {
        let (settings, id) = (school.settings(), person.to_string());
        let person = Person {
            school: &settings.id,
            id: &id,
        };
        let chance = &mut ForVault(&*school.chance);
        school
            .key_file
            .keys()
            .seal_second_factor(&person, &self.0, chance)
    }

    /// Opened for the person it was sealed for.
    pub(crate) fn open(school: &School, person: PersonId, sealed: &[u8]) -> Result<Self, Fault> {
        let (settings, id) = (school.settings(), person.to_string());
        let place = Person {
            school: &settings.id,
            id: &id,
        };
        school
            .key_file
            .keys()
            .open_second_factor(&place, sealed)
            .map(Self)
            .map_err(|refused| Fault::at(format!("opening the seed of person {id}"), refused))
    }

    /// The step that a code belongs to, where it is one of about now; spaces do not count.
    pub(crate) fn step_of(&self, code: &str, now: Timestamp) -> Result<Option<i64>, Fault> {
        let figures: String = code
            .chars()
            .filter(|character| !character.is_whitespace() && *character != '-')
            .collect();
        let seconds = u64::try_from(now.as_second()).unwrap_or_default();
        Ok(self
            .codes("", "")?
            .check(&figures, seconds)
            .and_then(|step| i64::try_from(step).ok()))
    }

    /// The code of a step: for the notice in a demonstration school, and for tests.
    pub(crate) fn code_at(&self, step: i64) -> Result<String, Fault> {
        let seconds = u64::try_from(step * STEP_SECONDS).unwrap_or_default();
        Ok(self.codes("", "")?.generate(seconds).to_string())
    }

    /// The address that an app reads from the QR code.
    pub(crate) fn address(&self, school_name: &str, sign_in_name: &str) -> Result<String, Fault> {
        self.codes(school_name, sign_in_name)?
            .to_url()
            .map_err(|error| Fault::at("writing the address of a seed".into(), error))
    }

    /// The seed as a person types it: groups of four.
    pub(crate) fn in_groups(&self) -> String {
        let letters = data_encoding::BASE32_NOPAD.encode(&self.0);
        super::codes::in_groups(&letters)
    }

    fn codes(&self, school_name: &str, sign_in_name: &str) -> Result<Totp, Fault> {
        // The format of the address gives colons a meaning of their own.
        let issuer = format!("Belisha {school_name}").replace(':', " ");
        Builder::new()
            .with_secret(self.0.to_vec())
            .with_skew(SLIP_STEPS)
            .with_issuer(Some(issuer.trim()))
            .with_account_name(sign_in_name.replace(':', " "))
            .build()
            .map_err(|error| Fault::at("reading the seed of a second factor".into(), error))
    }
}

/// Seals the next seeds anew, under the school's current key.
pub(crate) async fn rewrap(tx: &mut Tx, turn: &Turn<'_>) -> Result<Batch, Problem> {
    let school = tx.school().clone();
    let rows = sql("select person, totp_sealed from account
         where totp_sealed is not null and substr(totp_sealed, 3, 8) <> $1 and person > $2
         order by person limit $3")
    .bind(turn.keys.current_id().to_bytes().as_slice())
    .bind(turn.after)
    .bind(turn.limit)
    .all(tx)
    .await?;
    let mut batch = Batch::default();
    let settings = school.settings();
    for row in rows {
        let (id, sealed): (String, Vec<u8>) = (row.get("person")?, row.get("totp_sealed")?);
        let person = Person {
            school: &settings.id,
            id: &id,
        };
        let chance = &mut ForVault(&*school.chance);
        let anew = turn.keys.reseal_second_factor(&person, &sealed, chance);
        if let Some(anew) = batch.took(&id, anew) {
            tx.run_one(
                sql("update account set totp_sealed = $3 where person = $1 and totp_sealed = $2")
                    .bind(&id)
                    .bind(sealed)
                    .bind(anew),
            )
            .await?;
        }
    }
    Ok(batch)
}

impl From<Vec<u8>> for Seed {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

/// The step of an instant.
pub(crate) fn step_at(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP_SECONDS)
}

/// Whether a code of this step would still be taken now.
pub(crate) fn is_in_reach(step: i64, now: Timestamp) -> bool {
    (step - step_at(now)).abs() <= i64::from(SLIP_STEPS)
}

/// Uses a code up: false where it, or a later one, was used before.
pub(crate) async fn use_up(tx: &mut Tx, person: PersonId, step: i64) -> Result<bool, Problem> {
    let used = tx
        .run(
            sql("update account set totp_last_step = $2
                 where person = $1 and (totp_last_step is null or totp_last_step < $2)")
            .bind(person.to_string())
            .bind(step),
        )
        .await?;
    Ok(used == 1)
}
