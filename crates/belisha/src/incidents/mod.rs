//! Incidents: from a report to a closed case. A report is a record of its own, which
//! its reporter keeps; the case is another, and who may know of it is decided at each
//! access from the people in it and those who were told.

mod acknowledgement;
mod act_page;
mod action;
pub(crate) mod case;
mod chronology;
mod closure;
mod completion;
mod correction;
mod delegation;
mod entry;
mod external_record;
mod giving;
mod guidance;
pub(crate) mod handing_over;
pub(crate) mod list;
mod looking_after;
mod low_level;
mod moving_on;
mod no_further_action;
mod parents;
mod part;
mod police;
pub(crate) mod queries;
mod readers;
pub(crate) mod recovery;
mod reference;
mod reopening;
pub(crate) mod reports;
mod routing;
mod sharing;
mod sight;
mod times;
mod triage;
mod withdrawal;
mod words;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get, post};

pub(crate) use looking_after::LOOK_AFTER_CASES;
pub(crate) use moving_on::MOVE_ALERTS_ON;
pub(crate) use sight::judge_url as sight_url;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = reports::routes();
    routes.extend([
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
        get(
            "/incidents/{id}/delegation",
            Needs::Session,
            delegation::get,
        ),
        post(
            "/incidents/{id}/delegation",
            Needs::Session,
            delegation::post,
        ),
        get(
            "/incidents/handing-over",
            Needs::Session,
            handing_over::list,
        ),
        get(
            "/incidents/{id}/handing-over",
            Needs::SteppedUp,
            handing_over::get,
        ),
        post(
            "/incidents/{id}/handing-over",
            Needs::SteppedUp,
            handing_over::post,
        ),
        get(
            "/incidents/{id}/readers/{person}/withdrawal",
            Needs::Session,
            withdrawal::get,
        ),
        post(
            "/incidents/{id}/readers/{person}/withdrawal",
            Needs::Session,
            withdrawal::post,
        ),
        get("/incidents/{id}/recovery", Needs::SteppedUp, recovery::get),
        post("/incidents/{id}/recovery", Needs::SteppedUp, recovery::post),
        get("/incidents/low-level", Needs::Session, low_level::get),
        get("/incidents/emergency-sight", Needs::Session, sight::get),
        post("/incidents/emergency-sight", Needs::Session, sight::post),
        get(
            "/incidents/emergency-sights",
            Needs::Session,
            sight::list_get,
        ),
        get(
            "/incidents/emergency-sights/{sight}",
            Needs::Session,
            sight::judge_get,
        ),
        post(
            "/incidents/emergency-sights/{sight}",
            Needs::Session,
            sight::judge_post,
        ),
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
