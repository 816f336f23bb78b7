//! A step of a referral: sent, acknowledged, advice, not taken, outcome, asked again.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::{Measure, Word as _};
use belisha_rules::access::Action;
use belisha_rules::guides::imagery::{TEXT_HOLDS_A_PICTURE, text_holds_a_picture};
use belisha_rules::ids::IncidentId;
use belisha_rules::referrals::{Step, next};
use belisha_ui::{
    BackLink, Button, Choice, DateInput, ErrorSummary, FieldError, Frame, Html, Label, Radios,
    TextInput, Textarea,
};
use jiff::civil::Date;
use serde::Deserialize;

use super::queries::Referral;
use super::show::{self, find, to_whom};
use crate::agencies;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::incidents::queries::{self, Case, object, settle};
use crate::incidents::{completion, entry};
use crate::problem::Problem;
use crate::records;
use crate::schools::calendar;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;
use crate::web::words::read_date;

pub(super) fn url(id: IncidentId, referral: &str, step: Step) -> String {
    format!("/incidents/{id}/referrals/{referral}/steps/{}", step.key())
}

/// How a referral can be sent.
const HOW: [(&str, &str); 4] = [
    ("telephone", "By telephone"),
    ("form", "By their form on the web"),
    ("secure-mail", "By secure e-mail"),
    ("in-person", "In person"),
];

/// How it was sent, for the end of a sentence.
pub(super) fn how_name(how: &str) -> &'static str {
    match how {
        "telephone" => " by telephone",
        "form" => " by their form on the web",
        "secure-mail" => " by secure e-mail",
        "in-person" => " in person",
        _ => "",
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    agency: String,
    how: String,
    reference: String,
    words: String,
    chase_day: String,
    chase_month: String,
    chase_year: String,
}

#[derive(Template)]
#[template(path = "referrals/step.html")]
struct StepPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    reference: String,
    title: &'static str,
    to: String,
    fields: Vec<Html>,
    submission: String,
    save: Button,
}

fn title(step: Step) -> &'static str {
    match step {
        Step::Sent => "Record that it was sent",
        Step::Acknowledged => "They have it",
        Step::Advice => "What they advised",
        Step::Refused => "They did not take it",
        Step::Outcome => "What came of it",
        Step::Chased => "Asked again",
    }
}

/// Whether the next day to ask is part of this step.
fn waits(step: Step) -> bool {
    match step {
        Step::Sent | Step::Acknowledged | Step::Advice | Step::Chased => true,
        Step::Refused | Step::Outcome => false,
    }
}

/// Whether the step means nothing without words.
fn needs_words(step: Step) -> bool {
    match step {
        Step::Advice | Step::Refused | Step::Outcome => true,
        Step::Sent | Step::Acknowledged | Step::Chased => false,
    }
}

/// The referral, if this step fits it now.
async fn load(
    connection: &mut crate::db::Connection,
    viewer: &Viewer,
    id: IncidentId,
    referral: &str,
    step: &str,
) -> Result<(Case, Referral, Step), Problem> {
    let found = queries::load(connection, viewer, id).await?;
    let referral = find(connection, id, referral).await?;
    let step = Step::from_key(step).ok_or(Problem::NotFound)?;
    viewer.require(Action::AddEntry, &found.facts)?;
    Ok((found, referral, step))
}

fn fits(found: &Case, referral: &Referral, step: Step) -> Result<(), Problem> {
    if !found.incident.state().is_open() {
        return Err(Problem::refused(
            "This case has ended",
            "Open the case again first.",
        ));
    }
    if next(referral.state).contains(&step) {
        Ok(())
    } else {
        Err(Problem::refused(
            "This does not fit where the referral stands",
            format!(
                "It stands at “{}”. Go back to the referral to see what can be recorded next.",
                referral.state.name()
            ),
        ))
    }
}

