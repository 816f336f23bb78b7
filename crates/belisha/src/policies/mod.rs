//! The policy: its versions, who approved them, what is in force, and whether each clause is kept.

use crate::web::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}

/// The first page.
pub(crate) fn url() -> String {
    "/policy".to_owned()
}
