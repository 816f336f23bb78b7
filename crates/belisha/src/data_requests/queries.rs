//! Requests as they are read: the row, the steps, and how they stand today.

use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::data_requests::{Request, RequestKind, RequestStep};
use belisha_rules::ids::{DataRequestId, IncidentId, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Connection, Row, sql};
use crate::entries::Object;
use crate::incidents::routing::close_to;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

/// A request without what is sealed.
pub(super) struct Asked {
    pub(super) id: DataRequestId,
    pub(super) person: Option<PersonId>,
    pub(super) request: Request,
    pub(super) revision: i64,
    pub(super) recorded_at: Timestamp,
    pub(super) due_on: Option<Date>,
    pub(super) facts: RecordFacts,
    pub(super) sealed_asker: Vec<u8>,
    pub(super) sealed_about: Vec<u8>,
    pub(super) sealed_words: Vec<u8>,
    pub(super) steps: Vec<Step>,
}

/// A step that was taken.
pub(super) struct Step {
    pub(super) id: String,
    pub(super) step: RequestStep,
    pub(super) taken_on: Date,
    pub(super) by: String,
    pub(super) sealed_words: Vec<u8>,
}

/// What the records call a request.
pub(super) fn object(id: DataRequestId) -> Object {
    Object::new("data-request", id)
}

/// The request, for a viewer who may do this; to whoever it is about or close to them, and
/// to all who have nothing to do with it, it does not exist.
pub(super) async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: DataRequestId,
    action: Action,
) -> Result<Asked, Problem> {
    let row = sql("select id, kind, person, received_on, recorded_at, revision, due_on, sealed_asker, sealed_about,
                sealed_words
         from data_request where id = $1")
    .bind(id.to_string())
    .optional(connection)
    .await?
    .ok_or(Problem::NotFound)?;
    let asked = read(connection, &row).await?;
    viewer.require(action, &asked.facts)?;
    Ok(asked)
}

/// The requests of one kind, open ones first and of these the most urgent; the ended ones
/// newest first.
pub(super) async fn of_kind(
    connection: &mut Connection,
    viewer: &Viewer,
    kind: RequestKind,
) -> Result<Vec<Asked>, Problem> {
    let rows = sql("select id, kind, person, received_on, recorded_at, revision, due_on, sealed_asker, sealed_about,
                sealed_words
         from data_request where kind = $1
         order by case when ended_on is null then 0 else 1 end,
                  case when ended_on is null then coalesce(due_on, received_on) end,
                  ended_on desc, received_on desc, id
         limit 300")
    .bind(kind.key())
    .all(connection)
    .await?;
    seen(connection, viewer, rows).await
}

/// The requests that are not answered yet.
pub(super) async fn open(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<Vec<Asked>, Problem> {
    let rows = sql("select id, kind, person, received_on, recorded_at, revision, due_on, sealed_asker, sealed_about,
                sealed_words
         from data_request where ended_on is null order by due_on, received_on, id limit 300")
    .all(connection)
    .await?;
    seen(connection, viewer, rows).await
}

async fn seen(
    connection: &mut Connection,
    viewer: &Viewer,
    rows: Vec<Row>,
) -> Result<Vec<Asked>, Problem> {
    let mut seen = Vec::new();
    for row in rows {
        let asked = read(connection, &row).await?;
        if viewer
            .may(Action::ReadDataRequest, &asked.facts)
            .is_allowed()
        {
            seen.push(asked);
        }
    }
    Ok(seen)
}

async fn read(connection: &mut Connection, row: &Row) -> Result<Asked, Fault> {
    let id: DataRequestId = row.read("id", |text| text.parse().ok())?;
    let person: Option<PersonId> = row.read_optional("person", |text| text.parse().ok())?;
    let steps = steps(connection, id).await?;
    Ok(Asked {
        id,
        person,
        request: Request {
            kind: row.read("kind", RequestKind::from_key)?,
            received_on: row.date("received_on")?,
            steps: steps
                .iter()
                .map(|step| (step.step, step.taken_on))
                .collect(),
        },
        revision: row.get("revision")?,
        recorded_at: row.instant("recorded_at")?,
        due_on: row.date_optional("due_on")?,
        facts: facts(connection, person).await?,
        sealed_asker: row.get("sealed_asker")?,
        sealed_about: row.get("sealed_about")?,
        sealed_words: row.get("sealed_words")?,
        steps,
    })
}

/// What decides who may know of a request about this person.
pub(super) async fn facts(
    connection: &mut Connection,
    about: Option<PersonId>,
) -> Result<RecordFacts, Fault> {
    let subjects: Vec<PersonId> = about.into_iter().collect();
    Ok(RecordFacts {
        close_to_subjects: close_to(connection, &subjects).await?.into_iter().collect(),
        subjects,
        ..RecordFacts::of(Kind::DataRequest)
    })
}

async fn steps(connection: &mut Connection, id: DataRequestId) -> Result<Vec<Step>, Fault> {
    sql(
        "select data_request_step.id, step, taken_on, sealed_words, person.name
         from data_request_step
         left join person on 'person:' || person.id = made_by
         where request = $1 order by number",
    )
    .bind(id.to_string())
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(Step {
            id: row.get("id")?,
            step: row.read("step", RequestStep::from_key)?,
            taken_on: row.date("taken_on")?,
            by: row.get::<Option<String>>("name")?.unwrap_or_default(),
            sealed_words: row.get("sealed_words")?,
        })
    })
    .collect()
}

/// Whether somebody asks to see what is held about a person of this case: while they do,
/// nothing of it is destroyed.
pub(crate) async fn asked_about(
    connection: &mut Connection,
    incident: IncidentId,
) -> Result<bool, Fault> {
    let row = sql("with recursive merged (id) as (
             select cast($1 as text)
             union
             select incident_merge.incident from incident_merge
             join merged on incident_merge.into_incident = merged.id
             where incident_merge.undone_at is null)
         select count(*) as count from data_request
         where ended_on is null and kind <> 'freedom-of-information'
           and person in (
             select coalesce(person.merged_into, person.id) from incident_person
             join person on person.id = incident_person.person
             where incident_person.incident in (select id from merged)
               and incident_person.removed_at is null)")
    .bind(incident.to_string())
    .one(connection)
    .await?;
    Ok(row.get::<i64>("count")? > 0)
}
