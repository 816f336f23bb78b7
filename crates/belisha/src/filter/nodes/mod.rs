//! Resolvers at other sites: invited with a code, they pull what they follow, signed, and send their log.

mod ending;
mod inviting;
mod list;
mod speaking;
mod stored;
mod testing;

#[cfg(test)]
mod tests;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use belisha_filter::node::{ENROL_PATH, LOG_PATH, PIECE, SNAPSHOT_PATH, TRIAL_PATH};

use crate::web::act::act;
use crate::web::route::{Needs, Route, get, post};

pub(super) use list::url;
pub(super) use stored::silent;

/// A piece of a log, and a little more.
const BODY: usize = PIECE as usize + 1024;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/filter/nodes", Needs::Session, list::get),
        get("/filter/nodes/new", Needs::SteppedUp, inviting::get),
        post("/filter/nodes/new", Needs::SteppedUp, inviting::post),
        // A node proves itself by its token, which the handler looks at.
        post(ENROL_PATH, Needs::Nothing, speaking::enrol),
        get(SNAPSHOT_PATH, Needs::Nothing, speaking::snapshot),
        get(
            "/filter/node/files/{digest}",
            Needs::Nothing,
            speaking::file,
        ),
        get(TRIAL_PATH, Needs::Nothing, testing::plan),
        post(TRIAL_PATH, Needs::Nothing, testing::heard),
        post(
            LOG_PATH,
            Needs::Nothing,
            speaking::log.layer(DefaultBodyLimit::max(BODY)),
        ),
    ];
    routes.extend(act::<ending::Ending>(
        "/filter/nodes/{node}/ending",
        Needs::Session,
    ));
    routes
}
