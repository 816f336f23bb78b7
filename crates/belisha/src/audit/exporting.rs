//! The journal file: all entries and checkpoints, for anybody to keep and to check.

use std::io::Write;

use belisha_journal::{Checkpoint, Export, Origin};

use super::walk::{Piece, walk};
use crate::db::Connection;
use crate::problem::Fault;

/// Writes the journal as these records hold it, up to the last checkpoint: what follows
/// is not signed for yet. Rows are written as they stand, so that a forged one shows.
pub(crate) async fn export<W: Write>(
    connection: &mut Connection,
    origin: &Origin,
    last: &Checkpoint,
    out: W,
) -> Result<W, Fault> {
    let writing = |error: std::io::Error| Fault::at("writing a journal file".into(), error);
    let mut file = Export::begin(out, origin).map_err(writing)?;
    let mut entries: u64 = 0;
    let mut notes_at_end = false;
    walk(connection, |piece| {
        match piece {
            Piece::Entry(_) if entries >= last.size() => {}
            Piece::Entry(row) => {
                file.entry(&row.line).map_err(writing)?;
                entries += 1;
                notes_at_end = false;
            }
            Piece::Checkpoint(note) if entries <= last.size() => {
                file.checkpoint(&note).map_err(writing)?;
                notes_at_end = true;
            }
            Piece::Checkpoint(_) => {}
        }
        Ok(())
    })
    .await?;
    if !notes_at_end {
        file.checkpoint(&last.note()).map_err(writing)?;
    }
    file.finish().map_err(writing)
}
