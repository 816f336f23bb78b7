//! Files that are kept with a case: taken piece by piece, sealed before anything else is
//! done with them, told by their content, scanned where a scanner is set up, and given out
//! as inert copies. The bytes stand in the records, so a file, its row and its journal
//! entry are there together or not at all.

mod containers;
mod download;
mod erasing;
mod examine;
mod keeping;
pub(crate) mod kinds;
pub(crate) mod list;
mod pictures;
mod preview;
pub(crate) mod queries;
mod question;
mod rescan;
mod scanner;
mod show;
pub(crate) mod spool;
mod upload;
mod xml;

#[cfg(test)]
pub(crate) mod tests;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;

use crate::web::route::{Needs, Route, get, post};

pub(crate) use erasing::erase;
pub(crate) use keeping::content;
pub(crate) use rescan::RESCAN;
pub use scanner::Scanner;

/// More than a file may have, so that a page and not a broken line says that it is too large.
const BODY: usize = 3 * 25 * 1024 * 1024;

/// Whether a form with a file is sent there.
pub(crate) fn is_upload(path: &str) -> bool {
    path.starts_with("/incidents/") && path.ends_with("/files/new")
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/incidents/{id}/files", Needs::Session, list::get),
        get(
            "/incidents/{id}/files/question",
            Needs::Session,
            question::get,
        ),
        post(
            "/incidents/{id}/files/question",
            Needs::Session,
            question::post,
        ),
        get("/incidents/{id}/files/new", Needs::Session, upload::get),
        post(
            "/incidents/{id}/files/new",
            Needs::Session,
            upload::post.layer(DefaultBodyLimit::max(BODY)),
        ),
        get("/files/{id}", Needs::Session, show::get),
        get("/files/{id}/preview", Needs::Session, preview::get),
        get("/files/{id}/copy", Needs::Session, download::get),
        post("/files/{id}/scan", Needs::Session, rescan::post),
    ]
}
