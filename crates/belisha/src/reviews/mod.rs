//! Guided reviews of a case. The guides are declared in `rules::guides`; here are the
//! pages that any guide gets, its answers, its signature and its escalation. An answer is
//! a row that is never overwritten: the newest stands, and the others are its history.

mod answers;
mod escalation;
mod field;
mod following;
mod group;
mod opening;
mod queries;
mod show;
mod signature;
mod words;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get, post};

pub(crate) use opening::open;
pub(crate) use queries::on_record;
pub(crate) use show::on_case;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/incidents/{id}/reviews/{guide}", Needs::Session, show::get),
        get(
            "/incidents/{id}/reviews/{guide}/pages/{group}",
            Needs::Session,
            group::get,
        ),
        post(
            "/incidents/{id}/reviews/{guide}/pages/{group}",
            Needs::Session,
            group::post,
        ),
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
        get(
            "/incidents/{id}/reviews/{guide}/signature",
            Needs::Session,
            signature::get,
        ),
        post(
            "/incidents/{id}/reviews/{guide}/signature",
            Needs::Session,
            signature::post,
        ),
        get(
            "/incidents/{id}/reviews/{guide}/escalation",
            Needs::Session,
            escalation::get,
        ),
        post(
            "/incidents/{id}/reviews/{guide}/escalation",
            Needs::Session,
            escalation::post,
        ),
    ]
}
