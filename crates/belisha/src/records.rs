//! Sealed records: each has a key of its own. Tier 2 keys are wrapped by the
//! school's key; tier 3 keys are wrapped to the persons who may read, and to the
//! recovery kit, so that the disk and the key file together open nothing.

mod aside;
mod readers;

use std::collections::HashMap;

use belisha_rules::ids::PersonId;
use belisha_vault::{
    DataKey, FileIdentity, Kit, KitRecipient, OpenRefused, PersonPrivate, PersonPublic, Place,
    Reader, Record, SchoolKeys,
};

use crate::clock::ForVault;
use crate::db::{Connection, sql};
use crate::entries::Object;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::school_keys::rewrapping::{Batch, Turn};
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(crate) use aside::rewrap_aside;
pub use aside::{open_aside, seal_aside};
pub use readers::{forget_reader, give, public_key, recovery_recipient, take};

/// Who can open a record's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tier {
    /// Whoever the rules admit; the school's key opens it.
    School,
    /// These persons and nobody else, whatever rules or servers say.
    Persons(Vec<PersonId>),
}

/// A record whose key is open: its fields can be sealed and read.
pub struct OpenRecord {
    key: DataKey,
    /// The keys before it, newest first, where readers were removed.
    earlier: Vec<DataKey>,
    school: String,
    kind: String,
    id: String,
}

impl OpenRecord {
    /// Opens one field to text.
    pub fn read(&self, field: &str, revision: u64, sealed: &[u8]) -> Result<String, Fault> {
        let opened = self
            .key_of(sealed)
            .open(&self.place(field, revision), sealed)
            .map_err(|refused| self.refused(field, refused))?;
        String::from_utf8(opened.to_vec()).map_err(|error| {
            Fault::at(
                format!("reading {field} of {}:{}", self.kind, self.id),
                error,
            )
        })
    }

    /// Seals one field.
    pub fn seal(&self, school: &School, field: &str, revision: u64, text: &str) -> Vec<u8> {
        self.key.seal(
            &self.place(field, revision),
            text.as_bytes(),
            &mut ForVault(&*school.chance),
        )
    }

    /// What opens the file that is kept as this field. It follows from the record's key and
    /// is stored nowhere.
    pub fn file_identity(&self, field: &str) -> FileIdentity {
        self.key.file_identity(&self.place(field, 0))
    }

    /// The same for a file that is kept already: by the key under which what stands `beside`
    /// it was sealed, since the record may have a newer one by now.
    pub fn kept_file_identity(&self, field: &str, beside: &[u8]) -> FileIdentity {
        self.key_of(beside).file_identity(&self.place(field, 0))
    }

    /// Wraps the record's key for whoever has a code, who is no person of the register.
    pub fn wrap_for_code(&self, school: &School, reader: &str, public: &PersonPublic) -> Vec<u8> {
        self.key.wrap_for(
            &Reader {
                person: reader,
                key: public,
            },
            &self.record(),
            &mut ForVault(&*school.chance),
        )
    }

    /// The key that something was sealed under; the newest where none of them was.
    fn key_of(&self, sealed: &[u8]) -> &DataKey {
        std::iter::once(&self.key)
            .chain(&self.earlier)
            .find(|key| key.has_sealed(sealed))
            .unwrap_or(&self.key)
    }

    fn place<'a>(&'a self, field: &'a str, revision: u64) -> Place<'a> {
        Place {
            record: self.record(),
            field,
            revision,
        }
    }

    fn record(&self) -> Record<'_> {
        Record {
            school: &self.school,
            kind: &self.kind,
            id: &self.id,
        }
    }

    fn refused(&self, field: &str, refused: OpenRefused) -> Fault {
        Fault::at(
            format!("opening {field} of {}:{}", self.kind, self.id),
            refused,
        )
    }
}

/// Makes the key of a new record. Persons without a key of their own yet are left
/// out and returned: a reader adds them when they have one, and assurance shows the gap.
pub async fn create(
    tx: &mut Tx,
    object: &Object,
    tier: &Tier,
) -> Result<(OpenRecord, Vec<PersonId>), Problem> {
    let record = draw(tx.school(), object);
    let without_key = put(tx, object, &record, tier).await?;
    Ok((record, without_key))
}

