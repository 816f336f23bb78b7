//! Incidents: from a report to a closed case.

pub(crate) mod list;

use crate::web::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
