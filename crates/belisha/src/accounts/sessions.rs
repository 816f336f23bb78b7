//! Sessions: one signed-in browser each. The token is the browser's; the records
//! hold only what it opens, and lose that when the session locks or ends.

use std::sync::Arc;

use belisha_rules::ids::{PersonId, SessionId};
use belisha_vault::{Person, PersonPrivate, PersonPublic, SessionToken};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::actor::{Actor, Factor};
use crate::clock::ForVault;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::web::route::Step;

/// A session as its token found it, with what its person's account says.
#[derive(Clone)]
pub struct Found {
    pub id: SessionId,
    pub person: PersonId,
    pub name: String,
    pub factor: Factor,
    pub started_at: Timestamp,
    pub last_active_at: Timestamp,
    pub stepped_up_at: Option<Timestamp>,
    pub locked_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    account_is_active: bool,
    account_ends_at: Option<Timestamp>,
    person_starts_on: Date,
    person_ends_on: Option<Date>,
    must_change_password: bool,
    pub has_second_factor: bool,
    private_key_by_token: Option<Vec<u8>>,
    public_key: Option<Vec<u8>>,
}

/// What may be done with a session now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionStanding {
    Over,
    Due(Step),
    Open,
}

impl Found {
    /// Decides where the session stands; see rules::accounts for the rules and their sources.
    pub fn standing(
        &self,
        now: Timestamp,
        today: Date,
        at_most: SignedDuration,
        idle: SignedDuration,
        needs_second_factor: bool,
    ) -> SessionStanding {
        let over = self.ended_at.is_some()
            || !self.account_is_active
            || self.account_ends_at.is_some_and(|at| at <= now)
            || self.person_ends_on.is_some_and(|on| on < today)
            || self.person_starts_on > today
            || now.duration_since(self.started_at) >= at_most;
        if over {
            return SessionStanding::Over;
        }
        if self.locked_at.is_some() || now.duration_since(self.last_active_at) >= idle {
            return SessionStanding::Due(Step::Unlock);
        }
        if self.has_second_factor && self.factor < Factor::SecondFactor {
            return SessionStanding::Due(Step::SecondFactor);
        }
        if self.must_change_password {
            return SessionStanding::Due(Step::NewPassword);
        }
        if !self.has_second_factor && needs_second_factor {
            return SessionStanding::Due(Step::Enrolment);
        }
        SessionStanding::Open
    }

    /// The person's private key, if this session still holds it.
    pub fn open_key(
        &self,
        school: &School,
        token: &SessionToken,
    ) -> Result<Option<PersonPrivate>, Fault> {
        let (Some(wrapped), Some(public)) = (&self.private_key_by_token, &self.public_key) else {
            return Ok(None);
        };
        let settings = school.settings();
        let person = self.person.to_string();
        let person = Person {
            school: &settings.id,
            id: &person,
        };
        let public = PersonPublic::from_bytes(public)
            .map_err(|error| Fault::at("reading a public key".into(), error))?;
        token
            .unwrap(&person, wrapped, &public)
            .map(Some)
            .map_err(|refused| Fault::at("opening a person's key for a session".into(), refused))
    }
}

/// The session of a token, whatever its state; none for a token of nobody's.
pub async fn find(
    connection: &mut Connection,
    token: &SessionToken,
) -> Result<Option<Found>, Fault> {
    let row = sql(
        "select session.id, session.person, person.name, session.factor, session.started_at,
                session.last_active_at, session.stepped_up_at, session.locked_at, session.ended_at,
                session.private_key_by_token, account.state, account.ends_at, account.public_key,
                account.must_change_password, account.second_factor_at,
                person.starts_on, person.ends_on
         from session
         join account on account.person = session.person
         join person on person.id = session.person
         where session.token_hash = $1",
    )
    .bind(token.lookup().as_slice())
    .optional(connection)
    .await?;
    row.map(|row| {
        Ok(Found {
            id: row.read("id", |text| text.parse().ok())?,
            person: row.read("person", |text| text.parse().ok())?,
            name: row.get("name")?,
            factor: row.read("factor", |text| match text {
                "password" => Some(Factor::Password),
                "second-factor" => Some(Factor::SecondFactor),
                _ => None,
            })?,
            started_at: row.instant("started_at")?,
            last_active_at: row.instant("last_active_at")?,
            stepped_up_at: row.instant_optional("stepped_up_at")?,
            locked_at: row.instant_optional("locked_at")?,
            ended_at: row.instant_optional("ended_at")?,
            account_is_active: row.get::<String>("state")? == "active",
            account_ends_at: row.instant_optional("ends_at")?,
            person_starts_on: row.date("starts_on")?,
            person_ends_on: row.date_optional("ends_on")?,
            must_change_password: row.get("must_change_password")?,
            has_second_factor: row.instant_optional("second_factor_at")?.is_some(),
            private_key_by_token: row.get("private_key_by_token")?,
            public_key: row.get("public_key")?,
        })
    })
    .transpose()
}

