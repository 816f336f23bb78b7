//! The log of the filter: taken in from the resolver's files, sealed, looked through for what is
//! unusual, searched for a reason, and gone when its time is over.

mod alert;
mod alerting;
mod alerts;
mod figures;
mod figures_file;
mod search;
mod segment;
mod taking;

#[cfg(test)]
mod tests;
mod traffic;

use crate::web::act::act;
use crate::web::route::{Needs, Route, get, post};

pub(crate) use alert::{rewrap as rewrap_alerts, url as alert_url};
pub(in crate::filter) use alerting::{Worry, words_of, worry};
pub(in crate::filter) use belisha_filter::line::Line;
pub(crate) use search::rewrap as rewrap_searches;
pub(crate) use segment::rewrap as rewrap_segments;
pub(crate) use taking::TAKE_LOG;
pub(in crate::filter) use taking::{keep_lines, take as take_now, take_text};
pub(crate) use traffic::last_week;
pub(in crate::filter) use traffic::{Asked, asked_last_week};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/filter/alerts", Needs::Session, alerts::get),
        get("/filter/log", Needs::SteppedUp, search::get),
        post("/filter/log", Needs::SteppedUp, search::post),
        get("/filter/figures", Needs::Session, figures::get),
        get("/filter/figures/file", Needs::Session, figures_file::get),
        post(
            "/filter/alerts/{alert}/report",
            Needs::Session,
            alert::report,
        ),
    ];
    routes.extend(act::<alert::Handling>(
        "/filter/alerts/{alert}",
        Needs::Session,
    ));
    routes
}
