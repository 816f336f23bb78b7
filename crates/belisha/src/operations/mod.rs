//! Health, metrics and the background work, for whoever runs the server.

use crate::web::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
