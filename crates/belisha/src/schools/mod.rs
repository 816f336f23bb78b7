//! The school itself: its set-up, its facts, its calendar.

pub(crate) mod calendar;
pub(crate) mod set_up;
use crate::web::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