pub(super) async fn get(
    viewer: Viewer,
    Path((id, referral, step)): Path<(IncidentId, String, String)>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let (found, referral, step) = load(&mut records, &viewer, id, &referral, &step).await?;
    fits(&found, &referral, step)?;
    let mut form = Form::default();
    if waits(step) {
        let days = calendar::of(&mut records, &viewer.school).await?;
        let chase = days.date_after(viewer.today(), Measure::WorkingDays(2));
        form.chase_day = chase.day().to_string();
        form.chase_month = chase.month().to_string();
        form.chase_year = chase.year().to_string();
    }
    let submission = viewer.school.new_row_id();
    page(&viewer, &found, &referral, step, &form, &[], submission)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    referral: &Referral,
    step: Step,
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
    let chosen = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let mut fields = Vec::new();
    if step == Step::Sent {
        if referral.agencies.len() > 1 {
            fields.push(Html::of(&Radios {
                chosen: chosen(&form.agency),
                error: at("agency"),
                ..Radios::new(
                    "agency",
                    Label::medium("To whom?"),
                    referral
                        .agencies
                        .iter()
                        .map(|key| Choice::new(key.clone(), agencies::name(key)))
                        .collect(),
                )
            }));
        }
        fields.push(Html::of(&Radios {
            chosen: chosen(&form.how),
            error: at("how"),
            ..Radios::new(
                "how",
                Label::medium("How?"),
                HOW.iter()
                    .map(|(key, name)| Choice::new(*key, *name))
                    .collect(),
            )
        }));
    }
    fields.push(Html::of(&TextInput {
        value: form.reference.clone(),
        error: at("reference"),
        hint: Some("Their number, if they gave one".into()),
        spellcheck: Some(false),
        ..TextInput::new("reference", Label::medium("Reference"))
    }));
    fields.push(Html::of(&Textarea {
        value: form.words.clone(),
        error: at("words"),
        rows: 4,
        hint: Some(
            match step {
                Step::Sent => "Who was spoken to, and what was said",
                Step::Acknowledged | Step::Chased => "Who answered, and what they said",
                Step::Advice => "What they advised, and who said it",
                Step::Refused => "Why not, and what they suggest",
                Step::Outcome => {
                    "What they decided. If the police recorded the case under Outcome 21, say so: it means that nothing further was in the public interest"
                }
            }
            .into(),
        ),
        ..Textarea::new("words", Label::medium("What was said?"))
    }));
    if waits(step) {
        fields.push(Html::of(&DateInput {
            day: form.chase_day.clone(),
            month: form.chase_month.clone(),
            year: form.chase_year.clone(),
            error: at("chase-day"),
            hint: Some("If no outcome is there by then, you are reminded to ask again".into()),
            ..DateInput::new("chase", Label::medium("When do you ask again?"))
        }));
    }
    let mut frame = frame::of(viewer);
    frame.has_errors = !wrong.is_empty();
    let page = StepPage {
        frame,
        back: BackLink::to(show::url(found.id, &referral.id)),
        errors: ErrorSummary::new(
            wrong
                .iter()
                .map(|(name, says)| FieldError::new(name, *says))
                .collect(),
        ),
        reference: found.reference.clone(),
        title: title(step),
        to: to_whom(referral),
        fields,
        submission,
        save: Button::submit("Save"),
    };
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

/// What was read of a form that is in order.
struct Taken<'a> {
    agency: &'a str,
    how: &'a str,
    chase_on: Option<Date>,
}

