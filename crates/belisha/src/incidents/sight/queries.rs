//! What is kept of emergency sights, and who may know of each.

use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::emergency_sight::Category;
use belisha_rules::ids::{IncidentId, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Connection, Row, sql};
use crate::entries::Object;
use crate::incidents::queries;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

/// One emergency sight, without the words that are sealed.
pub(super) struct Sight {
    pub(super) id: String,
    pub(super) incident: IncidentId,
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) category: Category,
    pub(super) asked_at: Timestamp,
    pub(super) until_at: Timestamp,
    pub(super) review_due_on: Date,
    pub(super) reviewed_at: Option<Timestamp>,
    pub(super) reviewer: Option<String>,
    /// Whether it was found to be right.
    pub(super) was_right: Option<bool>,
    pub(super) sealed_reason: Vec<u8>,
    pub(super) sealed_judgement: Option<Vec<u8>>,
    pub(super) facts: RecordFacts,
}

/// What the records call it.
pub(super) fn sight_object(id: &str) -> Object {
    Object::new("incident-sight", id)
}

/// A sight that the viewer may know of; to everybody else it does not exist.
pub(super) async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: &str,
) -> Result<Sight, Problem> {
    let row = sql(
        "select incident_sight.id, incident_sight.incident, incident_sight.person,
                incident_sight.category, incident_sight.asked_at, incident_sight.until_at,
                incident_sight.review_due_on, incident_sight.reviewed_at, incident_sight.finding,
                incident_sight.sealed_reason, incident_sight.sealed_judgement,
                person.name, reviewer.name as reviewer_name
         from incident_sight
         join person on person.id = incident_sight.person
         left join person as reviewer on reviewer.id = incident_sight.reviewed_by
         where incident_sight.id = $1",
    )
    .bind(id)
    .optional(connection)
    .await?
    .ok_or(Problem::NotFound)?;
    let sight = read(connection, &row).await?;
    viewer.require(Action::ReadEmergencySight, &sight.facts)?;
    Ok(sight)
}

/// Every sight that the viewer may know of, newest first.
pub(super) async fn all(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<Vec<Sight>, Problem> {
    let rows = sql("select id from incident_sight
         where person = $1 or id in (select sight from incident_sight_alert where person = $1)
         order by asked_at desc, id")
    .bind(viewer.person.to_string())
    .all(connection)
    .await?;
    let mut sights = Vec::new();
    for row in rows {
        match load(connection, viewer, &row.get::<String>("id")?).await {
            Ok(sight) => sights.push(sight),
            Err(Problem::NotFound) => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(sights)
}

async fn read(connection: &mut Connection, row: &Row) -> Result<Sight, Problem> {
    let id: String = row.get("id")?;
    let incident: IncidentId = row.read("incident", |text| text.parse().ok())?;
    let person: PersonId = row.read("person", |text| text.parse().ok())?;
    // Who may know of it is decided from the people of the case as they are now.
    let case = queries::find(connection, incident)
        .await?
        .ok_or(Problem::NotFound)?;
    let facts = RecordFacts {
        subjects: case.facts.subjects,
        close_to_subjects: case.facts.close_to_subjects,
        owners: vec![person],
        informed: alerted(connection, &id).await?,
        ..RecordFacts::of(Kind::EmergencySight)
    };
    Ok(Sight {
        incident,
        person,
        name: row.get("name")?,
        category: row.read("category", Category::from_key)?,
        asked_at: row.instant("asked_at")?,
        until_at: row.instant("until_at")?,
        review_due_on: row.date("review_due_on")?,
        reviewed_at: row.instant_optional("reviewed_at")?,
        reviewer: row.get("reviewer_name")?,
        was_right: row
            .get::<Option<String>>("finding")?
            .map(|finding| finding == "right"),
        sealed_reason: row.get("sealed_reason")?,
        sealed_judgement: row.get("sealed_judgement")?,
        facts,
        id,
    })
}

async fn alerted(connection: &mut Connection, id: &str) -> Result<Vec<PersonId>, Fault> {
    sql("select person from incident_sight_alert where sight = $1 order by person")
        .bind(id)
        .all(connection)
        .await?
        .iter()
        .map(|row| row.read("person", |text| text.parse().ok()))
        .collect()
}

/// Sights that nobody has judged in time and of which nobody was reminded today.
pub(in crate::incidents) async fn overdue(
    connection: &mut Connection,
    today: Date,
) -> Result<Vec<(String, Vec<PersonId>)>, Fault> {
    let rows = sql("select id from incident_sight
         where reviewed_at is null and review_due_on < $1
           and (reminded_on is null or reminded_on < $1)
         order by asked_at, id")
    .bind(today)
    .all(connection)
    .await?;
    let mut overdue = Vec::new();
    for row in rows {
        let id: String = row.get("id")?;
        let alerted = alerted(connection, &id).await?;
        overdue.push((id, alerted));
    }
    Ok(overdue)
}
