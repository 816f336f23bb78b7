//! Incidents: from a report to a closed case. A report is a record of its own, which
//! its reporter keeps; the case is another, and who may know of it is decided at each
//! access from the people in it and those who were told.

mod acknowledgement;
mod act_page;
mod action;
mod answer;
pub(crate) mod case;
mod categories;
mod chronology;
pub(crate) mod classification;
mod closure;
mod completion;
pub(crate) mod concern;
mod correction;
mod entry;
mod external_record;
mod guidance;
mod help_lines;
pub(crate) mod list;
mod moving_on;
mod no_further_action;
mod parents;
mod part;
mod police;
pub(crate) mod queries;
mod readers;
mod reference;
mod reopening;
pub(crate) mod reports;
mod routing;
mod sharing;
pub(crate) mod tell;
mod times;
mod triage;
mod words;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get, post};

pub(crate) use moving_on::MOVE_ALERTS_ON;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = reports::routes();
    routes.extend(tell::routes());
    routes.extend(concern::routes());
    routes.extend([
        get("/incidents/{id}/answer", Needs::Session, answer::get),
        post("/incidents/{id}/answer", Needs::Session, answer::post),
        get("/incidents", Needs::Session, list::get),
        get("/incidents/{id}", Needs::Session, case::get),
        get("/incidents/{id}/readers", Needs::Session, readers::get),
        post(
            "/incidents/{id}/acknowledgement",
            Needs::Session,
            acknowledgement::post,
        ),
        get("/incidents/{id}/triage", Needs::Session, triage::get),
        post("/incidents/{id}/triage", Needs::Session, triage::post),
        get("/incidents/{id}/entries/new", Needs::Session, entry::get),
        post("/incidents/{id}/entries/new", Needs::Session, entry::post),
        get(
            "/incidents/{id}/entries/{entry}/correction",
            Needs::Session,
            correction::get,
        ),
        post(
            "/incidents/{id}/entries/{entry}/correction",
            Needs::Session,
            correction::post,
        ),
        get("/incidents/{id}/actions/new", Needs::Session, action::get),
        post("/incidents/{id}/actions/new", Needs::Session, action::post),
        get(
            "/incidents/{id}/actions/{action}/completion",
            Needs::Session,
            completion::get,
        ),
        post(
            "/incidents/{id}/actions/{action}/completion",
            Needs::Session,
            completion::post,
        ),
        get("/incidents/{id}/parents", Needs::Session, parents::get),
        post("/incidents/{id}/parents", Needs::Session, parents::post),
        get("/incidents/{id}/police", Needs::Session, police::get),
        post("/incidents/{id}/police", Needs::Session, police::post),
        get(
            "/incidents/{id}/external-record",
            Needs::Session,
            external_record::get,
        ),
        post(
            "/incidents/{id}/external-record",
            Needs::Session,
            external_record::post,
        ),
        get("/incidents/{id}/people", Needs::Session, part::get),
        post("/incidents/{id}/people", Needs::Session, part::post),
        get("/incidents/{id}/sharing", Needs::Session, sharing::get),
        post("/incidents/{id}/sharing", Needs::Session, sharing::post),
        get("/incidents/{id}/closure", Needs::Session, closure::get),
        post("/incidents/{id}/closure", Needs::Session, closure::post),
        get(
            "/incidents/{id}/no-further-action",
            Needs::Session,
            no_further_action::get,
        ),
        post(
            "/incidents/{id}/no-further-action",
            Needs::Session,
            no_further_action::post,
        ),
        get("/incidents/{id}/reopening", Needs::Session, reopening::get),
        post("/incidents/{id}/reopening", Needs::Session, reopening::post),
    ]);
    routes
}
