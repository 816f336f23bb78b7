//! Patterns: when, where and what about cases come in, as numbers and tables. Only cases
//! about pupils are counted; of concerns about adults, even the number is their readers' own.

mod cases;
mod counting;
mod export;
mod findings;
mod show;
mod tables;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get};

pub(crate) use show::url;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/patterns", Needs::Session, show::get),
        get("/patterns/cases", Needs::Session, cases::get),
        get("/patterns/export", Needs::Session, export::get),
    ]
}
