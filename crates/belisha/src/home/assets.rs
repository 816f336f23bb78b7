//! Style, script, fonts and pictures: the same for every school and every person.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use crate::problem::Problem;

pub(crate) async fn get(Path(path): Path<String>) -> Result<Response, Problem> {
    let asset = belisha_ui::assets::get(&path).ok_or(Problem::NotFound)?;
    let kept = if asset.immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    Ok((
        [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static(asset.content_type),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static(kept)),
        ],
        asset.bytes.into_owned(),
    )
        .into_response())
}
