//! A piece of the log: lines, compressed and sealed under the school's key.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;

use crate::db::{Connection, sql};
use crate::problem::{Fault, Problem};
use crate::records;
use crate::school::School;
use crate::school_keys::rewrapping::{Batch, Turn};
use crate::tx::Tx;
use belisha_filter::line::{self, Line, Said};

/// The kind under which it is sealed aside.
const KIND: &str = "filter-log";

/// Keeps lines, oldest first.
pub(super) async fn keep(
    tx: &mut Tx,
    lines: &str,
    count: i64,
    (from_ms, until_ms): (i64, i64),
) -> Result<(), Problem> {
    let (school, now, id) = (tx.school().clone(), tx.now(), tx.school().new_row_id());
    let packed =
        packed(lines).map_err(|error| Fault::at("packing the log of the filter".into(), error))?;
    tx.run_one(
        sql(
            "insert into filter_log_segment (id, from_at, until_at, lines, taken_at, sealed)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&id)
        .bind(from_ms)
        .bind(until_ms)
        .bind(count)
        .bind(now)
        .bind(records::seal_aside(&school, KIND, &id, &packed)),
    )
    .await?;
    Ok(())
}

fn packed(lines: &str) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(lines.as_bytes())?;
    encoder.finish()
}

/// The text of everything that was logged between two instants, a piece at a time.
pub(crate) async fn between(
    connection: &mut Connection,
    school: &School,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<String>, Fault> {
    let rows = sql("select id, sealed from filter_log_segment
         where until_at >= $1 and from_at < $2 order by from_at, id")
    .bind(from)
    .bind(until)
    .all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let (id, sealed): (String, Vec<u8>) = (row.get("id")?, row.get("sealed")?);
            let packed = records::open_aside(school, KIND, &id, &sealed)?;
            let mut text = String::new();
            GzDecoder::new(packed.as_slice())
                .read_to_string(&mut text)
                .map_err(|error| Fault::at("reading the log of the filter".into(), error))?;
            Ok(text)
        })
        .collect()
}

/// The decisions in pieces of text that lie between two instants.
pub(crate) fn decisions<'a>(
    pieces: &'a [String],
    from: Timestamp,
    until: Timestamp,
) -> impl Iterator<Item = Line<'a>> {
    let (from, until) = (from.as_millisecond(), until.as_millisecond());
    pieces
        .iter()
        .flat_map(|piece| piece.lines())
        .filter_map(line::read)
        .filter_map(|said| match said {
            Said::Decision(line) => Some(line),
            Said::Gap { .. } => None,
        })
        .filter(move |line| from <= line.at_ms && line.at_ms < until)
}

/// Wraps the keys of the next pieces anew, under the school's current key.
pub(crate) async fn rewrap(tx: &mut Tx, turn: &Turn<'_>) -> Result<Batch, Problem> {
    let school = tx.school().clone();
    let rows = sql("select id, sealed from filter_log_segment
         where substr(sealed, 7, 8) <> $1 and id > $2 order by id limit $3")
    .bind(turn.keys.current_id().to_bytes().as_slice())
    .bind(turn.after)
    .bind(turn.limit)
    .all(tx)
    .await?;
    let mut batch = Batch::default();
    for row in rows {
        let (id, sealed): (String, Vec<u8>) = (row.get("id")?, row.get("sealed")?);
        let anew = records::rewrap_aside(&school, turn.keys, KIND, &id, &sealed);
        if let Some(anew) = batch.took(&id, anew) {
            tx.run_one(
                sql("update filter_log_segment set sealed = $3 where id = $1 and sealed = $2")
                    .bind(&id)
                    .bind(sealed)
                    .bind(anew),
            )
            .await?;
        }
    }
    Ok(batch)
}
