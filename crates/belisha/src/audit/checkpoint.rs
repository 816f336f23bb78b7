//! Checkpoints: each night, and with each backup, the journal is read whole and signed
//! as it stands. What follows a checkpoint cannot be rewritten unnoticed by whoever
//! keeps a slip of it.

use std::sync::Arc;

use belisha_journal::{Checkpoint, Verdict};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::signer::signer;
use super::walk::{Ending, check};
use crate::db::Connection;
use crate::jobs::{Again, Duty, Running, Weight};
use crate::problem::Fault;
use crate::school::School;
use crate::upkeep::{Upkeep, keep};

/// Signs the journal each night.
pub(crate) static CHECKPOINT: Duty = Duty {
    key: "checkpoint",
    says: "Reads the whole journal, checks it and signs it.",
    again: Again::At(at_three),
    weight: Weight::Heavy,
    run: |school, running| Box::pin(nightly(school, running)),
};

/// The next three o'clock in the morning, when few write.
fn at_three(_: &belisha_policy::Policy, now: &jiff::Zoned) -> Timestamp {
    let at = |day: jiff::civil::Date| {
        day.at(3, 0, 0, 0)
            .to_zoned(now.time_zone().clone())
            .map(|at| at.timestamp())
    };
    match at(now.date()) {
        Ok(today) if today > now.timestamp() => today,
        Ok(_) | Err(_) => now
            .date()
            .checked_add(1.day())
            .and_then(at)
            .unwrap_or_else(|_| now.timestamp() + SignedDuration::from_hours(24)),
    }
}

async fn nightly(school: Arc<School>, running: Running) -> Result<(), Fault> {
    running.progress(0, 1, "Reading the journal").await?;
    let mut snapshot = school.database.snapshot().await?;
    let taken = take(&school, snapshot.connection()).await?;
    drop(snapshot);
    match taken {
        Ok(_) => running.progress(1, 1, "Signed").await,
        Err(verdict) => {
            crate::backups::raise_alarm(&school, "the journal could not be signed").await?;
            Err(Fault::said(verdict.to_string()))
        }
    }
}

/// Checks the journal as this connection sees it, signs it and keeps the checkpoint. A
/// journal that does not hold together is not signed: its verdict comes back instead.
pub(crate) async fn take(
    school: &School,
    connection: &mut Connection,
) -> Result<Result<Checkpoint, Verdict>, Fault> {
    let signer = signer(school)?;
    let now = school.clock.now();
    let at_ms = u64::try_from(now.as_millisecond())
        .map_err(|error| Fault::at("the time of a checkpoint".into(), error))?;
    let checked = check(
        connection,
        &signer.verifier_key(),
        &[],
        Ending::Sign(&signer, at_ms),
    )
    .await?;
    let Some(checkpoint) = checked.signed else {
        return Ok(Err(checked.verdict));
    };
    keep(
        &school.database,
        Upkeep::CheckpointMade {
            size: i64::try_from(checkpoint.size())
                .map_err(|error| Fault::at("the size of the journal".into(), error))?,
            at: now,
            note: &checkpoint.note(),
        },
    )
    .await?;
    Ok(Ok(checkpoint))
}
