//! Closing an account, and opening it again.

use axum::extract::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::PersonId;

use super::{load, not_oneself, show};
use crate::accounts::endings;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::{Nothing, Sent};

pub(super) fn url(person: PersonId) -> String {
    format!("/accounts/{person}/closure")
}

pub(super) fn open_url(person: PersonId) -> String {
    format!("/accounts/{person}/closure/end")
}

/// Closes an account: every way in ends at once.
pub(crate) async fn post(
    viewer: Viewer,
    Path(person): Path<String>,
    Sent { submission, .. }: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let account = load(&mut tx, &viewer, &person, Action::DisableAccount).await?;
    not_oneself(&viewer, account.person)?;
    tx.once(&submission, &show::url(account.person)).await?;
    let now = tx.now();
    tx.run_one(
        sql("update account set state = 'disabled', disabled_at = $2
             where person = $1 and state <> 'disabled'")
        .bind(account.person.to_string())
        .bind(now),
    )
    .await?;
    let ended = endings::of_access(&mut tx, account.person, None, "account closed").await?;
    tx.commit(
        Entry::of(
            EntryKind::AccountDisabled,
            Object::new("account", account.person),
        )
        .fact("sessions-ended", ended.sessions)
        .fact("keys-revoked", ended.tokens)
        .fact("codes-withdrawn", ended.codes),
    )
    .await?;
    Ok(crate::web::go_to(&show::url(account.person)))
}

/// Opens a closed account again. Nothing that ended with it comes back.
pub(crate) async fn post_end(
    viewer: Viewer,
    Path(person): Path<String>,
    Sent { submission, .. }: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let account = load(&mut tx, &viewer, &person, Action::DisableAccount).await?;
    not_oneself(&viewer, account.person)?;
    tx.once(&submission, &show::url(account.person)).await?;
    tx.run_one(
        sql("update account
             set disabled_at = null,
                 state = case when password_record is null then 'invited' else 'active' end
             where person = $1 and state = 'disabled'")
        .bind(account.person.to_string()),
    )
    .await?;
    tx.commit(Entry::of(
        EntryKind::AccountEnabled,
        Object::new("account", account.person),
    ))
    .await?;
    Ok(crate::web::go_to(&show::url(account.person)))
}
