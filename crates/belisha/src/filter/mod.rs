//! The school's side of the filter: the policy, the school's own entries and the approvals in force
//! become the file that the resolver follows; and what the filter does, and why, can be asked.

mod check;
mod entries;
mod lists;
mod settings;
mod show;
mod turn;

#[cfg(test)]
pub(crate) mod tests;

use crate::problem::Problem;
use crate::tx::Tx;
use crate::web::route::{Needs, Route, get};

pub(crate) use check::url as check_url;
pub(crate) use entries::{Decision, NewEntry, Stored, before, end, of_name, set, undo};
pub(crate) use lists::{Judge, judge};
pub(crate) use settings::{by, groups};
pub(crate) use show::url;
pub(crate) use turn::TURN;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/filter", Needs::Session, show::get),
        get("/filter/check", Needs::Session, check::get),
    ]
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
