//! The end of a case: how long each is kept, what is due, the hold that keeps it all the
//! same, and the destruction that two people agree to. The law is `rules::retention`.

mod certificate;
mod decision;
mod destruction;
mod finding;
mod hold;
mod list;
mod queries;
mod terms;

#[cfg(test)]
mod tests;

use belisha_rules::ids::IncidentId;

use crate::web::act::act;
use crate::web::route::{Needs, Route, get};

pub(crate) use certificate::of_case as certificate_of;
pub(crate) use finding::FIND_DUE;
pub(crate) use hold::offers;
pub(crate) use list::{may_decide_any, url};
pub(crate) use queries::on_case;
pub(crate) use terms::{closed, forget, reopened};

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/retention", Needs::Session, list::get),
        get("/retention/destroyed", Needs::Session, certificate::list),
        get(
            "/retention/destroyed/{id}",
            Needs::Session,
            certificate::get,
        ),
    ];
    for pair in [
        act::<decision::Decision>("/retention/cases/{id}/decision", Needs::SteppedUp),
        act::<destruction::Destruction>("/retention/cases/{id}/destruction", Needs::SteppedUp),
        act::<hold::Hold>("/retention/cases/{id}/hold", Needs::Session),
        act::<hold::HoldEnd>("/retention/cases/{id}/hold/end", Needs::Session),
    ] {
        routes.extend(pair);
    }
    routes
}

fn of_case_url(id: IncidentId, act: &str) -> String {
    format!("/retention/cases/{id}/{act}")
}
