//! The key file: the one file that must be neither in the data directory nor, as it stands,
//! in a backup; backups carry it encrypted to the recovery kit.
//! Text, so that a person can see what it is; every key stands beside its name, so that a
//! damaged line is found out.
//!
//! ```text
//! belisha key file, version 1
//! # lines that begin with # are for people
//! school-key current 8c1f0a2b3c4d5e6f BASE64
//! school-key old 0123456789abcdef BASE64
//! journal-seed 1122334455667788 BASE64
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zeroize::{Zeroize, Zeroizing};

use crate::chance::Chance;
use crate::files::{self, FileProblem};
use crate::kit::{Kit, KitRecipient};
use crate::school::{JournalSeed, SchoolKeys};
use crate::secret::{KeyId, Secret};

const FIRST_LINE: &str = "belisha key file, version 1";
const FOR_PEOPLE: &str = "\
# Whoever reads this file and the database can read the school's records.
# Keep it out of the data directory and out of the backups, readable by its owner alone.
# If it is lost, two sheets of the recovery kit bring it back from any backup.
";
const LONGEST: usize = 64 * 1024;

/// The school's keys and the journal's seed, with the file that holds them.
#[derive(Debug)]
pub struct KeyFile {
    path: PathBuf,
    keys: SchoolKeys,
    journal: JournalSeed,
}

