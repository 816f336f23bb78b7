//! The last good version of each list, beside the index, and how large it was.
//!
//! A list that has become unreadable, or that has lost or gained most of its names overnight, is held: the
//! version before stays in use until a person has looked.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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
}

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
}

/// The folder of last good versions.
#[derive(Debug)]
pub struct Keep {
    folder: PathBuf,
    lists: BTreeMap<String, Kept>,
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
        })
    }

    pub fn get(&self, list: &str) -> Option<&Kept> {
        self.lists.get(list)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.keys().map(String::as_str)
    }

    /// Where the last good version's files stand.
    pub fn files(&self, list: &str) -> Vec<(PathBuf, Format)> {
        let files = self
            .lists
            .get(list)
            .into_iter()
            .flat_map(|kept| &kept.files);
        files
            .map(|(file, format)| (self.folder.join(file), *format))
            .collect()
    }

    /// Whether a new version of so many entries differs too much from the one in use.
    pub fn size_hold(&self, list: &str, now: u64) -> Option<Hold> {
        let before = self.lists.get(list)?.entries;
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
    pub fn put(&mut self, list: &ListFile, entries: u64, digests: &[Hashed]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut files = Vec::new();
        for (number, hashed) in digests.iter().enumerate() {
            let name = format!("{}.{number}", list.name.replace(['/', '\\'], "+"));
            write_whole(&self.folder.join(&name), |out| hashed.write(out))?;
            files.push((name, Format::Hashed));
        }
        if list.kind == Kind::Illegal {
            self.register(list, entries, files);
            return Ok(());
        }
        for (number, (path, format)) in list.files.iter().enumerate() {
            let name = format!("{}.{number}", list.name.replace(['/', '\\'], "+"));
            write_whole(&self.folder.join(&name), |out| {
                io::copy(&mut fs::File::open(path)?, out).map(drop)
            })?;
            files.push((name, *format));
        }
        self.register(list, entries, files);
        Ok(())
    }

    fn register(&mut self, list: &ListFile, entries: u64, files: Vec<(String, Format)>) {
        let kept = Kept {
            entries,
            category: list.category.clone(),
            kind: list.kind,
            files,
        };
        self.lists.insert(list.name.clone(), kept);
    }

    pub fn forget(&mut self, list: &str) {
        self.lists.remove(list);
    }

    pub fn save(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let register = serde_json::to_vec_pretty(&self.lists)?;
        write_whole(&self.folder.join(REGISTER), |out| out.write_all(&register))
    }
}
