//! Health, metrics and the background work, for whoever runs the server.

mod health;

use crate::web::route::{Needs, Route, get};

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/healthz", Needs::Nothing, health::get)]
}
