//! Today: what a person owes, what waits for them, and the way to report an incident.

pub(crate) mod assets;
pub(crate) mod cover;
pub(crate) mod frame;
pub(crate) mod gallery;

use crate::web::route::{Needs, Route, get};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/assets/{*path}", Needs::Nothing, assets::get),
        get("/gallery", Needs::Nothing, gallery::get),
        get("/gallery/{slug}", Needs::Nothing, gallery::get_page),
        get("/cover", Needs::Session, cover::get),
    ]
}

/// The Today page.
pub(crate) fn url() -> String {
    "/".to_owned()
}
