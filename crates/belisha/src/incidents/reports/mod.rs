//! Reports: what somebody saw or heard, sent in under a minute, and what they may
//! know of it afterwards.

pub(crate) mod alert;
pub(crate) mod answers;
mod arrivals;
mod check;
pub(crate) mod code_page;
mod confirmation;
mod form;
mod naming;
mod new;
mod opening;
mod outside;
mod own;
pub(crate) mod program;
mod report;
mod sending;
mod sent;
mod show;
mod technical;

use crate::web::route::{Needs, Route, get, post};

pub(crate) use naming::{Candidate, Named, find, url as suggestions_url};
pub(crate) use new::url as new_url;
pub(crate) use outside::{Outcome, adults_meant, send as send_from_outside};
pub(crate) use own::url;
pub(crate) use report::{Channel, Report, Sender, Source};
pub(crate) use show::{url as show_url, words};
pub(crate) use technical::url as technical_url;

/// Wraps the keys of alerts anew, under the school's current key.
pub(crate) use alert::{AlertFacts, from_alert, rewrap as rewrap_alerts};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/reports", Needs::Session, own::get),
        post("/reports", Needs::Session, sending::post),
        get("/reports/new", Needs::Session, new::get),
        post("/reports/new", Needs::Session, new::post),
        post("/reports/check", Needs::Session, check::post),
        get("/reports/people", Needs::Session, naming::get),
        get("/reports/sent", Needs::Session, sent::get_plain),
        get("/reports/alerts/{id}", Needs::Session, alert::get),
        get("/technical-faults/{id}", Needs::Session, technical::get),
        post("/technical-faults/{id}", Needs::Session, technical::post),
        get("/reports/{id}", Needs::Session, show::get),
        get("/reports/{id}/sent", Needs::Session, sent::get),
        post(
            "/reports/{id}/confirmation",
            Needs::Session,
            confirmation::post,
        ),
    ]
}

/// Where what is being typed is kept.
fn draft_url() -> String {
    crate::drafts::url(DRAFT)
}

/// The name under which a half-written report is kept.
const DRAFT: &str = "report";
