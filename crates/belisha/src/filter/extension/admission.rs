//! Lets a device in whose enrolment stands. It is nobody: it gets the settings of its group, asks of a name
//! and reports, and nothing else opens to it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};

use crate::db::sql;
use crate::problem::{Fault, Problem};
use crate::school::School;

/// The longest name of a device.
pub(super) const LONGEST_DEVICE: usize = 64;

/// A device that showed the key of an enrolment.
#[derive(Clone)]
pub(crate) struct Enrolled {
    pub(super) school: Arc<School>,
    /// The enrolment.
    pub(super) id: String,
    pub(super) group: String,
}

/// Finds the enrolment of the key that a request carries.
pub(crate) async fn admit(school: &Arc<School>, headers: &HeaderMap) -> Result<Enrolled, Problem> {
    let refused = || {
        Problem::refused(
            "This device is not enrolled",
            "Its key is unknown here, or its enrolment was ended. Whoever manages the filter makes a new one \
             under Filter, Browser extension.",
        )
    };
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(refused)?;
    let row = sql(
        "select id, for_group from filter_enrolment where token_hash = $1 and ended_at is null",
    )
    .bind(Sha256::digest(token.as_bytes()).as_slice())
    .optional(&mut school.database.read().await?)
    .await?
    .ok_or_else(refused)?;
    Ok(Enrolled {
        school: Arc::clone(school),
        id: row.get("id")?,
        group: row.get("for_group")?,
    })
}

impl<S: Sync> FromRequestParts<S> for Enrolled {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get()
            .cloned()
            .ok_or_else(|| Fault::said(format!("{} asks for a device", parts.uri.path())).into())
    }
}

/// Whether a text can be the name of a device: it stands in the log, where tabs part the fields.
pub(super) fn is_device(text: &str) -> bool {
    (1..=LONGEST_DEVICE).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
