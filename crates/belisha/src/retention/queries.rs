//! What the rules ask of a case whose time may be over, and who may decide on it.

use belisha_rules::access::{self, AccountState, Action};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::State;
use belisha_rules::people::Identity;
use belisha_rules::retention::{self as law, Adult, Facts, Standing, Term};
use belisha_ui::SummaryRow;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Connection, sql};
use crate::incidents::queries::{self, Case, object};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::words::date;

/// A case with all that decides about its end.
pub(super) struct Kept {
    pub(super) case: Case,
    pub(super) opened_on: Date,
    pub(super) closed_on: Date,
    pub(super) standing: Standing,
    /// That it is to be destroyed, where somebody decided so.
    pub(super) proposed: Option<Proposed>,
    pub(super) hold: Option<Held>,
}

/// A decision that waits for a second person.
pub(super) struct Proposed {
    pub(super) id: String,
    pub(super) by: PersonId,
    pub(super) name: String,
    pub(super) at: Timestamp,
    sealed_reason: Vec<u8>,
}

impl Proposed {
    pub(super) fn reason(&self, record: &OpenRecord) -> Result<String, Fault> {
        record.read(&decision_field(&self.id), 0, &self.sealed_reason)
    }
}

/// A hold that stands.
pub(super) struct Held {
    pub(super) id: String,
    pub(super) at: Timestamp,
    sealed_reason: Vec<u8>,
}

impl Held {
    pub(super) fn reason(&self, record: &OpenRecord) -> Result<String, Fault> {
        record.read(&hold_field(&self.id), 0, &self.sealed_reason)
    }
}

/// Under which name the reason of a decision is sealed.
pub(super) fn decision_field(id: &str) -> String {
    format!("retention-decision-{id}")
}

/// Under which name the reason of a hold is sealed.
pub(super) fn hold_field(id: &str) -> String {
    format!("retention-hold-{id}")
}

/// The case, for a viewer who may do this; to whoever may not know of it, it does not exist.
pub(super) async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
    action: Action,
) -> Result<Kept, Problem> {
    let case = queries::load(connection, viewer, id).await?;
    viewer.require(action, &case.facts)?;
    kept(connection, viewer, case).await
}

/// All that decides about the end of a case that the viewer may read.
pub(super) async fn kept(
    connection: &mut Connection,
    viewer: &Viewer,
    case: Case,
) -> Result<Kept, Problem> {
    let mut facts = facts(connection, case.id).await?;
    if case.kind.is_sealed() && !case.incident.state().is_open() {
        let record = records::open(connection, viewer, &object(case.id)).await?;
        facts.outcome = crate::reviews::outcome(connection, &record, case.id).await?;
    }
    let school = &viewer.school;
    let opened_on = school.date_of(case.opened_at);
    let closed_at = closed_at(connection, case.id).await?;
    let closed_on = closed_at.map_or(opened_on, |at| school.date_of(at));
    let policy = &viewer.policy.policy;
    let newest = newest_decision(connection, case.id, closed_at).await?;
    let hold = hold(connection, case.id).await?;
    let proposed = newest.proposed;
    let decided_by = match &proposed {
        None => None,
        Some(proposed) => Some(hats::identity(connection, proposed.by).await?),
    };
    let asked_for = crate::data_requests::asked_about(connection, case.id).await?;
    Ok(Kept {
        standing: Standing {
            is_open: case.incident.state().is_open(),
            is_merged: case.incident.state() == State::Merged,
            term: law::term(policy, case.kind, opened_on, closed_on, &facts),
            kept_until: newest.kept_until,
            held: hold.is_some(),
            asked_for,
            decided_by,
        },
        opened_on,
        closed_on,
        proposed,
        hold,
        case,
    })
}

/// The children and adults of a case and of those merged into it, and what was reviewed.
/// The outcome of an allegation is sealed, and stays empty here.
pub(super) async fn facts(connection: &mut Connection, id: IncidentId) -> Result<Facts, Fault> {
    let rows = sql("with recursive merged (id) as (
             select cast($1 as text)
             union
             select incident_merge.incident from incident_merge
             join merged on incident_merge.into_incident = merged.id
             where incident_merge.undone_at is null)
         select incident_person.part, person.standing,
                coalesce(person.born_on, kept.born_on) as born_on,
                coalesce(person.ends_on, kept.ends_on) as ends_on
         from incident_person
         join person on person.id = incident_person.person
         left join person as kept on kept.id = person.merged_into
         where incident_person.incident in (select id from merged)
           and incident_person.removed_at is null
           and incident_person.part in ('harmed', 'alleged')")
    .bind(id.to_string())
    .all(connection)
    .await?;
    let mut facts = Facts::default();
    for row in rows {
        let is_pupil = row.get::<String>("standing")? == "pupils";
        if is_pupil {
            facts.children.push(row.date_optional("born_on")?);
        } else if row.get::<String>("part")? == "alleged" {
            facts.adults.push(Adult {
                born_on: row.date_optional("born_on")?,
                last_day: row.date_optional("ends_on")?,
            });
        }
    }
    let row = sql("with recursive merged (id) as (
             select cast($1 as text)
             union
             select incident_merge.incident from incident_merge
             join merged on incident_merge.into_incident = merged.id
             where incident_merge.undone_at is null)
         select count(*) as count from review
         where incident in (select id from merged) and withdrawn_at is null
           and guide in ('nude-image', 'indecent-image', 'grooming')")
    .bind(id.to_string())
    .one(connection)
    .await?;
    facts.abuse = row.get::<i64>("count")? > 0;
    Ok(facts)
}

