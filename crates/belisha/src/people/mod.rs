//! The register: everybody the school knows, their classes, families and posts.

pub(crate) mod add;
pub(crate) mod change;
pub(crate) mod choosing;
pub(crate) mod class;
pub(crate) mod classes;
pub(crate) mod dates;
pub(crate) mod families;
pub(crate) mod hats;
pub(crate) mod import;
pub(crate) mod last_day;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod particulars;
pub(crate) mod person;
pub(crate) mod posts;
pub(crate) mod queries;
pub(crate) mod relations;

use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{NavigationItem, SubNavigation};

use crate::viewer::Viewer;
use crate::web::act::act;
use crate::web::route::{Needs, Route, get, post};

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/people", Needs::Session, list::get),
        get("/people/suggestions", Needs::Session, choosing::suggestions),
        get("/people/add", Needs::Session, add::get),
        post("/people/add", Needs::Session, add::post),
        get("/people/classes", Needs::Session, classes::get),
        post("/people/classes", Needs::Session, classes::post),
        get("/people/classes/{id}", Needs::Session, class::get),
        post("/people/classes/{id}/join", Needs::Session, class::join),
        post("/people/classes/{id}/leave", Needs::Session, class::leave),
        get("/people/posts", Needs::Session, posts::get),
        get(
            "/people/posts/appoint",
            Needs::SteppedUp,
            posts::appoint::get,
        ),
        post(
            "/people/posts/appoint",
            Needs::SteppedUp,
            posts::appoint::post,
        ),
        get(
            "/people/posts/proposals/{id}",
            Needs::SteppedUp,
            posts::decide::get,
        ),
        post(
            "/people/posts/proposals/{id}",
            Needs::SteppedUp,
            posts::decide::post,
        ),
        get(
            "/people/posts/holdings/{id}/end",
            Needs::SteppedUp,
            posts::end::get,
        ),
        post(
            "/people/posts/holdings/{id}/end",
            Needs::SteppedUp,
            posts::end::post,
        ),
        get("/people/{id}", Needs::Session, person::get),
        get("/people/{id}/change", Needs::Session, change::get),
        post("/people/{id}/change", Needs::Session, change::post),
        get("/people/{id}/last-day", Needs::Session, last_day::get),
        post("/people/{id}/last-day", Needs::Session, last_day::post),
        get("/people/{id}/family", Needs::Session, families::get),
        post("/people/{id}/family", Needs::Session, families::post),
        post("/people/{id}/family/untie", Needs::Session, families::untie),
        get("/people/{id}/relations", Needs::Session, relations::get),
        post("/people/{id}/relations", Needs::Session, relations::post),
        get("/people/{id}/merge", Needs::SteppedUp, merge::get),
        post("/people/{id}/merge", Needs::SteppedUp, merge::post),
    ];
    routes.extend(act::<posts::absence::Absence>(
        "/people/posts/holders/{person}/absence",
        Needs::SteppedUp,
    ));
    routes.extend(act::<posts::absence::Return>(
        "/people/posts/absences/{id}/return",
        Needs::SteppedUp,
    ));
    routes.extend(import::routes());
    routes
}

/// The parts of the register, for whoever may enter each.
fn places(viewer: &Viewer) -> SubNavigation {
    let all = [
        (
            "Everybody",
            list::url(),
            Action::ReadRegister,
            Kind::Register,
        ),
        (
            "Classes",
            classes::url(),
            Action::ReadRegister,
            Kind::Register,
        ),
        (
            "Posts",
            posts::url(),
            Action::ReadAppointments,
            Kind::Appointment,
        ),
        (
            "Import",
            import::upload::url(),
            Action::ImportPeople,
            Kind::Register,
        ),
    ];
    let items = all
        .into_iter()
        .filter(|(_, _, action, kind)| viewer.may(*action, &RecordFacts::of(*kind)).is_allowed())
        .map(|(text, href, _, _)| {
            let is_below = href != list::url()
                && viewer
                    .path
                    .strip_prefix(href.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            NavigationItem {
                text: text.into(),
                current: viewer.path == href || is_below,
                href,
            }
        })
        .collect();
    SubNavigation::new("The register", items)
}

#[cfg(test)]
mod tests;
