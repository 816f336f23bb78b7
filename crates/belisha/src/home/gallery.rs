//! Every component with its variants, as the accessibility check and the eye want them.

use axum::extract::Path;
use axum::response::{Html, IntoResponse as _, Response};

use crate::problem::Problem;

/// The contents of the gallery.
pub(crate) fn url() -> String {
    "/gallery".to_owned()
}

pub(crate) async fn get() -> Result<Response, Problem> {
    page("")
}

pub(crate) async fn get_page(Path(slug): Path<String>) -> Result<Response, Problem> {
    page(&slug)
}

fn page(slug: &str) -> Result<Response, Problem> {
    belisha_ui::gallery::pages(&url())
        .into_iter()
        .find(|page| page.slug == slug)
        .map(|page| Html(page.html).into_response())
        .ok_or(Problem::NotFound)
}
