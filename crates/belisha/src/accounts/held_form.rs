//! A form that was sent from a screen that had locked, or from a session that was
//! over: it is kept sealed, shown again after the sign-in, and sent by one button.

use askama::Template;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use belisha_rules::ids::{PersonId, SessionId};
use belisha_ui::{Button, Frame, Html, SummaryList, SummaryRow};

use crate::db::{Connection, sql};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::records::rewrap_aside;
use crate::school_keys::rewrapping::{Batch, Turn};
use crate::tx::Tx;
use crate::upkeep::{Upkeep, keep};
use crate::viewer::{HalfWay, Viewer};
use crate::web::sent::{Nothing, SUBMISSION, Sent};

mod parts;

/// The page "Your form was kept".
pub(crate) fn url() -> String {
    "/kept-form".to_owned()
}

pub(crate) fn discard_url() -> String {
    "/kept-form/discard".to_owned()
}

/// The kind under which it is sealed aside.
const KIND: &str = "held-form";

/// Keeps a form. What is no form, and forms in which passwords are typed, are not kept. Of a
/// form with a file the words are kept and the file is not.
pub(crate) async fn hold(half_way: &HalfWay, request: Request) -> Result<(), Problem> {
    let path = request.uri().path().to_owned();
    if request.method() != Method::POST || super::asks_for_secrets(&path) {
        return Ok(());
    }
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let body = if kind.starts_with("application/x-www-form-urlencoded") {
        let body = axum::body::to_bytes(request.into_body(), crate::web::LONGEST_FORM).await;
        let Ok(body) = body else { return Ok(()) };
        body.to_vec()
    } else if let Some(edge) = parts::edge(&kind).filter(|_| crate::files::is_upload(&path)) {
        parts::words_of(request.into_body(), edge).await
    } else {
        return Ok(());
    };
    let (school, session) = (&half_way.school, half_way.session.id);
    let sealed = crate::records::seal_aside(school, KIND, &session.to_string(), &body);
    keep(
        &school.database,
        Upkeep::FormHeld {
            session,
            path: &path,
            sealed,
            at: half_way.now,
        },
    )
    .await?;
    Ok(())
}

/// Whether a form of this person waits.
pub(super) async fn waits(connection: &mut Connection, person: PersonId) -> Result<bool, Fault> {
    let row = sql("select count(*) as held
         from session_held_form join session on session.id = session_held_form.session
         where session.person = $1")
    .bind(person.to_string())
    .one(connection)
    .await?;
    Ok(row.get::<i64>("held")? > 0)
}

/// Wraps the keys of the next kept forms anew, under the school's current key.
pub(crate) async fn rewrap(tx: &mut Tx, turn: &Turn<'_>) -> Result<Batch, Problem> {
    let school = tx.school().clone();
    let rows = sql("select session, sealed from session_held_form
         where substr(sealed, 7, 8) <> $1 and session > $2 order by session limit $3")
    .bind(turn.keys.current_id().to_bytes().as_slice())
    .bind(turn.after)
    .bind(turn.limit)
    .all(tx)
    .await?;
    let mut batch = Batch::default();
    for row in rows {
        let (session, sealed): (String, Vec<u8>) = (row.get("session")?, row.get("sealed")?);
        let anew = rewrap_aside(&school, turn.keys, KIND, &session, &sealed);
        if let Some(anew) = batch.took(&session, anew) {
            tx.run_one(
                sql("update session_held_form set sealed = $3 where session = $1 and sealed = $2")
                    .bind(&session)
                    .bind(sealed)
                    .bind(anew),
            )
            .await?;
        }
    }
    Ok(batch)
}

/// A form that was kept.
struct Held {
    session: SessionId,
    path: String,
    fields: Vec<(String, String)>,
}

async fn newest(viewer: &Viewer) -> Result<Option<Held>, Fault> {
    let mut records = viewer.read().await?;
    sql(
        "select session_held_form.session, session_held_form.path, session_held_form.sealed
         from session_held_form join session on session.id = session_held_form.session
         where session.person = $1
         order by session_held_form.held_at desc, session_held_form.session",
    )
    .bind(viewer.person.to_string())
    .optional(&mut records)
    .await?
    .map(|row| {
        let session: SessionId = row.read("session", |text| text.parse().ok())?;
        let sealed: Vec<u8> = row.get("sealed")?;
        let body = crate::records::open_aside(&viewer.school, KIND, &session.to_string(), &sealed)?;
        Ok(Held {
            session,
            path: row.get("path")?,
            fields: form_urlencoded::parse(&body).into_owned().collect(),
        })
    })
    .transpose()
}

#[derive(Template)]
#[template(path = "accounts/held_form.html")]
struct HeldFormPage {
    frame: Frame,
    /// What was typed, field by field.
    typed: SummaryList,
    /// The same, to be sent again.
    fields: Vec<(String, String)>,
    carry_on: Button,
    discard_url: String,
    discard: Button,
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let Some(held) = newest(&viewer).await? else {
        return Err(Problem::GoTo(crate::home::url()));
    };
    let typed = held
        .fields
        .iter()
        .filter(|(name, value)| name != SUBMISSION && !value.trim().is_empty())
        .map(|(name, value)| SummaryRow::new(in_words(name), Html::paragraphs(value)))
        .collect();
    crate::web::page(&HeldFormPage {
        frame: frame::of(&viewer),
        typed: SummaryList::new(typed),
        fields: held.fields,
        carry_on: Button::submit("Carry on"),
        discard_url: discard_url(),
        discard: Button::secondary("Do not send it"),
    })
}

/// Lets the form go, and has the browser send it again where it was sent the first time.
/// The answer 307 makes it repeat its POST, fields and all.
pub(crate) async fn post(viewer: Viewer) -> Result<Response, Problem> {
    let Some(held) = newest(&viewer).await? else {
        return Err(Problem::GoTo(crate::home::url()));
    };
    release(&viewer, held.session).await?;
    Ok((
        StatusCode::TEMPORARY_REDIRECT,
        [(header::LOCATION, held.path)],
    )
        .into_response())
}

/// Lets the form go without sending it.
pub(crate) async fn discard(viewer: Viewer, _: Sent<Nothing>) -> Result<Response, Problem> {
    if let Some(held) = newest(&viewer).await? {
        release(&viewer, held.session).await?;
    }
    Ok(crate::web::go_to(&crate::home::url()))
}

async fn release(viewer: &Viewer, session: SessionId) -> Result<(), Fault> {
    keep(&viewer.school.database, Upkeep::FormReleased { session }).await
}

/// A field's name as a person reads it: `what_happened` is "What happened".
fn in_words(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
