//! Documents for print, set one at a time: the typesetter takes a whole processor.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use belisha_paper::Document;
use tokio::sync::Semaphore;

use crate::problem::{Fault, Problem};

static PRESS: Semaphore = Semaphore::const_new(1);

/// Sets a document; the bytes of the PDF.
pub(crate) async fn set(document: Document) -> Result<Vec<u8>, Problem> {
    let _turn = PRESS
        .acquire()
        .await
        .map_err(|error| Fault::at("waiting for the press".into(), error))?;
    let set = tokio::task::spawn_blocking(move || belisha_paper::render(&document))
        .await
        .map_err(|error| Fault::at("setting a document".into(), error))?;
    Ok(set.map_err(|error| Fault::at("setting a document".into(), error))?)
}

/// A PDF to be saved under this name: letters, digits, `-` and `.` only.
pub(crate) fn answer(name: &str, bytes: Vec<u8>) -> Response {
    (
        [
            (header::CONTENT_TYPE, "application/pdf".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{name}\""),
            ),
        ],
        bytes,
    )
        .into_response()
}
