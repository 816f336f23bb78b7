//! Into the records and out again: the sealed bytes in pieces.

use std::fs::File;
use std::io::Write as _;

use belisha_policy::Word as _;
use belisha_rules::files::ScanState;
use belisha_rules::ids::FileId;
use belisha_vault::FileIdentity;

use super::kinds::FileKind;
use super::queries::{About, Kept, about_field, content_field};
use super::spool::{Spooled, nameless};
use crate::db::{Connection, sql};
use crate::entries::Object;
use crate::problem::{Fault, Problem};
use crate::records::OpenRecord;
use crate::school::School;
use crate::tx::Tx;

/// How much stands in one row: little enough that a backup, which holds several hundred
/// rows at once, stays small.
const PIECE: usize = 64 * 1024;

/// A file that was examined and scanned.
pub(super) struct New<'a> {
    pub(super) id: FileId,
    pub(super) belongs_to: &'a Object,
    pub(super) record: &'a Object,
    pub(super) kind: FileKind,
    pub(super) state: ScanState,
    pub(super) about: &'a About,
}

/// Writes the row and the pieces.
pub(super) async fn keep(
    tx: &mut Tx,
    open: &OpenRecord,
    new: &New<'_>,
    spooled: &mut Spooled,
) -> Result<(), Problem> {
    let school = tx.school().clone();
    let (now, by) = (tx.now(), tx.actor().key());
    let about = serde_json::to_string(new.about)
        .map_err(|error| Fault::at("writing what stands beside a file".into(), error))?;
    let size = i64::try_from(spooled.size_bytes)
        .map_err(|error| Fault::at("the size of a file".into(), error))?;
    let scanned_at = (new.state == ScanState::Clean).then_some(now);
    tx.run_one(
        sql("insert into file (id, belongs_to, record, kind, size_bytes, state, added_at, added_by, scanned_at,
                               sealed_about)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(new.id.to_string())
        .bind(new.belongs_to.as_str())
        .bind(new.record.as_str())
        .bind(new.kind.key())
        .bind(size)
        .bind(new.state.key())
        .bind(now)
        .bind(by)
        .bind(scanned_at)
        .bind(open.seal(&school, &about_field(new.id), 0, &about)),
    )
    .await?;
    let reading = |error: std::io::Error| Fault::at("reading what has arrived".into(), error);
    let pieces = spooled.sealed_pieces(PIECE).map_err(reading)?;
    for (number, piece) in (0_i64..).zip(pieces) {
        tx.run_one(
            sql("insert into file_piece (file, number, sealed) values ($1, $2, $3)")
                .bind(new.id.to_string())
                .bind(number)
                .bind(piece.map_err(reading)?),
        )
        .await?;
    }
    Ok(())
}

/// What opens the bytes of a file that is kept.
pub(super) async fn identity(
    connection: &mut Connection,
    id: FileId,
    record: &OpenRecord,
) -> Result<FileIdentity, Fault> {
    let row = sql("select sealed_about from file where id = $1")
        .bind(id.to_string())
        .one(connection)
        .await?;
    let beside: Vec<u8> = row.get("sealed_about")?;
    Ok(record.kept_file_identity(&content_field(id), &beside))
}

/// Takes the sealed bytes of a file out of the records.
pub(super) async fn fetch(
    connection: &mut Connection,
    school: &School,
    id: FileId,
    size_bytes: u64,
    identity: FileIdentity,
) -> Result<Spooled, Fault> {
    let writing = |error: std::io::Error| Fault::at("taking a file out".into(), error);
    let mut out: File = nameless(&school.data, &school.new_row_id()).map_err(writing)?;
    let mut after: i64 = -1;
    loop {
        let rows = sql(
            "select number, sealed from file_piece where file = $1 and number > $2
             order by number limit 16",
        )
        .bind(id.to_string())
        .bind(after)
        .all(connection)
        .await?;
        let Some(last) = rows.last() else { break };
        after = last.get("number")?;
        for row in &rows {
            out.write_all(&row.get::<Vec<u8>>("sealed")?)
                .map_err(writing)?;
        }
    }
    Ok(Spooled::of(out, identity, size_bytes))
}

/// The same for a file that the viewer has found, with every byte checked against what the
/// journal committed to before the first one is used.
pub(super) async fn proved(
    connection: &mut Connection,
    school: &School,
    kept: &Kept,
    record: &OpenRecord,
) -> Result<Spooled, Fault> {
    let identity = identity(connection, kept.id, record).await?;
    let mut spooled = fetch(connection, school, kept.id, kept.size_bytes, identity).await?;
    let id = kept.id;
    let hex = |text: &str| -> Result<[u8; 32], Fault> {
        data_encoding::HEXLOWER
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| Fault::said(format!("what stands beside file:{id} is damaged")))
    };
    let (salt, commitment) = (hex(&kept.about.salt)?, hex(&kept.about.commitment)?);
    tokio::task::spawn_blocking(move || {
        spooled.holds(&salt, &commitment)?;
        Ok(spooled)
    })
    .await
    .map_err(|error| Fault::at(format!("checking file:{id}"), error))?
    .map_err(|problem: belisha_vault::FileProblem| {
        Fault::at(format!("checking file:{id}"), problem)
    })
}

/// The whole content of a file, for a pack that leaves the school.
pub(crate) async fn content(
    connection: &mut Connection,
    school: &School,
    kept: &Kept,
    record: &OpenRecord,
) -> Result<Vec<u8>, Fault> {
    use std::io::Read as _;
    let mut spooled = proved(connection, school, kept, record).await?;
    let id = kept.id;
    let mut bytes = Vec::new();
    spooled
        .open()
        .map_err(|problem| Fault::at(format!("opening file:{id}"), problem))?
        .read_to_end(&mut bytes)
        .map_err(|error| Fault::at(format!("opening file:{id}"), error))?;
    Ok(bytes)
}
