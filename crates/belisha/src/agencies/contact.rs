//! How the school reaches one agency nearby: filled in, and confirmed again each year.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    BackLink, Button, ErrorSummary, FieldError, Frame, InputKind, TextInput, Textarea,
};
use jiff::civil::Date;
use serde::Deserialize;

use super::directory::{Agency, agency};
use super::list;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

pub(super) fn url(agency: &str) -> String {
    format!("/agencies/{agency}/contact")
}

/// How the school reaches an agency.
#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub(crate) phone: String,
    pub(crate) out_of_hours: String,
    pub(crate) email: String,
    pub(crate) web: String,
    pub(crate) note: String,
    pub(crate) checked_on: Date,
}

/// The contact of an agency nearby; none where nobody has filled it in.
pub(crate) async fn contact(
    connection: &mut Connection,
    agency: &str,
) -> Result<Option<Contact>, Fault> {
    sql("select phone, out_of_hours, email, web, note, checked_on from agency_contact where agency = $1")
        .bind(agency)
        .optional(connection)
        .await?
        .map(|row| {
            Ok(Contact {
                phone: row.get("phone")?,
                out_of_hours: row.get("out_of_hours")?,
                email: row.get("email")?,
                web: row.get("web")?,
                note: row.get("note")?,
                checked_on: row.date("checked_on")?,
            })
        })
        .transpose()
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    phone: String,
    out_of_hours: String,
    email: String,
    web: String,
    note: String,
}

#[derive(Template)]
#[template(path = "agencies/contact.html")]
struct ContactPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    name: &'static str,
    purpose: &'static str,
    phone: TextInput,
    out_of_hours: TextInput,
    email: TextInput,
    web: TextInput,
    note: Textarea,
    submission: String,
    save: Button,
}

/// The agency, if it is one that the school fills in.
fn local(viewer: &Viewer, key: &str) -> Result<&'static Agency, Problem> {
    viewer.require(Action::EditAgencies, &RecordFacts::of(Kind::School))?;
    agency(key)
        .filter(|agency| agency.is_local)
        .ok_or(Problem::NotFound)
}

pub(super) async fn get(viewer: Viewer, Path(key): Path<String>) -> Result<Response, Problem> {
    let agency = local(&viewer, &key)?;
    let form = match contact(&mut viewer.read().await?, &key).await? {
        None => Form::default(),
        Some(contact) => Form {
            phone: contact.phone,
            out_of_hours: contact.out_of_hours,
            email: contact.email,
            web: contact.web,
            note: contact.note,
        },
    };
    page(&viewer, agency, form, &[], viewer.school.new_row_id())
}

fn page(
    viewer: &Viewer,
    agency: &'static Agency,
    form: Form,
    wrong: &[(&'static str, &'static str)],
    submission: String,
) -> Result<Response, Problem> {
    let at = |field: &str| {
        wrong
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, says)| (*says).to_owned())
    };
    let mut frame = frame::of(viewer);
    frame.has_errors = !wrong.is_empty();
    let page = ContactPage {
        frame,
        back: BackLink::to(list::url()),
        errors: ErrorSummary::new(
            wrong
                .iter()
                .map(|(name, says)| FieldError::new(name, *says))
                .collect(),
        ),
        name: &agency.name,
        purpose: &agency.purpose,
        phone: TextInput {
            value: form.phone,
            error: at("phone"),
            kind: InputKind::Telephone,
            ..TextInput::new("phone", "Telephone")
        },
        out_of_hours: TextInput {
            value: form.out_of_hours,
            kind: InputKind::Telephone,
            error: at("out-of-hours"),
            ..TextInput::new("out-of-hours", "Telephone out of hours")
        },
        email: TextInput {
            value: form.email,
            kind: InputKind::Email,
            error: at("email"),
            ..TextInput::new("email", "E-mail")
        },
        web: TextInput {
            value: form.web,
            hint: Some("The page or form for referrals, beginning with https://".into()),
            error: at("web"),
            ..TextInput::new("web", "On the web")
        },
        note: Textarea {
            value: form.note,
            rows: 3,
            hint: Some("The time limit they ask for, who to ask for. No child is named here: every member of staff can read it.".into()),
            error: at("note"),
            ..Textarea::new("note", "Note")
        },
        submission,
        save: Button::submit("Save: I have checked this today"),
    };
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

pub(super) async fn post(
    viewer: Viewer,
    Path(key): Path<String>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let agency = local(&viewer, &key)?;
    let form = sent.form;
    let mut wrong = Vec::new();
    if form.phone.trim().is_empty() && form.email.trim().is_empty() {
        wrong.push(("phone", "Enter a telephone number or an e-mail address"));
    }
    if !form.email.trim().is_empty() && !form.email.contains('@') {
        wrong.push(("email", "Enter an e-mail address, such as duty@council.example"));
    }
    if !form.web.trim().is_empty() && !form.web.trim().starts_with("https://") {
        wrong.push(("web", "Enter an address that begins with https://"));
    }
    for (field, value, longest) in [
        ("phone", &form.phone, 60),
        ("out-of-hours", &form.out_of_hours, 60),
        ("email", &form.email, 200),
        ("web", &form.web, 500),
        ("note", &form.note, 2000),
    ] {
        if value.chars().count() > longest {
            wrong.push((field, "Shorten this"));
        }
    }
    if !wrong.is_empty() {
        return page(&viewer, agency, form, &wrong, sent.submission);
    }
    let mut tx = viewer.write().await?;
    tx.once(&sent.submission, &list::url()).await?;
    let (now, by, today) = (tx.now(), tx.actor().key(), tx.today());
    tx.run_one(
        sql("insert into agency_contact (agency, phone, out_of_hours, email, web, note, checked_on, changed_at, changed_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (agency) do update
             set phone = excluded.phone, out_of_hours = excluded.out_of_hours, email = excluded.email,
                 web = excluded.web, note = excluded.note, checked_on = excluded.checked_on,
                 changed_at = excluded.changed_at, changed_by = excluded.changed_by")
        .bind(&agency.key)
        .bind(form.phone.trim())
        .bind(form.out_of_hours.trim())
        .bind(form.email.trim())
        .bind(form.web.trim())
        .bind(form.note.trim())
        .bind(today)
        .bind(now)
        .bind(by),
    )
    .await?;
    tx.commit(Entry::of(
        EntryKind::AgencyChanged,
        Object::new("agency", &agency.key),
    ))
    .await?;
    Ok(crate::web::go_to(&list::url()))
}
