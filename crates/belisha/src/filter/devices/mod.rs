//! The devices that the filter knows: the school writes them down, one by one or from a file, and the
//! resolver reads them from `filter-register.toml`.

mod adding;
mod change;
mod fields;
mod file;
mod importing;
mod list;
mod reading;
mod register;
mod retirement;
mod stored;

#[cfg(test)]
mod tests;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::devices::may_manage;

use crate::entries::Object;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::act::act;
use crate::web::route::{Needs, Route, get, post};

pub(super) use list::url;
pub(super) use register::{register, text};
pub(crate) use stored::classes;
pub(super) use stored::{all, has_any};

/// A little more than a file may hold, for the form around it.
const BODY: usize = 1024 * 1024;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/filter/devices", Needs::Session, list::get),
        get("/filter/devices/file", Needs::Session, file::get),
        post(
            "/filter/devices/file",
            Needs::Session,
            file::post.layer(DefaultBodyLimit::max(BODY)),
        ),
    ];
    for pair in [
        act::<adding::Adding>("/filter/devices/new", Needs::Session),
        act::<importing::Importing>("/filter/devices/rows", Needs::Session),
        act::<change::Change>("/filter/devices/{device}", Needs::Session),
        act::<retirement::Retirement>("/filter/devices/{device}/retirement", Needs::Session),
    ] {
        routes.extend(pair);
    }
    routes
}

/// Whether this viewer may change what the filter knows: their post allows it, and the policy names it.
pub(in crate::filter) fn manages(viewer: &Viewer) -> bool {
    viewer
        .may(Action::ManageFilter, &RecordFacts::of(Kind::Filter))
        .is_allowed()
        && may_manage(&viewer.policy.policy, &viewer.hats).is_ok()
}

/// The same, with a word about who may.
pub(in crate::filter) fn require(viewer: &Viewer) -> Result<(), Problem> {
    viewer.require(Action::ManageFilter, &RecordFacts::of(Kind::Filter))?;
    may_manage(&viewer.policy.policy, &viewer.hats).map_err(|refused| {
        Problem::refused("This is for whoever manages the filter", refused.says())
    })
}

fn object(device: &str) -> Object {
    Object::new("filter-device", device)
}
