//! The file of names beside an index: which text stands in which slot.
//!
//! Nobody reads it to answer a lookup. It tells why, and it tells a true hit from a chance one: a
//! text that is found is hashed again and must give the hash that was asked for, so a damaged file
//! can at worst say nothing.
//!
//! ```text
//!   0  "belisha" and the byte 2
//!   8  the index's own last four header bytes, so that two files of different runs never meet; u32 zero
//!  16  u64 slots
//!  24  u64 for every 16th slot: where its name begins, counted from the end of these numbers
//!      then for each slot u16 length and the name in its one form, 0 for a free slot
//! ```

use std::io;
use std::path::{Path, PathBuf};

use filebuffer::FileBuffer;

use super::file::{HEADER, write_beside};

const MAGIC: [u8; 8] = *b"belisha\x02";
const STEP: usize = 16;
const BEGIN: usize = 24;

/// An open file of names.
pub struct Names {
    file: FileBuffer,
    slots: usize,
}

/// Where the names of an index stand.
pub fn names_beside(index: &Path) -> PathBuf {
    let mut name = index.as_os_str().to_owned();
    name.push(".names");
    PathBuf::from(name)
}

pub(super) fn write(
    path: &Path,
    header: &[u8; HEADER],
    text: &str,
    texts: &[(u32, u16)],
) -> io::Result<()> {
    write_beside(path, false, |out| {
        out.write_all(&MAGIC)?;
        out.write_all(&header[HEADER - 4..])?;
        out.write_all(&[0; 4])?;
        out.write_all(&(texts.len() as u64).to_le_bytes())?;
        let mut at = 0u64;
        for some in texts.chunks(STEP) {
            out.write_all(&at.to_le_bytes())?;
            at += some
                .iter()
                .map(|(_, length)| 2 + u64::from(*length))
                .sum::<u64>();
        }
        let text = text.as_bytes();
        for (at, length) in texts {
            out.write_all(&length.to_le_bytes())?;
            out.write_all(&text[*at as usize..*at as usize + usize::from(*length)])?;
        }
        Ok(())
    })
}

impl Names {
    /// Opens the names of the index with this header; none if they are not there or not of this index.
    pub(super) fn open(path: &Path, header: &[u8]) -> Option<Self> {
        let file = FileBuffer::open(path).ok()?;
        let own = file.get(..8)? == MAGIC && file.get(8..12)? == header.get(HEADER - 4..HEADER)?;
        let slots = u64::from_le_bytes(file.get(16..24)?.try_into().ok()?);
        own.then_some(Self {
            file,
            slots: usize::try_from(slots).ok()?,
        })
    }

    pub(super) fn at(&self, slot: usize) -> Option<&str> {
        if slot >= self.slots {
            return None;
        }
        let number = BEGIN + slot / STEP * 8;
        let begins = u64::from_le_bytes(self.file.get(number..number + 8)?.try_into().ok()?);
        let texts = BEGIN + self.slots.div_ceil(STEP) * 8;
        let mut rest = self
            .file
            .get(texts.checked_add(usize::try_from(begins).ok()?)?..)?;
        for _ in 0..slot % STEP {
            let (_, after) = one(rest)?;
            rest = after;
        }
        std::str::from_utf8(one(rest)?.0).ok()
    }
}

fn one(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = rest.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))
}
