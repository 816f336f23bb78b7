//! The journal as the records hold it, read in the order of its file, and checked:
//! the chain and its checkpoints by the journal's own verification, and beside them
//! what stands in the rows next to each line.

use std::collections::BTreeMap;

use belisha_journal::{Breach, Summary};
use belisha_journal::{Checkpoint, Hash, Head, Signer, Verdict, Verification, VerifierKey};

use crate::db::{Connection, sql};
use crate::problem::Fault;

/// How many rows are read at a time, so that a long journal needs little memory.
const PAGE: i64 = 1000;

/// An entry as its row holds it.
pub(crate) struct EntryRow {
    pub(crate) sequence: i64,
    pub(crate) line: String,
    leaf: Vec<u8>,
    at_ms: i64,
    action: String,
    object: String,
    actor: String,
    payload: Option<Vec<u8>>,
}

/// One piece of a journal file.
pub(crate) enum Piece {
    Entry(EntryRow),
    /// A checkpoint's signed note, at the place where it was made.
    Checkpoint(String),
}

/// Reads the journal from its beginning, a page at a time, and gives every piece to `each`.
pub(crate) async fn walk(
    connection: &mut Connection,
    mut each: impl FnMut(Piece) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut notes: BTreeMap<i64, String> = BTreeMap::new();
    for row in sql("select size, note from journal_checkpoint order by size")
        .all(connection)
        .await?
    {
        notes.insert(row.get("size")?, row.get("note")?);
    }
    let mut count: i64 = 0;
    let mut after: i64 = -1;
    if let Some(note) = notes.remove(&0) {
        each(Piece::Checkpoint(note))?;
    }
    loop {
        let rows = sql(
            "select entry.sequence, entry.line, entry.leaf, entry.at_ms, entry.action, entry.object,
                    entry.actor, payload.sealed
             from journal_entry entry
             left join journal_payload payload on payload.sequence = entry.sequence
             where entry.sequence > $1 order by entry.sequence limit $2",
        )
        .bind(after)
        .bind(PAGE)
        .all(connection)
        .await?;
        let Some(last) = rows.last() else {
            break;
        };
        after = last.get("sequence")?;
        for row in rows {
            each(Piece::Entry(EntryRow {
                sequence: row.get("sequence")?,
                line: row.get("line")?,
                leaf: row.get("leaf")?,
                at_ms: row.get("at_ms")?,
                action: row.get("action")?,
                object: row.get("object")?,
                actor: row.get("actor")?,
                payload: row.get("sealed")?,
            }))?;
            count += 1;
            if let Some(note) = notes.remove(&count) {
                each(Piece::Checkpoint(note))?;
            }
        }
    }
    // What was signed over more entries than there are must show.
    for note in notes.into_values() {
        each(Piece::Checkpoint(note))?;
    }
    Ok(())
}

