//! Restoring a school from a backup onto a bare machine: with two sheets of the recovery
//! kit and one file, and nothing else.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use belisha_journal::{Checkpoint, Verdict, VerifierKey};
use belisha_vault::{KeyFile, Kit};

use super::{loading, parcel};
use crate::actor::Actor;
use crate::audit::walk::{Ending, check};
use crate::clock::{Chance, Clock};
use crate::db::{Database, MigrationRefused, Place};
use crate::entries::{Entry, EntryKind, Object};
use crate::mail::Mail;
use crate::school::{Opening, School};
use crate::upkeep::{Upkeep, keep};

/// What a restore is given.
pub(crate) struct Restore {
    pub(crate) file: PathBuf,
    pub(crate) kit: Kit,
    /// The folder for the school's files, in which there may be nothing yet.
    pub(crate) data: PathBuf,
    pub(crate) folder: String,
    pub(crate) key_path: PathBuf,
    pub(crate) place: Place,
    /// The journal's key as the governors keep it, and slips of theirs, where at hand.
    pub(crate) journal_key: Option<VerifierKey>,
    pub(crate) slips: Vec<String>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
}

/// What was restored, for whoever stands at the console.
pub(crate) struct Restored {
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "tests look into what was restored")
    )]
    pub(crate) school: Arc<School>,
    pub(crate) made_at: jiff::Timestamp,
    pub(crate) journal_key: String,
    pub(crate) verdict: Verdict,
}

/// Restores, or leaves the place as it was.
pub(crate) async fn restore(restore: Restore) -> anyhow::Result<Restored> {
    ensure!(
        !restore.key_path.exists(),
        "there is already a key file at {}. A restore never overwrites: move it to a safe place first.",
        restore.key_path.display()
    );
    ensure!(
        is_empty(&restore).await?,
        "there is already a school in {}. A restore never overwrites: give another folder with --data, or move this one away first.",
        restore.data.display()
    );
    let sha256 = parcel::sha256_of(&restore.file)
        .with_context(|| format!("the backup {} cannot be read", restore.file.display()))?;
    if let Some(begins) = hash_in_name(&restore.file) {
        ensure!(
            sha256.starts_with(&begins),
            "the backup’s name says that its hash begins with {begins}, and it begins with {}. \
             The file was changed or damaged: use another copy.",
            &sha256[..12]
        );
    }
    let heading = loading::heading(&restore.file, restore.kit.file_identity()).await?;
    let key: VerifierKey = heading
        .journal_key
        .parse()
        .context("the backup names no journal key")?;
    if let Some(pinned) = &restore.journal_key {
        ensure!(
            *pinned == key,
            "this backup is not of the school whose journal key was given. Anybody can encrypt a file to the \
             recovery kit, so this one may be a forgery. Use another copy."
        );
    }
    let slips = restore
        .slips
        .iter()
        .map(|slip| Checkpoint::from_slip(slip, &key))
        .collect::<Result<Vec<_>, _>>()?;

    let filled = fill(&restore, &heading, &key, &slips).await;
    if filled.is_err() {
        // Nothing stood here before, so nothing but this attempt is taken away.
        if let Place::File(file) = &restore.place {
            for ending in ["", "-wal", "-shm"] {
                let mut name = file.clone().into_os_string();
                name.push(ending);
                let _ = std::fs::remove_file(name);
            }
        }
        let _ = std::fs::remove_file(&restore.key_path);
    }
    filled
}

async fn fill(
    restore: &Restore,
    heading: &super::form::Heading,
    key: &VerifierKey,
    slips: &[Checkpoint],
) -> anyhow::Result<Restored> {
    let loaded = loading::load(&restore.file, restore.kit.file_identity(), &restore.place).await?;
    ensure!(
        loaded.put == loaded.said.counts,
        "the backup does not hold what it says it holds. Use another copy; nothing was restored."
    );
    let checked = check(
        &mut loaded.database.read().await?,
        key,
        slips,
        Ending::Note(&heading.checkpoint),
    )
    .await?;
    if !checked.is_sound() {
        bail!("{} Nothing was restored.", checked.verdict);
    }
    let escrow = BASE64_STANDARD
        .decode(&heading.key_file)
        .context("the key file in the backup is damaged")?;
    let key_file = KeyFile::bring_back(&restore.key_path, &restore.data, &restore.kit, &escrow)?;
    let school = School::open(Opening {
        folder: restore.folder.clone(),
        data: restore.data.clone(),
        backups: None,
        database: loaded.database,
        key_file,
        clock: Arc::clone(&restore.clock),
        chance: Arc::clone(&restore.chance),
        mail: Mail::None,
        scanner: None,
        address: String::new(),
    })
    .await?;
    let signer = crate::audit::signer::signer(&school)?;
    ensure!(
        signer.verifier_key() == *key,
        "the key file in this backup does not belong to its journal. Use another copy; nothing was restored."
    );
    let checkpoint = Checkpoint::open(&heading.checkpoint, key)
        .context("the checkpoint in the backup does not hold")?;
    keep(
        &school.database,
        Upkeep::CheckpointMade {
            size: i64::try_from(checkpoint.size())?,
            at: heading.made_at,
            note: &heading.checkpoint,
        },
    )
    .await?;
    mark_the_cut(&school, heading, checkpoint.size()).await?;
    Ok(Restored {
        school,
        made_at: heading.made_at,
        journal_key: key.to_string(),
        verdict: checked.verdict,
    })
}

/// The journal says where it was cut off, so that what is missing after it is explained.
async fn mark_the_cut(
    school: &Arc<School>,
    heading: &super::form::Heading,
    entries: u64,
) -> anyhow::Result<()> {
    let tx = school.write(Actor::School("restore")).await?;
    let entry = Entry::of(
        EntryKind::BackupRestored,
        Object::new("backup", &heading.id),
    )
    .fact("made-at", heading.made_at)
    .fact("entries", entries);
    tx.commit(entry).await?;
    Ok(())
}

async fn is_empty(restore: &Restore) -> anyhow::Result<bool> {
    match &restore.place {
        Place::File(file) => Ok(!file.exists()),
        Place::Postgres { .. } | Place::Shared { .. } => {
            match Database::open_at_step(&restore.place, 0).await {
                Ok((database, forward)) => {
                    database.close().await;
                    Ok(forward.from == 0)
                }
                Err(MigrationRefused::Newer { .. }) => Ok(false),
                Err(refused) => Err(refused.into()),
            }
        }
    }
}

/// `belisha-20260924T010000Z-1f2e3d4c5b6a.age`: the last part of the name.
fn hash_in_name(file: &std::path::Path) -> Option<String> {
    let stem = file.file_stem()?.to_str()?;
    let (_, begins) = stem.strip_prefix("belisha-")?.rsplit_once('-')?;
    let is_hash = begins.len() == 12 && begins.bytes().all(|b| b.is_ascii_hexdigit());
    is_hash.then(|| begins.to_owned())
}
