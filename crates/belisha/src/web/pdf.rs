//! Documents for print, set one at a time: the typesetter takes a whole processor.

use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use belisha_paper::{Document, Press};
use tokio::sync::Semaphore;

use crate::problem::{Fault, Problem};

/// The one press of this process. The program brings it, so that this crate can be built and
/// checked without the typesetter.
static PRESS: OnceLock<Press> = OnceLock::new();
static TURN: Semaphore = Semaphore::const_new(1);

/// Puts the press in its place, before anything is printed. The first stays.
pub(crate) fn bring(press: Press) {
    PRESS.get_or_init(|| press);
}

/// Sets a document; the bytes of the PDF.
pub(crate) async fn set(document: Document) -> Result<Vec<u8>, Problem> {
    let press = PRESS
        .get()
        .ok_or_else(|| Fault::said("the program has no press".to_owned()))?;
    let _turn = TURN
        .acquire()
        .await
        .map_err(|error| Fault::at("waiting for the press".into(), error))?;
    let set = tokio::task::spawn_blocking(move || press(&document))
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
