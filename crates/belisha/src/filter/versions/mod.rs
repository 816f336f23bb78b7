//! The versions of lists: which is in use, which is held and why, what another would do to recent traffic,
//! and what somebody decided about it.

mod deciding;
mod list;
mod preview;
mod refreshing;
mod show;
mod stored;

#[cfg(test)]
mod tests;

use belisha_filter::decided::ListStanding;
use belisha_filter::lists::Kind;

use crate::web::act::act;
use crate::web::route::{Needs, Route, get};
use deciding::{Back, Deciding, Refuse, Take};

pub(crate) use list::url;
pub(crate) use refreshing::LISTS;
#[cfg(test)]
pub(super) use refreshing::run as look_now;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/filter/lists", Needs::Session, list::get),
        get("/filter/lists/{list}", Needs::Session, show::get),
    ];
    for pair in [
        act::<Deciding<Take>>("/filter/lists/{list}/taking", Needs::Session),
        act::<Deciding<Refuse>>("/filter/lists/{list}/refusal", Needs::Session),
        act::<Deciding<Back>>("/filter/lists/{list}/return", Needs::Session),
    ] {
        routes.extend(pair);
    }
    routes
}

/// A list as an address names it.
fn slug(name: &str) -> String {
    name.replace(['/', '\\'], "+")
}

/// How a list stands, for the page of all.
fn stands(list: &ListStanding) -> &'static str {
    match (&list.held, list.kind) {
        (_, Kind::Illegal) => "in use; nobody at school can change it",
        (None, _) => "in use",
        (Some(_), _) => "an earlier version is in use",
    }
}
