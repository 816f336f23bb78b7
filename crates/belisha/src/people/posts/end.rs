//! Ending an appointment, on a day that is today or still to come.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::appointments;
use belisha_ui::{BackLink, Button, DateInput, ErrorSummary, FieldError, Frame, Label};
use jiff::civil::Date;
use serde::Deserialize;

use super::holdings::{self, Holding};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::people::dates::DateTyped;
use crate::people::hats;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url(id: &str) -> String {
    format!("/people/posts/holdings/{id}/end")
}

#[derive(Template)]
#[template(path = "people/posts/end.html")]
struct EndPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    name: String,
    post: &'static str,
    until_on: DateInput,
    send: Button,
}

pub(crate) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    let held = load(&mut viewer.read().await?, &viewer, &id).await?;
    page(
        &viewer,
        &held,
        &DateTyped::of(Some(viewer.today())),
        Vec::new(),
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Typed {
    until_on_day: String,
    until_on_month: String,
    until_on_year: String,
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Typed>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let held = load(&mut tx, &viewer, &id).await?;
    let typed = DateTyped {
        day: sent.form.until_on_day,
        month: sent.form.until_on_month,
        year: sent.form.until_on_year,
    };
    let today = tx.today();
    let read = typed.read("until-on", "Last day in the post").and_then(|day| {
        day.filter(|day| *day >= today).ok_or_else(|| {
            FieldError::new(
                "until-on-day",
                "Last day in the post: enter today or a later day. What was done in the post stays true.",
            )
        })
    });
    match read {
        Ok(day) => {
            let entry = end(&mut tx, &held, day).await?;
            tx.commit(entry).await?;
            Ok(crate::web::go_to(&super::url()))
        }
        Err(error) => page(&viewer, &held, &typed, vec![error]),
    }
}

/// Sets the last day of an appointment that has none yet.
pub(crate) async fn end(tx: &mut Tx, held: &Holding, day: Date) -> Result<Entry, Problem> {
    tx.run_one(
        sql("update post_holding set until_on = $2 where id = $1 and until_on is null")
            .bind(&held.id)
            .bind(day),
    )
    .await?;
    Ok(
        Entry::of(EntryKind::PostEnded, Object::new("post-holding", &held.id))
            .fact("post", held.post.key())
            .fact("person", held.person)
            .fact("until", day),
    )
}

/// Whether this person may end that appointment: the page of posts offers no other.
pub(super) async fn is_theirs(
    connection: &mut Connection,
    viewer: &Viewer,
    held: &Holding,
) -> Result<bool, Problem> {
    let facts = RecordFacts::of(Kind::Appointment);
    Ok(viewer.may(Action::ApproveAppointment, &facts).is_allowed()
        && refusal(connection, viewer, held).await?.is_none())
}

async fn refusal(
    connection: &mut Connection,
    viewer: &Viewer,
    held: &Holding,
) -> Result<Option<appointments::ApproveRefused>, Problem> {
    let holder = hats::identity(connection, held.person).await?;
    let by = hats::identity(connection, viewer.person).await?;
    Ok(appointments::end(held.post, &holder, &by, viewer.access.roles()).err())
}

async fn load(connection: &mut Connection, viewer: &Viewer, id: &str) -> Result<Holding, Problem> {
    viewer.require(
        Action::ApproveAppointment,
        &RecordFacts::of(Kind::Appointment),
    )?;
    let held = holdings::one(connection, id).await?;
    match refusal(connection, viewer, &held).await? {
        None => Ok(held),
        Some(why) => Err(Problem::refused("This is not yours to end", why.sentence())),
    }
}

fn page(
    viewer: &Viewer,
    held: &Holding,
    typed: &DateTyped,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let wrong = !errors.is_empty();
    let page = crate::web::page(&EndPage {
        frame: Frame {
            has_errors: wrong,
            ..frame::of(viewer)
        },
        back: BackLink::to(super::url()),
        until_on: typed.input(
            "until-on",
            Label::medium("Last day in the post"),
            "For example, 18 7 2027",
            &errors,
        ),
        errors: ErrorSummary::new(errors),
        name: held.name.clone(),
        post: held.post.name(),
        send: Button::warning("End the appointment"),
    })?;
    Ok(if wrong {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}
