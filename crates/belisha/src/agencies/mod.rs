//! Agencies outside: the directory that comes with the program, and how the school
//! reaches those that have no national number.

mod contact;
pub(crate) mod directory;
mod list;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get, post};

pub(crate) use contact::{Contact, contact};
pub(crate) use directory::{Agency, agency, all, name};
pub(crate) use list::url;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/agencies", Needs::Session, list::get),
        get("/agencies/{agency}/contact", Needs::Session, contact::get),
        post("/agencies/{agency}/contact", Needs::Session, contact::post),
    ]
}
