//! A referral that somebody adds by themselves, whatever the reviews ask for.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::access::Action;
use belisha_rules::guides::imagery::{TEXT_HOLDS_A_PICTURE, text_holds_a_picture};
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::respond;
use belisha_ui::{
    BackLink, Button, ErrorSummary, FieldError, Frame, Label, Select, SelectOption, Textarea,
};
use serde::Deserialize;

use super::show;
use crate::agencies;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::incidents::case;
use crate::incidents::queries::{self, Case, object, settle};
use crate::problem::Problem;
use crate::records;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

/// Where a referral is added.
pub(crate) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/referrals/new")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    agency: String,
    why: String,
}

#[derive(Template)]
#[template(path = "referrals/new.html")]
struct NewPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    reference: String,
    agency: Select,
    why: Textarea,
    directory: String,
    submission: String,
    add: Button,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let found = queries::load(&mut viewer.read().await?, &viewer, id).await?;
    viewer.require(Action::AddEntry, &found.facts)?;
    let submission = viewer.school.new_row_id();
    page(&viewer, &found, &Form::default(), &[], submission)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    form: &Form,
    wrong: &[(&'static str, &'static str)],
    submission: String,
) -> Result<Response, Problem> {
    let at = |field: &str| {
        wrong
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, says)| (*says).to_owned())
    };
    let options = std::iter::once(SelectOption::new("", "Choose"))
        .chain(
            agencies::all()
                .agencies
                .iter()
                .map(|agency| SelectOption::new(agency.key.clone(), agency.name.clone())),
        )
        .collect();
    let mut frame = frame::of(viewer);
    frame.has_errors = !wrong.is_empty();
    let page = NewPage {
        frame,
        back: BackLink::to(case::url(found.id)),
        errors: ErrorSummary::new(
            wrong
                .iter()
                .map(|(name, says)| FieldError::new(name, *says))
                .collect(),
        ),
        reference: found.reference.clone(),
        agency: Select {
            error: at("agency"),
            chosen: Some(form.agency.clone()),
            ..Select::new("agency", Label::medium("Which agency?"), options)
        },
        why: Textarea {
            error: at("why"),
            value: form.why.clone(),
            rows: 4,
            ..Textarea::new("why", Label::medium("Why?"))
        },
        directory: agencies::url(),
        submission,
        add: Button::submit("Add the referral"),
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
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let found = queries::load(&mut tx, &viewer, id).await?;
    viewer.require(Action::AddEntry, &found.facts)?;
    let form = &sent.form;
    let mut wrong = Vec::new();
    let agency = agencies::agency(&form.agency);
    if agency.is_none() {
        wrong.push(("agency", "Choose the agency"));
    }
    if form.why.trim().is_empty() {
        wrong.push(("why", "Say why it goes there"));
    } else if form.why.chars().count() > 50_000 {
        wrong.push(("why", "Shorten this to 50,000 characters"));
    } else if text_holds_a_picture(&form.why) {
        wrong.push(("why", TEXT_HOLDS_A_PICTURE));
    }
    let (Some(agency), true) = (agency, wrong.is_empty()) else {
        drop(tx);
        return page(&viewer, &found, form, &wrong, sent.submission);
    };
    let school = tx.school().clone();
    let row = school.new_row_id();
    let to = show::url(id, &row);
    tx.once(&sent.submission, &to).await?;
    respond(&found.incident)
        .map_err(|wrong| Problem::refused("This cannot be added now", wrong.sentence()))?;
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run_one(
        sql("insert into referral (id, incident, review, need, agencies, made_at, made_by, due_at, chase_on,
                                   withdrawn_at, told_on, sealed_why)
             values ($1, $2, null, '', $3, $4, $5, null, null, null, null, $6)")
        .bind(&row)
        .bind(id.to_string())
        .bind(&agency.key)
        .bind(now)
        .bind(by)
        .bind(record.seal(&school, &format!("referral-{row}"), 0, form.why.trim())),
    )
    .await?;
    settle(&mut tx, id).await?;
    let entry = Entry::of(EntryKind::ReferralAdded, object(id))
        .fact("referral", row)
        .fact("agency", &agency.key);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&to))
}
