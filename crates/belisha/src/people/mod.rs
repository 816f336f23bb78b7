//! The register: everybody the school knows, their classes, families and posts.

pub(crate) mod hats;
pub(crate) mod list;

use crate::web::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
