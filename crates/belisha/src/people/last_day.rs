//! A person's last day. Nobody is deleted: from the day after, they are a leaver.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::access::Action;
use belisha_rules::ids::PersonId;
use belisha_ui::{BackLink, Button, DateInput, ErrorSummary, FieldError, Frame, Label};
use jiff::civil::Date;
use serde::Deserialize;

use super::dates::DateTyped;
use super::queries::{self, Person};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url(id: PersonId) -> String {
    format!("/people/{id}/last-day")
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Typed {
    ends_on_day: String,
    ends_on_month: String,
    ends_on_year: String,
}

#[derive(Template)]
#[template(path = "people/last_day.html")]
struct LastDayPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    name: String,
    ends_on: DateInput,
    send: Button,
}

pub(crate) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    let person = queries::person(&mut viewer.read().await?, &id).await?;
    viewer.require(Action::EditPeople, &queries::facts_of(person.id))?;
    page(&viewer, &person, &DateTyped::of(person.ends_on), Vec::new())
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Typed>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let person = queries::person(&mut tx, &id).await?;
    viewer.require(Action::EditPeople, &queries::facts_of(person.id))?;
    let typed = DateTyped {
        day: sent.form.ends_on_day,
        month: sent.form.ends_on_month,
        year: sent.form.ends_on_year,
    };
    let read = typed.read("ends-on", "Last day").and_then(|day| match day {
        Some(day) if day < person.starts_on => Err(FieldError::new(
            "ends-on-day",
            "Last day: it must not be before the first day",
        )),
        day => Ok(day),
    });
    match read {
        Ok(day) => {
            let entry = set(&mut tx, person.id, day).await?;
            tx.commit(entry).await?;
            Ok(crate::web::go_to(&super::person::url(person.id)))
        }
        Err(error) => page(&viewer, &person, &typed, vec![error]),
    }
}

/// Sets the last day, or takes it back.
pub(crate) async fn set(
    tx: &mut Tx,
    person: PersonId,
    day: Option<Date>,
) -> Result<Entry, Problem> {
    tx.run_one(
        sql("update person set ends_on = $2 where id = $1 and merged_into is null")
            .bind(person.to_string())
            .bind(day),
    )
    .await?;
    Ok(
        Entry::of(EntryKind::PersonChanged, Object::new("person", person))
            .fact("changed", "last-day")
            .fact(
                "last-day",
                day.map_or_else(|| "none".to_owned(), |day| day.to_string()),
            ),
    )
}

fn page(
    viewer: &Viewer,
    person: &Person,
    typed: &DateTyped,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let wrong = !errors.is_empty();
    let page = crate::web::page(&LastDayPage {
        frame: Frame {
            has_errors: wrong,
            ..frame::of(viewer)
        },
        back: BackLink::to(super::person::url(person.id)),
        ends_on: typed.input(
            "ends-on",
            Label::medium("Last day at the school"),
            "For example, 18 7 2027. Leave it empty if no last day is known.",
            &errors,
        ),
        errors: ErrorSummary::new(errors),
        name: person.name.clone(),
        send: Button::submit("Save the last day"),
    })?;
    Ok(if wrong {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}
