//! Finding what is due, once a day: the terms of cases about pupils are worked out anew,
//! since a date of birth may have come in, and those who may decide are told of what is over.
//! The program decides nothing and destroys nothing.

use std::sync::Arc;

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::retention::{self as law, Lacks, Term};
use jiff::SignedDuration;
use jiff::civil::Date;

use super::queries::{closed_at, facts, newest_decision, who_may};
use super::terms;
use crate::actor::Actor;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::incidents::queries;
use crate::incidents::words::kind_from;
use crate::jobs::{Again, Duty, Weight};
use crate::notices::{self, NoticeKind};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;

const NAME: &str = "find-due-records";

/// The duty, once a day.
pub(crate) static FIND_DUE: Duty = Duty {
    key: NAME,
    says: "Finds closed cases that have been kept as long as they are to be, and tells those who decide.",
    again: Again::Every(SignedDuration::from_hours(24)),
    weight: Weight::Heavy,
    run: |school, _| Box::pin(async move { find(&school).await }),
};

/// What all notices of due cases are about, so that one stands for many.
pub(super) fn due_object() -> Object {
    Object::new("retention", "due")
}

pub(super) async fn find(school: &Arc<School>) -> Result<(), Fault> {
    let changed = changed(school).await?;
    let today = school.today();
    let due = due(&mut school.database.read().await?, today).await?;
    if changed.is_empty() && due.is_empty() {
        return Ok(());
    }
    crate::jobs::or_next_time(write(school, changed).await)
}

async fn write(
    school: &Arc<School>,
    changed: Vec<(IncidentId, Term, Option<Date>)>,
) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let worked_out = changed.len();
    for (id, term, kept_until) in changed {
        terms::keep(&mut tx, id, term, kept_until).await?;
    }
    let today = tx.today();
    let due = due(&mut tx, today).await?;
    let told = due.len();
    for id in due {
        tell(&mut tx, id).await?;
    }
    tx.commit(
        Entry::of(EntryKind::RetentionFound, due_object())
            .fact("worked-out", worked_out)
            .fact("due", told),
    )
    .await?;
    Ok(())
}

async fn tell(tx: &mut Tx, id: IncidentId) -> Result<(), Problem> {
    let now = tx.now();
    let case = queries::find(tx, id).await?.ok_or(Problem::NotFound)?;
    for who in who_may(tx, &case, Action::DestroyCase).await? {
        notices::tell(
            tx,
            who.person,
            NoticeKind::RetentionDue,
            &due_object(),
            false,
        )
        .await?;
    }
    tx.run_one(
        sql("update retention_term set told_at = $2 where incident = $1")
            .bind(id.to_string())
            .bind(now),
    )
    .await
}

/// Cases whose time is over and of which nobody was told.
async fn due(connection: &mut Connection, today: Date) -> Result<Vec<IncidentId>, Fault> {
    sql("select retention_term.incident from retention_term
         join incident on incident.id = retention_term.incident
         where retention_term.due_on <= $1 and retention_term.told_at is null
           and not incident.is_open and incident.state <> 'merged'
           and not exists (select 1 from retention_hold
             where retention_hold.incident = retention_term.incident and ended_at is null)
         order by retention_term.incident")
    .bind(today)
    .all(connection)
    .await?
    .iter()
    .map(|row| row.read("incident", |text| text.parse().ok()))
    .collect()
}

/// The closed cases about pupils whose term is not, or no longer, as it was written down.
async fn changed(school: &Arc<School>) -> Result<Vec<(IncidentId, Term, Option<Date>)>, Fault> {
    let mut records = school.database.read().await?;
    let in_force = match school.in_force(&mut records).await {
        Ok(in_force) => in_force,
        Err(Problem::Fault(fault)) => return Err(fault),
        Err(_) => return Ok(Vec::new()),
    };
    let rows = sql("select incident.id, incident.kind, incident.opened_at,
                retention_term.incident as known, retention_term.due_on, retention_term.lacks
         from incident
         left join retention_term on retention_term.incident = incident.id
         where not incident.is_open and incident.state <> 'merged'
           and incident.kind in ('pupil-welfare', 'child-protection')
         order by incident.id")
    .all(&mut records)
    .await?;
    let mut changed = Vec::new();
    for row in rows {
        let id: IncidentId = row.read("id", |text| text.parse().ok())?;
        let kind = row.read("kind", kind_from)?;
        let opened_on = school.date_of(row.instant("opened_at")?);
        let closed = closed_at(&mut records, id).await?;
        let closed_on = closed.map_or(opened_on, |at| school.date_of(at));
        let facts = facts(&mut records, id).await?;
        let term = law::term(&in_force.policy, kind, opened_on, closed_on, &facts);
        let kept_until = newest_decision(&mut records, id, closed).await?.kept_until;
        let lacks = match term {
            Term::Until(_, _) => None,
            Term::Unknown(lacks, _) => Some(lacks),
        };
        let is_known = row.get::<Option<String>>("known")?.is_some();
        let same = is_known
            && row.date_optional("due_on")? == law::due_on(term, kept_until)
            && row
                .read_optional("lacks", |key| Some(Lacks::from_key(key)))?
                .flatten()
                == lacks;
        if !same {
            changed.push((id, term, kept_until));
        }
    }
    Ok(changed)
}