/// When the case was closed for the last time, if it stands closed.
pub(super) async fn closed_at(
    connection: &mut Connection,
    id: IncidentId,
) -> Result<Option<Timestamp>, Fault> {
    sql("select max(closed_at) as closed_at from incident_closure
         where incident = $1 and reopened_at is null")
    .bind(id.to_string())
    .one(connection)
    .await?
    .instant_optional("closed_at")
}

/// What was decided last since the case was closed.
#[derive(Default)]
pub(super) struct Newest {
    pub(super) kept_until: Option<Date>,
    pub(super) proposed: Option<Proposed>,
}

pub(super) async fn newest_decision(
    connection: &mut Connection,
    id: IncidentId,
    closed_at: Option<Timestamp>,
) -> Result<Newest, Fault> {
    let row = sql(
        "select retention_decision.id, decision, keep_until, decided_at, decided_by, sealed_reason,
                person.name
         from retention_decision
         left join person on 'person:' || person.id = decided_by
         where incident = $1 and decided_at >= $2
         order by decided_at desc, retention_decision.id desc limit 1",
    )
    .bind(id.to_string())
    .bind(closed_at.unwrap_or(Timestamp::UNIX_EPOCH))
    .optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(Newest::default());
    };
    if row.get::<String>("decision")? == "keep" {
        return Ok(Newest {
            kept_until: row.date_optional("keep_until")?,
            proposed: None,
        });
    }
    Ok(Newest {
        kept_until: None,
        proposed: Some(Proposed {
            id: row.get("id")?,
            by: row.read("decided_by", |text| {
                text.strip_prefix("person:")?.parse().ok()
            })?,
            name: row.get::<Option<String>>("name")?.unwrap_or_default(),
            at: row.instant("decided_at")?,
            sealed_reason: row.get("sealed_reason")?,
        }),
    })
}

pub(super) async fn hold(
    connection: &mut Connection,
    id: IncidentId,
) -> Result<Option<Held>, Fault> {
    sql("select id, placed_at, sealed_reason from retention_hold
         where incident = $1 and ended_at is null order by placed_at, id limit 1")
    .bind(id.to_string())
    .optional(connection)
    .await?
    .map(|row| {
        Ok(Held {
            id: row.get("id")?,
            at: row.instant("placed_at")?,
            sealed_reason: row.get("sealed_reason")?,
        })
    })
    .transpose()
}

/// Those with an account who may do this with the case today.
pub(super) async fn who_may(
    tx: &mut Tx,
    case: &Case,
    action: Action,
) -> Result<Vec<Identity>, Fault> {
    let (now, today) = (tx.now(), tx.today());
    let rows = sql("select distinct account.person from account
         join person on person.id = account.person
         where account.state <> 'disabled' and person.merged_into is null
           and (person.ends_on is null or person.ends_on >= $2)
           and (account.person in (select person from incident_reader where incident = $1)
             or account.person in (select person from post_holding
                where from_on <= $2 and (until_on is null or until_on >= $2)))
         order by account.person")
    .bind(case.id.to_string())
    .bind(today)
    .all(tx)
    .await?;
    let mut may = Vec::new();
    for row in rows {
        let person: PersonId = row.read("person", |text| text.parse().ok())?;
        let worn = hats::of(tx, person, today).await?;
        let asked = access::Viewer::person(worn.identity.clone(), &worn.hats, AccountState::Active);
        if access::may(&asked, action, &case.facts, now).is_allowed() {
            may.push(worn.identity);
        }
    }
    Ok(may)
}

/// What the page of a case says of its end.
pub(crate) async fn on_case(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
) -> Result<Vec<SummaryRow>, Problem> {
    let mut said = Vec::new();
    if let Some(hold) = hold(connection, case.id).await? {
        let record = records::open(connection, viewer, &object(case.id)).await?;
        let since = date(viewer.school.date_of(hold.at));
        said.push(SummaryRow::new(
            "Held from being destroyed",
            format!("since {since}: {}", hold.reason(&record)?),
        ));
    }
    if case.incident.state().is_open() {
        return Ok(said);
    }
    let row = sql("select due_on, lacks from retention_term where incident = $1")
        .bind(case.id.to_string())
        .optional(connection)
        .await?;
    if let Some(due) = row.map(|row| row.date_optional("due_on")).transpose()? {
        let words = match due {
            Some(due) => date(due),
            None => "not known yet".to_owned(),
        };
        said.push(SummaryRow::new("Kept until", words));
    }
    Ok(said)
}

/// The rule under which a term runs.
pub(super) fn rule_of(term: Term) -> law::Rule {
    match term {
        Term::Until(_, rule) | Term::Unknown(_, rule) => rule,
    }
}
