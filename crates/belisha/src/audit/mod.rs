//! The journal as people read it: their own lines, or those their post allows; and its
//! proofs: checkpoints, the export that anybody can verify, and the slip on paper.

#[cfg(test)]
mod acts;
pub(crate) mod checkpoint;
mod download;
pub(crate) mod exporting;
mod list;
mod queries;
pub(crate) mod signer;
mod slip;
pub(crate) mod walk;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get, post};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/journal", Needs::Session, list::get),
        get("/journal/slip", Needs::Session, slip::get),
        post("/journal/export", Needs::SteppedUp, download::post),
        get("/journal/export", Needs::SteppedUp, download::get),
    ]
}

/// The first page.
pub(crate) fn url() -> String {
    "/journal".to_owned()
}
