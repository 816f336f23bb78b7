//! Requests to see what the school holds, from the day each comes to its answer: who asks
//! about whom, until when, what was done. What leaves is made by `exports`; this is the
//! register beside it. The law is `rules::data_requests`.

mod list;
mod new;
mod queries;
mod reminder;
mod show;
mod step;

#[cfg(test)]
mod tests;

use belisha_rules::ids::DataRequestId;

use crate::web::act::act;
use crate::web::route::{Needs, Route, get};

pub(crate) use list::{numbers, url};
pub(crate) use queries::asked_about;
pub(crate) use reminder::REMIND;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/data-requests", Needs::Session, list::get),
        get("/data-requests/{id}", Needs::Session, show::get),
    ];
    for pair in [
        act::<new::NewRequest>("/data-requests/new/{kind}", Needs::Session),
        act::<step::StepTaken>("/data-requests/{id}/steps/{step}", Needs::Session),
    ] {
        routes.extend(pair);
    }
    routes
}

pub(crate) fn show_url(id: DataRequestId) -> String {
    format!("/data-requests/{id}")
}
