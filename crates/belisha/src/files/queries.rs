//! Files as the records have them.

use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::files::{Arriving, ScanState};
use belisha_rules::ids::{FileId, IncidentId, PersonId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::kinds::FileKind;
use super::pictures::PictureFacts;
use crate::db::{Connection, Row, sql};
use crate::entries::Object;
use crate::incidents::queries::{Case, load, object};
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::viewer::Viewer;

/// What is sealed beside a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    /// The name it had on the device: for showing, never a path.
    pub(crate) name: String,
    /// What it shows, in the words of whoever added it.
    pub(crate) shows: String,
    /// What the journal's word on the content was salted with, and that word.
    pub(crate) salt: String,
    pub(crate) commitment: String,
    pub(crate) picture: Option<PictureFacts>,
}

/// A file that the viewer may know of.
pub(crate) struct Kept {
    pub(crate) id: FileId,
    record: String,
    pub(crate) kind: FileKind,
    pub(crate) size_bytes: u64,
    pub(crate) state: ScanState,
    pub(crate) added_at: Timestamp,
    pub(crate) added_by: String,
    pub(crate) scanned_at: Option<Timestamp>,
    pub(crate) about: About,
}

impl Kept {
    /// Whether it is sealed to persons, apart from its case.
    pub(crate) fn is_marked(&self) -> bool {
        self.record.starts_with("file:")
    }
}

/// Under whose key a file of a case stands.
pub(super) fn record_of(id: FileId, incident: IncidentId, marked: bool) -> Object {
    if marked {
        Object::new("file", id)
    } else {
        object(incident)
    }
}

/// The name of a file's content within its record.
pub(super) fn content_field(id: FileId) -> String {
    format!("file-{id}")
}

/// The name of what is sealed beside it.
pub(super) fn about_field(id: FileId) -> String {
    format!("file-{id}-about")
}

/// What must be known before another file enters this case.
pub(super) async fn arriving(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
) -> Result<Arriving, Fault> {
    let row = sql("select count(*) as files from file where belongs_to = $1")
        .bind(object(case.id).as_str())
        .one(connection)
        .await?;
    let since = viewer.now - SignedDuration::from_hours(24);
    // The sum of whole numbers is a decimal in PostgreSQL, so it is reckoned here.
    let sizes = sql("select size_bytes from file where added_by = $1 and added_at > $2")
        .bind(viewer.actor().key())
        .bind(since)
        .all(connection)
        .await?;
    let mut bytes_today: u64 = 0;
    for size in &sizes {
        bytes_today += u64::try_from(size.get::<i64>("size_bytes")?).unwrap_or(0);
    }
    Ok(Arriving {
        imagery: case.imagery(),
        shows_a_child_undressed: None,
        record_is_open: case.incident.state().is_open(),
        files_in_record: u32::try_from(row.get::<i64>("files")?).unwrap_or(u32::MAX),
        files_today: u32::try_from(sizes.len()).unwrap_or(u32::MAX),
        bytes_today,
        free_bytes: rustix::fs::statvfs(&viewer.school.data)
            .ok()
            .map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize)),
    })
}

/// The files of a case that this viewer may know of, oldest first.
pub(crate) async fn of_case(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    record: &OpenRecord,
) -> Result<Vec<Kept>, Problem> {
    let rows = sql(
        "select file.id, file.belongs_to, file.record, file.kind, file.size_bytes, file.state,
                file.added_at, file.added_by, file.scanned_at, file.sealed_about
         from file where file.belongs_to = $1
           and (file.record = $1 or exists (
                select 1 from record_key_reader
                where record_key_reader.record = file.record and record_key_reader.person = $2))
         order by file.added_at, file.id",
    )
    .bind(object(case.id).as_str())
    .bind(viewer.person.to_string())
    .all(connection)
    .await?;
    let mut kept = Vec::new();
    for row in rows {
        let marked = row.get::<String>("record")?.starts_with("file:");
        let file = if marked {
            let id: FileId = row.read("id", |text| text.parse().ok())?;
            let own = records::open(connection, viewer, &Object::new("file", id)).await?;
            read(&row, &own)?
        } else {
            read(&row, record)?
        };
        kept.push(file);
    }
    Ok(kept)
}

/// One file with its case and its open record, for a viewer who may read both.
pub(crate) async fn find(
    connection: &mut Connection,
    viewer: &Viewer,
    id: FileId,
) -> Result<(Case, Kept, OpenRecord), Problem> {
    let row = sql(
        "select id, belongs_to, record, kind, size_bytes, state, added_at, added_by, scanned_at, sealed_about
         from file where id = $1",
    )
    .bind(id.to_string())
    .optional(connection)
    .await?
    .ok_or(Problem::NotFound)?;
    let incident = row.read("belongs_to", incident_of)?;
    let case = load(connection, viewer, incident).await?;
    viewer.require(Action::ReadCase, &case.facts)?;
    let marked = row.get::<String>("record")?.starts_with("file:");
    let record = records::open(connection, viewer, &record_of(id, incident, marked)).await?;
    let kept = read(&row, &record)?;
    Ok((case, kept, record))
}

fn incident_of(object: &str) -> Option<IncidentId> {
    object.strip_prefix("incident:")?.parse().ok()
}

/// Reads a row with the record that opens it.
pub(super) fn read(row: &Row, record: &OpenRecord) -> Result<Kept, Problem> {
    let id: FileId = row.read("id", |text| text.parse().ok())?;
    let beside: Vec<u8> = row.get("sealed_about")?;
    let about = record.read(&about_field(id), 0, &beside)?;
    let about = serde_json::from_str(&about)
        .map_err(|error| Fault::at(format!("reading what is sealed beside file:{id}"), error))?;
    Ok(Kept {
        id,
        record: row.get("record")?,
        kind: row.read("kind", FileKind::from_key)?,
        size_bytes: u64::try_from(row.get::<i64>("size_bytes")?)
            .map_err(|error| Fault::at(format!("the size of file:{id}"), error))?,
        state: row.read("state", ScanState::from_key)?,
        added_at: row.instant("added_at")?,
        added_by: row.get("added_by")?,
        scanned_at: row.instant_optional("scanned_at")?,
        about,
    })
}

/// The people whom a file of this case can be sealed to: those who were told and hold a key,
/// without the viewer, who always can.
pub(super) fn possible_readers(viewer: &Viewer, case: &Case) -> Vec<(PersonId, String)> {
    let mut people: Vec<(PersonId, String)> = Vec::new();
    for reading in &case.readers {
        let told = reading.stage <= case.stage
            && reading.until_at.is_none_or(|until| until > viewer.now)
            && reading.has_key;
        let known = people.iter().any(|(person, _)| *person == reading.person);
        if told && !known && reading.person != viewer.person {
            people.push((reading.person, reading.name.clone()));
        }
    }
    people
}

/// The name behind `person:…`.
pub(crate) async fn name_of(connection: &mut Connection, key: &str) -> Result<String, Fault> {
    let row = sql("select name from person where 'person:' || id = $1")
        .bind(key)
        .optional(connection)
        .await?;
    row.map_or_else(|| Ok("Belisha".to_owned()), |row| row.get("name"))
}
