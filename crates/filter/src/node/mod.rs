//! A resolver at another site: it pulls what it follows from the school's server, proves who made it, swaps it
//! in at one stroke, answers on while the server is away, and sends its log when the server is back.

mod client;
mod enrolment;
mod sending;
mod snapshot;
mod testing;

pub use client::{AskFailed, Client};
pub use enrolment::{ENROL_PATH, EnrolFailed, Enrolled, STATE, enrol, read};
pub use sending::{LOG_PATH, LogReceived, PIECE};
pub use snapshot::{
    FILE_PATH, File, Manifest, ManifestRefused, SNAPSHOT_PATH, digest_of, public_key, sign,
};
pub use testing::{GroupTrial, GroupTried, TRIAL_PATH};

use std::path::{Path, PathBuf};

use crate::index::write_whole;

/// The folder in which what is followed stands, as the resolver's settings name it: a link that is put in the
/// place of the one before at one stroke.
pub const CURRENT: &str = "current";
/// The files that a node follows, under the names that the school's server gives them.
pub const INDEX: &str = "filter.index";
pub const POLICY: &str = "filter-policy.toml";
pub const REGISTER: &str = "filter-register.toml";
/// The folder into which the resolver writes.
pub const LOG: &str = "log";

/// Why a turn was not done whole. What was in use stays in use, and the log stays where it is.
#[derive(Debug, thiserror::Error)]
pub enum SyncFailed {
    #[error(transparent)]
    Ask(#[from] AskFailed),
    #[error(transparent)]
    Manifest(#[from] ManifestRefused),
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] std::io::Error),
    #[error("the server sent another file than it had promised: {0}")]
    Other(String),
    #[error("the server does not understand this program: {0}")]
    Answer(String),
}

/// What a turn came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Synced {
    /// Whether something new is in use.
    pub is_new: bool,
    /// How many bytes of the log the server has taken.
    pub sent: u64,
}

/// A node at work in its folder.
pub struct Node {
    folder: PathBuf,
    enrolled: Enrolled,
    client: Client,
    state: State,
}

/// What is known of the snapshot in use.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
struct State {
    /// What tells it from others, as the server gave it.
    etag: String,
    serial: i64,
}

const IN_USE: &str = "snapshot.json";

impl Node {
    /// Takes up work in a folder that was enrolled.
    pub fn open(folder: &Path) -> Result<Self, EnrolFailed> {
        let enrolled = read(folder)?;
        let client = Client::new(&enrolled.server, enrolled.authority.as_deref())?;
        let state = std::fs::read(folder.join(IN_USE))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Ok(Self {
            folder: folder.to_owned(),
            client: client.with_token(&enrolled.token),
            enrolled,
            state,
        })
    }

    /// Whether there is something to follow.
    pub fn has_snapshot(&self) -> bool {
        self.folder.join(CURRENT).join(INDEX).exists()
    }

    /// One turn: what is new is pulled, and what was written down is sent. The log is sent also where nothing
    /// could be pulled.
    pub async fn turn(&mut self) -> Result<Synced, SyncFailed> {
        let pulled = self.pull().await;
        let sent = sending::send(&self.client, &self.folder.join(LOG)).await?;
        Ok(Synced {
            is_new: pulled?,
            sent,
        })
    }

    /// Pulls what is new; whether anything was.
    async fn pull(&mut self) -> Result<bool, SyncFailed> {
        let known =
            Some(self.state.etag.as_str()).filter(|etag| !etag.is_empty() && self.has_snapshot());
        let Some((text, etag)) = self.client.fetch(SNAPSHOT_PATH, known).await? else {
            return Ok(false);
        };
        let manifest = Manifest::proved(&text, &self.enrolled.key, &self.enrolled.school)?;
        if manifest.serial <= self.state.serial {
            return Err(ManifestRefused::Older.into());
        }
        let name = format!("snapshot-{}", manifest.serial);
        let place = self.folder.join(&name);
        let io = |path: &Path| {
            let path = path.to_owned();
            move |why| SyncFailed::Io(path, why)
        };
        if place.exists() {
            // Of a turn that was cut off.
            std::fs::remove_dir_all(&place).map_err(io(&place))?;
        }
        std::fs::create_dir_all(&place).map_err(io(&place))?;
        for file in &manifest.files {
            self.bring(file, &place).await?;
        }
        std::fs::File::open(&place)
            .and_then(|folder| folder.sync_all())
            .map_err(io(&place))?;
        swap(&self.folder, &name).map_err(io(&place))?;
        self.state = State {
            etag: etag.unwrap_or_default(),
            serial: manifest.serial,
        };
        let state = serde_json::to_vec(&self.state).unwrap_or_default();
        let in_use = self.folder.join(IN_USE);
        write_whole(&in_use, |out| out.write_all(&state)).map_err(io(&in_use))?;
        self.sweep(&name);
        Ok(true)
    }

    /// Puts one file of a snapshot in its place: the one in use where it is the same, or else the server's.
    async fn bring(&self, file: &File, place: &Path) -> Result<(), SyncFailed> {
        let to = place.join(&file.name);
        let io = |why| SyncFailed::Io(to.clone(), why);
        let in_use = self.folder.join(CURRENT).join(&file.name);
        if digest_of(&in_use).is_ok_and(|digest| digest == file.digest) {
            return std::fs::hard_link(&in_use, &to)
                .or_else(|_| std::fs::copy(&in_use, &to).map(drop))
                .map_err(io);
        }
        let path = format!("{FILE_PATH}/{}", file.digest);
        self.client.fetch_to(&path, file.bytes, &to).await?;
        if digest_of(&to).map_err(io)? != file.digest {
            return Err(SyncFailed::Other(file.name.clone()));
        }
        Ok(())
    }

    /// Removes snapshots that nothing leads to any longer.
    fn sweep(&self, kept: &str) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("snapshot-") && name != kept && entry.path().is_dir() {
                // It takes room and does no harm.
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// Lets the link lead to another snapshot.
fn swap(folder: &Path, name: &str) -> std::io::Result<()> {
    let beside = folder.join("current.new");
    let _ = std::fs::remove_file(&beside);
    std::os::unix::fs::symlink(name, &beside)?;
    std::fs::rename(&beside, folder.join(CURRENT))?;
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests;
