//! Checks a journal file line by line with the pinned key alone. It remembers the head
//! and at most one checkpoint, so a file of any length needs the same memory.

use std::io::{self, BufRead, Read as _};

use crate::checkpoint::{Checkpoint, CheckpointRefused};
use crate::entry::{Entry, LineRefused};
use crate::file::{FORMAT, LONGEST_LINE, VERSION};
use crate::head::Head;
use crate::keys::VerifierKey;
use crate::verdict::{Breach, Summary, Verdict};

/// Checks a whole journal file. The slips are earlier checkpoints that somebody kept
/// outside the school's server; each must agree with the file.
pub fn verify(mut file: impl BufRead, key: &VerifierKey, slips: &[Checkpoint]) -> Verdict {
    let mut verification = Verification::new(key, slips);
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut limited = file.by_ref().take(LONGEST_LINE as u64 + 1);
        if let Err(error) = limited.read_until(b'\n', &mut line) {
            return unreadable(&error);
        }
        let step = match line.split_last() {
            None => return verification.finish(),
            Some((b'\n', line)) => verification.line(line),
            Some(_) => Err(verification.unended(line.len() > LONGEST_LINE)),
        };
        if let Err(verdict) = step {
            return verdict;
        }
    }
}

fn unreadable(error: &io::Error) -> Verdict {
    let why = format!("The file could not be read to its end ({error}). Copy it again.");
    Verdict::CannotTell { why }
}

/// A verification under way, for a caller that has lines and no file.
#[derive(Debug)]
pub struct Verification<'a> {
    key: &'a VerifierKey,
    /// The slips not yet reached, the smallest last.
    slips: Vec<&'a Checkpoint>,
    place: Place,
    /// Lines read so far.
    lines: u64,
    head: Head,
    /// How many entries the newest checkpoint covers, once there is one.
    proven: Option<u64>,
    summary: Summary,
}

#[derive(Debug)]
enum Place {
    Format,
    Origin,
    Body,
    /// Inside a checkpoint: its lines so far, each with its line end, and their number.
    Note(Vec<u8>, u8),
}

impl<'a> Verification<'a> {
    /// Begins before the first line of a file.
    pub fn new(key: &'a VerifierKey, slips: &'a [Checkpoint]) -> Self {
        let mut slips: Vec<&Checkpoint> = slips.iter().collect();
        slips.sort_by_key(|slip| std::cmp::Reverse(slip.size()));
        Self {
            key,
            slips,
            place: Place::Format,
            lines: 0,
            head: Head::empty(),
            proven: None,
            summary: Summary::default(),
        }
    }

    /// Takes the next line of the file, without its line end. An error is the verdict.
    pub fn line(&mut self, line: &[u8]) -> Result<(), Verdict> {
        self.lines += 1;
        match std::mem::replace(&mut self.place, Place::Body) {
            Place::Format => {
                self.place = Place::Origin;
                format_line(line)?;
                self.slips_fit()
            }
            Place::Origin => {
                self.origin_line(line)?;
                self.slips_reached()
            }
            Place::Body => match line {
                [] => {
                    self.place = Place::Note(Vec::new(), 0);
                    Ok(())
                }
                [b'{', ..] => {
                    self.entry_line(line)?;
                    self.slips_reached()
                }
                _ => Err(self.breach(
                    Breach::Form,
                    "This line is neither an entry nor the beginning of a checkpoint.",
                )),
            },
            Place::Note(mut note, count) => {
                note.extend(line);
                note.push(b'\n');
                if count == 5 {
                    return self.checkpoint(&note);
                }
                self.place = Place::Note(note, count + 1);
                Ok(())
            }
        }
    }

    /// The verdict once the last line has been taken.
    pub fn finish(self) -> Verdict {
        let unproven = match self.place {
            Place::Format => return not_a_journal("The file is empty."),
            Place::Origin | Place::Note(..) => return self.unended(false),
            Place::Body => self.head.size() - self.proven.unwrap_or(0),
        };
        // What is missing is missing after the last line.
        let after = self.lines + 1;
        if self.proven.is_none() || unproven > 0 {
            let sentence = format!(
                "The file ends without a signed checkpoint for its last {unproven} entries: it \
                 was cut short, or they were added."
            );
            return tampered(after, Breach::Unproven, sentence);
        }
        if let Some(slip) = self.slips.first() {
            let sentence = format!(
                "The file ends after {} entries, but a slip shows that there were {}: it is an \
                 older copy, or the newest entries were taken away.",
                self.head.size(),
                slip.size()
            );
            return tampered(after, Breach::RolledBack, sentence);
        }
        Verdict::Sound(self.summary)
    }

    /// The verdict on a last line that does not end, or on one longer than any may be.
    fn unended(&self, too_long: bool) -> Verdict {
        let (breach, sentence) = match (&self.place, too_long) {
            (Place::Format, _) => {
                return not_a_journal("Its first line does not say that it is one.");
            }
            (_, true) => (Breach::Form, "It is longer than any line of a journal."),
            (_, false) => (
                Breach::CutShort,
                "The file ends in the middle: it was cut short.",
            ),
        };
        tampered(self.lines + 1, breach, sentence)
    }

    fn breach(&self, breach: Breach, sentence: impl Into<String>) -> Verdict {
        tampered(self.lines, breach, sentence)
    }

