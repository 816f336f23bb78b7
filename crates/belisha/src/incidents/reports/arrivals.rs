//! How much comes from one address without an account. The limit is far above what a
//! school's own children can send at once from behind one address; an address is kept
//! as a fingerprint, tied to no report, and forgotten within the hour.

use std::net::IpAddr;

use belisha_rules::throttle::{self, TryLater};
use jiff::{SignedDuration, Timestamp};

use crate::db::sql;
use crate::problem::Fault;
use crate::school::School;
use crate::upkeep::{Upkeep, keep};

/// What came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Report,
    /// A wrong code; a right one is taken back.
    Code,
}

impl What {
    fn key(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Code => "code",
        }
    }
}

/// Something that came, and may be looked at.
pub(crate) struct Arrival(String);

/// Counts it, and says whether it may be looked at now.
pub(crate) async fn count(
    school: &School,
    what: What,
    address: IpAddr,
) -> Result<Result<Arrival, TryLater>, Fault> {
    let now = school.clock.now();
    let id = school.new_row_id();
    let address_hash = school
        .key_file
        .keys()
        .fingerprint_of_typed_name(format!("address {address}").as_bytes());
    let before = |span: SignedDuration| now.checked_sub(span).unwrap_or(Timestamp::MIN);
    let long_ago = before(SignedDuration::from_hours(1));
    keep(
        &school.database,
        Upkeep::ArrivalsForgotten { before: long_ago },
    )
    .await?;
    let mut records = school.database.read().await?;
    let earlier = sql("select at_ms from report_arrival
         where address_hash = $1 and kind = $2 and at_ms > $3")
    .bind(address_hash.as_slice())
    .bind(what.key())
    .bind(before(throttle::WINDOW))
    .all(&mut records)
    .await?
    .iter()
    .map(|row| row.instant("at_ms"))
    .collect::<Result<Vec<_>, _>>()?;
    drop(records);
    let may = match what {
        What::Report => throttle::may_report(&earlier, now),
        What::Code => throttle::may_try_answer_code(&earlier, now),
    };
    if let Err(later) = may {
        return Ok(Err(later));
    }
    keep(
        &school.database,
        Upkeep::Arrived {
            id: &id,
            address_hash: &address_hash,
            kind: what.key(),
            at: now,
        },
    )
    .await?;
    Ok(Ok(Arrival(id)))
}

impl Arrival {
    /// It does not count after all.
    pub(crate) async fn take_back(self, school: &School) -> Result<(), Fault> {
        keep(&school.database, Upkeep::ArrivalTakenBack { id: &self.0 }).await
    }
}
