//! The texts that a search looks through. Those that the school's own key opens are kept open in
//! memory while people search, since opening ten years of them takes longer than anybody waits;
//! they are forgotten when nobody has searched for a while. What is sealed to persons is opened
//! with the viewer's own key, for this one search.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use belisha_rules::ids::IncidentId;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::db::{Connection, Row, Statement, sql};
use crate::entries;
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::school::School;
use crate::viewer::Viewer;

/// So long after the last search the texts are forgotten.
const KEPT_FOR: SignedDuration = SignedDuration::from_mins(15);

/// One text of a case: what was reported, or an entry of the chronology.
pub(super) struct Text {
    pub(super) incident: IncidentId,
    pub(super) words: Zeroizing<String>,
    /// The same in small letters, as it is looked through.
    pub(super) lowered: Zeroizing<String>,
}

/// Texts by the row that they stand in.
type Texts = HashMap<String, Vec<Arc<Text>>>;

/// The opened texts of a school's cases about pupils.
#[derive(Default)]
pub(crate) struct OpenedTexts(Mutex<Option<Opened>>);

struct Opened {
    /// The number of the journal's newest entry when they were read; no act has followed it.
    entry: i64,
    used_at: Timestamp,
    texts: Arc<Texts>,
}

impl OpenedTexts {
    /// Forgets the texts if nobody has searched for a while.
    pub(crate) fn forget_unused(&self, now: Timestamp) {
        if let Ok(mut opened) = self.0.try_lock()
            && opened
                .as_ref()
                .is_some_and(|opened| now.duration_since(opened.used_at) > KEPT_FOR)
        {
            *opened = None;
        }
    }

    /// How many rows are open in memory.
    #[cfg(test)]
    pub(crate) async fn count(&self) -> usize {
        let opened = self.0.lock().await;
        opened.as_ref().map_or(0, |opened| opened.texts.len())
    }
}

/// The texts that the school's key opens, as they stand in the records now. The caller looks
/// only at those of cases that the viewer may open.
pub(super) async fn ordinary(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<Arc<Texts>, Problem> {
    let school = &viewer.school;
    let mut kept = school.opened_texts.0.lock().await;
    let read_to = kept.as_ref().map_or(-1, |opened| opened.entry);
    let (newest, has_changed) = entries::after(connection, read_to).await?;
    if let Some(opened) = kept.as_mut()
        && !has_changed
    {
        opened.entry = newest;
        opened.used_at = viewer.now;
        return Ok(Arc::clone(&opened.texts));
    }
    let before = kept.take().map(|opened| opened.texts).unwrap_or_default();
    let texts = Arc::new(brought_forward(connection, school, &before).await?);
    *kept = Some(Opened {
        entry: newest,
        used_at: viewer.now,
        texts: Arc::clone(&texts),
    });
    Ok(texts)
}

/// The texts by their rows: those that were open already, without those that are gone and with
/// those that are new. A row's text never changes.
async fn brought_forward(
    connection: &mut Connection,
    school: &Arc<School>,
    before: &Texts,
) -> Result<Texts, Problem> {
    let here = sql(
        "select 'entry-' || incident_entry.id as row from incident_entry
         join record_key on record_key.record = 'incident:' || incident_entry.incident
         where record_key.wrapped is not null
         union all
         select 'report-' || report.id from report
         join record_key on record_key.record = 'report:' || report.id
         where record_key.wrapped is not null",
    )
    .all(connection)
    .await?;
    let mut texts = Texts::with_capacity(here.len());
    let mut fresh = HashSet::new();
    for row in here {
        let name: String = row.get("row")?;
        match before.get(&name) {
            Some(open) => {
                texts.insert(name, open.clone());
            }
            None => {
                fresh.insert(name);
            }
        }
    }
    if fresh.is_empty() {
        return Ok(texts);
    }
    let keys = records::open_ordinary(connection, school, &["incident", "report"]).await?;
    let sealed = sealed(connection, every_entry(), every_report(), |name, record| {
        fresh.contains(name) && keys.contains_key(record)
    })
    .await?;
    let opened = tokio::task::spawn_blocking(move || open(&keys, sealed))
        .await
        .map_err(|error| Fault::at("opening texts".into(), error))??;
    texts.extend(opened);
    Ok(texts)
}

/// The texts that are sealed to the viewer among others.
pub(super) async fn sealed_to(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<Texts, Problem> {
    let keys = records::open_sealed(connection, viewer, &["incident", "report"]).await?;
    if keys.is_empty() {
        return Ok(Texts::new());
    }
    let of = |text| sql(text).bind(viewer.person.to_string());
    let entries = of(
        "select incident, id, sealed from incident_entry
         where 'incident:' || incident in (select record from record_key_reader where person = $1)",
    );
    let reports = of(
        "select incident, id, sealed_words, sealed_place, sealed_others from report
         where 'report:' || id in (select record from record_key_reader where person = $1)",
    );
    let sealed = sealed(connection, entries, reports, |_, record| {
        keys.contains_key(record)
    })
    .await?;
    Ok(open(&keys, sealed)?)
}

fn every_entry() -> Statement {
    sql("select incident, id, sealed from incident_entry")
}

fn every_report() -> Statement {
    sql("select incident, id, sealed_words, sealed_place, sealed_others from report")
}

/// A sealed text, and what opens it.
struct Sealed {
    row: String,
    incident: IncidentId,
    record: String,
    field: String,
    bytes: Vec<u8>,
}

async fn sealed(
    connection: &mut Connection,
    entries: Statement,
    reports: Statement,
    is_wanted: impl Fn(&str, &str) -> bool,
) -> Result<Vec<Sealed>, Fault> {
    let mut sealed = Vec::new();
    let incident =
        |row: &Row| -> Result<IncidentId, Fault> { row.read("incident", |text| text.parse().ok()) };
    for row in entries.all(connection).await? {
        let incident = incident(&row)?;
        let field = format!("entry-{}", row.get::<String>("id")?);
        let record = format!("incident:{incident}");
        if is_wanted(&field, &record) {
            sealed.push(Sealed {
                row: field.clone(),
                incident,
                record,
                field,
                bytes: row.get("sealed")?,
            });
        }
    }
    for row in reports.all(connection).await? {
        let id: String = row.get("id")?;
        let (name, record) = (format!("report-{id}"), format!("report:{id}"));
        if !is_wanted(&name, &record) {
            continue;
        }
        let incident = incident(&row)?;
        for (field, column) in [
            ("words", "sealed_words"),
            ("place", "sealed_place"),
            ("others", "sealed_others"),
        ] {
            if let Some(bytes) = row.get::<Option<Vec<u8>>>(column)? {
                sealed.push(Sealed {
                    row: name.clone(),
                    incident,
                    record: record.clone(),
                    field: field.to_owned(),
                    bytes,
                });
            }
        }
    }
    Ok(sealed)
}

fn open(keys: &HashMap<String, OpenRecord>, sealed: Vec<Sealed>) -> Result<Texts, Fault> {
    let mut texts = Texts::new();
    for one in sealed {
        let Some(record) = keys.get(&one.record) else {
            continue;
        };
        let words = Zeroizing::new(record.read(&one.field, 0, &one.bytes)?);
        texts.entry(one.row).or_default().push(Arc::new(Text {
            incident: one.incident,
            lowered: Zeroizing::new(words.to_lowercase()),
            words,
        }));
    }
    Ok(texts)
}
