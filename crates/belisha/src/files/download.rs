//! A copy of a file: inert, under a name of ours, and in the journal before its first byte.

use std::io::Read as _;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::ids::FileId;
use futures_util::stream;
use tokio::sync::mpsc;

use super::keeping::proved;
use super::preview::INERT;
use super::show;
use crate::entries::EntryKind;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::path::Path;

pub(super) fn url(id: FileId) -> String {
    format!("/files/{id}/copy")
}

const PIECE: usize = 64 * 1024;

pub(super) async fn get(viewer: Viewer, Path(id): Path<FileId>) -> Result<Response, Problem> {
    let (_, kept, record) = show::released(&viewer, id, EntryKind::FileDownloaded).await?;
    let mut records = viewer.read().await?;
    let spooled = proved(&mut records, &viewer.school, &kept, &record).await?;
    drop(records);
    let size = spooled.size_bytes;
    let mut opened = spooled
        .into_open()
        .map_err(|problem| Fault::at(format!("opening file:{id}"), problem))?;
    let (pieces, waiting) = mpsc::channel::<std::io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut piece = vec![0; PIECE];
            let sent = match opened.read(&mut piece) {
                Ok(0) => return,
                Ok(count) => {
                    piece.truncate(count);
                    Ok(Bytes::from(piece))
                }
                Err(error) => Err(error),
            };
            let last = sent.is_err();
            // Whoever hung up wants no more.
            if pieces.blocking_send(sent).is_err() || last {
                return;
            }
        }
    });
    let body = Body::from_stream(stream::unfold(waiting, async |mut waiting| {
        waiting.recv().await.map(|piece| (piece, waiting))
    }));
    // The name that it had may say something; the copy's own says nothing.
    let short: String = id.to_string().chars().take(8).collect();
    let name = format!("file-{short}.{}", kept.kind.ending());
    Ok((
        [
            (header::CONTENT_TYPE, kept.kind.media_type().to_owned()),
            (header::CONTENT_LENGTH, size.to_string()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{name}\""),
            ),
            (header::CONTENT_SECURITY_POLICY, INERT.to_owned()),
        ],
        body,
    )
        .into_response())
}
