//! Taking a finished pack out. The entry stands before the first byte leaves.

use std::io::Read as _;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use belisha_rules::ids::ExportId;
use futures_util::stream;
use tokio::sync::mpsc;

use super::begin::entry_object;
use super::bundle::{self, Parts};
use super::pack::{Finished, Loaded, load};
use super::table;
use super::words::Purpose;
use crate::entries::{Entry, EntryKind};
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::pdf;

/// Writes down that a finished pack leaves, and in which form.
async fn taken(
    viewer: &Viewer,
    id: ExportId,
    form: &'static str,
    fits: fn(Purpose) -> bool,
) -> Result<(Loaded, Finished), Problem> {
    let mut tx = viewer.write().await?;
    let loaded = load(&mut tx, viewer, id).await?;
    let Some(finished) = loaded.finished.clone().filter(|_| fits(loaded.purpose)) else {
        return Err(Problem::NotFound);
    };
    if loaded.imagery && loaded.pack.files.iter().any(|file| file.goes) {
        return Err(Problem::refused(
            "This pack cannot leave any more",
            belisha_rules::exports::MakeRefused::ImageryOfAChild.sentence(),
        ));
    }
    tx.commit(
        Entry::of(EntryKind::ExportTaken, entry_object(id, &loaded.cases))
            .fact("export", id)
            .fact("form", form),
    )
    .await?;
    Ok((loaded, finished))
}

fn is_read(purpose: Purpose) -> bool {
    match purpose {
        Purpose::Chronology | Purpose::Transfer | Purpose::SubjectAccess => true,
        Purpose::Recorder => false,
    }
}

fn short(id: ExportId) -> String {
    id.to_string().chars().take(8).collect()
}

fn decoded(id: ExportId, finished: &Finished) -> Result<Vec<u8>, Fault> {
    BASE64_STANDARD
        .decode(&finished.paper)
        .map_err(|error| Fault::at(format!("reading the paper of export:{id}"), error))
}

pub(super) async fn paper(viewer: Viewer, Path(id): Path<ExportId>) -> Result<Response, Problem> {
    let (_, finished) = taken(&viewer, id, "paper", is_read).await?;
    let name = format!("pack-{}.pdf", short(id));
    Ok(pdf::answer(&name, decoded(id, &finished)?))
}

pub(super) async fn table(viewer: Viewer, Path(id): Path<ExportId>) -> Result<Response, Problem> {
    let (loaded, _) = taken(&viewer, id, "table", |purpose| !is_read(purpose)).await?;
    let zone = viewer.school.settings().time_zone.clone();
    let bytes = table::file(&loaded.pack, &zone)
        .map_err(|error| Fault::at(format!("writing the table of export:{id}"), error))?;
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"pack-{}.csv\"", short(id)),
            ),
        ],
        bytes,
    )
        .into_response())
}

pub(super) async fn bundle(viewer: Viewer, Path(id): Path<ExportId>) -> Result<Response, Problem> {
    let (loaded, finished) = taken(&viewer, id, "bundle", is_read).await?;
    let paper = decoded(id, &finished)?;
    let parts = Parts {
        manifest: &finished.manifest,
        text: &finished.text,
        paper: &paper,
        passphrase: &finished.passphrase,
        recipient: finished.recipient.as_deref(),
    };
    let mut records = viewer.read().await?;
    let mut file = bundle::write(&mut records, &viewer, &loaded, &parts).await?;
    drop(records);
    let (pieces, waiting) = mpsc::channel::<std::io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut piece = vec![0; 64 * 1024];
            let sent = match file.read(&mut piece) {
                Ok(0) => return,
                Ok(count) => {
                    piece.truncate(count);
                    Ok(Bytes::from(piece))
                }
                Err(error) => Err(error),
            };
            let last = sent.is_err();
            if pieces.blocking_send(sent).is_err() || last {
                return;
            }
        }
    });
    let body = Body::from_stream(stream::unfold(waiting, async |mut waiting| {
        waiting.recv().await.map(|piece| (piece, waiting))
    }));
    Ok((
        [
            (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"pack-{}.zip.age\"", short(id)),
            ),
        ],
        body,
    )
        .into_response())
}