/// With what the entries after the last checkpoint are proved.
pub(crate) enum Ending<'a> {
    /// Sign them now; the school's key is at hand.
    Sign(&'a Signer, u64),
    /// A checkpoint that came with the records, in a backup.
    Note(&'a str),
}

/// What a check of the records' journal found.
pub(crate) struct Checked {
    pub(crate) verdict: Verdict,
    /// The checkpoint over all entries, where one was signed and the journal is sound.
    pub(crate) signed: Option<Checkpoint>,
}

impl Checked {
    pub(crate) fn is_sound(&self) -> bool {
        matches!(self.verdict, Verdict::Sound(_))
    }
}

/// Checks the whole journal in the records. Nothing is signed over a journal that does
/// not hold together, or that does not continue the checkpoint signed last.
pub(crate) async fn check(
    connection: &mut Connection,
    key: &VerifierKey,
    slips: &[Checkpoint],
    ending: Ending<'_>,
) -> Result<Checked, Fault> {
    let mut verification = Verification::new(key, slips);
    let mut head = Head::empty();
    let mut found: Option<Verdict> = None;
    let mut line = 2;
    for heading in ["belisha-journal 1", key.origin().as_str()] {
        if let Err(verdict) = verification.line(heading.as_bytes()) {
            found.get_or_insert(verdict);
        }
    }
    walk(connection, |piece| {
        if found.is_some() {
            return Ok(());
        }
        let step = match &piece {
            Piece::Entry(row) => {
                line += 1;
                head.replay(&row.line);
                verification
                    .line(row.line.as_bytes())
                    .and_then(|()| beside(row, line))
            }
            Piece::Checkpoint(note) => {
                line += 7;
                take_note(&mut verification, note)
            }
        };
        if let Err(verdict) = step {
            found = Some(verdict);
        }
        Ok(())
    })
    .await?;
    if let Some(verdict) = found {
        return Ok(Checked {
            verdict,
            signed: None,
        });
    }
    let kept = sql("select head from journal_head where only_row = 1")
        .optional(connection)
        .await?;
    if let Some(row) = kept
        && row.get::<Vec<u8>>("head")? != head.to_bytes()
    {
        let sentence = "The journal does not end where the program left it: the newest entries were \
                        taken away, or entries were added by something else.";
        return Ok(Checked {
            verdict: tampered(line + 1, Breach::Unproven, sentence.into()),
            signed: None,
        });
    }
    let (note, signed) = match ending {
        Ending::Sign(signer, at_ms) => {
            let checkpoint = signer.checkpoint(&head, at_ms);
            (checkpoint.note(), Some(checkpoint))
        }
        Ending::Note(note) => (note.to_owned(), None),
    };
    let verdict = match take_note(&mut verification, &note) {
        Ok(()) => verification.finish(),
        Err(verdict) => verdict,
    };
    let signed = signed.filter(|_| matches!(verdict, Verdict::Sound(Summary { .. })));
    Ok(Checked { verdict, signed })
}

fn take_note(verification: &mut Verification<'_>, note: &str) -> Result<(), Verdict> {
    verification.line(b"")?;
    note.lines()
        .try_for_each(|line| verification.line(line.as_bytes()))
}

/// Whether the columns beside a line say what the line says, and the sealed payload is
/// the one that the line commits to.
fn beside(row: &EntryRow, line: u64) -> Result<(), Verdict> {
    let entry = belisha_journal::Entry::read(&row.line).map_err(|_| {
        tampered(
            line,
            Breach::Entry,
            "This entry is not written as a journal writes it.".into(),
        )
    })?;
    let draft = &entry.draft;
    let agree = [
        ("number", i64::try_from(entry.sequence) == Ok(row.sequence)),
        ("leaf", Hash::of_leaf(row.line.as_bytes()).0 == *row.leaf),
        ("time", i64::try_from(draft.at_ms) == Ok(row.at_ms)),
        ("action", draft.action == row.action),
        ("object", draft.object == row.object),
        ("actor", draft.actor.to_string() == row.actor),
    ];
    if let Some((column, _)) = agree.iter().find(|(_, agrees)| !agrees) {
        let sentence = format!(
            "The {column} kept beside entry {} is not the one in the entry: the row was changed.",
            row.sequence
        );
        return Err(tampered(line, Breach::Entry, sentence));
    }
    // A payload that is gone proves nothing against anybody: its key may have been destroyed.
    match (&row.payload, draft.payload) {
        (Some(sealed), Some(committed)) if Hash::of_payload(sealed) == committed => Ok(()),
        (None, _) => Ok(()),
        (Some(_), _) => Err(tampered(
            line,
            Breach::Entry,
            format!(
                "What is sealed beside entry {} is not what the entry commits to: it was exchanged.",
                row.sequence
            ),
        )),
    }
}

fn tampered(line: u64, breach: Breach, sentence: String) -> Verdict {
    Verdict::Tampered {
        line,
        breach,
        sentence,
    }
}
