//! Making a backup: one look at all records while others go on writing, the journal
//! checked and signed as it stands at that moment, everything encrypted on its way.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use belisha_rules::ids::BackupId;

use super::form::{self, Ending, Heading, TableLine};
use super::parcel::Packing;
use super::{SYSTEM, drill_key};
use crate::actor::Actor;
use crate::audit::{checkpoint, signer};
use crate::db::{Database, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::jobs::Running;
use crate::problem::{Fault, Problem};
use crate::records::recovery_recipient;
use crate::school::School;

/// A backup that was made and is not proved yet.
pub(crate) struct Made {
    pub(crate) id: BackupId,
    pub(crate) path: PathBuf,
    pub(crate) sha256: String,
    pub(crate) counts: BTreeMap<String, u64>,
}

/// Makes a backup and keeps its row and its entry.
pub(crate) async fn make(
    school: &Arc<School>,
    running: &Running,
    why: &'static str,
) -> Result<Made, Problem> {
    let now = school.clock.now();
    let id: BackupId = school.new_id();
    let mut snapshot = school.database.snapshot().await?;
    let Some(kit) = recovery_recipient(snapshot.connection()).await? else {
        return Err(Fault::said("there is no recovery kit to encrypt a backup to".into()).into());
    };
    running.progress(0, 4, "Checking the journal").await?;
    let checkpoint = checkpoint::take(school, snapshot.connection())
        .await?
        .map_err(|verdict| Fault::said(verdict.to_string()))?;
    let key_file = school
        .key_file
        .escrow(&kit)
        .map_err(|problem| Fault::at("putting the key file into a backup".into(), problem))?;
    let heading = Heading {
        belisha_backup: form::VERSION,
        schema: Database::schema_step(),
        id: id.to_string(),
        made_at: now,
        school: school.settings().id.clone(),
        folder: school.folder.clone(),
        journal_key: signer::signer(school)?.verifier_key().to_string(),
        checkpoint: checkpoint.note(),
        key_file: BASE64_STANDARD.encode(key_file),
    };

    let folder = super::folder::made(school)?;
    // Under another name until it is whole, so that a copying program never takes half of one.
    let unfinished = folder.join(format!(".{id}.unfinished"));
    let recipients = vec![kit.file_recipient(), drill_key::of(school)?.recipient()];
    running
        .progress(1, 4, "Reading and encrypting the records")
        .await?;
    let mut packing = Packing::begin(&unfinished, recipients)?;
    packing.line(&json(&heading)?).await?;
    let mut counts = BTreeMap::new();
    for table in form::tables() {
        let mut count: u64 = 0;
        let lines = packing.lines().clone();
        snapshot
            .send_rows(table, &lines, |columns, cells| {
                let mut text = String::new();
                if count == 0 {
                    text = json(&TableLine {
                        table: table.to_owned(),
                        columns: columns.to_vec(),
                    })?;
                    text.push('\n');
                }
                count += 1;
                text.push_str(&form::row_line(cells)?);
                text.push('\n');
                Ok(text.into_bytes())
            })
            .await?;
        counts.insert(table.to_owned(), count);
    }
    drop(snapshot);
    let ending = Ending {
        rows: counts.values().sum(),
        counts: counts.clone(),
    };
    packing.line(&json(&ending)?).await?;
    let written = packing.finish().await?;
    let file_name = file_name(now, &written.sha256);
    let path = folder.join(&file_name);
    std::fs::rename(&unfinished, &path)
        .map_err(|error| Fault::at("naming a backup file".into(), error))?;

    let size_bytes = i64::try_from(written.size_bytes).unwrap_or(i64::MAX);
    let journal_size = i64::try_from(checkpoint.size()).unwrap_or(i64::MAX);
    let mut tx = school.write(Actor::School(SYSTEM)).await?;
    tx.run_one(
        sql(
            "insert into backup (id, made_at, file_name, size_bytes, sha256, journal_size, counts, why,
                                 verified_at, failed)
             values ($1, $2, $3, $4, $5, $6, $7, $8, null, null)",
        )
        .bind(id.to_string())
        .bind(now)
        .bind(&file_name)
        .bind(size_bytes)
        .bind(&written.sha256)
        .bind(journal_size)
        .bind(json(&counts)?)
        .bind(why),
    )
    .await?;
    tx.commit(
        Entry::of(EntryKind::BackupMade, Object::new("backup", id))
            .fact("sha256", &written.sha256)
            .fact("entries", journal_size)
            .fact("why", why),
    )
    .await?;
    Ok(Made {
        id,
        path,
        sha256: written.sha256,
        counts,
    })
}

/// `belisha-20260924T010000Z-1f2e3d4c5b6a.age`: the moment and the beginning of the hash,
/// which a restore compares; nothing about the school.
fn file_name(made_at: jiff::Timestamp, sha256: &str) -> String {
    let moment = made_at.strftime("%Y%m%dT%H%M%SZ");
    format!("belisha-{moment}-{}.age", &sha256[..12])
}

fn json(line: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(line).map_err(|error| Fault::at("writing a backup".into(), error))
}
