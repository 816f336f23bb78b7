//! Approvals: somebody asks, others decide, it is applied, tested, ended or taken back, and looked at.
//! The chain is one for every kind; a kind says in a file of its own what is asked for, who decides, what
//! that changes and how to tell that it did: `filter_change`, `sensitive_lesson`, `mailing`.

mod application;
mod ask_change;
mod ask_lesson;
mod clock;
mod decision;
mod filter_change;
mod kind;
mod list;
mod mailing;
mod queries;
mod review;
mod rollback;
mod sensitive_lesson;
mod show;
mod step;
mod tell;
mod when;
mod withdrawal;

#[cfg(test)]
mod tests;

use belisha_rules::ids::ApprovalId;

use kind::KINDS;
use step::Taking;

use crate::entries::Object;
use crate::web::act::act;
use crate::web::route::{Needs, Route, get};

pub(crate) use ask_change::url as ask_change_url;
pub(crate) use clock::{by_the_clock, test_applied};
pub(crate) use list::url;
pub(crate) use show::url as show_url;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/approvals", Needs::Session, list::get),
        get("/approvals/{approval}", Needs::Session, show::get),
    ];
    for kind in KINDS {
        routes.extend((kind.routes)(kind.url));
    }
    for pair in [
        act::<decision::Decision>("/approvals/{approval}/decision", Needs::SteppedUp),
        act::<application::Application>("/approvals/{approval}/application", Needs::SteppedUp),
        act::<Taking<rollback::Rollback>>("/approvals/{approval}/rollback", Needs::Session),
        act::<Taking<withdrawal::Withdrawal>>("/approvals/{approval}/withdrawal", Needs::Session),
        act::<Taking<review::Review>>("/approvals/{approval}/review", Needs::Session),
    ] {
        routes.extend(pair);
    }
    routes
}

fn object(id: ApprovalId) -> Object {
    Object::new("approval", id)
}