/// Why a key file was not made or not used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileProblem {
    #[error("There is already a file at {}. A key file is never overwritten, because what its keys sealed would be lost: name another path, or move the old file to a safe place.", .0.display())]
    Exists(PathBuf),
    #[error("There is no key file at {}. Bring it back from a backup with the recovery kit, or correct the path in the settings.", .0.display())]
    Missing(PathBuf),
    #[error("{} is not a file. Correct the path of the key file in the settings.", .0.display())]
    NotAFile(PathBuf),
    #[error("The key file {} lies inside the data directory {}, so that a thief of one has both. Move it elsewhere, such as /etc/belisha/key, and correct the path in the settings.", .path.display(), .data.display())]
    InsideData { path: PathBuf, data: PathBuf },
    #[error("Others than the owner can use the key file {} (its mode is {mode:04o}). Run: chmod 600 {}", .path.display(), .path.display())]
    OpenToOthers { path: PathBuf, mode: u32 },
    #[error("The key file {} belongs to user {owner}, and Belisha runs as user {user}. Run Belisha as user {owner}, or: chown {user} {}", .path.display(), .path.display())]
    OtherOwner {
        path: PathBuf,
        owner: u32,
        user: u32,
    },
    #[error("The key file {} is damaged in line {line}: {what}. Move it aside, and bring it back from a backup with the recovery kit.", .path.display())]
    Damaged {
        path: PathBuf,
        line: usize,
        what: &'static str,
    },
    #[error("The key file {} has no {what}: its end is missing. If it was never used, delete it and set up again; otherwise move it aside, and bring it back from a backup with the recovery kit.", .path.display())]
    Incomplete { path: PathBuf, what: &'static str },
    #[error("The key file {} could not be read or written. Check that its directory exists and that there is space.", .path.display())]
    Disk {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// Why an old key was not taken out of the key file.
#[derive(Debug, thiserror::Error)]
pub enum RetireRefused {
    #[error("Key {0} is the current one. Make a new key first, and wrap everything anew.")]
    Current(KeyId),
    #[error("The key file holds no key {0}. Nothing was changed.")]
    Unknown(KeyId),
    #[error(transparent)]
    Problem(#[from] KeyFileProblem),
}

/// Why a key file was not brought back from a backup.
#[derive(Debug, thiserror::Error)]
pub enum BringBackRefused {
    #[error(transparent)]
    Escrow(#[from] FileProblem),
    #[error(transparent)]
    KeyFile(#[from] KeyFileProblem),
}

impl KeyFile {
    /// Makes a new key file, readable by its owner alone. It must lie outside of `data`,
    /// the data directory, and nothing may be there yet.
    pub fn create(
        path: &Path,
        data: &Path,
        chance: &mut dyn Chance,
    ) -> Result<Self, KeyFileProblem> {
        let file = Self {
            path: path.to_owned(),
            keys: SchoolKeys {
                keys: vec![Secret::draw(chance)],
            },
            journal: JournalSeed(Secret::draw(chance)),
        };
        file.place(data)?;
        Ok(file)
    }

    /// Reads a key file, and refuses one that anybody but its owner could have read, that
    /// belongs to somebody else, that lies in the data directory, or that is not whole.
    pub fn open(path: &Path, data: &Path) -> Result<Self, KeyFileProblem> {
        let file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => KeyFileProblem::Missing(path.to_owned()),
            _ => disk(path, error),
        })?;
        // Asked of the open file, so that it cannot be exchanged in between.
        let found = file.metadata().map_err(|error| disk(path, error))?;
        if !found.is_file() {
            return Err(KeyFileProblem::NotAFile(path.to_owned()));
        }
        refuse_inside(path, data)?;
        refuse_shared(
            path,
            found.mode(),
            found.uid(),
            rustix::process::geteuid().as_raw(),
        )?;
        let mut text = Zeroizing::new(String::new());
        file.take(LONGEST as u64)
            .read_to_string(&mut text)
            .map_err(|error| disk(path, error))?;
        read(path, &text)
    }

    /// Where the file lies; the drill key lies beside it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn keys(&self) -> &SchoolKeys {
        &self.keys
    }

    pub fn journal_seed(&self) -> &JournalSeed {
        &self.journal
    }

    /// Adds a new current key; the others stay, as old ones. The file is replaced in one
    /// step, so that a power cut leaves either the one or the other.
    pub fn rotate(mut self, chance: &mut dyn Chance) -> Result<Self, KeyFileProblem> {
        self.keys.keys.insert(0, Secret::draw(chance));
        self.replace()?;
        Ok(self)
    }

    /// Takes an old key out, once nothing is wrapped under it and the backups that need it
    /// have aged out.
    pub fn retire(mut self, id: KeyId) -> Result<Self, RetireRefused> {
        if id == self.keys.current_id() {
            return Err(RetireRefused::Current(id));
        }
        let before = self.keys.keys.len();
        self.keys.keys.retain(|key| key.id() != id);
        if self.keys.keys.len() == before {
            return Err(RetireRefused::Unknown(id));
        }
        self.replace()?;
        Ok(self)
    }

    /// The file encrypted to the recovery kit, in the age format: the only form in which it
    /// may lie in the data directory and in backups. To be made anew after each rotation.
    pub fn escrow(&self, kit: &KitRecipient) -> Result<Vec<u8>, FileProblem> {
        let mut escrow = Vec::new();
        let recipients = [kit.file_recipient()];
        files::encrypt(&mut self.write().as_bytes(), &mut escrow, &recipients)?;
        Ok(escrow)
    }

    /// Brings a lost key file back from its escrow and writes it to `path`, as
    /// [`KeyFile::create`] would. Anyone can encrypt to the kit, so a forged escrow shows only
    /// when these keys do not open the school's records: check one before relying on them.
    pub fn bring_back(
        path: &Path,
        data: &Path,
        kit: &Kit,
        escrow: &[u8],
    ) -> Result<Self, BringBackRefused> {
        let mut text = Zeroizing::new(Vec::with_capacity(LONGEST));
        files::decrypt(&mut &*escrow, &mut *text, &kit.file_identity())?;
        let text = std::str::from_utf8(&text).map_err(|_| FileProblem::Damaged)?;
        let file = read(path, text)?;
        file.place(data)?;
        Ok(file)
    }

    /// Writes the file where there is none yet.
    fn place(&self, data: &Path) -> Result<(), KeyFileProblem> {
        refuse_inside(&self.path, data)?;
        write_new(&self.path, &self.write()).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyFileProblem::Exists(self.path.clone()),
            _ => disk(&self.path, error),
        })
    }

    fn replace(&self) -> Result<(), KeyFileProblem> {
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        // What a killed rotation left behind was never in use.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(disk(&beside, error));
            }
            Ok(()) | Err(_) => {}
        }
        write_new(&beside, &self.write())
            .and_then(|()| fs::rename(&beside, &self.path))
            .and_then(|()| sync_directory(&self.path))
            .map_err(|error| disk(&self.path, error))
    }

    fn write(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(4096));
        text.push_str(FIRST_LINE);
        text.push('\n');
        text.push_str(FOR_PEOPLE);
        let mut line = |name: &str, key: &Secret| {
            let coded = Zeroizing::new(BASE64_STANDARD.encode(key.expose()));
            for part in [name, " ", &key.id().to_string(), " ", &coded, "\n"] {
                text.push_str(part);
            }
        };
        line("school-key current", self.keys.current());
        for old in self.keys.keys.iter().skip(1) {
            line("school-key old", old);
        }
        line("journal-seed", &self.journal.0);
        text
    }
}

