//! One case: its row, the people in it, who was told, and what the rules need to know.

use belisha_policy::{About, Word as _};
use belisha_rules::access::{Action, Grant, Granted, Kind, RecordFacts};
use belisha_rules::calendar::Deadline;
use belisha_rules::files::Imagery;
use belisha_rules::ids::{IncidentId, PersonId, ReportId};
use belisha_rules::incidents::{
    Ending, Incident, Investigation, OfficerContact, Owed, Parents, PoliceDecision, Triage,
};
use jiff::Timestamp;

use crate::db::{Connection, Row, sql};
use crate::entries::Object;
use crate::incidents::queries::imagery;
use crate::incidents::routing::close_to;
use crate::incidents::words::{AtRisk, Part, kind_from, state_key};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;

/// A case, without the words that are sealed.
pub(crate) struct Case {
    pub(crate) id: IncidentId,
    pub(crate) reference: String,
    pub(crate) kind: Kind,
    pub(crate) about: About,
    pub(crate) revision: i64,
    pub(crate) opened_at: Timestamp,
    pub(crate) guidance: String,
    pub(crate) risk: AtRisk,
    pub(crate) category: String,
    pub(crate) acknowledge_by: Option<Timestamp>,
    pub(crate) acknowledged_at: Option<Timestamp>,
    pub(crate) acknowledged_by: Option<PersonId>,
    /// The name of whoever has it in hand, after it was given to somebody.
    pub(crate) in_hands_of: Option<String>,
    pub(crate) stage: i64,
    pub(crate) moves_on_at: Option<Timestamp>,
    pub(crate) late: bool,
    /// Whether anything on record of it, or of a case that it was merged with or is linked
    /// to, speaks of an image that could be indecent.
    speaks_of_imagery: bool,
    pub(crate) people: Vec<Involved>,
    pub(crate) readers: Vec<Reading>,
    /// What decides who may reach it.
    pub(crate) facts: RecordFacts,
    /// What decides which act fits now.
    pub(crate) incident: Incident,
}

/// A person with their own part.
#[derive(Debug, Clone)]
pub(crate) struct Involved {
    pub(crate) id: String,
    pub(crate) person: PersonId,
    pub(crate) name: String,
    /// What they are to the school, as the register spells it.
    pub(crate) standing: String,
    pub(crate) part: Part,
}

impl Involved {
    /// The part as the records spell it.
    pub(crate) fn part_key(&self) -> &'static str {
        self.part.key()
    }
}

/// Somebody who was told, or will be when the alert moves on.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    /// `first`, `copy` and `next` by the route; `shared`, `delegated`, `handed-over` and
    /// `emergency` by a grant.
    pub(crate) why: String,
    pub(crate) stage: i64,
    pub(crate) from_at: Timestamp,
    pub(crate) until_at: Option<Timestamp>,
    /// Whether a sealed case was wrapped to them; always in other cases.
    pub(crate) has_key: bool,
}

/// What the records call the case.
pub(crate) fn object(id: IncidentId) -> Object {
    Object::new("incident", id)
}

/// What the records call a report.
pub(crate) fn report_object(id: ReportId) -> Object {
    Object::new("report", id)
}

/// The case, for a viewer who may read it; to everybody else it does not exist.
pub(crate) async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
) -> Result<Case, Problem> {
    let case = find(connection, id).await?.ok_or(Problem::NotFound)?;
    viewer.require(Action::ReadCase, &case.facts)?;
    Ok(case)
}

/// The case as the records have it, whoever asks; acts ask [`load`] instead.
pub(crate) async fn find(
    connection: &mut Connection,
    id: IncidentId,
) -> Result<Option<Case>, Fault> {
    let row = sql(
        "select reference, kind, about, opened_at, guidance, revision, risk, category,
                acknowledge_by, acknowledged_at, acknowledged_by, stage, moves_on_at, late
         from incident where id = $1",
    )
    .bind(id.to_string())
    .optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let kind = row.read("kind", kind_from)?;
    let stage: i64 = row.get("stage")?;
    let acknowledged_at = row.instant_optional("acknowledged_at")?;
    let speaks_of_imagery = imagery::spoken_of(connection, id, kind).await?;
    let people = people(connection, id).await?;
    let readers = readers(connection, id, kind).await?;
    let facts = facts(connection, kind, stage, &people, &readers).await?;
    let incident = incident(
        connection,
        id,
        kind,
        facts.reporters.clone(),
        acknowledged_at.is_some(),
    )
    .await?;
    Ok(Some(Case {
        id,
        reference: row.get("reference")?,
        kind,
        about: row.read("about", About::from_key)?,
        revision: row.get("revision")?,
        opened_at: row.instant("opened_at")?,
        guidance: row.get("guidance")?,
        risk: row.read("risk", AtRisk::from_key)?,
        category: row.get("category")?,
        acknowledge_by: row.instant_optional("acknowledge_by")?,
        acknowledged_at,
        in_hands_of: in_hands_of(connection, id).await?,
        acknowledged_by: row.read_optional("acknowledged_by", |text| text.parse().ok())?,
        stage,
        moves_on_at: row.instant_optional("moves_on_at")?,
        late: row.get("late")?,
        speaks_of_imagery,
        people,
        readers,
        facts,
        incident,
    }))
}

