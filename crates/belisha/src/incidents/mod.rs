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
mod entry;
mod external_record;
mod guidance;
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
mod times;
mod triage;
mod words;

#[cfg(test)]
mod tests;

use action::NewAction;
use closure::Closure;
use completion::Completion;
use correction::Correction;
use entry::NewEntry;
use external_record::ExternalRecord;
use no_further_action::NoFurtherAction;
use parents::ParentsTold;
use part::PeopleChange;
use police::Police;
use reopening::Reopening;
use sharing::Sharing;
use triage::CaseTriage;

use crate::web::act::act;
use crate::web::route::{Needs, Route, get, post};

pub(crate) use moving_on::MOVE_ALERTS_ON;

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
    ]);
    let in_session = Needs::Session;
    for [page, form] in [
        act::<CaseTriage>("/incidents/{id}/triage", in_session),
        act::<NewEntry>("/incidents/{id}/entries/new", in_session),
        act::<Correction>("/incidents/{id}/entries/{entry}/correction", in_session),
        act::<NewAction>("/incidents/{id}/actions/new", in_session),
        act::<Completion>("/incidents/{id}/actions/{action}/completion", in_session),
        act::<ParentsTold>("/incidents/{id}/parents", in_session),
        act::<Police>("/incidents/{id}/police", in_session),
        act::<ExternalRecord>("/incidents/{id}/external-record", in_session),
        act::<PeopleChange>("/incidents/{id}/people", in_session),
        act::<Sharing>("/incidents/{id}/sharing", in_session),
        act::<Closure>("/incidents/{id}/closure", in_session),
        act::<NoFurtherAction>("/incidents/{id}/no-further-action", in_session),
        act::<Reopening>("/incidents/{id}/reopening", in_session),
    ] {
        routes.extend([page, form]);
    }
    routes
}
