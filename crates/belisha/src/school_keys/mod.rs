//! The key file as a running school holds it. It is looked at each time and read again when it was
//! replaced, so that a rotation on the console reaches servers that go on answering.

pub(crate) mod retirement;
pub(crate) mod rewrapping;
pub(crate) mod rotation;

#[cfg(test)]
mod tests;

use std::ops::Deref;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use belisha_vault::{FileProblem, JournalSeed, KeyFile, KeyFileProblem, KitRecipient, SchoolKeys};

/// Who rotates and retires, as the journal names them.
const CONSOLE: &str = "console";

/// The school's keys, as they stand in the key file now.
pub struct KeyRing {
    path: PathBuf,
    data: PathBuf,
    held: RwLock<Held>,
}

struct Held {
    file: Arc<KeyFile>,
    seen: Option<Seen>,
}

/// What tells one key file from the one that replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    inode: u64,
    changed_s: i64,
    changed_ns: i64,
}

impl Seen {
    fn at(path: &Path) -> Option<Self> {
        let found = std::fs::metadata(path).ok()?;
        Some(Self {
            inode: found.ino(),
            changed_s: found.mtime(),
            changed_ns: found.mtime_nsec(),
        })
    }
}

impl KeyRing {
    /// Holds a key file. `data` is the folder of the records, in which it must not lie.
    pub fn new(file: KeyFile, data: PathBuf) -> Self {
        let path = file.path().to_owned();
        Self {
            data,
            held: RwLock::new(Held {
                file: Arc::new(file),
                seen: Seen::at(&path),
            }),
            path,
        }
    }

    /// Where the file lies; the drill key lies beside it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The school's keys as they are now.
    pub fn keys(&self) -> Keys {
        Keys(self.now())
    }

    /// The seed of the key that signs the journal.
    pub fn journal_seed(&self) -> Seed {
        Seed(self.now())
    }

    /// The file encrypted to the recovery kit, as backups carry it.
    pub fn escrow(&self, kit: &KitRecipient) -> Result<Vec<u8>, FileProblem> {
        self.now().escrow(kit)
    }

    /// The file as it lies there, for whoever replaces it.
    fn read(&self) -> Result<KeyFile, KeyFileProblem> {
        KeyFile::open(&self.path, &self.data)
    }

    fn now(&self) -> Arc<KeyFile> {
        let seen = Seen::at(&self.path);
        {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            // A file that is not there for a moment is no reason to forget the keys.
            if seen.is_none() || seen == held.seen {
                return Arc::clone(&held.file);
            }
        }
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        match self.read() {
            Ok(file) => {
                held.file = Arc::new(file);
                held.seen = seen;
            }
            Err(problem) => {
                tracing::error!(%problem, "the key file was replaced and cannot be used; the keys held before still are");
                held.seen = seen;
            }
        }
        Arc::clone(&held.file)
    }
}

/// The school's keys, held while they are used.
pub struct Keys(Arc<KeyFile>);

impl Deref for Keys {
    type Target = SchoolKeys;

    fn deref(&self) -> &SchoolKeys {
        self.0.keys()
    }
}

/// The journal's seed, held while it is used.
pub struct Seed(Arc<KeyFile>);

impl Deref for Seed {
    type Target = JournalSeed;

    fn deref(&self) -> &JournalSeed {
        self.0.journal_seed()
    }
}
