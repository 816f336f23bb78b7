//! The index file, version 1. Numbers are little-endian; every section begins at a multiple of 8.
//!
//! ```text
//!   0  "belisha" and the byte 1
//!   8  u32 version, u32 length of this header (256)
//!  16  i64 when it was compiled, in seconds since 1970
//!  24  32 bytes: the key of the hash
//!  56  u64 names, u64 entries
//!  72  six sections: u64 offset, u64 length, u32 CRC-32, u32 zero
//! 216  u8 most labels of a name
//! 252  u32 CRC-32 of the 252 bytes before
//! ```
//!
//! | Section | Holds |
//! |---|---|
//! | parts | of each part: u32 first slot, slots, first bucket, buckets, seed |
//! | sets | u32 count, for each set u32 where it ends, then u16 members: list << 3, exception 4, below 2, itself 1 |
//! | lists | JSON: what each list is |
//! | pilots | u16 a bucket |
//! | slots | u64 a slot: 44 bits of fingerprint, 20 bits of set; 0 is free |
//! | hashed | for each list: u32 salt length, u32 count, salt, 16 bytes a digest |
//!
//! The file is never changed once it stands: a new one is written beside it, brought to the disk
//! and renamed over it, so that whoever reads sees the old or the new one and nothing else.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::build::{BuildRefused, Builder, Counts, Laid};
use super::member::Member;
use super::names;
use super::perfect::Part;
use crate::lists::Hashed;

pub(super) const MAGIC: [u8; 8] = *b"belisha\x01";
pub(super) const VERSION: u32 = 1;
pub(super) const HEADER: usize = 256;
pub(super) const SECTIONS: usize = 6;
pub(super) const SECTION_AT: usize = 72;
pub(super) const SECTION_SIZE: usize = 24;

/// Why a file is not used as an index.
#[derive(Debug, thiserror::Error)]
pub enum IndexRefused {
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    #[error("this is no filter index: compile one with `belisha filter compile`")]
    NotAnIndex,
    #[error(
        "the index is of version {0}, and this program reads version {VERSION}: compile it again"
    )]
    Version(u32),
    #[error("the index is damaged in its {0}: compile it again, or bring the last good one back")]
    Damaged(&'static str),
}

impl Builder {
    /// Writes the index, and the file of names beside it. `built_at` is in seconds since 1970.
    pub fn write(mut self, path: &Path, built_at: i64) -> Result<Counts, WriteRefused> {
        let laid = self.lay()?;
        let lists = serde_json::to_vec(&self.lists).map_err(io::Error::from)?;
        let sections: [Vec<u8>; SECTIONS] = [
            parts(&laid.parts),
            sets(&laid.sets),
            lists,
            laid.pilots
                .iter()
                .flat_map(|pilot| pilot.to_le_bytes())
                .collect(),
            laid.slots
                .iter()
                .flat_map(|slot| slot.to_le_bytes())
                .collect(),
            hashed(&self.hashed),
        ];
        let header = header(&self, &laid, &sections, built_at);
        let names_at = names::names_beside(path);
        std::thread::scope(|scope| {
            let names = scope.spawn(|| names::write(&names_at, &header, self.text(), &laid.texts));
            write_whole(path, |out| {
                out.write_all(&header)?;
                for section in &sections {
                    out.write_all(section)?;
                    out.write_all(&[0; 8][..padding(section.len())])?;
                }
                // The index comes into its place after its names.
                names
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
        })?;
        Ok(laid.counts)
    }
}

/// Why an index could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteRefused {
    #[error(transparent)]
    Build(#[from] BuildRefused),
    #[error("the index cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// Writes a file so that its place holds the old whole or the new whole, whatever happens.
pub fn write_whole(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    write_beside(path, true, fill)
}

/// Whoever can do without the file after a power cut need not wait for the disk.
pub(super) fn write_beside(
    path: &Path,
    lasts: bool,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = folder.join(name);
    let written = (|| {
        let mut out = io::BufWriter::with_capacity(1 << 20, File::create(&beside)?);
        fill(&mut out)?;
        let file = out.into_inner()?;
        if lasts {
            file.sync_all()?;
        }
        fs::rename(&beside, path)?;
        if lasts {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    })();
    if written.is_err() {
        // What is half written is of no use; the first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn header(
    builder: &Builder,
    laid: &Laid,
    sections: &[Vec<u8>; SECTIONS],
    built_at: i64,
) -> [u8; HEADER] {
    let mut header = [0u8; HEADER];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &MAGIC);
    put(8, &VERSION.to_le_bytes());
    put(12, &(HEADER as u32).to_le_bytes());
    put(16, &built_at.to_le_bytes());
    put(24, &builder.key.bytes());
    put(56, &laid.counts.names.to_le_bytes());
    put(64, &laid.counts.entries.to_le_bytes());
    let mut offset = HEADER;
    for (number, section) in sections.iter().enumerate() {
        let at = SECTION_AT + number * SECTION_SIZE;
        put(at, &(offset as u64).to_le_bytes());
        put(at + 8, &(section.len() as u64).to_le_bytes());
        put(at + 16, &crc32fast::hash(section).to_le_bytes());
        offset += section.len() + padding(section.len());
    }
    put(216, &[laid.deepest]);
    let crc = crc32fast::hash(&header[..HEADER - 4]);
    header[HEADER - 4..].copy_from_slice(&crc.to_le_bytes());
    header
}

pub(super) fn padding(length: usize) -> usize {
    length.next_multiple_of(8) - length
}

fn parts(parts: &[Part]) -> Vec<u8> {
    parts
        .iter()
        .flat_map(|part| {
            [
                part.first_slot,
                part.slots,
                part.first_bucket,
                part.buckets,
                part.seed,
            ]
        })
        .flat_map(u32::to_le_bytes)
        .collect()
}

fn sets(sets: &[Vec<Member>]) -> Vec<u8> {
    let mut bytes = (sets.len() as u32).to_le_bytes().to_vec();
    let mut end = 0u32;
    for set in sets {
        end += set.len() as u32;
        bytes.extend(end.to_le_bytes());
    }
    bytes.extend(
        sets.iter()
            .flatten()
            .flat_map(|member| member.0.to_le_bytes()),
    );
    bytes
}

fn hashed(lists: &[Hashed]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for list in lists {
        bytes.extend((list.salt().len() as u32).to_le_bytes());
        bytes.extend((list.len() as u32).to_le_bytes());
        bytes.extend(list.salt());
        bytes.extend(list.digests().as_flattened());
    }
    bytes
}
