//! The journal as people read it: their own lines, or those their post allows.

pub(crate) mod signer;

use crate::web::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}

/// The first page.
pub(crate) fn url() -> String {
    "/journal".to_owned()
}
