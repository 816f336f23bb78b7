//! What cases need when nobody looks: cases whose readers have left find others, emergency
//! sights that nobody judged and actions past their day are brought to mind again.

use std::sync::Arc;

use belisha_policy::Post;
use belisha_rules::access::{self, Action};
use belisha_rules::giving as law;
use belisha_rules::ids::{IncidentId, PersonId};
use jiff::SignedDuration;

use super::queries::{self, object};
use super::{recovery, sight};
use crate::actor::Actor;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::jobs::{Again, Duty, Weight};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::school::School;

const NAME: &str = "look-after-cases";

/// The duty, once an hour.
pub(crate) static LOOK_AFTER_CASES: Duty = Duty {
    key: NAME,
    says: "Finds cases whose readers have left, and reminds of emergency sights to judge.",
    again: Again::Every(SignedDuration::from_mins(60)),
    weight: Weight::Light,
    run: |school, _| Box::pin(async move { look_after(&school).await }),
};

async fn look_after(school: &Arc<School>) -> Result<(), Fault> {
    let open = sql("select id from incident
         where is_open and kind not in ('pupil-welfare', 'child-protection')
         order by opened_at, id")
    .all(&mut school.database.read().await?)
    .await?;
    for row in open {
        let id = row.read("id", |text| text.parse().ok())?;
        done(find_readers(school, id).await)?;
    }
    let today = school.date_of(school.clock.now());
    let overdue = sight::overdue(&mut school.database.read().await?, today).await?;
    for (id, alerted) in overdue {
        done(remind_of_sight(school, &id, &alerted).await)?;
    }
    for (kind, rows) in [
        (
            NoticeKind::IncidentActionOverdue,
            overdue_actions(school, today).await?,
        ),
        (
            NoticeKind::IncidentSupportReview,
            due_reviews(school, today).await?,
        ),
    ] {
        for (row, incident, person) in rows {
            done(remind(school, kind, &row, incident, person).await)?;
        }
    }
    Ok(())
}

type Due = Vec<(String, IncidentId, PersonId)>;

/// Actions past their day in open cases, of which nobody was reminded since.
async fn overdue_actions(school: &School, today: jiff::civil::Date) -> Result<Due, Fault> {
    sql(
        "select incident_action.id, incident_action.incident, incident_action.owner as person
         from incident_action join incident on incident.id = incident_action.incident
         where done_at is null and due_on < $1 and reminded_on is null and incident.is_open
         order by incident_action.id",
    )
    .bind(today)
    .all(&mut school.database.read().await?)
    .await?
    .iter()
    .map(due)
    .collect()
}

/// Support whose newest word says that it is reviewed by now.
async fn due_reviews(school: &School, today: jiff::civil::Date) -> Result<Due, Fault> {
    sql(
        "select id, incident, responsible as person from incident_support
         where decision = 'planned' and review_on <= $1 and reminded_on is null
           and not exists (select 1 from incident_support as later
             where later.incident = incident_support.incident
               and later.person = incident_support.person
               and later.decided_at > incident_support.decided_at)
         order by id",
    )
    .bind(today)
    .all(&mut school.database.read().await?)
    .await?
    .iter()
    .map(due)
    .collect()
}

fn due(row: &crate::db::Row) -> Result<(String, IncidentId, PersonId), Fault> {
    Ok((
        row.get("id")?,
        row.read("incident", |text| text.parse().ok())?,
        row.read("person", |text| text.parse().ok())?,
    ))
}

/// Reminds whoever has something to do, once, if they may still read the case.
async fn remind(
    school: &Arc<School>,
    kind: NoticeKind,
    row: &str,
    id: IncidentId,
    person: PersonId,
) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let (now, today) = (tx.now(), tx.today());
    let found = queries::find(&mut tx, id).await?.ok_or(Problem::NotFound)?;
    let worn = hats::of(&mut tx, person, today).await?;
    let asked = access::Viewer::person(worn.identity, &worn.hats, access::AccountState::Active);
    let reads = access::may(&asked, Action::ReadCase, &found.facts, now).is_allowed();
    let statement = if kind == NoticeKind::IncidentActionOverdue {
        sql("update incident_action set reminded_on = $2 where id = $1 and reminded_on is null")
    } else {
        sql("update incident_support set reminded_on = $2 where id = $1 and reminded_on is null")
    };
    tx.run_one(statement.bind(row).bind(today)).await?;
    if reads {
        notices::tell(&mut tx, person, kind, &object(id), false).await?;
    }
    tx.commit(Entry::of(EntryKind::IncidentReminded, object(id)).fact("of", kind_word(kind)))
        .await?;
    Ok(())
}

