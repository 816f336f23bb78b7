//! The school's facts after set-up: read by everybody, changed by those who may.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Button, ErrorSummary, FieldError, Frame, Html, SummaryList, SummaryRow};

use super::details::{Details, summary};
use super::terms::{Calendar, Span, Typed};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

#[derive(Template)]
#[template(path = "schools/settings.html")]
struct SchoolPage {
    frame: Frame,
    errors: ErrorSummary,
    name: String,
    facts: SummaryList,
    terms: Vec<String>,
    closures: Vec<String>,
    edit: Option<Edit>,
}

/// The two forms of those who may change something.
struct Edit {
    details_action: String,
    details: Html,
    save_details: Button,
    calendar_action: String,
    calendar: Html,
    save_calendar: Button,
}

fn calendar_url() -> String {
    "/school/terms".to_owned()
}

/// What the page shows beside the records: what was typed and what is wrong with it.
#[derive(Default)]
struct Again {
    details: Option<Details>,
    calendar: Option<Typed>,
    errors: Vec<FieldError>,
    faults: Vec<(&'static str, &'static str)>,
}

async fn page(viewer: &Viewer, again: Again) -> Result<Response, Problem> {
    let facts = RecordFacts::of(Kind::School);
    viewer.require(Action::ReadSchool, &facts)?;
    let mut records = viewer.read().await?;
    let kept = Details::kept(&mut records)
        .await?
        .ok_or(Problem::NotFound)?;
    let calendar = Calendar::kept(&mut records).await?;
    drop(records);
    let settings = viewer.school.settings();
    let has_errors = !again.errors.is_empty() || !again.faults.is_empty();
    let errors = if again.faults.is_empty() {
        ErrorSummary::new(again.errors)
    } else {
        summary(&again.faults)
    };
    let edit = viewer
        .may(Action::EditSchool, &facts)
        .is_allowed()
        .then(|| Edit {
            details_action: super::url(),
            details: again
                .details
                .as_ref()
                .unwrap_or(&kept)
                .fields(&again.faults),
            save_details: Button::submit("Save the school’s details"),
            calendar_action: calendar_url(),
            calendar: again.calendar.unwrap_or_else(|| calendar.typed()).fields(),
            save_calendar: Button::submit("Save terms and closures"),
        });
    let in_words = |spans: &[Span]| {
        spans
            .iter()
            .map(|span| {
                let day = |date: jiff::civil::Date| date.strftime("%-d %B %Y").to_string();
                if span.from == span.until {
                    format!("{}: {}", span.name, day(span.from))
                } else {
                    format!("{}: {} to {}", span.name, day(span.from), day(span.until))
                }
            })
            .collect()
    };
    let page = crate::web::page(&SchoolPage {
        frame: Frame {
            has_errors,
            ..frame::of(viewer)
        },
        errors,
        name: settings.name.clone(),
        facts: SummaryList::new(vec![
            SummaryRow::new("Address", settings.postal_address.clone()),
            SummaryRow::new("Town", settings.town.clone()),
        ]),
        terms: in_words(&calendar.terms),
        closures: in_words(&calendar.closures),
        edit,
    })?;
    Ok(if has_errors {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    page(&viewer, Again::default()).await
}

pub(super) async fn post_details(
    viewer: Viewer,
    Sent { form, .. }: Sent<Details>,
) -> Result<Response, Problem> {
    viewer.require(Action::EditSchool, &RecordFacts::of(Kind::School))?;
    let faults = form.faults();
    if !faults.is_empty() {
        let again = Again {
            details: Some(form),
            faults,
            ..Again::default()
        };
        return page(&viewer, again).await;
    }
    let mut tx = viewer.write().await?;
    form.write(&mut tx).await?;
    tx.commit(changed("details")).await?;
    viewer.school.settings_changed().await?;
    Ok(crate::web::go_to(&super::url()))
}

pub(super) async fn post_calendar(
    viewer: Viewer,
    Sent { form, .. }: Sent<Typed>,
) -> Result<Response, Problem> {
    viewer.require(Action::EditSchool, &RecordFacts::of(Kind::School))?;
    let calendar = match form.read() {
        Ok(calendar) => calendar,
        Err(faults) => {
            let again = Again {
                calendar: Some(form),
                errors: faults
                    .into_iter()
                    .map(|(field, says)| FieldError::new(field, says))
                    .collect(),
                ..Again::default()
            };
            return page(&viewer, again).await;
        }
    };
    let mut tx = viewer.write().await?;
    calendar.write(&mut tx).await?;
    tx.commit(changed("calendar")).await?;
    Ok(crate::web::go_to(&super::url()))
}

fn changed(what: &'static str) -> Entry {
    Entry::of(EntryKind::SchoolChanged, Object::new("school", "settings")).fact("what", what)
}
