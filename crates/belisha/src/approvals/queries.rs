//! Approvals and their steps in the records.

use belisha_policy::{Policy, Post, Word as _};
use belisha_rules::access::{Action, Kind as RecordKind, RecordFacts};
use belisha_rules::approvals::{self, Approval, By, Event, State, Terms};
use belisha_rules::ids::{ApprovalId, PersonId};
use jiff::Timestamp;

use super::kind::{AskedFor, Between, Kind};
use super::{object, tell};
use crate::actor::Actor;
use crate::db::{Connection, Row, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;

/// An approval as it stands.
pub(super) struct Found {
    pub(super) id: ApprovalId,
    pub(super) number: i64,
    pub(super) facts: RecordFacts,
    pub(super) approval: Approval,
    pub(super) asked_for: AskedFor,
    pub(super) reason: String,
    pub(super) asked_at: Timestamp,
    pub(super) asker: String,
    pub(super) steps: Vec<Step>,
}

/// One thing that happened to it.
pub(super) struct Step {
    pub(super) event: Event,
    pub(super) post: Option<Post>,
    pub(super) note: String,
    pub(super) at: Timestamp,
    /// Who, by name; none where the program did it by its clock.
    pub(super) by: Option<String>,
    person: Option<PersonId>,
}

impl Found {
    /// How it goes under a policy.
    pub(super) fn terms(&self, policy: &Policy) -> Terms {
        (self.asked_for.kind.terms)(policy)
    }

    pub(super) fn between(&self) -> Between {
        Between {
            starts_at: self.approval.starts_at,
            ends_at: self.approval.ends_at,
        }
    }
}

/// The approval for a viewer. What may not be known is not found.
pub(super) async fn load(
    records: &mut Connection,
    viewer: &Viewer,
    id: ApprovalId,
) -> Result<Found, Problem> {
    let found = find(records, id).await?.ok_or(Problem::NotFound)?;
    viewer.require(Action::ReadApproval, &found.facts)?;
    Ok(found)
}

pub(super) async fn find(records: &mut Connection, id: ApprovalId) -> Result<Option<Found>, Fault> {
    let Some(row) = sql(
        "select approval.id, approval.number, approval.kind, approval.state,
                approval.asked_at, approval.asked_by, approval.asked_for, approval.reason,
                approval.opens, approval.starts_at, approval.ends_at, approval.applied_by,
                approval.reviewed_at, person.name
         from approval join person on person.id = approval.asked_by
         where approval.id = $1",
    )
    .bind(id.to_string())
    .optional(records)
    .await?
    else {
        return Ok(None);
    };
    let steps: Vec<Step> = sql(
        "select approval_step.step, approval_step.post, approval_step.note,
                approval_step.done_at, approval_step.done_by, person.name
         from approval_step
         left join person on 'person:' || person.id = approval_step.done_by
         where approval_step.approval = $1
         order by approval_step.done_at, approval_step.id",
    )
    .bind(id.to_string())
    .all(records)
    .await?
    .iter()
    .map(step)
    .collect::<Result<_, _>>()?;
    Ok(Some(read(&row, steps)?))
}

fn read(row: &Row, mut steps: Vec<Step>) -> Result<Found, Fault> {
    // Steps of one act carry one instant; they stand in the order in which they can happen.
    steps.sort_by_key(|step| (step.at, step.event));
    let asked_by: PersonId = row.read("asked_by", |text| text.parse().ok())?;
    let mut facts = RecordFacts::of(RecordKind::Approval);
    facts.owners.push(asked_by);
    let agreed = steps
        .iter()
        .filter(|step| step.event == Event::Agree)
        .filter_map(|step| step.post.zip(step.person))
        .collect();
    Ok(Found {
        id: row.read("id", |text| text.parse().ok())?,
        number: row.get("number")?,
        facts,
        approval: Approval {
            state: row.read("state", State::from_key)?,
            asked_by,
            opens: row.get("opens")?,
            agreed,
            applied_by: row
                .get::<Option<String>>("applied_by")?
                .as_deref()
                .and_then(person_of),
            starts_at: row.instant_optional("starts_at")?,
            ends_at: row.instant_optional("ends_at")?,
            reviewed: row.instant_optional("reviewed_at")?.is_some(),
        },
        asked_for: asked_for(row)?,
        reason: row.get("reason")?,
        asked_at: row.instant("asked_at")?,
        asker: row.get("name")?,
        steps,
    })
}

fn asked_for(row: &Row) -> Result<AskedFor, Fault> {
    let kind = row.read("kind", Kind::from_key)?;
    row.read("asked_for", |text| (kind.read)(kind, text.to_owned()))
}

fn step(row: &Row) -> Result<Step, Fault> {
    Ok(Step {
        event: row.read("step", Event::from_key)?,
        post: row.read_optional("post", Post::from_key)?,
        note: row.get("note")?,
        at: row.instant("done_at")?,
        by: row.get("name")?,
        person: person_of(&row.get::<String>("done_by")?),
    })
}

/// The person of a `_by` column.
fn person_of(key: &str) -> Option<PersonId> {
    key.strip_prefix("person:")?.parse().ok()
}

/// A line of the list.
pub(super) struct Listed {
    pub(super) id: ApprovalId,
    pub(super) number: i64,
    pub(super) state: State,
    pub(super) asked_for: AskedFor,
    pub(super) asked_at: Timestamp,
    pub(super) asked_by: PersonId,
    pub(super) asker: String,
    pub(super) reviewed: bool,
}

/// All of them, the newest first.
pub(super) async fn all(records: &mut Connection) -> Result<Vec<Listed>, Fault> {
    sql("select approval.id, approval.number, approval.kind, approval.state, approval.asked_for, approval.asked_at,
                approval.asked_by, approval.reviewed_at, person.name
         from approval join person on person.id = approval.asked_by
         order by approval.number desc")
    .all(records)
    .await?
    .iter()
    .map(|row| {
        Ok(Listed {
            id: row.read("id", |text| text.parse().ok())?,
            number: row.get("number")?,
            state: row.read("state", State::from_key)?,
            asked_for: asked_for(row)?,
            asked_at: row.instant("asked_at")?,
            asked_by: row.read("asked_by", |text| text.parse().ok())?,
            asker: row.get("name")?,
            reviewed: row.instant_optional("reviewed_at")?.is_some(),
        })
    })
    .collect()
}

/// A request as it is written for the first time.
pub(super) struct Request<'a> {
    pub(super) id: ApprovalId,
    pub(super) asked_for: &'a AskedFor,
    pub(super) reason: &'a str,
    pub(super) opens: bool,
    pub(super) between: Between,
    /// Where it begins: a lesson comes with its risk assessed.
    pub(super) state: State,
}

/// Keeps a request, tells those who decide, and gives the entry to commit it with.
pub(super) async fn ask(
    tx: &mut Tx,
    viewer: &Viewer,
    request: &Request<'_>,
) -> Result<Entry, Problem> {
    let number = insert(tx, request).await?;
    let found = find(tx, request.id)
        .await?
        .ok_or_else(|| Fault::said("a request was not kept".into()))?;
    let kind = request.asked_for.kind;
    let terms = (kind.terms)(&viewer.policy.policy);
    tell::deciders(tx, &found, &terms).await?;
    let hash = belisha_journal::Hash::of_payload(request.asked_for.written.as_bytes());
    Ok(Entry::of(EntryKind::ApprovalAsked, object(request.id))
        .fact("kind", kind.key)
        .fact("number", number)
        .fact("opens", request.opens)
        .revision(hash.0))
}

async fn insert(tx: &mut Tx, request: &Request<'_>) -> Result<i64, Problem> {
    let number: i64 = sql("select count(*) as count from approval")
        .one(tx)
        .await?
        .get::<i64>("count")?
        + 1;
    let (now, by) = (tx.now(), tx.person()?);
    tx.run_one(
        sql("insert into approval (id, number, kind, state, asked_at, asked_by, asked_for, reason, opens,
                                   starts_at, ends_at, applied_at, applied_by, reviewed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null, null, null)")
        .bind(request.id.to_string())
        .bind(number)
        .bind(request.asked_for.kind.key)
        .bind(request.state.key())
        .bind(now)
        .bind(by.to_string())
        .bind(&request.asked_for.written)
        .bind(request.reason)
        .bind(request.opens)
        .bind(request.between.starts_at)
        .bind(request.between.ends_at),
    )
    .await?;
    Ok(number)
}

/// Takes one step: rule, then row. The approval is changed with it, so that steps may follow one
/// another in one act.
pub(super) async fn take(
    tx: &mut Tx,
    found: &mut Found,
    terms: &Terms,
    by: By<'_>,
    event: Event,
    note: &str,
) -> Result<State, Problem> {
    let now = tx.now();
    let post = match event {
        Event::Agree => approvals::agrees_as(&found.approval, terms, by).ok(),
        _ => None,
    };
    let state = approvals::after(&found.approval, terms, event, by, now)
        .map_err(|refusal| Problem::refused("This cannot be done now", refusal.sentence()))?;
    tx.run_one(
        sql("update approval set state = $2 where id = $1 and state = $3")
            .bind(found.id.to_string())
            .bind(state.key())
            .bind(found.approval.state.key()),
    )
    .await?;
    let (row, done_by) = (tx.school().new_row_id(), tx.actor().key());
    tx.run_one(
        sql(
            "insert into approval_step (id, approval, step, post, note, done_at, done_by)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(row)
        .bind(found.id.to_string())
        .bind(event.key())
        .bind(post.map(|post| post.key()))
        .bind(note)
        .bind(now)
        .bind(&done_by),
    )
    .await?;
    match event {
        Event::Apply => {
            tx.run_one(
                sql("update approval set applied_at = $2, applied_by = $3 where id = $1")
                    .bind(found.id.to_string())
                    .bind(now)
                    .bind(done_by),
            )
            .await?;
        }
        Event::Review => {
            tx.run_one(
                sql("update approval set reviewed_at = $2 where id = $1")
                    .bind(found.id.to_string())
                    .bind(now),
            )
            .await?;
        }
        _ => {}
    }
    if let (Event::Agree, Some(post), By::Person(person, _)) = (event, post, by) {
        found.approval.agreed.push((post, person));
    }
    found.approval.state = state;
    Ok(state)
}

/// Who acts, as the rules see them.
pub(super) fn by(viewer: &Viewer) -> By<'_> {
    match viewer.actor() {
        Actor::Person { person, .. } => By::Person(person, &viewer.hats),
        Actor::School(_) => By::Clock,
    }
}
