//! The journal file: all entries of a journal with its checkpoints, for anybody to keep
//! and to check. UTF-8 text; every line, also the last, ends with one line feed.
//!
//! ```text
//! belisha-journal 1              the format and its version
//! school.example/journal         the origin
//! {"sequence":0,"time":…         entries, in order, none left out
//! {"sequence":1,"time":…
//!                                an empty line, then a checkpoint: six lines as in
//! school.example/journal         `checkpoint.rs`, at the place where it was made,
//! 2                              so that its size is the number of entries above it
//! CsUYapGGPo4dkMgIAUqom…
//! time 2026-09-01T08:15:00.000Z
//!
//! — school.example/journal Az3…
//! {"sequence":2,"time":…         and so on; the last lines are a checkpoint
//! ```

use std::io::{self, Write};

use crate::keys::Origin;

pub(crate) const FORMAT: &str = "belisha-journal ";
pub(crate) const VERSION: &str = "1";

/// No line is longer, in bytes. The longest possible entry is shorter; a test builds it.
pub(crate) const LONGEST_LINE: usize = 16 * 1024;

/// A journal file in the making. What it is given it writes as it stands: a forged row
/// must show when the file is verified, not stop the export.
#[derive(Debug)]
pub struct Export<W> {
    out: W,
    proven: bool,
}

impl<W: Write> Export<W> {
    /// Writes the header.
    pub fn begin(mut out: W, origin: &Origin) -> io::Result<Self> {
        write!(out, "{FORMAT}{VERSION}\n{origin}\n")?;
        Ok(Self { out, proven: false })
    }

    /// Writes an entry's line, as [`crate::Recorded::line`] gave it.
    pub fn entry(&mut self, line: &str) -> io::Result<()> {
        self.proven = false;
        writeln!(self.out, "{line}")
    }

    /// Writes a checkpoint's signed note at the place where it was made.
    pub fn checkpoint(&mut self, note: &str) -> io::Result<()> {
        self.proven = true;
        write!(self.out, "\n{note}")
    }

    /// Ends the file. It is an error unless a checkpoint was written last, because what
    /// follows the last checkpoint is not proven.
    pub fn finish(mut self) -> io::Result<W> {
        if !self.proven {
            let why = "a journal file must end with a checkpoint: sign one and write it last";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        self.out.flush()?;
        Ok(self.out)
    }
}
