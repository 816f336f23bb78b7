//! The browser extension's side of the school: which devices are enrolled, what they are given, signed, and
//! what they report. The extension itself is the folder `extension/` of the repository.

mod admission;
mod enrolment;
mod enrolments;
mod events;
mod files;
mod given;
mod heard;
mod limit;
mod package;
mod question;
mod settings;

#[cfg(test)]
mod tests;

use crate::web::act::act;
use crate::web::route::{Needs, Route, get, post};

pub(crate) use admission::admit;
pub(super) use events::is_at_once;
pub(super) use heard::{Heard, heard};
pub(crate) use limit::Limit;
pub(super) use settings::set;

/// Where devices are enrolled.
pub(crate) fn url() -> String {
    "/filter/extension".to_owned()
}

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/filter/extension", Needs::Session, enrolments::get),
        get("/filter/extension/new", Needs::SteppedUp, enrolment::get),
        post("/filter/extension/new", Needs::SteppedUp, enrolment::post),
        get("/extension/updates.xml", Needs::Nothing, package::updates),
        get("/extension/belisha.crx", Needs::Nothing, package::crx),
        get("/extension/settings", Needs::Enrolment, given::get),
        post("/extension/question", Needs::Enrolment, question::post),
        post("/extension/events", Needs::Enrolment, events::post),
    ];
    routes.extend(act::<enrolment::Ending>(
        "/filter/extension/{enrolment}/ending",
        Needs::SteppedUp,
    ));
    routes
}
