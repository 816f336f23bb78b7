//! Revoking a key: it opens nothing from this instant.

use axum::extract::Path;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Button, Html};

use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::{Nothing, Sent};

fn url(key: &str) -> String {
    format!("/account/keys/{key}/revocation")
}

/// The button beside a key.
pub(super) fn button(key: &str, name: &str) -> Html {
    Html::trusted(format!(
        r#"<form method="post" action="{}">{}<span class="govuk-visually-hidden"> of {}</span></form>"#,
        Html::from(url(key)),
        Html::of(&Button::like_link("Revoke")),
        Html::from(name),
    ))
}

/// Revokes a key of the viewer's own; somebody else's is not there.
pub(crate) async fn post(
    viewer: Viewer,
    Path(key): Path<String>,
    _: Sent<Nothing>,
) -> Result<Response, Problem> {
    viewer.require(Action::RevokeApiToken, &RecordFacts::of(Kind::ApiToken))?;
    let mut tx = viewer.write().await?;
    let now = tx.now();
    let revoked = tx
        .run(
            sql("update token set revoked_at = $3
                 where id = $1 and person = $2 and revoked_at is null")
            .bind(&key)
            .bind(viewer.person.to_string())
            .bind(now),
        )
        .await?;
    if revoked == 0 {
        return Err(Problem::NotFound);
    }
    tx.commit(Entry::of(
        EntryKind::TokenRevoked,
        Object::new("token", key),
    ))
    .await?;
    Ok(crate::web::go_to(&super::url()))
}
