//! Changing what the register says of a person.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::access::Action;
use belisha_rules::ids::PersonId;
use belisha_ui::{BackLink, Button, FieldError, Frame};

use super::particulars::{Fields, Particulars, Typed};
use super::queries::{self, Person, sort_name};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url(id: PersonId) -> String {
    format!("/people/{id}/change")
}

#[derive(Template)]
#[template(path = "people/change.html")]
struct ChangePage {
    frame: Frame,
    back: BackLink,
    fields: Fields,
    name: String,
    send: Button,
}

pub(crate) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    let person = queries::person(&mut viewer.read().await?, &id).await?;
    viewer.require(Action::EditPeople, &queries::facts_of(person.id))?;
    page(&viewer, &person, &Typed::of(&person), Vec::new())
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Typed>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let person = queries::person(&mut tx, &id).await?;
    viewer.require(Action::EditPeople, &queries::facts_of(person.id))?;
    let errors = match sent.form.read(Some(person.standing), viewer.today()) {
        Ok(to) => {
            let mut errors = to.clashes(&mut tx, Some(person.id)).await?;
            if person.ends_on.is_some_and(|day| day < to.starts_on) {
                errors.push(FieldError::new(
                    "starts-on-day",
                    "First day: it must not be after the last day",
                ));
            }
            if errors.is_empty() {
                let url = super::person::url(person.id);
                let Some(entry) = change(&mut tx, &person, &to).await? else {
                    return Ok(crate::web::go_to(&url));
                };
                tx.commit(entry).await?;
                return Ok(crate::web::go_to(&url));
            }
            errors
        }
        Err(errors) => errors,
    };
    page(&viewer, &person, &sent.form, errors)
}

/// Writes what differs; nothing where nothing does. An entry that was folded into
/// another no longer changes: it is history.
pub(crate) async fn change(
    tx: &mut Tx,
    person: &Person,
    to: &Particulars,
) -> Result<Option<Entry>, Problem> {
    let changed: Vec<&str> = [
        ("name", person.name != to.name),
        ("job-title", person.job_title != to.job_title),
        ("e-mail", person.email != to.email),
        ("telephone", person.telephone != to.telephone),
        ("upn", person.upn != to.upn),
        ("born-on", person.born_on != to.born_on),
        ("starts-on", person.starts_on != to.starts_on),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect();
    if changed.is_empty() {
        return Ok(None);
    }
    tx.run_one(
        sql(
            "update person set name = $2, sort_name = $3, job_title = $4, email = $5, telephone = $6,
                    upn = $7, born_on = $8, starts_on = $9
             where id = $1 and merged_into is null",
        )
        .bind(person.id.to_string())
        .bind(&to.name)
        .bind(sort_name(&to.name))
        .bind(&to.job_title)
        .bind(to.email.clone())
        .bind(to.telephone.clone())
        .bind(to.upn.clone())
        .bind(to.born_on)
        .bind(to.starts_on),
    )
    .await?;
    Ok(Some(
        Entry::of(EntryKind::PersonChanged, Object::new("person", person.id))
            .fact("changed", changed.join(" ")),
    ))
}

fn page(
    viewer: &Viewer,
    person: &Person,
    typed: &Typed,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let wrong = !errors.is_empty();
    let page = crate::web::page(&ChangePage {
        frame: Frame {
            has_errors: wrong,
            ..frame::of(viewer)
        },
        back: BackLink::to(super::person::url(person.id)),
        fields: typed.fields(false, errors),
        name: person.name.clone(),
        send: Button::submit("Save the changes"),
    })?;
    Ok(if wrong {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}
