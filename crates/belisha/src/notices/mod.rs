//! Notices: what a person should know of, said without saying what it is.

use crate::web::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
