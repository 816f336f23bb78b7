//! The same acts for programs, under /api/v1.

pub(crate) mod scopes;
pub(crate) mod tokens;

use crate::web::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
