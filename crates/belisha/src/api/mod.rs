//! The same acts for programs, under /api/v1: answers are JSON, and what goes wrong is
//! told as RFC 9457 problem details. What each address takes and gives stands in one
//! document, made from the handlers themselves: `/api/v1/openapi.json`.

mod agreements;
mod body;
mod cases;
mod openapi;
mod paging;
mod people;
mod policy;
mod reports;
pub(crate) mod scopes;
pub(crate) mod tokens;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get, post};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/api/v1/openapi.json", Needs::Nothing, openapi::get),
        get("/api/v1/policy", Needs::Scope("policy"), policy::get),
        get("/api/v1/people", Needs::Scope("register"), people::list),
        get("/api/v1/people/{id}", Needs::Scope("register"), people::get),
        post("/api/v1/reports", Needs::Scope("report"), reports::post),
        get("/api/v1/reports/{id}", Needs::Scope("report"), reports::get),
        get("/api/v1/cases", Needs::Scope("cases"), cases::list),
        get("/api/v1/cases/{id}", Needs::Scope("cases"), cases::get),
        get(
            "/api/v1/agreements/{of}",
            Needs::Scope("agreements"),
            agreements::get,
        ),
        get(
            "/api/v1/agreements/{of}/words",
            Needs::Scope("sign"),
            agreements::words,
        ),
        post(
            "/api/v1/agreements/{of}/signatures",
            Needs::Scope("sign"),
            agreements::sign,
        ),
    ]
}
