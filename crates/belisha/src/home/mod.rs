//! Today: what a person owes, what waits for them, and the way to report a concern.

pub(crate) mod assets;
pub(crate) mod cover;
mod footer;
pub(crate) mod frame;
pub(crate) mod gallery;
mod help;
mod today;

#[cfg(test)]
mod tests;

use crate::web::route::{Needs, Route, get};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/assets/{*path}", Needs::Nothing, assets::get),
        get("/gallery", Needs::Nothing, gallery::get),
        get("/gallery/{slug}", Needs::Nothing, gallery::get_page),
        get("/", Needs::Session, today::get),
        get("/cover", Needs::Session, cover::get),
        get(help::URL, Needs::Nothing, help::index),
        get(help::WHO_URL, Needs::Nothing, help::who),
        get("/help/{topic}", Needs::Nothing, help::topic),
        get(footer::ACCESSIBILITY, Needs::Nothing, footer::accessibility),
        get(footer::COOKIES, Needs::Nothing, footer::cookies_page),
    ]
}

/// The Today page.
pub(crate) fn url() -> String {
    "/".to_owned()
}
