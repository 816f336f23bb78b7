//! Referrals: a matter of a case that goes to an agency outside, from the moment it is due
//! to its outcome. Each step is a row; where it stands follows from the steps.

mod asking;
mod chasing;
mod log;
mod erasing;
mod new;
mod queries;
mod show;
mod step;
mod telling;

use new::NewReferral;
use step::StepTaken;

use crate::web::act::act;
use crate::web::route::{Needs, Route, get};

pub(crate) use asking::{Ask, ESCALATION, ask, withdraw_unless, withdraw_unsent};
pub(crate) use chasing::CHASE;
pub(crate) use log::url as log_url;
pub(crate) use erasing::erase;
pub(crate) use new::url as new_url;
pub(crate) use queries::{due, of_review};
pub(crate) use show::{due_links, table};
pub(crate) use telling::told;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get(
            "/incidents/{id}/referrals/{referral}",
            Needs::Session,
            show::get,
        ),
        get("/agencies/log", Needs::Session, log::get),
    ];
    for pair in [
        act::<NewReferral>("/incidents/{id}/referrals/new", Needs::Session),
        act::<StepTaken>(
            "/incidents/{id}/referrals/{referral}/steps/{step}",
            Needs::Session,
        ),
    ] {
        routes.extend(pair);
    }
    routes
}