/// Draws the key of a record that [`put`] will make: what is sealed under it before then is
/// lost with it.
pub fn draw(school: &School, object: &Object) -> OpenRecord {
    open_record(school, object, DataKey::new(&mut ForVault(&*school.chance)))
}

/// Keeps a key that was drawn, wrapped as the tier says; the persons who have no key to
/// wrap it to.
pub async fn put(
    tx: &mut Tx,
    object: &Object,
    record: &OpenRecord,
    tier: &Tier,
) -> Result<Vec<PersonId>, Problem> {
    let school = tx.school().clone();
    let kit = recovery_recipient(tx).await?;
    let for_recovery = kit.as_ref().map(|kit| {
        record
            .key
            .wrap_for_kit(kit, &record.record(), &mut ForVault(&*school.chance))
    });
    let (number, wrapped) = match tier {
        Tier::School => (
            2,
            Some(school.key_file.keys().wrap(
                &record.key,
                &record.record(),
                &mut ForVault(&*school.chance),
            )),
        ),
        Tier::Persons(_) => (3, None),
    };
    let now = tx.now();
    tx.run_one(
        sql("insert into record_key (record, tier, wrapped, wrapped_for_recovery, made_at, destroyed_at)
             values ($1, $2, $3, $4, $5, null)")
        .bind(object.as_str())
        .bind(number)
        .bind(wrapped)
        .bind(for_recovery)
        .bind(now),
    )
    .await?;
    let mut without_key = Vec::new();
    if let Tier::Persons(persons) = tier {
        for person in persons {
            if !give(tx, object, record, *person).await? {
                without_key.push(*person);
            }
        }
    }
    Ok(without_key)
}

/// Gives a sealed record a new key for all that is written from now on, wrapped to those
/// who still hold the old one. The old key is kept under the new one.
pub async fn replace_key(
    tx: &mut Tx,
    object: &Object,
    record: OpenRecord,
) -> Result<OpenRecord, Problem> {
    let school = tx.school().clone();
    let chance = &mut ForVault(&*school.chance);
    let newer = open_record(&school, object, DataKey::new(chance));
    let sealed = newer.key.seal_earlier(&record.key, &newer.record(), chance);
    let for_recovery = recovery_recipient(tx).await?.map(|kit| {
        newer
            .key
            .wrap_for_kit(&kit, &newer.record(), &mut ForVault(&*school.chance))
    });
    let now = tx.now();
    tx.run_one(
        sql(
            "insert into record_key_earlier (record, generation, sealed, replaced_at)
             select $1, count(*), $2, $3 from record_key_earlier where record = $1",
        )
        .bind(object.as_str())
        .bind(sealed)
        .bind(now),
    )
    .await?;
    tx.run_one(
        sql("update record_key set wrapped_for_recovery = $2 where record = $1 and tier = 3")
            .bind(object.as_str())
            .bind(for_recovery),
    )
    .await?;
    let rows = sql("select person from record_key_reader where record = $1 order by person")
        .bind(object.as_str())
        .all(tx)
        .await?;
    for row in rows {
        let person: PersonId = row.read("person", |text| text.parse().ok())?;
        if !give(tx, object, &newer, person).await? {
            // Without an account they could not open the old key either.
            take(tx, object, person).await?;
        }
    }
    let mut earlier = vec![record.key];
    earlier.extend(record.earlier);
    Ok(OpenRecord { earlier, ..newer })
}

/// Destroys the keys of a record, so that nothing which was sealed under them opens for
/// anybody, with whatever key. The row that stays says that there was one. Whether there was.
pub async fn destroy(tx: &mut Tx, object: &Object) -> Result<bool, Problem> {
    for statement in [
        sql("delete from record_key_reader where record = $1"),
        sql("delete from record_key_earlier where record = $1"),
    ] {
        tx.run(statement.bind(object.as_str())).await?;
    }
    let now = tx.now();
    let destroyed = tx
        .run(
            sql("update record_key
                 set wrapped = null, wrapped_for_recovery = null, destroyed_at = $2
                 where record = $1 and destroyed_at is null")
            .bind(object.as_str())
            .bind(now),
        )
        .await?;
    Ok(destroyed > 0)
}

/// Opens a sealed record with the two sheets of the recovery kit, for a person who is to
/// read it because nobody who could is left.
pub async fn open_with_kit(
    connection: &mut Connection,
    school: &School,
    kit: &Kit,
    object: &Object,
) -> Result<Option<OpenRecord>, Problem> {
    let row = sql(
        "select wrapped_for_recovery from record_key where record = $1 and destroyed_at is null",
    )
    .bind(object.as_str())
    .optional(connection)
    .await?
    .ok_or(Problem::NotFound)?;
    let Some(wrapped) = row.get::<Option<Vec<u8>>>("wrapped_for_recovery")? else {
        return Ok(None);
    };
    let (kind, id) = parts(object);
    let settings = school.settings();
    let place = Record {
        school: &settings.id,
        kind,
        id,
    };
    // Sheets of another kit open nothing, and that is a mistake and no fault.
    let Ok(key) = kit.unwrap(&place, &wrapped) else {
        return Ok(None);
    };
    with_earlier(connection, open_record(school, object, key), object)
        .await
        .map(Some)
}

/// Opens the keys that this one follows, one after the other.
async fn with_earlier(
    connection: &mut Connection,
    mut record: OpenRecord,
    object: &Object,
) -> Result<OpenRecord, Problem> {
    let rows =
        sql("select sealed from record_key_earlier where record = $1 order by generation desc")
            .bind(object.as_str())
            .all(connection)
            .await?;
    for row in rows {
        let sealed: Vec<u8> = row.get("sealed")?;
        let next = record.earlier.last().unwrap_or(&record.key);
        let key = next
            .open_earlier(&record.record(), &sealed)
            .map_err(|refused| record.refused("an earlier key", refused))?;
        record.earlier.push(key);
    }
    Ok(record)
}

/// Opens a record for a viewer whom the rules have admitted. A sealed record opens
/// only with the viewer's own key, and looks like none where there is none for them.
pub async fn open(
    connection: &mut Connection,
    viewer: &Viewer,
    object: &Object,
) -> Result<OpenRecord, Problem> {
    open_as(
        connection,
        &viewer.school,
        Some((viewer.person, viewer.key()?)),
        object,
    )
    .await
}

/// Opens every record of these kinds that the school's own key opens, in one statement. The
/// caller shows of it only what the rules admit.
pub async fn open_ordinary(
    connection: &mut Connection,
    school: &School,
    kinds: &[&str],
) -> Result<HashMap<String, OpenRecord>, Fault> {
    let settings = school.settings();
    let rows = sql("select record, wrapped from record_key
         where wrapped is not null and destroyed_at is null")
    .all(connection)
    .await?;
    let keys = school.key_file.keys();
    let mut opened = HashMap::with_capacity(rows.len());
    for row in rows {
        let name: String = row.get("record")?;
        let Some(place) = place_of(&settings.id, &name, kinds) else {
            continue;
        };
        let key = keys
            .unwrap(&row.get::<Vec<u8>>("wrapped")?, &place)
            .map_err(|refused| Fault::at(format!("opening the key of {name}"), refused))?;
        let record = open_record(school, &Object::read(&name), key);
        opened.insert(name, record);
    }
    Ok(opened)
}

/// Opens every record of these kinds that is sealed to the viewer among others.
pub async fn open_sealed(
    connection: &mut Connection,
    viewer: &Viewer,
    kinds: &[&str],
) -> Result<HashMap<String, OpenRecord>, Problem> {
    let school = &viewer.school;
    let settings = school.settings();
    let person = viewer.person.to_string();
    let private = viewer.key()?;
    let rows = sql("select record_key.record, record_key_reader.wrapped
         from record_key_reader
         join record_key on record_key.record = record_key_reader.record
         where record_key_reader.person = $1 and record_key.wrapped is null
           and record_key.destroyed_at is null")
    .bind(&person)
    .all(connection)
    .await?;
    let mut opened = HashMap::with_capacity(rows.len());
    for row in rows {
        let name: String = row.get("record")?;
        let Some(place) = place_of(&settings.id, &name, kinds) else {
            continue;
        };
        let key = private
            .unwrap(&person, &place, &row.get::<Vec<u8>>("wrapped")?)
            .map_err(|refused| Fault::at(format!("opening the key of {name}"), refused))?;
        let object = Object::read(&name);
        let record = with_earlier(connection, open_record(school, &object, key), &object).await?;
        opened.insert(name, record);
    }
    Ok(opened)
}

fn place_of<'n>(school: &'n str, name: &'n str, kinds: &[&str]) -> Option<Record<'n>> {
    let (kind, id) = name.split_once(':')?;
    kinds.contains(&kind).then_some(Record { school, kind, id })
}

/// Opens a record for the school's own duties: tier 2 only.
pub async fn open_for_duty(
    connection: &mut Connection,
    school: &School,
    object: &Object,
) -> Result<OpenRecord, Problem> {
    open_as(connection, school, None, object).await
}

/// Opens a record with the key that follows from a code; what is not sealed to persons
/// opens by the school's key.
pub async fn open_by_code(
    connection: &mut Connection,
    school: &School,
    object: &Object,
    wrapped: Option<&[u8]>,
    reader: &str,
    private: &PersonPrivate,
) -> Result<OpenRecord, Problem> {
    let Some(wrapped) = wrapped else {
        return open_for_duty(connection, school, object).await;
    };
    let (kind, id) = parts(object);
    let settings = school.settings();
    let record = Record {
        school: &settings.id,
        kind,
        id,
    };
    let key = private
        .unwrap(reader, &record, wrapped)
        .map_err(|refused| Fault::at(format!("opening the key of {}", object.as_str()), refused))?;
    Ok(open_record(school, object, key))
}

async fn open_as(
    connection: &mut Connection,
    school: &School,
    reader: Option<(PersonId, &PersonPrivate)>,
    object: &Object,
) -> Result<OpenRecord, Problem> {
    let row =
        sql("select tier, wrapped from record_key where record = $1 and destroyed_at is null")
            .bind(object.as_str())
            .optional(connection)
            .await?
            .ok_or(Problem::NotFound)?;
    let (kind, id) = parts(object);
    let settings = school.settings();
    let record = Record {
        school: &settings.id,
        kind,
        id,
    };
    let wrapped: Option<Vec<u8>> = row.get("wrapped")?;
    let key = match (wrapped, reader) {
        (Some(wrapped), _) => school.key_file.keys().unwrap(&wrapped, &record),
        (None, None) => return Err(Problem::NotFound),
        (None, Some((person, private))) => {
            let row =
                sql("select wrapped from record_key_reader where record = $1 and person = $2")
                    .bind(object.as_str())
                    .bind(person.to_string())
                    .optional(connection)
                    .await?
                    .ok_or(Problem::NotFound)?;
            private.unwrap(
                &person.to_string(),
                &record,
                &row.get::<Vec<u8>>("wrapped")?,
            )
        }
    }
    .map_err(|refused| Fault::at(format!("opening the key of {}", object.as_str()), refused))?;
    let record = open_record(school, object, key);
    if row.get::<i64>("tier")? == 3 {
        with_earlier(connection, record, object).await
    } else {
        Ok(record)
    }
}

/// Wraps the next keys of records anew, under the school's current key.
pub(crate) async fn rewrap(tx: &mut Tx, turn: &Turn<'_>) -> Result<Batch, Problem> {
    let school = tx.school().clone();
    let rows = sql("select record, wrapped from record_key
         where wrapped is not null and substr(wrapped, 3, 8) <> $1 and record > $2
         order by record limit $3")
    .bind(turn.keys.current_id().to_bytes().as_slice())
    .bind(turn.after)
    .bind(turn.limit)
    .all(tx)
    .await?;
    let mut batch = Batch::default();
    let settings = school.settings();
    for row in rows {
        let (name, wrapped): (String, Vec<u8>) = (row.get("record")?, row.get("wrapped")?);
        let (kind, id) = name.split_once(':').unwrap_or((&name, ""));
        let record = Record {
            school: &settings.id,
            kind,
            id,
        };
        let anew = turn
            .keys
            .rewrap(&wrapped, &record, &mut ForVault(&*school.chance));
        if let Some(anew) = batch.took(&name, anew) {
            tx.run_one(
                sql("update record_key set wrapped = $3 where record = $1 and wrapped = $2")
                    .bind(&name)
                    .bind(wrapped)
                    .bind(anew),
            )
            .await?;
        }
    }
    Ok(batch)
}

fn open_record(school: &School, object: &Object, key: DataKey) -> OpenRecord {
    let (kind, id) = parts(object);
    OpenRecord {
        key,
        earlier: Vec::new(),
        school: school.settings().id.clone(),
        kind: kind.to_owned(),
        id: id.to_owned(),
    }
}

fn parts(object: &Object) -> (&str, &str) {
    object
        .as_str()
        .split_once(':')
        .unwrap_or((object.as_str(), ""))
}
