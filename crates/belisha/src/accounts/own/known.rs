//! "Somebody else knows my password": the account closes at once, and only a new
//! password from the school opens it.

use askama::Template;
use axum::http::header;
use axum::response::Response;
use belisha_ui::{BackLink, Button, Frame, WarningText};

use crate::accounts::{endings, making_safe, sign_in};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::cookies;
use crate::web::sent::{Nothing, Sent};

pub(super) fn url() -> String {
    "/account/password-known".to_owned()
}

#[derive(Template)]
#[template(path = "accounts/own/known.html")]
struct KnownPage {
    frame: Frame,
    back: BackLink,
    action: String,
    warning: WarningText,
    close: Button,
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    super::load(&viewer).await?;
    crate::web::page(&KnownPage {
        frame: frame::of(&viewer),
        back: BackLink {
            text: "Your account".into(),
            href: super::url(),
        },
        action: url(),
        warning: WarningText::new(
            "You will be signed out everywhere, here too. To come back you need a code from the \
             headteacher or the network manager. If you can still sign in safely, change the \
             password yourself instead: then you keep every case that was sealed to you.",
        ),
        close: Button::warning("Close my account for now"),
    })
}

pub(crate) async fn post(viewer: Viewer, _: Sent<Nothing>) -> Result<Response, Problem> {
    super::load(&viewer).await?;
    let mut tx = viewer.write().await?;
    making_safe::shut(&mut tx, viewer.person).await?;
    let ended = endings::of_access(&mut tx, viewer.person, None, "password known").await?;
    tx.commit(
        Entry::of(
            EntryKind::AccountPasswordKnown,
            Object::new("account", viewer.person),
        )
        .fact("sessions-ended", ended.sessions)
        .fact("keys-revoked", ended.tokens),
    )
    .await?;
    let mut answer = crate::web::go_to(&sign_in::url_signed_out());
    answer
        .headers_mut()
        .append(header::SET_COOKIE, cookies::no_session());
    Ok(answer)
}
