//! Backups: made, encrypted, and proved by restoring them.

use crate::web::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}

/// The first page.
pub(crate) fn url() -> String {
    "/backups".to_owned()
}
