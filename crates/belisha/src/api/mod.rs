//! The same acts for programs, under /api/v1: answers are JSON, and what goes wrong is
//! told as RFC 9457 problem details. What each address takes and gives stands in one
//! document, made from the handlers themselves: `/api/v1/openapi.json`.

mod agreements;
mod openapi;
mod paging;
mod people;
mod policy;
pub(crate) mod scopes;
pub(crate) mod tokens;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/api/v1/openapi.json", Needs::Nothing, openapi::get),
        get("/api/v1/policy", Needs::Scope("policy"), policy::get),
        get("/api/v1/people", Needs::Scope("register"), people::get),
        get(
            "/api/v1/agreements/{of}",
            Needs::Scope("agreements"),
            agreements::get,
        ),
    ]
}
