//! What a program sends: JSON with exactly the fields that the address takes, and a
//! number of its own, so that what is sent twice acts once.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The header with the program's own number of what it sends.
const KEY: &str = "idempotency-key";
const LONGEST_KEY: usize = 100;

/// A body. Give `T` the attribute `#[serde(deny_unknown_fields)]`.
pub(super) struct Told<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Told<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = Bytes::from_request(request, state).await.map_err(|_| {
            Problem::field("body", "Send about a million characters at most at a time.")
        })?;
        serde_json::from_slice(&body)
            .map(Self)
            .map_err(|error| Problem::field("body", format!("This is not as documented: {error}.")))
    }
}

/// The program's own number, from the header `Idempotency-Key`.
pub(super) struct Once(pub(super) String);

impl<S: Sync> FromRequestParts<S> for Once {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .headers
            .get(KEY)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
            .filter(|key| (1..=LONGEST_KEY).contains(&key.len()))
            // Its own corner: a program's number is never that of a form.
            .map(|key| Self(format!("api/{key}")))
            .ok_or_else(|| {
                Problem::field(
                    KEY,
                    "Send a number of your own for this, such as a UUID, in the header Idempotency-Key. \
                     Send the same one if you send the same thing again.",
                )
            })
    }
}