fn disk(path: &Path, source: io::Error) -> KeyFileProblem {
    KeyFileProblem::Disk {
        path: path.to_owned(),
        source,
    }
}

fn refuse_inside(path: &Path, data: &Path) -> Result<(), KeyFileProblem> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let folder = folder.canonicalize().map_err(|error| disk(path, error))?;
    // A file that exists may be a link into the data directory; one to be made cannot.
    let file = path.canonicalize().unwrap_or_else(|_| folder.clone());
    // A data directory that does not exist yet holds nothing.
    let Ok(inside) = data.canonicalize() else {
        return Ok(());
    };
    match folder.starts_with(&inside) || file.starts_with(&inside) {
        true => Err(KeyFileProblem::InsideData {
            path: path.to_owned(),
            data: data.to_owned(),
        }),
        false => Ok(()),
    }
}

/// Whether a file with this mode and owner may hold keys for this user.
pub(crate) fn refuse_shared(
    path: &Path,
    mode: u32,
    owner: u32,
    user: u32,
) -> Result<(), KeyFileProblem> {
    let path = path.to_owned();
    if owner != user {
        return Err(KeyFileProblem::OtherOwner { path, owner, user });
    }
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(KeyFileProblem::OpenToOthers {
            path,
            mode: mode & 0o7777,
        }),
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    sync_directory(path)
}

/// Makes the directory remember a new name, which the file's own sync does not.
fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        Some(_) | None => File::open(".")?.sync_all(),
    }
}

fn read(path: &Path, text: &str) -> Result<KeyFile, KeyFileProblem> {
    let damaged = |line, what| KeyFileProblem::Damaged {
        path: path.to_owned(),
        line,
        what,
    };
    let incomplete = |what| KeyFileProblem::Incomplete {
        path: path.to_owned(),
        what,
    };
    let mut current = None;
    let mut old = Vec::new();
    let mut journal = None;
    let mut lines = text.lines().zip(1..);
    match lines.next() {
        Some((FIRST_LINE, _)) => {}
        Some(_) => {
            return Err(damaged(
                1,
                "it does not begin as a key file of this version does",
            ));
        }
        None => return Err(incomplete("content")),
    }
    for (line, number) in lines {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let (slot, id, coded) = match words.as_slice() {
            ["school-key", "current", id, coded] if current.is_none() => (&mut current, id, coded),
            ["school-key", "current", ..] if current.is_some() => {
                return Err(damaged(number, "there is a second current key"));
            }
            ["school-key", "old", id, coded] => {
                old.push(None);
                let slot = old.last_mut().expect("one was just added");
                (slot, id, coded)
            }
            ["journal-seed", id, coded] if journal.is_none() => (&mut journal, id, coded),
            ["journal-seed", ..] if journal.is_some() => {
                return Err(damaged(number, "there is a second journal seed"));
            }
            _ => return Err(damaged(number, "it is not a line of a key file")),
        };
        let mut bytes = BASE64_STANDARD.decode(coded).unwrap_or_default();
        let key = Secret::copy(&bytes);
        bytes.zeroize();
        let key = key.ok_or_else(|| damaged(number, "the key is not 32 bytes in base 64"))?;
        if key.id().to_string() != **id {
            return Err(damaged(
                number,
                "the key is not the one that the line names",
            ));
        }
        *slot = Some(key);
    }
    let mut keys = vec![current.ok_or_else(|| incomplete("current school key"))?];
    keys.extend(old.into_iter().flatten());
    Ok(KeyFile {
        path: path.to_owned(),
        keys: SchoolKeys { keys },
        journal: JournalSeed(journal.ok_or_else(|| incomplete("journal seed"))?),
    })
}
