//! Leaving at once: a harmless page elsewhere, and nothing of ours left in the cache.

use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};

/// Where the button leads without script.
pub(crate) fn url() -> String {
    "/exit".to_owned()
}

/// What somebody who looks over a shoulder sees instead.
const HARMLESS: &str = "https://www.bbc.co.uk/weather";

pub(super) async fn get() -> Response {
    (
        [(
            header::HeaderName::from_static("clear-site-data"),
            "\"cache\"",
        )],
        Redirect::to(HARMLESS),
    )
        .into_response()
}