async fn in_hands_of(connection: &mut Connection, id: IncidentId) -> Result<Option<String>, Fault> {
    sql("select person.name from incident_assignment
         join person on person.id = incident_assignment.owner
         where incident = $1 order by assigned_at desc, incident_assignment.id limit 1")
    .bind(id.to_string())
    .optional(connection)
    .await?
    .map(|row| row.get("name"))
    .transpose()
}

async fn people(connection: &mut Connection, id: IncidentId) -> Result<Vec<Involved>, Fault> {
    sql(
        "select incident_person.id, incident_person.person, incident_person.part, person.name,
                person.standing
         from incident_person join person on person.id = incident_person.person
         where incident_person.incident = $1 and incident_person.removed_at is null
         order by incident_person.added_at, incident_person.id",
    )
    .bind(id.to_string())
    .all(connection)
    .await?
    .iter()
    .map(involved)
    .collect()
}

fn involved(row: &Row) -> Result<Involved, Fault> {
    Ok(Involved {
        id: row.get("id")?,
        person: row.read("person", |text| text.parse().ok())?,
        name: row.get("name")?,
        standing: row.get("standing")?,
        part: row.read("part", Part::from_key)?,
    })
}

async fn readers(
    connection: &mut Connection,
    id: IncidentId,
    kind: Kind,
) -> Result<Vec<Reading>, Fault> {
    sql(
        "select incident_reader.person, incident_reader.why, incident_reader.stage,
                incident_reader.from_at, incident_reader.until_at, person.name,
                record_key_reader.given_at
         from incident_reader
         join person on person.id = incident_reader.person
         left join record_key_reader on record_key_reader.person = incident_reader.person
              and record_key_reader.record = $2
         where incident_reader.incident = $1
         order by incident_reader.stage, incident_reader.why, person.sort_name",
    )
    .bind(id.to_string())
    .bind(object(id).as_str())
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(Reading {
            person: row.read("person", |text| text.parse().ok())?,
            name: row.get("name")?,
            why: row.get("why")?,
            stage: row.get("stage")?,
            from_at: row.instant("from_at")?,
            until_at: row.instant_optional("until_at")?,
            has_key: !kind.is_sealed() || row.get::<Option<i64>>("given_at")?.is_some(),
        })
    })
    .collect()
}

async fn facts(
    connection: &mut Connection,
    kind: Kind,
    stage: i64,
    people: &[Involved],
    readers: &[Reading],
) -> Result<RecordFacts, Fault> {
    let with = |part: Part| {
        people
            .iter()
            .filter(move |involved| involved.part == part)
            .map(|involved| involved.person)
            .collect::<Vec<_>>()
    };
    let told = |why: &[&str]| {
        readers
            .iter()
            .filter(|reading| why.contains(&reading.why.as_str()) && reading.stage <= stage)
            .map(|reading| reading.person)
            .collect::<Vec<_>>()
    };
    let subjects = with(Part::Alleged);
    Ok(RecordFacts {
        close_to_subjects: close_to(connection, &subjects).await?.into_iter().collect(),
        subjects,
        reporters: with(Part::Reporter),
        cohort: cohort(connection, people).await?,
        in_charge: told(&["first", "next"]),
        informed: told(&["copy"]),
        grants: readers
            .iter()
            .filter_map(|reading| {
                Some(Grant {
                    to: reading.person,
                    how: granted(&reading.why)?,
                    until: reading.until_at,
                })
            })
            .collect(),
        ..RecordFacts::of(kind)
    })
}

/// What decided who might reach the case at a moment gone by, as far as the rows tell: who
/// was in it, and who had been told or given it by then.
pub(crate) async fn facts_at(
    connection: &mut Connection,
    case: &Case,
    instant: Timestamp,
) -> Result<RecordFacts, Fault> {
    let people = sql(
        "select incident_person.id, incident_person.person, incident_person.part, person.name,
                person.standing
         from incident_person join person on person.id = incident_person.person
         where incident_person.incident = $1 and incident_person.added_at <= $2
           and (incident_person.removed_at is null or incident_person.removed_at > $2)
         order by incident_person.added_at, incident_person.id",
    )
    .bind(case.id.to_string())
    .bind(instant)
    .all(connection)
    .await?
    .iter()
    .map(involved)
    .collect::<Result<Vec<_>, Fault>>()?;
    let readers: Vec<Reading> = case
        .readers
        .iter()
        .filter(|reading| reading.from_at <= instant)
        .cloned()
        .collect();
    facts(connection, case.kind, case.stage, &people, &readers).await
}

