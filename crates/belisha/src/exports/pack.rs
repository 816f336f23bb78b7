//! A pack as the records keep it: sealed under a key of its own, and reached only by
//! whoever may export every case that stands in it.

use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::exports::Progress;
use belisha_rules::ids::{ExportId, FileId, IncidentId, PersonId};
use belisha_rules::masking::{Known, Mask};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::words::{Column, Purpose};
use crate::db::{Connection, sql};
use crate::entries::Object;
use crate::incidents::queries;
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;

/// What is in a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pack {
    /// What it is about, in words: "Case 26-004", or a child's name.
    pub(super) about: String,
    pub(super) recipient: String,
    pub(super) organisation: String,
    pub(super) reason: String,
    pub(super) people: Vec<PackPerson>,
    pub(super) items: Vec<Item>,
    pub(super) files: Vec<PackFile>,
    /// What the recorder calls each column; those without a word are left out.
    pub(super) columns: Vec<(String, String)>,
}

/// Somebody whose name may stand in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PackPerson {
    pub(super) id: Option<PersonId>,
    pub(super) names: Vec<String>,
    pub(super) is_pupil: bool,
    /// What they are to the matter, in words.
    pub(super) part: String,
    pub(super) mask: String,
    pub(super) found: usize,
}

/// One thing in the chronology.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) case: String,
    pub(super) kind: String,
    pub(super) at_ms: i64,
    pub(super) on: Option<Date>,
    pub(super) what: String,
    pub(super) by: String,
    pub(super) text: String,
    /// As it will leave, once the names were masked and somebody read it.
    pub(super) leaves: String,
    pub(super) by_leaves: String,
    pub(super) held_back: Option<String>,
}

/// A file that goes along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PackFile {
    pub(super) id: FileId,
    pub(super) case: String,
    pub(super) incident: IncidentId,
    pub(super) shows: String,
    pub(super) shows_leaves: String,
    pub(super) kind: String,
    pub(super) ending: String,
    pub(super) size_bytes: u64,
    pub(super) goes: bool,
}

/// What was made of a pack when it was finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Finished {
    pub(super) manifest: String,
    pub(super) text: String,
    /// The PDF, in Base64.
    pub(super) paper: String,
    pub(super) passphrase: String,
    /// The public key it is encrypted to, where the recipient gave one; no passphrase then.
    #[serde(default)]
    pub(super) recipient: Option<String>,
}

/// A pack with its row, for a viewer who may have it.
pub(super) struct Loaded {
    pub(super) id: ExportId,
    pub(super) purpose: Purpose,
    pub(super) state: String,
    pub(super) revision: i64,
    pub(super) begun_at: Timestamp,
    pub(super) begun_by: String,
    pub(super) masked: bool,
    pub(super) checked: bool,
    pub(super) finished_at: Option<Timestamp>,
    pub(super) receipt_due_on: Option<Date>,
    pub(super) received_on: Option<Date>,
    pub(super) imagery: bool,
    pub(super) cases: Vec<IncidentId>,
    pub(super) pack: Pack,
    pub(super) finished: Option<Finished>,
    pub(super) receipt: Option<String>,
    pub(super) record: OpenRecord,
}

/// What the records call a pack.
pub(super) fn object(id: ExportId) -> Object {
    Object::new("export", id)
}

impl PackPerson {
    pub(super) fn mask(&self) -> Mask {
        Mask::from_key(&self.mask).unwrap_or(Mask::Another)
    }
}

impl Pack {
    /// The people as the masking looks for them.
    pub(super) fn known(&self) -> Vec<Known> {
        self.people
            .iter()
            .map(|person| Known {
                names: person.names.clone(),
                is_pupil: person.is_pupil,
                mask: person.mask(),
            })
            .collect()
    }

    /// Masks every text again from the original, and counts who was found. How many places
    /// there are at which a name may mean several people.
    pub(super) fn mask(&mut self) -> usize {
        let known = self.known();
        let mut unclear = 0;
        let mut times = vec![0; self.people.len()];
        let mut over = |text: &str| {
            let masked = belisha_rules::masking::mask(text, &known);
            unclear += masked.unclear;
            for (person, count) in masked.found {
                times[person] += count;
            }
            masked.text
        };
        for item in &mut self.items {
            item.leaves = over(&item.text);
            item.by_leaves = over(&item.by);
        }
        for file in &mut self.files {
            file.shows_leaves = over(&file.shows);
        }
        for (person, count) in self.people.iter_mut().zip(times) {
            person.found = count;
        }
        unclear
    }

    /// What a recorder calls a column; none where it is left out.
    pub(super) fn column(&self, column: Column) -> Option<&str> {
        self.columns
            .iter()
            .find(|(key, _)| key == column.key())
            .map(|(_, name)| name.as_str())
            .filter(|name| !name.trim().is_empty())
    }
}

impl Loaded {
    pub(super) fn progress(&self) -> Progress {
        Progress {
            masked: self.masked,
            checked: self.checked,
            over: self.state != "draft",
            imagery: self.imagery && self.pack.files.iter().any(|file| file.goes),
        }
    }

