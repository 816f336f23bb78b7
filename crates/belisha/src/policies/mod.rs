//! The policy: its versions, who approved them, what is in force, and whether each clause is kept.

mod adoption;
pub(crate) mod assurance;
mod attestation;
pub(crate) mod clause;
mod controls;
mod counted;
mod days;
mod evidence;
mod packs;
mod read;
mod shown;
mod standing;
pub(crate) mod versions;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use adoption::adopt;
pub(crate) use controls::url as controls_url;
pub(crate) use counted::LastCounted;
pub(crate) use packs::{Pack, pack, packs};
pub(crate) use standing::statuses;

use crate::web::route::{Needs, Route, get, post};

pub(crate) fn routes() -> Vec<Route> {
    use versions::{
        approval, block, commencement, difference, draft, list, proposal, show, take_back, text,
    };
    let (open, fresh) = (Needs::Session, Needs::SteppedUp);
    vec![
        get("/policy", open, read::get),
        get("/policy/clauses/{clause}", open, clause::get),
        get(
            "/policy/clauses/{clause}/attestation",
            open,
            attestation::get,
        ),
        post(
            "/policy/clauses/{clause}/attestation",
            open,
            attestation::post,
        ),
        get("/assurance", open, assurance::get),
        get("/policy/controls", open, controls::get),
        get("/policy/versions", open, list::get),
        post("/policy/versions", open, draft::post),
        get("/policy/versions/{id}", open, show::get),
        get("/policy/versions/{id}/text", open, text::get),
        post("/policy/versions/{id}/text", open, text::post),
        get(
            "/policy/versions/{id}/clauses/{clause}/controls/{number}",
            open,
            block::get,
        ),
        post(
            "/policy/versions/{id}/clauses/{clause}/controls/{number}",
            open,
            block::post,
        ),
        get("/policy/versions/{id}/difference", open, difference::get),
        post("/policy/versions/{id}/renewal", open, draft::renew_post),
        post("/policy/versions/{id}/proposal", open, proposal::post),
        post("/policy/versions/{id}/return", open, take_back::post),
        post(
            "/policy/versions/{id}/withdrawal",
            open,
            take_back::withdraw_post,
        ),
        get("/policy/versions/{id}/approval", fresh, approval::get),
        post("/policy/versions/{id}/approval", fresh, approval::post),
        get(
            "/policy/versions/{id}/commencement",
            fresh,
            commencement::get,
        ),
        post(
            "/policy/versions/{id}/commencement",
            fresh,
            commencement::post,
        ),
    ]
}

/// The first page.
pub(crate) fn url() -> String {
    "/policy".to_owned()
}
