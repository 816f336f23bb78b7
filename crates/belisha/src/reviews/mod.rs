//! Guided reviews of a case. The guides are declared in `rules::guides`; here are the
//! pages that any guide gets, its answers, its signature and its escalation. An answer is
//! a row that is never overwritten: the newest stands, and the others are its history.

mod answers;
mod erasing;
mod escalation;
mod field;
mod following;
mod group;
mod opening;
mod queries;
mod show;
mod signature;
mod telling;
mod words;

#[cfg(test)]
mod tests;

use escalation::Escalation;
use group::Answering;
use signature::Signature;

use crate::web::act::act;
use crate::web::route::{Needs, Route, get};

pub(crate) use erasing::erase;
pub(crate) use opening::{Triaged, open, take_back};
pub(crate) use queries::{on_record, outcome};
pub(crate) use show::on_case;
pub(crate) use telling::told;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/incidents/{id}/reviews/{guide}", Needs::Session, show::get),
        get(
            "/incidents/{id}/reviews/{guide}/answers",
            Needs::Session,
            answers::get,
        ),
        get(
            "/incidents/{id}/reviews/{guide}/history",
            Needs::Session,
            answers::history,
        ),
    ];
    for pair in [
        act::<Answering>(
            "/incidents/{id}/reviews/{guide}/pages/{group}",
            Needs::Session,
        ),
        act::<Signature>("/incidents/{id}/reviews/{guide}/signature", Needs::Session),
        act::<Escalation>("/incidents/{id}/reviews/{guide}/escalation", Needs::Session),
    ] {
        routes.extend(pair);
    }
    routes
}
