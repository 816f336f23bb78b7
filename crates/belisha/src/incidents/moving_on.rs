//! An alert that nobody answers moves on: the next in line are in charge and are told.
//! Their keys were wrapped when the report was sent, so nobody need be present.

use std::sync::Arc;

use belisha_rules::access::{self, Action};
use belisha_rules::ids::{IncidentId, PersonId};
use jiff::{SignedDuration, Timestamp};

use super::queries::{self, object};
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::jobs::{Again, Duty, Weight};
use crate::notices::{self, NoticeKind};
use crate::people::posts::absence;
use crate::problem::{Fault, Problem};
use crate::school::School;

const NAME: &str = "move-alerts-on";

/// The duty, once a minute.
pub(crate) static MOVE_ALERTS_ON: Duty = Duty {
    key: NAME,
    says: "Tells the next in line of reports that nobody has acknowledged in time.",
    again: Again::Every(SignedDuration::from_mins(1)),
    weight: Weight::Light,
    run: |school, _| Box::pin(async move { move_on(&school).await }),
};

async fn move_on(school: &Arc<School>) -> Result<(), Fault> {
    let now = school.clock.now();
    let due = sql("select id from incident
         where moves_on_at <= $1 and acknowledged_at is null
         order by moves_on_at, id")
    .bind(now)
    .all(&mut school.database.read().await?)
    .await?;
    for row in due {
        let id = row.read("id", |text| text.parse().ok())?;
        match move_one_on(school, id, now).await {
            Ok(()) => {}
            Err(Problem::Fault(fault)) => return Err(fault),
            // Somebody has acknowledged it in this very moment.
            Err(
                Problem::NotFound | Problem::Refused(_) | Problem::Fields(_) | Problem::GoTo(_),
            ) => {}
        }
    }
    Ok(())
}

async fn move_one_on(school: &Arc<School>, id: IncidentId, now: Timestamp) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let found = queries::find(&mut tx, id).await?.ok_or(Problem::NotFound)?;
    crate::viewer::require(
        &access::Viewer::nightly_duties(),
        Action::MoveAlertOn,
        &found.facts,
        now,
    )?;
    if found.acknowledged_at.is_some() || found.moves_on_at.is_none_or(|at| at > now) {
        return Err(Problem::NotFound);
    }
    let next: Vec<PersonId> = at_stage(&found.readers, found.stage + 1)
        .map(|reading| reading.person)
        .collect();
    // The one after gets the time that the plan gave, counted from now.
    let this_at = at_stage(&found.readers, found.stage + 1)
        .map(|reading| reading.from_at)
        .min();
    let after_at = at_stage(&found.readers, found.stage + 2)
        .map(|reading| reading.from_at)
        .min();
    let today = tx.today();
    let away = absence::away(&mut tx, today).await?;
    let all_away = next.iter().all(|person| away.contains(person));
    let moves_on_at = this_at.zip(after_at).map(|(this, after)| {
        if all_away {
            // Nobody of these is here to answer: whoever is next hears in the next minute.
            now
        } else {
            now + after.duration_since(this)
        }
    });
    tx.run_one(
        sql(
            "update incident set stage = stage + 1, moves_on_at = $2, revision = revision + 1
             where id = $1 and acknowledged_at is null",
        )
        .bind(id.to_string())
        .bind(moves_on_at),
    )
    .await?;
    tx.run(
        sql("update incident_reader set from_at = $3 where incident = $1 and stage = $2 and why = 'next'")
            .bind(id.to_string())
            .bind(found.stage + 1)
            .bind(now),
    )
    .await?;
    for person in next {
        notices::tell(
            &mut tx,
            person,
            NoticeKind::IncidentMovedOn,
            &object(id),
            true,
        )
        .await?;
    }
    tx.commit(Entry::of(EntryKind::IncidentMovedOn, object(id)).fact("stage", found.stage + 1))
        .await?;
    Ok(())
}

fn at_stage(readers: &[queries::Reading], stage: i64) -> impl Iterator<Item = &queries::Reading> {
    readers
        .iter()
        .filter(move |reading| reading.why == "next" && reading.stage == stage)
}
