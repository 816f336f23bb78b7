//! An account as the records hold it, and where it stands by the rules.

use belisha_rules::access::AccountState;
use belisha_rules::accounts::{self, Account};
use belisha_rules::agreements::Shut;
use belisha_rules::ids::PersonId;
use belisha_vault::{PasswordWrap, PersonPublic};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::db::{Connection, Row, sql};
use crate::problem::Fault;

/// The facts about an account that decide who gets in. The columns they are read from
/// are those of `account` and `person`, joined.
#[derive(Debug, Clone)]
pub(crate) struct AccountFacts {
    disabled: bool,
    taken_up: bool,
    /// A guest's account ends at this instant.
    pub(crate) ends_at: Option<Timestamp>,
    starts_on: Date,
    ends_on: Option<Date>,
    password_is_known: bool,
    pub(crate) has_second_factor: bool,
    pub(crate) must_change_password: bool,
}

impl AccountFacts {
    pub(super) fn read(row: &Row) -> Result<Self, Fault> {
        let state: String = row.get("state")?;
        Ok(Self {
            disabled: state == "disabled",
            taken_up: state == "active",
            ends_at: row.instant_optional("ends_at")?,
            starts_on: row.date("starts_on")?,
            ends_on: row.date_optional("ends_on")?,
            password_is_known: row.instant_optional("password_known_at")?.is_some(),
            has_second_factor: row.instant_optional("second_factor_at")?.is_some(),
            must_change_password: row.get("must_change_password")?,
        })
    }

    /// The account's state today, by the rules.
    pub(crate) fn state(
        &self,
        needs_second_factor: bool,
        shut: Option<Shut>,
        today: Date,
        zone: &TimeZone,
    ) -> AccountState {
        // A guest's end is the midnight after the last day.
        let guests_last_day = self
            .ends_at
            .and_then(|at| at.checked_sub(SignedDuration::from_millis(1)).ok())
            .map(|at| at.to_zoned(zone.clone()).date());
        let account = Account {
            disabled: self.disabled,
            last_day: self.ends_on.into_iter().chain(guests_last_day).min(),
            // Whoever has not begun yet has not taken their account up either.
            taken_up: self.taken_up && self.starts_on <= today,
            awaits_approval: false,
            password_is_known: self.password_is_known,
            has_second_factor: self.has_second_factor,
            needs_second_factor,
            shut,
        };
        accounts::state(&account, today)
    }

    /// Whether a right password opens a session at all; what is owed comes afterwards.
    pub(crate) fn lets_in(&self, today: Date, zone: &TimeZone) -> bool {
        may_have_session(self.state(false, None, today, zone))
    }
}

impl AccountFacts {
    /// Whether the account is closed or past its end, so that no code opens it.
    pub(crate) fn is_over(&self, today: Date, zone: &TimeZone) -> bool {
        matches!(
            self.state(false, None, today, zone),
            AccountState::Disabled | AccountState::Expired
        )
    }
}

/// Whether somebody whose account is in this state may have a session.
pub(crate) fn may_have_session(state: AccountState) -> bool {
    match state {
        AccountState::Active | AccountState::MustEnrol | AccountState::MustSign => true,
        AccountState::Invited
        | AccountState::Pending
        | AccountState::Locked
        | AccountState::Expired
        | AccountState::Disabled => false,
    }
}

/// An account with what opens it.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) sign_in_name: String,
    pub(crate) facts: AccountFacts,
    /// None until the invitation is taken up.
    pub(crate) password: Option<PasswordWrap>,
    pub(crate) public: Option<PersonPublic>,
    pub(crate) totp_sealed: Option<Vec<u8>>,
    pub(crate) totp_last_step: Option<i64>,
}

/// The account that signs in with this name.
pub(crate) async fn by_name(
    connection: &mut Connection,
    name: &str,
) -> Result<Option<Stored>, Fault> {
    sql(
        "select account.*, person.name, person.starts_on, person.ends_on
         from account join person on person.id = account.person
         where account.sign_in_name = $1",
    )
    .bind(name)
    .optional(connection)
    .await?
    .map(|row| stored(&row))
    .transpose()
}

/// The account of a person.
pub(crate) async fn of(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Option<Stored>, Fault> {
    sql(
        "select account.*, person.name, person.starts_on, person.ends_on
         from account join person on person.id = account.person
         where account.person = $1",
    )
    .bind(person.to_string())
    .optional(connection)
    .await?
    .map(|row| stored(&row))
    .transpose()
}

fn stored(row: &Row) -> Result<Stored, Fault> {
    let password: Option<Vec<u8>> = row.get("password_record")?;
    let public: Option<Vec<u8>> = row.get("public_key")?;
    Ok(Stored {
        person: row.read("person", |text| text.parse().ok())?,
        name: row.get("name")?,
        sign_in_name: row.get("sign_in_name")?,
        facts: AccountFacts::read(row)?,
        password: password
            .map(|bytes| PasswordWrap::from_bytes(&bytes))
            .transpose()
            .map_err(|error| Fault::at("reading a password record".into(), error))?,
        public: public
            .map(|bytes| PersonPublic::from_bytes(&bytes))
            .transpose()
            .map_err(|error| Fault::at("reading a public key".into(), error))?,
        totp_sealed: row.get("totp_sealed")?,
        totp_last_step: row.get("totp_last_step")?,
    })
}

/// A name as it signs in: without blanks around it and in lower case.
pub(crate) fn sign_in_name(typed: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    typed.trim().to_lowercase().nfc().collect()
}