fn read<'a>(
    referral: &'a Referral,
    step: Step,
    form: &'a Form,
    today: Date,
) -> Result<Taken<'a>, Vec<(&'static str, &'static str)>> {
    let mut wrong = Vec::new();
    let agency = match (step, referral.agencies.as_slice()) {
        (Step::Sent, [only]) => only.as_str(),
        (Step::Sent, several) => {
            let chosen = several.iter().find(|key| **key == form.agency);
            if chosen.is_none() {
                wrong.push(("agency", "Choose to whom it was sent"));
            }
            chosen.map_or("", String::as_str)
        }
        _ => referral.sent_to.as_deref().unwrap_or_default(),
    };
    let how = HOW.iter().find(|(key, _)| *key == form.how);
    if step == Step::Sent && how.is_none() {
        wrong.push(("how", "Choose how it was sent"));
    }
    if needs_words(step) && form.words.trim().is_empty() {
        wrong.push(("words", "Say what was said"));
    }
    for (field, value, longest) in [("reference", &form.reference, 200), ("words", &form.words, 50_000)] {
        if value.chars().count() > longest {
            wrong.push((field, "Shorten this"));
        }
        if text_holds_a_picture(value) {
            wrong.push((field, TEXT_HOLDS_A_PICTURE));
        }
    }
    let mut chase_on = None;
    if waits(step) {
        chase_on = read_date(&form.chase_day, &form.chase_month, &form.chase_year);
        if chase_on.is_none_or(|day| day < today) {
            wrong.push(("chase-day", "Enter a day from today on, such as 27 3 2027"));
        }
    }
    if wrong.is_empty() {
        Ok(Taken {
            agency,
            how: how.map_or("", |(key, _)| key),
            chase_on,
        })
    } else {
        Err(wrong)
    }
}

pub(super) async fn post(
    viewer: Viewer,
    Path((id, referral, step)): Path<(IncidentId, String, String)>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let (found, referral, step) = load(&mut tx, &viewer, id, &referral, &step).await?;
    let form = &sent.form;
    let taken = match read(&referral, step, form, tx.today()) {
        Ok(taken) => taken,
        Err(wrong) => {
            drop(tx);
            return page(&viewer, &found, &referral, step, form, &wrong, sent.submission);
        }
    };
    let to = show::url(id, &referral.id);
    tx.once(&sent.submission, &to).await?;
    fits(&found, &referral, step)?;
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let school = tx.school().clone();
    let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
    tx.run_one(
        sql("insert into referral_step (id, referral, step, agency, how, made_at, made_by, sealed_words, sealed_reference)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(&row)
        .bind(&referral.id)
        .bind(step.key())
        .bind(taken.agency)
        .bind(taken.how)
        .bind(now)
        .bind(by)
        .bind(record.seal(&school, &format!("step-{row}"), 0, form.words.trim()))
        .bind(record.seal(&school, &format!("reference-{row}"), 0, form.reference.trim())),
    )
    .await?;
    tx.run_one(
        sql("update referral set chase_on = $2, told_on = null where id = $1")
            .bind(&referral.id)
            .bind(taken.chase_on),
    )
    .await?;
    let said = said(step, &referral, &taken, form);
    entry::write(&mut tx, &record, id, "referral", &said, today, None).await?;
    if step == Step::Sent && taken.agency == "lado" {
        completion::officer_contacted(&mut tx, &record, id, &said).await?;
    }
    settle(&mut tx, id).await?;
    let entry = Entry::of(EntryKind::ReferralStep, object(id))
        .fact("referral", &referral.id)
        .fact("step", step.key())
        .fact("agency", taken.agency);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&to))
}

/// The step as the chronology tells it.
fn said(step: Step, referral: &Referral, taken: &Taken<'_>, form: &Form) -> String {
    let who = agencies::name(taken.agency);
    let begins = match step {
        Step::Sent => format!("Referred to {who}{}.", how_name(taken.how)),
        Step::Acknowledged => format!("{who}: they have the referral."),
        Step::Advice => format!("{who} advised."),
        Step::Refused => format!("{who} did not take the referral."),
        Step::Outcome => format!("{}: outcome.", to_whom(referral)),
        Step::Chased => format!("{who}: asked again."),
    };
    let reference = form.reference.trim();
    let mut parts = vec![begins];
    if !reference.is_empty() {
        parts.push(format!("Reference: {reference}."));
    }
    if !form.words.trim().is_empty() {
        parts.push(form.words.trim().to_owned());
    }
    parts.join(" ")
}
