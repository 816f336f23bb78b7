//! What a device is given: the signed settings of its group, or word that it has them already. That it asked
//! is how the school knows that it is there.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::admission::{Enrolled, is_device};
use crate::db::sql;
use crate::problem::Problem;
use crate::upkeep::{Upkeep, keep};

/// The headers in which a device names itself and its version.
const DEVICE: &str = "belisha-device";
const VERSION: &str = "belisha-version";

pub(super) async fn get(enrolled: Enrolled, headers: HeaderMap) -> Result<Response, Problem> {
    let said = |name: &str| -> Option<&str> {
        let value = headers.get(name)?.to_str().ok()?;
        is_device(value).then_some(value)
    };
    let (Some(device), Some(version)) = (said(DEVICE), said(VERSION)) else {
        return Err(Problem::field(
            DEVICE,
            "Name the device and the version in the headers Belisha-Device and Belisha-Version.",
        ));
    };
    if let Some(refused) = too_often(&enrolled, device) {
        return Ok(refused);
    }
    let school = &enrolled.school;
    keep(
        &school.database,
        Upkeep::DeviceHeard {
            enrolment: &enrolled.id,
            device,
            version,
            at: school.clock.now(),
        },
    )
    .await?;
    let row = sql("select number, signed from filter_extension where for_group = $1")
        .bind(&enrolled.group)
        .optional(&mut school.database.read().await?)
        .await?
        .ok_or_else(|| {
            Problem::refused(
                "There are no settings for this group yet",
                "They are made within minutes of a new policy. If the policy no longer knows the group, \
                 enrol the devices anew.",
            )
        })?;
    let tag = format!("\"{}\"", row.get::<i64>("number")?);
    let tag = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"0\""));
    if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    let signed: String = row.get("signed")?;
    Ok(([(header::CONTENT_TYPE, kind), (header::ETAG, tag)], signed).into_response())
}

/// The answer to a device that comes too often.
pub(super) fn too_often(enrolled: &Enrolled, device: &str) -> Option<Response> {
    let school = &enrolled.school;
    let now = school.clock.now();
    let allowed = school.extension_limit.allows(&enrolled.id, device, now);
    (!allowed).then(|| {
        let later = [(header::RETRY_AFTER, HeaderValue::from_static("60"))];
        (
            StatusCode::TOO_MANY_REQUESTS,
            later,
            "Come again in a minute.\n",
        )
            .into_response()
    })
}
