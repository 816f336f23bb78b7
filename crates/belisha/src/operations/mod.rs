//! Health, metrics and the background work, for whoever runs the server.

mod health;
pub(crate) mod metrics;
pub(crate) mod process;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/healthz", Needs::Nothing, health::get),
        get("/metrics", Needs::Operator, metrics::get),
    ]
}
