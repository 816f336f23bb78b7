//! Health, metrics and the background work, for whoever runs the server.

mod health;
pub(crate) mod metrics;
pub(crate) mod page;
pub(crate) mod process;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get};

/// How the server runs, as its people see it.
pub(crate) use page::url;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/healthz", Needs::NoSchool, health::get),
        get("/operations", Needs::Session, page::get),
        get("/metrics", Needs::Operator, metrics::get),
    ]
}
