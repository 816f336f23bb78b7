//! What leaves the school on purpose: the chronology of a case or of a child, a child's
//! file for the next school, a table for the recorder that the school has, and what a person
//! asks to see of themselves. Gathered from what the exporter may read, third parties masked
//! by choice, read before it leaves, for a named recipient and a reason, and provable.

mod begin;
pub(crate) mod bundle;
mod chase;
mod check;

mod document;
mod erasing;
mod finish;
mod gather;
mod give_up;
mod list;
mod masking;
mod pack;
mod proof;
mod receipt;
mod show;
mod table;
mod take;
mod text;
pub(crate) mod verify;
mod words;
pub(crate) mod zip;

#[cfg(test)]
mod tests;

use belisha_rules::ids::{ExportId, IncidentId, PersonId};

use crate::web::act::act;
use crate::web::route::{Needs, Route, get, post};

pub(crate) use begin::{may_begin_for_case, may_begin_for_person, may_have_any};
pub(crate) use chase::CHASE;
pub(crate) use erasing::erase;
pub(crate) use table::cell;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/exports", Needs::Session, list::get),
        get("/exports/{id}", Needs::Session, show::get),
        get("/exports/{id}/finish", Needs::SteppedUp, finish::get),
        post("/exports/{id}/finish", Needs::SteppedUp, finish::post),
        get(
            "/exports/{id}/chronology.pdf",
            Needs::SteppedUp,
            take::paper,
        ),
        get("/exports/{id}/pack.age", Needs::SteppedUp, take::bundle),
        get("/exports/{id}/table.csv", Needs::SteppedUp, take::table),
    ];
    routes.extend(act::<begin::OfCase>(
        "/incidents/{id}/export",
        Needs::SteppedUp,
    ));
    routes.extend(act::<begin::OfPerson>(
        "/people/{id}/export",
        Needs::SteppedUp,
    ));
    routes.extend(act::<masking::Masking>(
        "/exports/{id}/masking",
        Needs::SteppedUp,
    ));
    routes.extend(act::<check::Check>("/exports/{id}/check", Needs::SteppedUp));
    routes.extend(act::<give_up::GiveUp>(
        "/exports/{id}/give-up",
        Needs::Session,
    ));
    routes.extend(act::<receipt::Receipt>(
        "/exports/{id}/receipt",
        Needs::Session,
    ));
    routes
}

/// The packs that the viewer may know of.
pub(crate) fn url() -> String {
    "/exports".to_owned()
}

pub(crate) fn of_case_url(id: IncidentId) -> String {
    format!("/incidents/{id}/export")
}

pub(crate) fn of_person_url(id: PersonId) -> String {
    format!("/people/{id}/export")
}

pub(crate) fn show_url(id: ExportId) -> String {
    format!("/exports/{id}")
}

fn step_url(id: ExportId, step: &str) -> String {
    format!("/exports/{id}/{step}")
}
