//! A person's own sessions, and their end.

use axum::extract::Path;
use axum::response::Response;
use belisha_rules::ids::SessionId;
use belisha_ui::{Button, Column, Html, Table};

use super::{Done, url_after};
use crate::accounts::sessions::{self, Which};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::sent::{Nothing, Sent};
use crate::web::words;

fn end_url(session: SessionId) -> String {
    format!("/account/sessions/{session}/end")
}

pub(super) fn others_url() -> String {
    "/account/sessions/end-others".to_owned()
}

/// The sessions that are open, with a button at each but this one.
pub(super) async fn table(viewer: &Viewer) -> Result<Table, Fault> {
    let mut records = viewer.read().await?;
    let rows = sql(
        "select id, device, address, started_at, last_active_at from session
         where person = $1 and ended_at is null order by last_active_at desc, id",
    )
    .bind(viewer.person.to_string())
    .all(&mut records)
    .await?
    .iter()
    .map(|row| {
        let id: SessionId = row.read("id", |text| text.parse().ok())?;
        let device: String = row.get("device")?;
        let address: String = row.get("address")?;
        Ok(vec![
            device.as_str().into(),
            address.into(),
            words::moment_at(&viewer.school, row.instant("started_at")?).into(),
            words::moment_at(&viewer.school, row.instant("last_active_at")?).into(),
            match viewer.session == Some(id) {
                true => "This is where you are now".into(),
                false => button(id, &device),
            },
        ])
    })
    .collect::<Result<_, Fault>>()?;
    let columns = ["Browser", "Address", "Since", "Last used", "End"];
    Ok(Table {
        caption_hidden: true,
        ..Table::new(
            "Where you are signed in",
            columns.into_iter().map(Column::new).collect(),
            rows,
        )
    })
}

fn button(session: SessionId, device: &str) -> Html {
    let button = Button::like_link("End");
    let of_what = Html::from(device);
    Html::trusted(format!(
        r#"<form method="post" action="{}">{}<span class="govuk-visually-hidden"> of {of_what}</span></form>"#,
        end_url(session),
        Html::of(&button),
    ))
}

/// Ends one session of the viewer's own; somebody else's is not there.
pub(crate) async fn end(
    viewer: Viewer,
    Path(session): Path<String>,
    _: Sent<Nothing>,
) -> Result<Response, Problem> {
    super::load(&viewer).await?;
    let session: SessionId = session.parse().map_err(|_| Problem::NotFound)?;
    let mut tx = viewer.write().await?;
    let ended = sessions::end(&mut tx, viewer.person, Which::Only(session), "own wish").await?;
    if ended == 0 {
        return Err(Problem::NotFound);
    }
    tx.commit(Entry::of(
        EntryKind::SessionEnded,
        Object::new("session", session),
    ))
    .await?;
    Ok(crate::web::go_to(&url_after(Done::Session)))
}

/// Ends every session of the viewer's own but this one.
pub(crate) async fn end_others(viewer: Viewer, _: Sent<Nothing>) -> Result<Response, Problem> {
    super::load(&viewer).await?;
    let mut tx = viewer.write().await?;
    let ended = sessions::end(
        &mut tx,
        viewer.person,
        Which::AllBut(viewer.session),
        "own wish",
    )
    .await?;
    tx.commit(
        Entry::of(
            EntryKind::SessionEnded,
            Object::new("account", viewer.person),
        )
        .fact("sessions", ended),
    )
    .await?;
    Ok(crate::web::go_to(&url_after(Done::Sessions)))
}