/// In what way a reader was given the case; none for those whom the route told.
pub(super) fn granted(why: &str) -> Option<Granted> {
    match why {
        "shared" => Some(Granted::Shared),
        "delegated" => Some(Granted::Delegated),
        "handed-over" => Some(Granted::HandedOver),
        "emergency" => Some(Granted::BreakGlass),
        _ => None,
    }
}

/// Those who teach or look after the pupils of the case.
async fn cohort(connection: &mut Connection, people: &[Involved]) -> Result<Vec<PersonId>, Fault> {
    let mut cohort = Vec::new();
    for involved in people {
        if involved.part == Part::Reporter {
            continue;
        }
        let rows = sql("select adult.person from class_member
             join class_member as adult on adult.class = class_member.class and adult.part <> 'pupil'
             where class_member.person = $1 and class_member.part = 'pupil'
               and class_member.until_on is null and adult.until_on is null")
        .bind(involved.person.to_string())
        .all(connection)
        .await?;
        for row in rows {
            cohort.push(row.read("person", |text| text.parse().ok())?);
        }
    }
    Ok(cohort)
}

async fn incident(
    connection: &mut Connection,
    id: IncidentId,
    kind: Kind,
    reporters: Vec<PersonId>,
    acknowledged: bool,
) -> Result<Incident, Fault> {
    let ending = sql("select ending, closed_at, reopened_at from incident_closure
         where incident = $1 order by closed_at desc, id")
    .bind(id.to_string())
    .optional(connection)
    .await?;
    let (ending, reopened_at) = match ending {
        None => (None, None),
        Some(row) => {
            let reopened_at = row.instant_optional("reopened_at")?;
            let how = row.get::<String>("ending")?;
            let ending = match (reopened_at, how.as_str()) {
                (Some(_), _) => Ending::Reopened,
                (None, "no-further-action") => Ending::NoFurtherAction,
                (None, _) => Ending::Closed,
            };
            (Some(ending), reopened_at)
        }
    };
    let row = sql(
        "select child_at_risk, police_question, imagery, investigates, triaged_at from incident_triage
         where incident = $1 and triaged_at > $2 order by triaged_at desc, id",
    )
    .bind(id.to_string())
    .bind(reopened_at.unwrap_or(Timestamp::UNIX_EPOCH))
    .optional(connection)
    .await?;
    let (triage, triaged_at, imagery, investigates) = match row {
        None => (None, None, Imagery::NotYetKnown, false),
        Some(row) => (
            Some(Triage {
                child_at_risk: row.get("child_at_risk")?,
                police_question: row.get("police_question")?,
            }),
            Some(row.instant("triaged_at")?),
            match row.get::<String>("imagery")?.as_str() {
                "yes" | "unknown" => Imagery::CouldBeIndecent,
                _ => Imagery::NotExpected,
            },
            row.get("investigates")?,
        ),
    };
    let found = sql("select count(*) as count from incident_investigation
         where incident = $1 and made_at >= $2")
    .bind(id.to_string())
    .bind(reopened_at.unwrap_or(Timestamp::UNIX_EPOCH))
    .one(connection)
    .await?
    .get::<i64>("count")?;
    let row = sql("select
            (select count(*) from incident_entry
               where incident = $1 and made_at >= $2 and kind not in ('triage', 'reopening', 'closure', 'sharing', 'people', 'investigation'))
            + (select count(*) from incident_parents where incident = $1 and made_at >= $2)
            + (select count(*) from incident_police where incident = $1 and made_at >= $2)
            + (select count(*) from incident_action
               where incident = $1 and made_at >= $2 and kind <> 'designated-officer') as responses,
            (select count(*) from incident_action
             where incident = $1 and done_at is null and kind <> 'designated-officer') as open_actions,
            (select decision from incident_parents where incident = $1
             order by made_at desc, id limit 1) as parents,
            (select decision from incident_police where incident = $1
             order by made_at desc, id limit 1) as police,
            (select log_name from incident_external_record where incident = $1) as external_log,
            (select count(*) from incident_confirmation where incident = $1) as confirmed,
            (select count(*) from incident_lesson where incident = $1) as lessons,
            (select count(*) from incident_merge where incident = $1 and undone_at is null) as merged,
            (select count(distinct incident_person.person) from incident_person
               join person on person.id = incident_person.person
               where incident_person.incident = $1 and removed_at is null
                 and part in ('harmed', 'alleged') and person.standing = 'pupils'
                 and not exists (select 1 from incident_parents
                   where incident_parents.incident = $1
                     and (incident_parents.person is null
                          or incident_parents.person = incident_person.person))) as owed_parents,
            (select count(distinct person) from incident_person
               where incident_person.incident = $1 and removed_at is null and part = 'alleged'
                 and not exists (select 1 from incident_sanction
                   where incident_sanction.incident = $1
                     and incident_sanction.person = incident_person.person)) as owed_sanctions,
            (select count(distinct person) from incident_person
               where incident_person.incident = $1 and removed_at is null
                 and part in ('harmed', 'alleged')
                 and not exists (select 1 from incident_support
                   where incident_support.incident = $1
                     and incident_support.person = incident_person.person)) as owed_support")
    .bind(id.to_string())
    .bind(triaged_at.unwrap_or(Timestamp::UNIX_EPOCH))
    .one(connection)
    .await?;
    Ok(Incident {
        acknowledged,
        triage,
        responded: row.get::<i64>("responses")? > 0,
        investigation: Investigation::of(kind, investigates, found > 0),
        open_actions: usize::try_from(row.get::<i64>("open_actions")?).unwrap_or(usize::MAX),
        parents: match row.get::<Option<String>>("parents")?.as_deref() {
            Some("informed") => Parents::Informed,
            Some("held") => Parents::Withheld,
            _ => Parents::NotYet,
        },
        police: match row.get::<Option<String>>("police")?.as_deref() {
            Some("told") => Some(PoliceDecision::Told),
            Some(_) => Some(PoliceDecision::NotTold),
            None => None,
        },
        // The reference itself is sealed; that there is one is what the rule asks.
        external_reference: row.get("external_log")?,
        confirmed_by_a_reporter: row.get::<i64>("confirmed")? > 0,
        officer: officer(connection, id).await?,
        owed: Owed {
            parents: number(&row, "owed_parents")?,
            sanctions: number(&row, "owed_sanctions")?,
            support: number(&row, "owed_support")?,
        },
        lesson: row.get::<i64>("lessons")? > 0,
        ending: if row.get::<i64>("merged")? > 0 {
            Some(Ending::Merged)
        } else {
            ending
        },
        imagery,
        reviews: crate::reviews::on_record(connection, id).await?,
        referrals_due: crate::referrals::due(connection, id).await?,
        ..Incident::reported(kind, reporters)
    })
}

fn number(row: &Row, column: &str) -> Result<usize, Fault> {
    Ok(usize::try_from(row.get::<i64>(column)?).unwrap_or(usize::MAX))
}

async fn officer(
    connection: &mut Connection,
    id: IncidentId,
) -> Result<Option<OfficerContact>, Fault> {
    sql("select due_on, done_at from incident_action
         where incident = $1 and kind = 'designated-officer'
         order by done_at is not null, made_at")
    .bind(id.to_string())
    .optional(connection)
    .await?
    .map(|row| {
        Ok(OfficerContact {
            due: Deadline::EndOf(row.date("due_on")?),
            made_at: row.instant_optional("done_at")?,
        })
    })
    .transpose()
}

/// Writes down where the case stands after an act, and that it has changed.
pub(crate) async fn settle(tx: &mut Tx, id: IncidentId) -> Result<(), Problem> {
    let case = find(tx, id).await?.ok_or(Problem::NotFound)?;
    let state = case.incident.state();
    tx.run_one(
        sql("update incident set state = $2, is_open = $3, revision = revision + 1 where id = $1")
            .bind(id.to_string())
            .bind(state_key(state))
            .bind(state.is_open()),
    )
    .await
}

impl Case {
    /// The people with one of these parts, each once, with their names.
    pub(crate) fn with_parts(&self, parts: &[Part]) -> Vec<(PersonId, String)> {
        let mut people: Vec<(PersonId, String)> = Vec::new();
        for involved in &self.people {
            let is_new = people.iter().all(|(person, _)| *person != involved.person);
            if parts.contains(&involved.part) && is_new {
                people.push((involved.person, involved.name.clone()));
            }
        }
        people
    }

    /// What the case says about imagery of a child: its classification decides whether any
    /// file may be kept in it.
    pub(crate) fn imagery(&self) -> Imagery {
        if self.speaks_of_imagery {
            Imagery::CouldBeIndecent
        } else {
            belisha_rules::guides::imagery::of(&self.incident)
        }
    }

    /// Whether the viewer may do this with it.
    pub(crate) fn allows(&self, viewer: &Viewer, action: Action) -> bool {
        viewer.may(action, &self.facts).is_allowed()
    }
}
