//! A copy of the whole journal, for those who verify it.
//!
//! Its lines name no person and hold no words, but they do show that a case exists. The
//! two people about whom a case is hidden from the whole office, the headteacher and the
//! chair of governors, therefore verify with a slip and a copy that another verifier took.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Post;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{BackLink, Button, Frame};

use super::checkpoint::take;
use super::exporting::export;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/journal/export".to_owned()
}

/// Whether this person may take a copy.
pub(super) fn may(viewer: &Viewer) -> bool {
    let hidden_from = [Post::Headteacher, Post::ChairOfGovernors];
    viewer
        .may(Action::VerifyJournal, &RecordFacts::of(Kind::Journal))
        .is_allowed()
        && !hidden_from
            .iter()
            .any(|post| viewer.hats.answers_for(*post))
}

#[derive(Template)]
#[template(path = "audit/download.html")]
struct DownloadPage {
    frame: Frame,
    back: BackLink,
    action: String,
    button: Button,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    if !may(&viewer) {
        return Err(Problem::NotFound);
    }
    crate::web::page(&DownloadPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::url()),
        action: url(),
        button: Button {
            once: false,
            ..Button::submit("Take the copy")
        },
    })
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {}

pub(super) async fn post(viewer: Viewer, _sent: Sent<Form>) -> Result<Response, Problem> {
    if !may(&viewer) {
        return Err(Problem::NotFound);
    }
    let tx = viewer.write().await?;
    tx.commit(Entry::of(
        EntryKind::JournalExported,
        Object::new("journal", "file"),
    ))
    .await?;
    let mut snapshot = viewer.school.database.snapshot().await?;
    let last = take(&viewer.school, snapshot.connection())
        .await?
        .map_err(|verdict| {
            Problem::refused(
                "The journal does not hold together",
                format!("{verdict} Nothing was signed. Tell the headteacher, the chair of governors and whoever runs the server."),
            )
        })?;
    let file = export(snapshot.connection(), last.origin(), &last, Vec::new()).await?;
    let day = viewer.today().strftime("%Y-%m-%d");
    let disposition = format!("attachment; filename=\"journal-{day}.txt\"");
    let disposition = header::HeaderValue::from_str(&disposition)
        .map_err(|error| Fault::at("naming a journal file".into(), error))?;
    Ok((
        [
            (
                header::CONTENT_TYPE,
                header::HeaderValue::from_static("text/plain; charset=utf-8"),
            ),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        file,
    )
        .into_response())
}
