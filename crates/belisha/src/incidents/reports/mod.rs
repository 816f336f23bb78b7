//! Reports: what somebody saw or heard, sent in under a minute, and what they may
//! know of it afterwards.

mod check;
mod confirmation;
mod form;
mod naming;
mod new;
mod own;
mod sending;
mod sent;
mod show;

use crate::web::route::{Needs, Route, get, post};

pub(crate) use form::{read_date, read_time};
pub(crate) use naming::{Candidate, Named, find, url as suggestions_url};
pub(crate) use new::url as new_url;
pub(crate) use own::url;
pub(crate) use show::{url as show_url, words};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/reports", Needs::Session, own::get),
        post("/reports", Needs::Session, sending::post),
        get("/reports/new", Needs::Session, new::get),
        post("/reports/new", Needs::Session, new::post),
        post("/reports/check", Needs::Session, check::post),
        get("/reports/people", Needs::Session, naming::get),
        get("/reports/sent", Needs::Session, sent::get_plain),
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
