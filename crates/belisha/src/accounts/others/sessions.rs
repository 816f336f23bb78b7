//! Ending somebody's sessions.

use axum::extract::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::PersonId;

use super::{load, show};
use crate::accounts::sessions::{self, Which};
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::{Nothing, Sent};

pub(super) fn url(person: PersonId) -> String {
    format!("/accounts/{person}/sessions/end")
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(person): Path<String>,
    Sent { submission, .. }: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let account = load(&mut tx, &viewer, &person, Action::EndOthersSessions).await?;
    tx.once(&submission, &show::url(account.person)).await?;
    let all = Which::AllBut(None);
    let ended = sessions::end(&mut tx, account.person, all, "ended by another").await?;
    tx.commit(
        Entry::of(
            EntryKind::SessionEnded,
            Object::new("account", account.person),
        )
        .fact("sessions", ended),
    )
    .await?;
    Ok(crate::web::go_to(&show::url(account.person)))
}
