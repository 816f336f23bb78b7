//! A look at a picture: drawn anew for each look, and kept nowhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::ids::FileId;
use tokio::sync::Semaphore;

use super::keeping::proved;
use super::kinds::Unfit;
use super::{pictures, show};
use crate::entries::EntryKind;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::path::Path;

pub(super) fn url(id: FileId) -> String {
    format!("/files/{id}/preview")
}

/// Pictures that are drawn at once: each may take up to 256 MiB.
static DRAWING: Semaphore = Semaphore::const_new(1);
const LONGEST: Duration = Duration::from_secs(5);

/// What a browser may do with a file: nothing.
pub(super) const INERT: &str = "default-src 'none'; sandbox";

pub(super) async fn get(viewer: Viewer, Path(id): Path<FileId>) -> Result<Response, Problem> {
    let (_, kept, record) = show::released(&viewer, id, EntryKind::FileOpened).await?;
    let Some(facts) = kept.about.picture.clone() else {
        return Err(Problem::NotFound);
    };
    let mut records = viewer.read().await?;
    let mut spooled = proved(&mut records, &viewer.school, &kept, &record).await?;
    drop(records);
    let turn = DRAWING
        .acquire()
        .await
        .map_err(|error| Fault::at("waiting to draw a picture".into(), error))?;
    let gone = Arc::new(AtomicBool::new(false));
    let wanted = Arc::clone(&gone);
    let kind = kept.kind;
    let drawing = tokio::task::spawn_blocking(move || {
        // The turn ends when the drawing does, whether or not anybody still waits.
        let _turn = turn;
        let opened = spooled.open().map_err(|_| Unfit::BrokenPicture)?;
        pictures::preview(opened, kind, facts.orientation, &wanted)
    });
    let Ok(drawn) = tokio::time::timeout(LONGEST, drawing).await else {
        gone.store(true, Ordering::Relaxed);
        return Err(no_preview());
    };
    let bytes = drawn
        .map_err(|error| Fault::at(format!("drawing file:{id}"), error))?
        .map_err(|_| no_preview())?;
    Ok((
        [
            (header::CONTENT_TYPE, "image/png"),
            (header::CONTENT_SECURITY_POLICY, INERT),
        ],
        bytes,
    )
        .into_response())
}

fn no_preview() -> Problem {
    Problem::refused(
        "This picture has no preview",
        "It is too large to be drawn here. Take a copy to look at it.",
    )
}