    fn slips_fit(&self) -> Result<(), Verdict> {
        if self.slips.iter().all(|slip| slip.key() == self.key) {
            return Ok(());
        }
        let why = "A slip is signed with another key than the one given. Use the key of the slip.";
        Err(Verdict::CannotTell {
            why: why.to_owned(),
        })
    }

    fn origin_line(&self, line: &[u8]) -> Result<(), Verdict> {
        let pinned = self.key.origin().as_str();
        if line == pinned.as_bytes() {
            return Ok(());
        }
        Err(Verdict::CannotTell {
            why: format!(
                "The file says that it is the journal of “{}”, and the key given is of \
                 “{pinned}”. Ask for the file that belongs to the key.",
                String::from_utf8_lossy(line)
            ),
        })
    }

    fn entry_line(&mut self, line: &[u8]) -> Result<(), Verdict> {
        let text = str::from_utf8(line)
            .map_err(|_| self.breach(Breach::Entry, "This entry holds bytes that are not text."))?;
        let entry = Entry::read(text).map_err(|refused| match refused {
            LineRefused::Form => self.breach(
                Breach::Entry,
                "This entry is not written as a journal writes it, so it was written or \
                 changed by something else.",
            ),
            LineRefused::Time => self.breach(
                Breach::Time,
                "The readable time of this entry and its time in milliseconds differ.",
            ),
        })?;
        if entry.sequence != self.head.size() {
            let sentence = format!(
                "Entry {} stands where entry {} belongs: an entry was taken out, put in or moved.",
                entry.sequence,
                self.head.size()
            );
            return Err(self.breach(Breach::Sequence, sentence));
        }
        if entry.previous != self.head.last() {
            return Err(self.breach(
                Breach::Link,
                "This entry does not continue the one before it: one of the two was changed.",
            ));
        }
        let at_ms = entry.draft.at_ms;
        if let Some(before) = self.summary.last_at_ms.filter(|before| *before > at_ms) {
            let back = &mut self.summary.steps_back;
            back.count += 1;
            back.largest_ms = back.largest_ms.max(before - at_ms);
            back.first_line.get_or_insert(self.lines);
        }
        self.head.replay(text);
        self.summary.entries += 1;
        self.summary.first_at_ms.get_or_insert(at_ms);
        self.summary.last_at_ms = Some(at_ms);
        Ok(())
    }

    fn checkpoint(&mut self, note: &[u8]) -> Result<(), Verdict> {
        let note = str::from_utf8(note).map_err(|_| CheckpointRefused::Form);
        let opened = note.and_then(|note| Checkpoint::open(note, self.key));
        let checkpoint = opened.map_err(|refused| match refused {
            CheckpointRefused::Form => self.breach(
                Breach::Form,
                "The six lines up to here are not a checkpoint.",
            ),
            CheckpointRefused::Origin => self.breach(
                Breach::Origin,
                "The checkpoint above is of another journal.",
            ),
            CheckpointRefused::Key => self.breach(
                Breach::Key,
                "The checkpoint above is signed with another key than the one given.",
            ),
            CheckpointRefused::Signature => self.breach(
                Breach::Signature,
                "The signature does not fit the checkpoint: one of the two was changed.",
            ),
        })?;
        if checkpoint.size() != self.head.size() {
            let sentence = format!(
                "The checkpoint was signed over {} entries, but {} stand above it: entries were \
                 taken out or put in.",
                checkpoint.size(),
                self.head.size()
            );
            return Err(self.breach(Breach::Size, sentence));
        }
        if checkpoint.root() != self.head.root() {
            return Err(self.breach(
                Breach::Root,
                "The checkpoint was signed over other entries than those above it: at least one \
                 was changed.",
            ));
        }
        self.proven = Some(checkpoint.size());
        self.summary.checkpoints += 1;
        Ok(())
    }

    /// Compares the slips that were made when the journal was as long as it is here.
    fn slips_reached(&mut self) -> Result<(), Verdict> {
        while let Some(slip) = self.slips.pop_if(|slip| slip.size() == self.head.size()) {
            if slip.root() != self.head.root() {
                let sentence = format!(
                    "The first {} entries are not those that a slip shows: the journal was \
                     rewritten, and two different stories were signed.",
                    slip.size()
                );
                return Err(self.breach(Breach::Forked, sentence));
            }
            self.summary.slips += 1;
        }
        Ok(())
    }
}

fn format_line(line: &[u8]) -> Result<(), Verdict> {
    match line.strip_prefix(FORMAT.as_bytes()) {
        Some(version) if version == VERSION.as_bytes() => Ok(()),
        Some(version) if !version.is_empty() && version.iter().all(u8::is_ascii_digit) => {
            Err(Verdict::CannotTell {
                why: "The file is written in a newer form. Verify it with a newer program."
                    .to_owned(),
            })
        }
        _ => Err(not_a_journal("Its first line does not say that it is one.")),
    }
}

fn not_a_journal(why: &str) -> Verdict {
    Verdict::CannotTell {
        why: format!("This is not a journal file. {why}"),
    }
}

fn tampered(line: u64, breach: Breach, sentence: impl Into<String>) -> Verdict {
    Verdict::Tampered {
        line,
        breach,
        sentence: sentence.into(),
    }
}
