//! The school's side of the filter: the policy, the school's own entries and the approvals in force
//! become the file that the resolver follows; and what the filter does, and why, can be asked.

mod check;
mod devices;
mod entries;
mod evidence;
mod lists;
mod log;
mod nodes;
mod selftest;
mod settings;
mod show;
mod turn;
mod versions;

#[cfg(test)]
pub(crate) mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::web::route::{Needs, Route, get, post};

pub(crate) use check::url as check_url;
pub(crate) use devices::classes;
pub(crate) use entries::{Decision, NewEntry, Stored, before, end, of_name, set, undo};
pub(crate) use lists::{Judge, judge};
pub(crate) use log::{
    TAKE_LOG, alert_url, last_week, rewrap_alerts, rewrap_searches, rewrap_segments,
};
pub(crate) use selftest::TEST;
pub(crate) use settings::{base_group, by, class_group, group_in_words, groups};
pub(crate) use show::url;
pub(crate) use turn::TURN;
pub(crate) use versions::{LISTS, url as lists_url};

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = log::routes();
    routes.extend(devices::routes());
    routes.extend(versions::routes());
    routes.extend(nodes::routes());
    routes.extend([
        get("/filter/evidence", Needs::Session, evidence::get),
        post("/filter/test", Needs::Session, selftest::post),
        get("/filter", Needs::Session, show::get),
        get("/filter/check", Needs::Session, check::get),
    ]);
    routes
}

/// Where everything of the filter stands.
pub(crate) fn folder(school: &School) -> PathBuf {
    settings::folder(school)
}

/// Sets the filter at once, for a life that is made up.
pub(crate) async fn set_now(school: &Arc<School>) -> Result<(), Fault> {
    turn::turn(school).await
}

/// Takes the log in at once, for a life that is made up.
pub(crate) async fn take_log_now(school: &Arc<School>) -> Result<(), Fault> {
    log::take_now(school).await
}

/// Tests the filter at once, for a life that is made up.
pub(crate) async fn test_now(school: &Arc<School>) -> Result<(), Fault> {
    selftest::run(school).await
}

/// Asks for the filter to be set anew as soon as this act stands.
pub(crate) async fn ask(tx: &mut Tx) -> Result<(), Problem> {
    let now = tx.now();
    ask_at(tx, now).await
}

/// The same at the instant at which something begins or ends.
pub(crate) async fn ask_at(tx: &mut Tx, at: jiff::Timestamp) -> Result<(), Problem> {
    crate::jobs::ask_within(tx, TURN.key, at).await
}