/// Starts a session for a person whose password was right: the token for the cookie.
/// Sessions beyond the policy's number end, the oldest first.
pub async fn start(
    tx: &mut Tx,
    person: PersonId,
    private_key: &PersonPrivate,
    factor: Factor,
    device: &str,
    address: &str,
    at_most: i64,
) -> Result<(SessionToken, SessionId), Problem> {
    let school = tx.school().clone();
    let now = tx.now();
    end_oldest(tx, person, at_most - 1).await?;
    let token = SessionToken::new(&mut ForVault(&*school.chance));
    let id: SessionId = tx.new_id();
    let wrapped = wrap_key(&school, &token, person, private_key);
    tx.run_one(
        sql(
            "insert into session (id, token_hash, person, factor, started_at, last_active_at,
                                  stepped_up_at, locked_at, ended_at, ended_why, device, address,
                                  private_key_by_token)
             values ($1, $2, $3, $4, $5, $5, null, null, null, null, $6, $7, $8)",
        )
        .bind(id.to_string())
        .bind(token.lookup().as_slice())
        .bind(person.to_string())
        .bind(factor_key(factor))
        .bind(now)
        .bind(device)
        .bind(address)
        .bind(wrapped),
    )
    .await?;
    Ok((token, id))
}

/// Gives a session a new token, as every elevation does, so that a token seen before
/// it is worth nothing after.
pub async fn renew(
    tx: &mut Tx,
    session: SessionId,
    person: PersonId,
    private_key: &PersonPrivate,
    factor: Factor,
    stepped_up: bool,
) -> Result<SessionToken, Problem> {
    let school = tx.school().clone();
    let now = tx.now();
    let token = SessionToken::new(&mut ForVault(&*school.chance));
    let wrapped = wrap_key(&school, &token, person, private_key);
    tx.run_one(
        sql("update session
             set token_hash = $2, factor = $3, private_key_by_token = $4, locked_at = null,
                 last_active_at = $5, stepped_up_at = case when $6 then $5 else stepped_up_at end
             where id = $1 and ended_at is null")
        .bind(session.to_string())
        .bind(token.lookup().as_slice())
        .bind(factor_key(factor))
        .bind(wrapped)
        .bind(now)
        .bind(stepped_up),
    )
    .await?;
    Ok(token)
}

/// Locks a session that nobody used: its hold on the person's key is gone.
pub async fn lock(school: &Arc<School>, found: &Found) -> Result<(), Problem> {
    let actor = Actor::Person {
        person: found.person,
        session: Some(found.id),
        factor: found.factor,
    };
    let mut tx = school.write(actor).await?;
    let now = tx.now();
    let locked = tx
        .run(
            sql("update session set locked_at = $2, private_key_by_token = null, stepped_up_at = null
                 where id = $1 and locked_at is null and ended_at is null")
            .bind(found.id.to_string())
            .bind(now),
        )
        .await?;
    // Two requests may find the same idle session; the second has nothing to record.
    if locked == 1 {
        tx.commit(Entry::of(
            EntryKind::SessionLocked,
            Object::new("session", found.id),
        ))
        .await?;
    }
    Ok(())
}

/// Ends sessions of a person: one, or all but one. The number that ended.
pub async fn end(
    tx: &mut Tx,
    person: PersonId,
    which: Which,
    why: &'static str,
) -> Result<u64, Problem> {
    let now = tx.now();
    let (only, but) = match which {
        Which::Only(session) => (Some(session.to_string()), None),
        Which::AllBut(session) => (None, session.map(|session| session.to_string())),
    };
    Ok(tx
        .run(
            sql(
                "update session set ended_at = $2, ended_why = $3, private_key_by_token = null
                 where person = $1 and ended_at is null
                   and ($4 = '' or id = $4) and ($5 = '' or id <> $5)",
            )
            .bind(person.to_string())
            .bind(now)
            .bind(why)
            .bind(only.unwrap_or_default())
            .bind(but.unwrap_or_default()),
        )
        .await?)
}

/// Which sessions end.
pub enum Which {
    Only(SessionId),
    AllBut(Option<SessionId>),
}

async fn end_oldest(tx: &mut Tx, person: PersonId, keep: i64) -> Result<(), Problem> {
    let now = tx.now();
    tx.run(
        sql(
            "update session set ended_at = $2, ended_why = 'too many', private_key_by_token = null
             where person = $1 and ended_at is null and id not in (
                 select id from session where person = $1 and ended_at is null
                 order by last_active_at desc, id limit $3)",
        )
        .bind(person.to_string())
        .bind(now)
        .bind(keep),
    )
    .await?;
    Ok(())
}

fn wrap_key(
    school: &School,
    token: &SessionToken,
    person: PersonId,
    key: &PersonPrivate,
) -> Vec<u8> {
    let settings = school.settings();
    let person = person.to_string();
    token.wrap(
        key,
        &Person {
            school: &settings.id,
            id: &person,
        },
        &mut ForVault(&*school.chance),
    )
}

fn factor_key(factor: Factor) -> &'static str {
    match factor {
        Factor::None | Factor::Password => "password",
        Factor::SecondFactor | Factor::SteppedUp => "second-factor",
    }
}
