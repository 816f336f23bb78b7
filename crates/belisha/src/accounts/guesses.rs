//! Guesses at passwords and codes, counted for each account, each known device and
//! each address. A guess counts from before it is looked at until it proves right,
//! so that many at once are counted too.

use std::net::IpAddr;
use std::sync::Arc;

use belisha_rules::ids::PersonId;
use belisha_rules::throttle::{self, Failures, TryLater};
use jiff::Timestamp;

use super::devices::Device;
use crate::actor::Actor;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::upkeep::{Upkeep, keep};

/// What was guessed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GuessAt {
    Password,
    Code,
    Invitation,
}

impl GuessAt {
    fn key(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "second-factor",
            Self::Invitation => "invitation",
        }
    }
}

/// A guess that may be looked at.
pub(crate) struct Guess {
    id: String,
    at: GuessAt,
}

/// Counts a guess, and says whether it may be looked at. `name` is what was typed, or the
/// name of the account that asks; it counts the same whether there is such an account.
pub(crate) async fn begin(
    school: &School,
    at: GuessAt,
    name: &str,
    device: Option<&Device>,
    address: IpAddr,
) -> Result<Result<Guess, TryLater>, Fault> {
    let now = school.clock.now();
    let id = school.new_row_id();
    let name_hash = school
        .key_file
        .keys()
        .fingerprint_of_typed_name(name.as_bytes());
    let mut records = school.database.read().await?;
    let device = match device {
        Some(device) if device.is_known_to(&mut records, name).await? => Some(device.hash),
        _ => None,
    };
    let address = address.to_string();
    keep(
        &school.database,
        Upkeep::Attempted {
            id: &id,
            name_hash: &name_hash,
            device_hash: device.as_ref().map(<[u8; 32]>::as_slice),
            address: &address,
            kind: at.key(),
            at: now,
        },
    )
    .await?;
    let counted = Counted {
        but: &id,
        kind: at.key(),
        since: now.checked_sub(throttle::WINDOW).unwrap_or(Timestamp::MIN),
    };
    let own = |device: Option<[u8; 32]>| device.map(|hash| hash.to_vec()).unwrap_or_default();
    let may = match at {
        GuessAt::Password => {
            let failures = Failures {
                by_strangers: counted.of_name(&mut records, &name_hash, &[]).await?,
                by_this_known_device: match device {
                    Some(_) => Some(
                        counted
                            .of_name(&mut records, &name_hash, &own(device))
                            .await?,
                    ),
                    None => None,
                },
                from_this_address: counted.at_address(&mut records, &address).await?,
            };
            throttle::may_try_password(&failures, now)
        }
        GuessAt::Code => {
            throttle::may_try_code(&counted.of_anybody(&mut records, &name_hash).await?, now)
        }
        GuessAt::Invitation => throttle::may_try_password(
            &Failures {
                from_this_address: counted.at_address(&mut records, &address).await?,
                ..Failures::default()
            },
            now,
        ),
    };
    drop(records);
    match may {
        Ok(()) => Ok(Ok(Guess { id, at })),
        Err(later) => {
            keep(&school.database, Upkeep::AttemptTurnedAway { attempt: &id }).await?;
            Ok(Err(later))
        }
    }
}

impl Guess {
    /// The guess was right: it no longer counts once the act it allows is done.
    pub(crate) async fn was_right(self, tx: &mut Tx) -> Result<(), Problem> {
        tx.run_one(sql("update account_attempt set succeeded = true where id = $1").bind(self.id))
            .await
    }

    /// The guess was wrong: it goes on counting, and the journal says so. What was typed
    /// as a name is not in it, since it may have been a password.
    pub(crate) async fn was_wrong(
        self,
        school: &Arc<School>,
        account: Option<PersonId>,
    ) -> Result<(), Problem> {
        let object = match account {
            Some(person) => Object::new("account", person),
            None => Object::new("account", "unknown"),
        };
        let tx = school.write(Actor::School("sign-in")).await?;
        tx.commit(
            Entry::of(EntryKind::SessionRefused, object)
                .fact("guess", self.at.key())
                .refused(),
        )
        .await?;
        Ok(())
    }
}

/// Which earlier guesses count.
struct Counted<'a> {
    but: &'a str,
    kind: &'static str,
    since: Timestamp,
}

impl Counted<'_> {
    /// Wrong guesses at a name by one known device, or by strangers for no device.
    async fn of_name(
        &self,
        connection: &mut Connection,
        name_hash: &[u8],
        device: &[u8],
    ) -> Result<Vec<Timestamp>, Fault> {
        let by_strangers = device.is_empty();
        sql("select at_ms from account_attempt
             where name_hash = $1 and kind = $2 and at_ms > $3 and not succeeded and id <> $4
               and ((device_hash is null and $5) or device_hash = $6)")
        .bind(name_hash)
        .bind(self.kind)
        .bind(self.since)
        .bind(self.but)
        .bind(by_strangers)
        .bind(device)
        .all(connection)
        .await?
        .iter()
        .map(|row| row.instant("at_ms"))
        .collect()
    }

    /// Wrong guesses at a name by anybody.
    async fn of_anybody(
        &self,
        connection: &mut Connection,
        name_hash: &[u8],
    ) -> Result<Vec<Timestamp>, Fault> {
        sql("select at_ms from account_attempt
             where name_hash = $1 and kind = $2 and at_ms > $3 and not succeeded and id <> $4")
        .bind(name_hash)
        .bind(self.kind)
        .bind(self.since)
        .bind(self.but)
        .all(connection)
        .await?
        .iter()
        .map(|row| row.instant("at_ms"))
        .collect()
    }

    /// Wrong guesses at any name from one address.
    async fn at_address(
        &self,
        connection: &mut Connection,
        address: &str,
    ) -> Result<Vec<Timestamp>, Fault> {
        sql("select at_ms from account_attempt
             where address = $1 and kind = $2 and at_ms > $3 and not succeeded and id <> $4")
        .bind(address)
        .bind(self.kind)
        .bind(self.since)
        .bind(self.but)
        .all(connection)
        .await?
        .iter()
        .map(|row| row.instant("at_ms"))
        .collect()
    }
}
