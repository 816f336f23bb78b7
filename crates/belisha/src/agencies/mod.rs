//! Agencies outside: the directory that comes with the program, and how the school
//! reaches those that have no national number.

mod contact;
pub(crate) mod directory;
mod list;

#[cfg(test)]
mod tests;

use contact::ContactChange;

use crate::web::act::act;
use crate::web::route::{Needs, Route, get};

pub(crate) use contact::contact;
pub(crate) use directory::{Agency, agency, all, name};
pub(crate) use list::url;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![get("/agencies", Needs::Session, list::get)];
    routes.extend(act::<ContactChange>(
        "/agencies/{agency}/contact",
        Needs::Session,
    ));
    routes
}
