//! What a verification says, in words for a governor and as an exit code for a script.

use std::fmt;

use crate::time::readable;

/// The outcome of checking one journal file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every entry is in its place, unchanged, and signed for. Exit code 0.
    Sound(Summary),
    /// The file is not what was signed. The first breach counts; `line` counts from 1,
    /// and is the line after the last where something is missing. Exit code 1.
    Tampered {
        line: u64,
        breach: Breach,
        sentence: String,
    },
    /// Nothing can be said about this journal from this file. Exit code 2.
    CannotTell { why: String },
}

/// What a sound file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub entries: u64,
    pub checkpoints: u64,
    /// How many earlier slips agreed with the file.
    pub slips: u64,
    /// The time of the first and of the last entry, in milliseconds since 1970 in UTC.
    pub first_at_ms: Option<u64>,
    pub last_at_ms: Option<u64>,
    pub steps_back: StepsBack,
}

/// Where an entry bears an earlier time than the one before it. A clock may be set right,
/// so this is told and does not count as tampering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepsBack {
    pub count: u64,
    pub largest_ms: u64,
    /// The line of the first such entry in the file, counted from 1.
    pub first_line: Option<u64>,
}

/// What is wrong at the line named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Breach {
    /// A line that has no place in a journal file.
    Form,
    /// An entry not in its one exact form.
    Entry,
    /// The two times of an entry differ.
    Time,
    /// An entry is missing, added or moved.
    Sequence,
    /// An entry does not continue the one before it: one of the two was changed.
    Link,
    /// A checkpoint of another journal.
    Origin,
    /// A checkpoint signed with another key.
    Key,
    /// A checkpoint whose signature does not fit.
    Signature,
    /// A checkpoint of more or fewer entries than stand above it.
    Size,
    /// A checkpoint of other entries than those above it.
    Root,
    /// The file ends in the middle of something.
    CutShort,
    /// Entries without a checkpoint after them, or no checkpoint at all.
    Unproven,
    /// The file is older than a slip.
    RolledBack,
    /// The file and a slip tell two different stories, both signed.
    Forked,
}

impl Breach {
    /// The word for scripts: `rolled-back`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Entry => "entry",
            Self::Time => "time",
            Self::Sequence => "sequence",
            Self::Link => "link",
            Self::Origin => "origin",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Size => "size",
            Self::Root => "root",
            Self::CutShort => "cut-short",
            Self::Unproven => "unproven",
            Self::RolledBack => "rolled-back",
            Self::Forked => "forked",
        }
    }
}

impl Verdict {
    /// 0 sound, 1 tampered, 2 cannot tell.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Sound(_) => 0,
            Self::Tampered { .. } => 1,
            Self::CannotTell { .. } => 2,
        }
    }

    /// One line for scripts, the same from both verifiers: `tampered link 7`.
    pub fn headline(&self) -> String {
        match self {
            Self::Sound(Summary {
                entries,
                checkpoints,
                slips,
                steps_back,
                ..
            }) => format!(
                "sound entries={entries} checkpoints={checkpoints} slips={slips} steps-back={}",
                steps_back.count
            ),
            Self::Tampered { line, breach, .. } => format!("tampered {} {line}", breach.key()),
            Self::CannotTell { .. } => "cannot-tell".to_owned(),
        }
    }
}

/// The plain words, for a person.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sound(summary) => write!(f, "The journal is sound. {summary}"),
            Self::Tampered { line, sentence, .. } => {
                write!(
                    f,
                    "The journal has been tampered with. Line {line}: {sentence}"
                )
            }
            Self::CannotTell { why } => write!(f, "Nothing can be said about the journal. {why}"),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} entries, {} checkpoints",
            self.entries, self.checkpoints
        )?;
        if let (Some(first), Some(last)) = (
            self.first_at_ms.and_then(readable),
            self.last_at_ms.and_then(readable),
        ) {
            write!(f, ", from {first} to {last}")?;
        }
        match self.slips {
            0 => write!(
                f,
                ". No earlier slip was compared, so an older copy could not be told."
            )?,
            slips => write!(f, ". Earlier slips that agree: {slips}.")?,
        }
        let StepsBack {
            count,
            largest_ms,
            first_line,
        } = self.steps_back;
        if let Some(line) = first_line {
            write!(
                f,
                " The clock went back {count} times, first at line {line}, at most by {largest_ms} ms."
            )?;
        }
        Ok(())
    }
}
