//! Files that the scanner did not answer for are asked about again: by a duty every minute,
//! or by whoever may read them. The duty has no key to what is sealed to persons; those
//! wait for a person to ask.

use std::sync::Arc;

use axum::response::Response;
use belisha_rules::files::{ScanState, after_scan};
use belisha_rules::ids::FileId;
use jiff::SignedDuration;

use super::keeping::{fetch, identity};
use super::queries::{self, Kept};
use super::{scanner, show};
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::incidents::queries::object;
use crate::jobs::{Again, Duty, Weight};
use crate::notices::{self, NoticeKind};
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::school::School;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::{Nothing, Sent};

const NAME: &str = "scan-files-again";

pub(super) fn url(id: FileId) -> String {
    format!("/files/{id}/scan")
}

/// The duty, once a minute.
pub(crate) static RESCAN: Duty = Duty {
    key: NAME,
    says: "Asks the scanner again about files that it did not answer for.",
    again: Again::Every(SignedDuration::from_mins(1)),
    weight: Weight::Light,
    run: |school, _| Box::pin(async move { rescan(&school).await }),
};

pub(super) async fn rescan(school: &Arc<School>) -> Result<(), Fault> {
    let rows = sql(
        "select file.id, file.belongs_to, file.record, file.size_bytes
         from file join record_key on record_key.record = file.record
         where file.state = 'quarantined' and record_key.tier = 2
         order by file.added_at, file.id limit 20",
    )
    .all(&mut school.database.read().await?)
    .await?;
    for row in rows {
        let id: FileId = row.read("id", |text| text.parse().ok())?;
        let belongs_to: Option<Object> = row
            .get::<String>("belongs_to")?
            .strip_prefix("incident:")
            .map(|incident| Object::new("incident", incident));
        let belongs_to =
            belongs_to.ok_or_else(|| Fault::said(format!("file:{id} belongs to nothing")))?;
        let size = u64::try_from(row.get::<i64>("size_bytes")?)
            .map_err(|error| Fault::at(format!("the size of file:{id}"), error))?;
        let mut records = school.database.read().await?;
        let record = match records::open_for_duty(&mut records, school, &belongs_to).await {
            Ok(record) => record,
            Err(Problem::Fault(fault)) => return Err(fault),
            Err(_) => continue,
        };
        drop(records);
        let state = ask(school, id, size, &record).await?;
        // Nothing to say while it still does not answer.
        if state == ScanState::Quarantined {
            return Ok(());
        }
        let tx = school.write(Actor::School(NAME)).await?;
        match settle(tx, id, &belongs_to, state).await {
            Ok(()) => {}
            Err(Problem::Fault(fault)) => return Err(fault),
            // Somebody has asked in this very moment.
            Err(_) => {}
        }
    }
    Ok(())
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<FileId>,
    _: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let (case, kept, record): (_, Kept, _) = queries::find(&mut records, &viewer, id).await?;
    drop(records);
    if kept.state.waits() {
        let state = ask(&viewer.school, id, kept.size_bytes, &record).await?;
        if state == ScanState::Quarantined {
            return Err(Problem::refused(
                "The scanner does not answer",
                "The file stays held back and nothing is lost. Tell the network manager that the virus scanner is down.",
            ));
        }
        let mut tx = viewer.write().await?;
        // Who may read it is asked again, in the transaction that changes it.
        queries::find(&mut tx, &viewer, id).await?;
        settle(tx, id, &object(case.id), state).await?;
    }
    Ok(crate::web::go_to(&show::url(id)))
}

/// Has the scanner look at a file that is kept.
async fn ask(
    school: &Arc<School>,
    id: FileId,
    size_bytes: u64,
    record: &OpenRecord,
) -> Result<ScanState, Fault> {
    let mut records = school.database.read().await?;
    let identity = identity(&mut records, id, record).await?;
    let mut spooled = fetch(&mut records, school, id, size_bytes, identity).await?;
    drop(records);
    let scanner = school.scanner.clone();
    tokio::task::spawn_blocking(move || {
        let mut opened = spooled
            .open()
            .map_err(|problem| Fault::at(format!("opening file:{id}"), problem))?;
        Ok(after_scan(scanner::scan(scanner.as_ref(), &mut opened)))
    })
    .await
    .map_err(|error| Fault::at(format!("scanning file:{id}"), error))?
}

/// Writes down what the scanner said, and tells whoever added a file that is locked now.
async fn settle(
    mut tx: Tx,
    id: FileId,
    belongs_to: &Object,
    state: ScanState,
) -> Result<(), Problem> {
    let now = tx.now();
    tx.run_one(
        sql("update file set state = $2, scanned_at = $3 where id = $1 and state = 'quarantined'")
            .bind(id.to_string())
            .bind(state.key())
            .bind(now),
    )
    .await?;
    if state == ScanState::Infected {
        let by: String = sql("select added_by from file where id = $1")
            .bind(id.to_string())
            .one(&mut tx)
            .await?
            .get("added_by")?;
        if let Some(person) = by
            .strip_prefix("person:")
            .and_then(|person| person.parse().ok())
        {
            notices::tell(&mut tx, person, NoticeKind::FileLocked, belongs_to, true).await?;
        }
    }
    tx.commit(
        Entry::of(EntryKind::FileScanned, belongs_to.clone())
            .fact("file", id)
            .fact("state", state.key()),
    )
    .await?;
    Ok(())
}
