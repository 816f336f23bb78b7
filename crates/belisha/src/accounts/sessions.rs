//! Sessions: one signed-in browser each. The token is the browser's; the records
//! hold only what it opens, and lose that when the session locks or ends.

use std::sync::Arc;

use belisha_rules::access::AccountState;
use belisha_rules::agreements::Shut;
use belisha_rules::ids::{PersonId, SessionId};
use belisha_rules::sessions::{self as lasting, SessionRule, SessionState};
use belisha_vault::{Person, PersonPrivate, PersonPublic, SessionToken};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::standing::{AccountFacts, may_have_session};
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
pub(crate) struct Found {
    pub id: SessionId,
    pub person: PersonId,
    pub name: String,
    pub factor: Factor,
    pub started_at: Timestamp,
    pub last_active_at: Timestamp,
    pub stepped_up_at: Option<Timestamp>,
    pub locked_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    pub(crate) account: AccountFacts,
    private_key_by_token: Option<Vec<u8>>,
    public_key: Option<Vec<u8>>,
}

/// What may be done with a session now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionStanding {
    /// Nobody is let in by it, or by signing in again.
    NoAccess,
    /// The person signs in again.
    Over,
    /// Something is owed first. The state is what the account may do meanwhile.
    Due(Step, AccountState),
    Open,
}

impl Found {
    /// Where the session stands by the rules.
    pub(crate) fn standing(
        &self,
        rule: SessionRule,
        needs_second_factor: bool,
        shut: Option<Shut>,
        now: Timestamp,
        zone: &TimeZone,
    ) -> SessionStanding {
        let today = now.to_zoned(zone.clone()).date();
        let state = self.account.state(needs_second_factor, shut, today, zone);
        if !may_have_session(state) {
            return SessionStanding::NoAccess;
        }
        if self.ended_at.is_some() {
            return SessionStanding::Over;
        }
        match lasting::standing(&self.lasting(), rule, now) {
            SessionState::Ended => return SessionStanding::Over,
            SessionState::Locked => return SessionStanding::Due(Step::Unlock, state),
            SessionState::Open if self.locked_at.is_some() => {
                return SessionStanding::Due(Step::Unlock, state);
            }
            SessionState::Open => {}
        }
        if self.account.has_second_factor && self.factor < Factor::SecondFactor {
            SessionStanding::Due(Step::SecondFactor, state)
        } else if self.account.must_change_password {
            SessionStanding::Due(Step::NewPassword, state)
        } else if state == AccountState::MustEnrol {
            SessionStanding::Due(Step::Enrolment, state)
        } else if state == AccountState::MustSign {
            SessionStanding::Due(Step::Agreement, state)
        } else {
            SessionStanding::Open
        }
    }

    /// Whether the person proved who they are, with the second factor, within the last minutes.
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        self.proved_at().is_some() && lasting::is_fresh(&self.lasting(), now)
    }

    /// When a second factor last proved who this is. A password proves nothing here: it may
    /// have been watched, and whoever watched it sits before an open screen.
    pub(crate) fn proved_at(&self) -> Option<Timestamp> {
        self.stepped_up_at
            .filter(|_| self.factor >= Factor::SecondFactor)
    }

    fn lasting(&self) -> lasting::Session {
        lasting::Session {
            id: self.id,
            started_at: self.started_at,
            acted_at: self.last_active_at,
            proved_at: self.stepped_up_at.unwrap_or(self.started_at),
        }
    }

    /// The person's private key, if this session still holds it.
    pub(crate) fn open_key(
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
pub(crate) async fn find(
    connection: &mut Connection,
    token: &SessionToken,
) -> Result<Option<Found>, Fault> {
    let row = sql(
        "select session.id, session.person, person.name, session.factor, session.started_at,
                session.last_active_at, session.stepped_up_at, session.locked_at, session.ended_at,
                session.private_key_by_token, account.state, account.ends_at, account.public_key,
                account.must_change_password, account.second_factor_at, account.password_known_at,
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
            account: AccountFacts::read(&row)?,
            private_key_by_token: row.get("private_key_by_token")?,
            public_key: row.get("public_key")?,
        })
    })
    .transpose()
}

/// Starts a session for a person whose password was right: the token for the cookie.
/// Whoever has just signed in has just proved who they are.
/// Sessions beyond the policy's number end, the oldest first.
pub(crate) async fn start(
    tx: &mut Tx,
    person: PersonId,
    private_key: &PersonPrivate,
    factor: Factor,
    device: &str,
    address: &str,
    rule: SessionRule,
) -> Result<(SessionToken, SessionId), Problem> {
    let school = tx.school().clone();
    let now = tx.now();
    make_room(tx, person, rule).await?;
    let token = SessionToken::new(&mut ForVault(&*school.chance));
    let id: SessionId = tx.new_id();
    let wrapped = wrap_key(&school, &token, person, private_key);
    tx.run_one(
        sql(
            "insert into session (id, token_hash, person, factor, started_at, last_active_at,
                                  stepped_up_at, locked_at, ended_at, ended_why, device, address,
                                  private_key_by_token)
             values ($1, $2, $3, $4, $5, $5, $5, null, null, null, $6, $7, $8)",
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
pub(crate) async fn renew(
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
pub(crate) async fn lock(school: &Arc<School>, found: &Found) -> Result<(), Problem> {
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
pub(crate) async fn end(
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
pub(crate) enum Which {
    Only(SessionId),
    AllBut(Option<SessionId>),
}

/// Ends the sessions that give way to one more.
async fn make_room(tx: &mut Tx, person: PersonId, rule: SessionRule) -> Result<(), Problem> {
    let now = tx.now();
    let open: Vec<lasting::Session> = sql("select id, started_at, last_active_at from session
         where person = $1 and ended_at is null")
    .bind(person.to_string())
    .all(tx)
    .await?
    .iter()
    .map(|row| {
        let started_at = row.instant("started_at")?;
        Ok(lasting::Session {
            id: row.read("id", |text| text.parse().ok())?,
            started_at,
            acted_at: row.instant("last_active_at")?,
            proved_at: started_at,
        })
    })
    .collect::<Result<_, Fault>>()?;
    for session in lasting::ended_by_a_new_one(&open, rule, now) {
        end(tx, person, Which::Only(session), "one more").await?;
    }
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