fn kind_word(kind: NoticeKind) -> &'static str {
    if kind == NoticeKind::IncidentActionOverdue {
        "an-action"
    } else {
        "a-review"
    }
}

/// Somebody was quicker, or there is nothing to do: no fault.
fn done(result: Result<(), Problem>) -> Result<(), Fault> {
    match result {
        Err(Problem::Fault(fault)) => Err(fault),
        Ok(())
        | Err(Problem::NotFound | Problem::Refused(_) | Problem::Fields(_) | Problem::GoTo(_)) => {
            Ok(())
        }
    }
}

/// A case whose readers have left moves on to the next in line who holds its key; where
/// there is none, those to whom it could be handed over are told how to take it up.
async fn find_readers(school: &Arc<School>, id: IncidentId) -> Result<(), Problem> {
    let now = school.clock.now();
    let today = school.date_of(now);
    let mut tx = school.write(Actor::School(NAME)).await?;
    let found = queries::find(&mut tx, id).await?.ok_or(Problem::NotFound)?;
    crate::viewer::require(
        &access::Viewer::nightly_duties(),
        Action::MoveAlertOn,
        &found.facts,
        now,
    )?;
    if recovery::has_reader(&mut tx, &found, now, today).await? {
        return Err(Problem::NotFound);
    }
    let mut next = None;
    for reading in &found.readers {
        let waits = reading.why == "next" && reading.stage > found.stage && reading.has_key;
        if waits && recovery::is_here(&mut tx, reading.person, today).await? {
            next = Some(next.map_or(reading.stage, |stage: i64| stage.min(reading.stage)));
        }
    }
    if let Some(stage) = next {
        tx.run_one(
            sql("update incident set stage = $2, moves_on_at = null, revision = revision + 1 where id = $1")
                .bind(id.to_string())
                .bind(stage),
        )
        .await?;
        tx.run(
            sql("update incident_reader set from_at = $3
                 where incident = $1 and stage = $2 and why = 'next'")
            .bind(id.to_string())
            .bind(stage)
            .bind(now),
        )
        .await?;
        for reading in found
            .readers
            .iter()
            .filter(|reading| reading.stage == stage)
        {
            let kind = NoticeKind::IncidentMovedOn;
            notices::tell(&mut tx, reading.person, kind, &object(id), true).await?;
        }
        let entry = Entry::of(EntryKind::IncidentMovedOn, object(id)).fact("stage", stage);
        tx.commit(entry).await?;
        return Ok(());
    }
    let told =
        sql("select 1 as told from incident_left where incident = $1 and taken_up_at is null")
            .bind(id.to_string())
            .optional(&mut tx)
            .await?;
    if told.is_some() {
        return Err(Problem::NotFound);
    }
    tx.run(
        sql(
            "insert into incident_left (incident, found_at, taken_up_at, taken_up_by)
             values ($1, $2, null, null)
             on conflict (incident) do update
             set found_at = excluded.found_at, taken_up_at = null, taken_up_by = null",
        )
        .bind(id.to_string())
        .bind(now),
    )
    .await?;
    for person in who_could_take_it(&mut tx, &found, today).await? {
        let kind = NoticeKind::IncidentWithoutReader;
        notices::tell(&mut tx, person, kind, &object(id), true).await?;
    }
    tx.commit(Entry::of(EntryKind::IncidentReadersLeft, object(id)))
        .await?;
    Ok(())
}

async fn who_could_take_it(
    connection: &mut Connection,
    found: &queries::Case,
    today: jiff::civil::Date,
) -> Result<Vec<PersonId>, Fault> {
    let mut could = Vec::new();
    for post in [
        Post::Headteacher,
        Post::ChairOfGovernors,
        Post::ViceChairOfGovernors,
        Post::SafeguardingGovernor,
    ] {
        for (person, _) in hats::holders(connection, post, today).await? {
            let worn = hats::of(connection, person, today).await?;
            let may = law::hand_over(&worn.identity, &worn.hats, &found.facts).is_ok();
            if may && !could.contains(&person) {
                could.push(person);
            }
        }
    }
    Ok(could)
}

async fn remind_of_sight(
    school: &Arc<School>,
    id: &str,
    alerted: &[PersonId],
) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let today = tx.today();
    let object = Object::new("incident-sight", id);
    tx.run_one(
        sql("update incident_sight set reminded_on = $2 where id = $1 and reviewed_at is null")
            .bind(id)
            .bind(today),
    )
    .await?;
    for person in alerted {
        let kind = NoticeKind::IncidentSightTaken;
        notices::tell(&mut tx, *person, kind, &object, true).await?;
    }
    tx.commit(Entry::of(EntryKind::IncidentSightReminded, object))
        .await?;
    Ok(())
}