    pub(super) fn is_draft(&self) -> bool {
        self.state == "draft"
    }

    pub(super) fn is_finished(&self) -> bool {
        self.state == "finished"
    }
}

/// The pack, for a viewer who may export everything in it now; to others there is none.
pub(super) async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: ExportId,
) -> Result<Loaded, Problem> {
    let row = sql(
        "select purpose, about, state, revision, begun_at, begun_by, masked_at, checked_at, finished_at,
                receipt_due_on, received_on, sealed_pack, sealed_finished, sealed_receipt
         from export where id = $1",
    )
    .bind(id.to_string())
    .optional(connection)
    .await?
    .ok_or(Problem::NotFound)?;
    let mut cases = Vec::new();
    for row in sql("select incident from export_case where export = $1 order by incident")
        .bind(id.to_string())
        .all(connection)
        .await?
    {
        cases.push(row.read("incident", |text| text.parse().ok())?);
    }
    let begun_by: String = row.get("begun_by")?;
    let mut imagery = false;
    for case in &cases {
        let case = queries::load(connection, viewer, *case).await?;
        may_have(viewer, &case)?;
        imagery |= !belisha_rules::files::may_leave(case.imagery());
    }
    let about: String = row.get("about")?;
    // A pack without a case is about one person alone: theirs who made it, and no other's.
    if cases.is_empty() && begun_by != viewer.actor().key() {
        return Err(Problem::NotFound);
    }
    if let Some(person) = person_of(&about) {
        not_about_oneself(viewer, person)?;
    }
    let record = records::open(connection, viewer, &object(id)).await?;
    let read = |field: &str, revision: u64, sealed: &[u8]| record.read(field, revision, sealed);
    let revision: i64 = row.get("revision")?;
    let number = u64::try_from(revision).unwrap_or(0);
    let pack = json(
        id,
        &read("pack", number, &row.get::<Vec<u8>>("sealed_pack")?)?,
    )?;
    let finished = row
        .get::<Option<Vec<u8>>>("sealed_finished")?
        .map(|sealed| json(id, &read("finished", 0, &sealed)?))
        .transpose()?;
    let receipt = row
        .get::<Option<Vec<u8>>>("sealed_receipt")?
        .map(|sealed| read("receipt", 0, &sealed))
        .transpose()?;
    Ok(Loaded {
        id,
        purpose: row.read("purpose", Purpose::from_key)?,
        state: row.get("state")?,
        revision,
        begun_at: row.instant("begun_at")?,
        begun_by,
        masked: row.get::<Option<i64>>("masked_at")?.is_some(),
        checked: row.get::<Option<i64>>("checked_at")?.is_some(),
        finished_at: row.instant_optional("finished_at")?,
        receipt_due_on: row.date_optional("receipt_due_on")?,
        received_on: row.date_optional("received_on")?,
        imagery,
        cases,
        pack,
        finished,
        receipt,
        record,
    })
}

/// Who may have a case may know of the pack; who may only read it finds none.
pub(super) fn may_have(viewer: &Viewer, case: &queries::Case) -> Result<(), Problem> {
    if case.allows(viewer, Action::ExportCase) {
        Ok(())
    } else {
        Err(Problem::NotFound)
    }
}

/// The person whom a pack is about, where it is about one.
pub(super) fn person_of(about: &str) -> Option<PersonId> {
    about.strip_prefix("person:")?.parse().ok()
}

/// Nobody makes or holds a pack about themselves: somebody else answers what they ask for.
pub(super) fn not_about_oneself(viewer: &Viewer, person: PersonId) -> Result<(), Problem> {
    let own = viewer
        .access
        .identity()
        .is_some_and(|identity| identity.is(person));
    if own { Err(Problem::NotFound) } else { Ok(()) }
}

fn json<T: serde::de::DeserializeOwned>(id: ExportId, text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault::at(format!("reading export:{id}"), error))
}

/// The content as it is sealed.
pub(super) fn written<T: Serialize>(id: ExportId, value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::at(format!("writing export:{id}"), error))
}

/// Keeps a changed draft: masked anew, or checked.
pub(super) async fn save(tx: &mut Tx, loaded: &Loaded, checked: bool) -> Result<(), Problem> {
    let school = tx.school().clone();
    let next = loaded.revision + 1;
    let number = u64::try_from(next).unwrap_or(0);
    let text = written(loaded.id, &loaded.pack)?;
    let sealed = loaded.record.seal(&school, "pack", number, &text);
    let now = tx.now();
    tx.run_one(
        sql(
            "update export set sealed_pack = $3, revision = $4, masked_at = $5, checked_at = $6
             where id = $1 and revision = $2 and state = 'draft'",
        )
        .bind(loaded.id.to_string())
        .bind(loaded.revision)
        .bind(sealed)
        .bind(next)
        .bind(now)
        .bind(checked.then_some(now)),
    )
    .await
}
