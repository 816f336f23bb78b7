//! The last good versions of each list, beside the index, and how large each was.
//!
//! A list that has become unreadable, or that has lost or gained most of its names overnight, is held: the
//! version before stays in use until a person has looked.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::Kind;
use super::folder::ListFile;
use super::format::Format;
use super::hashed::Hashed;
use crate::index::write_whole;

/// A list that loses more than this share of its entries is held.
const LEAST_PERCENT: u64 = 50;
/// A list that grows beyond this share is held.
const MOST_PERCENT: u64 = 400;
/// Small lists change by halves every day.
const SMALL: u64 = 500;

/// What is known of the version in use.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Kept {
    pub entries: u64,
    pub category: String,
    pub kind: Kind,
    /// File names in the folder, with their formats.
    pub files: Vec<(String, Format)>,
    /// When it was first in use, in seconds since 1970.
    #[serde(default)]
    pub taken_at: i64,
    /// Of its files: what it is known by. Empty for lists of illegal content, of which only digests are kept.
    #[serde(default)]
    pub digest: String,
}

/// The version in use, and those before it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Versions {
    #[serde(flatten)]
    now: Kept,
    /// The newest first.
    #[serde(default)]
    before: Vec<Kept>,
}

/// So many versions before the one in use are kept.
const MOST_BEFORE: usize = 2;

/// Why a new version of a list is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Hold {
    #[error("{faults} of its {lines} lines cannot be read")]
    Faults { faults: u64, lines: u64 },
    #[error("it would fall from {before} entries to {now}")]
    Shrunk { before: u64, now: u64 },
    #[error("it would grow from {before} entries to {now}")]
    Grown { before: u64, now: u64 },
    #[error("it is gone from the folder, with its {before} entries")]
    Gone { before: u64 },
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    #[error("somebody refused this version")]
    Refused,
    #[error("somebody went back to an earlier version")]
    WentBack,
}

/// The folder of last good versions.
#[derive(Debug)]
pub struct Keep {
    folder: PathBuf,
    lists: BTreeMap<String, Versions>,
    /// Files that no version needs any longer.
    spent: Vec<PathBuf>,
}

const REGISTER: &str = "kept.json";

impl Keep {
    /// Opens the folder; an absent one is empty.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let lists = match fs::read(folder.join(REGISTER)) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(why) if why.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(why) => return Err(why),
        };
        Ok(Self {
            folder: folder.to_owned(),
            lists,
            spent: Vec::new(),
        })
    }

    /// The version in use.
    pub fn get(&self, list: &str) -> Option<&Kept> {
        self.lists.get(list).map(|versions| &versions.now)
    }

    /// The version in use and those before it, the newest first.
    pub fn versions(&self, list: &str) -> impl Iterator<Item = &Kept> {
        self.lists
            .get(list)
            .into_iter()
            .flat_map(|versions| std::iter::once(&versions.now).chain(&versions.before))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.keys().map(String::as_str)
    }

    /// Where a version's files stand.
    pub fn files(&self, kept: &Kept) -> Vec<(PathBuf, Format)> {
        kept.files
            .iter()
            .map(|(file, format)| (self.folder.join(file), *format))
            .collect()
    }

    /// Whether a new version of so many entries differs too much from the one in use.
    pub fn size_hold(&self, list: &str, now: u64) -> Option<Hold> {
        let before = self.get(list)?.entries;
        if before < SMALL && now < SMALL {
            return None;
        }
        if now * 100 < before * LEAST_PERCENT {
            return Some(Hold::Shrunk { before, now });
        }
        (now * 100 > before.max(SMALL) * MOST_PERCENT).then_some(Hold::Grown { before, now })
    }

    /// Keeps a version that was taken into use. What is illegal is kept as digests, so that no
    /// file of ours names it.
    pub fn put(
        &mut self,
        list: &ListFile,
        entries: u64,
        digests: &[Hashed],
        (digest, taken_at): (&str, i64),
    ) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut files = Vec::new();
        for (number, hashed) in digests.iter().enumerate() {
            let name = format!("{}.{number}", list.name.replace(['/', '\\'], "+"));
            write_whole(&self.folder.join(&name), |out| hashed.write(out))?;
            files.push((name, Format::Hashed));
        }
        if list.kind == Kind::Illegal {
            let kept = Kept::of(list, entries, files, "", taken_at);
            self.lists.insert(
                list.name.clone(),
                Versions {
                    now: kept,
                    before: Vec::new(),
                },
            );
            return Ok(());
        }
        let versions = self.lists.get_mut(&list.name);
        if let Some(versions) = versions.filter(|versions| versions.now.digest == digest) {
            versions.now.entries = entries;
            versions.now.category.clone_from(&list.category);
            versions.now.kind = list.kind;
            return Ok(());
        }
        for (number, (path, format)) in list.files.iter().enumerate() {
            let version = digest.get(..16).unwrap_or(digest);
            let name = format!("{}.{version}.{number}", list.name.replace(['/', '\\'], "+"));
            write_whole(&self.folder.join(&name), |out| {
                io::copy(&mut fs::File::open(path)?, out).map(drop)
            })?;
            files.push((name, *format));
        }
        let now = Kept::of(list, entries, files, digest, taken_at);
        let mut before: Vec<Kept> = match self.lists.remove(&list.name) {
            Some(versions) => std::iter::once(versions.now)
                .chain(versions.before)
                .collect(),
            None => Vec::new(),
        };
        // A version that comes back stands in one place.
        before.retain(|kept| kept.digest != digest);
        for kept in before.drain(MOST_BEFORE.min(before.len())..) {
            self.spent
                .extend(kept.files.iter().map(|(file, _)| self.folder.join(file)));
        }
        self.lists
            .insert(list.name.clone(), Versions { now, before });
        Ok(())
    }

    pub fn forget(&mut self, list: &str) {
        self.lists.remove(list);
    }

    pub fn save(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let register = serde_json::to_vec_pretty(&self.lists)?;
        write_whole(&self.folder.join(REGISTER), |out| out.write_all(&register))?;
        for file in &self.spent {
            // What stays behind takes room and does no harm.
            let _ = fs::remove_file(file);
        }
        Ok(())
    }
}

impl Kept {
    fn of(
        list: &ListFile,
        entries: u64,
        files: Vec<(String, Format)>,
        digest: &str,
        taken_at: i64,
    ) -> Self {
        Self {
            entries,
            category: list.category.clone(),
            kind: list.kind,
            files,
            taken_at,
            digest: digest.to_owned(),
        }
    }
}

/// What a version is known by: the digest of its files.
pub fn version_of(list: &ListFile) -> io::Result<String> {
    let mut hash = Sha256::new();
    for (path, _) in &list.files {
        let mut file = fs::File::open(path)?;
        let mut part = vec![0; 1 << 16];
        loop {
            match file.read(&mut part)? {
                0 => break,
                length => hash.update(&part[..length]),
            }
        }
        // Two files are not one file of both.
        hash.update([0]);
    }
    Ok(HEXLOWER.encode(&hash.finalize()))
}
