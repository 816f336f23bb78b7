//! The school itself: its set-up, its facts, its calendar.

pub(crate) mod calendar;
mod details;
pub(crate) mod set_up;
mod settings;
mod terms;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get, post};

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = set_up::routes();
    routes.extend([
        get("/school", Needs::Session, settings::get),
        post("/school", Needs::Session, settings::post_details),
        post("/school/terms", Needs::Session, settings::post_calendar),
    ]);
    routes
}

/// The page of the school's facts.
pub(crate) fn url() -> String {
    "/school".to_owned()
}
