//! The policy: its versions, who approved them, what is in force, and whether each clause is kept.

mod adoption;
mod packs;
mod versions;

#[cfg(test)]
mod tests;

pub(crate) use adoption::adopt;
pub(crate) use packs::{Pack, pack, packs};

use crate::web::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}

/// The first page.
pub(crate) fn url() -> String {
    "/policy".to_owned()
}
