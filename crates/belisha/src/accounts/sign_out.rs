//! Signing out: the session ends on the server, and the browser forgets its pages.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::sessions::{self, Which};
use crate::actor::Actor;
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::cookies;

/// The address that a form posts to.
pub(crate) fn url() -> String {
    "/sign-out".to_owned()
}

/// Ends the session of whoever sends it, at whatever step it stands.
pub(crate) async fn post(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    let school = &here.school;
    let found = match crate::viewer::token(&headers) {
        Some(token) => {
            let mut records = school.database.read().await?;
            sessions::find(&mut records, &token).await?
        }
        None => None,
    };
    if let Some(found) = found {
        let mut tx = school
            .write(Actor::Person {
                person: found.person,
                session: Some(found.id),
                factor: found.factor,
            })
            .await?;
        let ended =
            sessions::end(&mut tx, found.person, Which::Only(found.id), "signed out").await?;
        if ended > 0 {
            tx.commit(Entry::of(
                EntryKind::SessionEnded,
                Object::new("session", found.id),
            ))
            .await?;
        }
    }
    let mut response = crate::web::go_to(&super::sign_in::url_signed_out());
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, cookies::no_session());
    // Not "cookies": the account should know this browser again.
    headers.insert(
        "clear-site-data",
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}
