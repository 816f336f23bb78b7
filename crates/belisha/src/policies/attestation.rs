//! Attestation: a named person's word that a clause is kept where no record can show
//! it, until a day that they name.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::{Assurance, Clause};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::assurance;
use belisha_ui::{BackLink, Button, DateInput, ErrorSummary, FieldError, Frame, Textarea};
use jiff::civil::Date;

use super::days::{Typed, read_day, written};
use super::evidence::Moment;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home;
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

/// Somebody's word for a clause.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) on: Date,
    pub(super) until: Date,
    pub(super) by: String,
    pub(super) says: String,
}

pub(super) fn url(clause: &str) -> String {
    format!("{}/attestation", super::clause::url(clause))
}

/// The newest word for each clause and control (empty for the clause itself), as it
/// was at a moment.
pub(super) async fn newest(
    connection: &mut Connection,
    moment: Moment,
) -> Result<HashMap<(String, String), Word>, Fault> {
    sql(
        "select policy_attestation.clause, policy_attestation.control, policy_attestation.until_on,
                policy_attestation.says, policy_attestation.given_on, person.name
         from policy_attestation
         join person on person.id = substr(policy_attestation.attested_by, 8)
         where policy_attestation.attested_at <= $1
         order by policy_attestation.attested_at, policy_attestation.id",
    )
    .bind(moment.instant)
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        let word = Word {
            on: row.date("given_on")?,
            until: row.date("until_on")?,
            by: row.get("name")?,
            says: row.get("says")?,
        };
        // A later row of the same clause takes the place of an earlier one.
        Ok(((row.get("clause")?, row.get("control")?), word))
    })
    .collect()
}

/// What of a clause rests on somebody's word: the clause itself where it has no
/// control, or else the first control that no record can prove. None where records
/// and program prove it all.
pub(super) fn open_to(clause: &Clause) -> Option<&'static str> {
    if clause.controls.is_empty() {
        return Some("");
    }
    clause
        .controls
        .iter()
        .map(|bound| bound.control())
        .find(|control| matches!(control.assurance, Assurance::Attested { .. }))
        .map(|control| control.key)
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    #[serde(default)]
    says: String,
    #[serde(default, rename = "until-day")]
    day: String,
    #[serde(default, rename = "until-month")]
    month: String,
    #[serde(default, rename = "until-year")]
    year: String,
}

#[derive(Template)]
#[template(path = "policies/attestation.html")]
struct AttestationPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    clause: Clause,
    words: belisha_ui::Html,
    action: String,
    submission: String,
    says: Textarea,
    until: DateInput,
    button: Button,
}

fn page(
    viewer: &Viewer,
    clause: &Clause,
    form: &Form,
    errors: &[(&'static str, String)],
) -> Result<Response, Problem> {
    let error_of = |field: &str| {
        errors
            .iter()
            .find(|(of, _)| *of == field)
            .map(|(_, says)| says.clone())
    };
    let mut frame = home::frame::of(viewer);
    frame.has_errors = !errors.is_empty();
    let answer = crate::web::page(&AttestationPage {
        frame,
        back: BackLink::to(super::clause::url(&clause.id)),
        errors: ErrorSummary::new(
            errors
                .iter()
                .map(|(field, says)| {
                    let id = if *field == "until" { "until-day" } else { field };
                    FieldError::new(id, says.clone())
                })
                .collect(),
        ),
        words: super::clause::words(clause),
        clause: clause.clone(),
        action: url(&clause.id),
        submission: viewer.school.new_row_id(),
        says: Textarea {
            hint: Some(
                "For example: “I looked at the displays in all twelve classrooms on Monday.” Name no child."
                    .into(),
            ),
            error: error_of("says"),
            value: form.says.clone(),
            limit: Some(belisha_ui::TextLimit::Characters(1000)),
            ..Textarea::new("says", "How do you know?")
        },
        until: DateInput {
            hint: Some("12 months from today at the most.".into()),
            error: error_of("until"),
            day: form.day.clone(),
            month: form.month.clone(),
            year: form.year.clone(),
            ..DateInput::new("until", "Until when does your word hold?")
        },
        button: Button::submit("Give my word"),
    })?;
    Ok(if errors.is_empty() {
        answer
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
    })
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    let clause = load(&viewer, &id)?;
    page(&viewer, &clause, &Form::default(), &[])
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<String>,
    Sent { form, submission }: Sent<Form>,
) -> Result<Response, Problem> {
    let clause = load(&viewer, &id)?;
    let url = super::clause::url(&id);
    let mut errors = Vec::new();
    if form.says.trim().is_empty() {
        errors.push((
            "says",
            "Say how you know that this clause is kept.".to_owned(),
        ));
    } else if form.says.chars().count() > 1000 {
        errors.push(("says", "Use at most 1,000 characters.".to_owned()));
    }
    let until = match read_day(&form.day, &form.month, &form.year) {
        Typed::Day(day) => match assurance::attest(day, viewer.today()) {
            Ok(()) => Some(day),
            Err(refused) => {
                errors.push(("until", refused.sentence().to_owned()));
                None
            }
        },
        Typed::Nothing => {
            errors.push((
                "until",
                "Enter the day until which your word holds.".to_owned(),
            ));
            None
        }
        Typed::NoDay => {
            errors.push(("until", "Enter a real date, such as 27 3 2027.".to_owned()));
            None
        }
    };
    let (Some(until), true) = (until, errors.is_empty()) else {
        return page(&viewer, &clause, &form, &errors);
    };
    let mut tx = viewer.write().await?;
    tx.once(&submission, &url).await?;
    let entry = attest(&mut tx, &viewer, &clause, form.says.trim(), until).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&url))
}

/// The clause, where it is one that rests on somebody's word and this person may give it.
fn load(viewer: &Viewer, id: &str) -> Result<Clause, Problem> {
    let clause = viewer.policy.policy.clause(id).ok_or(Problem::NotFound)?;
    viewer.require(Action::AttestClause, &RecordFacts::of(Kind::Assurance))?;
    if open_to(clause).is_none() {
        return Err(Problem::refused(
            "This clause needs nobody’s word",
            "The program carries it out or counts it from records, and a word beside that would prove less.",
        ));
    }
    Ok(clause.clone())
}

/// Writes the word down.
async fn attest(
    tx: &mut Tx,
    viewer: &Viewer,
    clause: &Clause,
    says: &str,
    until: Date,
) -> Result<Entry, Problem> {
    viewer.require(Action::AttestClause, &RecordFacts::of(Kind::Assurance))?;
    let control = open_to(clause).ok_or(Problem::NotFound)?;
    let id = tx.school().new_row_id();
    let (now, today, by) = (tx.now(), tx.today(), tx.actor().key());
    tx.run_one(
        sql(
            "insert into policy_attestation (id, clause, control, attested_at, attested_by, until_on, says, given_on)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&id)
        .bind(&clause.id)
        .bind(control)
        .bind(now)
        .bind(by)
        .bind(until)
        .bind(says)
        .bind(today),
    )
    .await?;
    Ok(Entry::of(
        EntryKind::PolicyAttested,
        Object::new("policy-attestation", id),
    )
    .fact("clause", &clause.id)
    .fact("until", until))
}

/// The word as a line of evidence says it: "until 3 June 2027: I looked at …".
pub(super) fn in_words(word: &Word, day: Date) -> String {
    if word.until < day {
        format!(
            "Ran out on {}. It said: “{}”",
            written(word.until),
            word.says
        )
    } else {
        format!("Holds until {}: “{}”", written(word.until), word.says)
    }
}
