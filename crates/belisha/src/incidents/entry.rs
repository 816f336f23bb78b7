//! An entry in the chronology: added, never edited.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::respond;
use belisha_ui::{DateInput, Html, Label, Textarea};
use jiff::civil::Date;
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::case;
use super::queries::{self, Case, object, settle};
use super::reports::read_date;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/entries/new")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    words: String,
    on_day: String,
    on_month: String,
    on_year: String,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let found = queries::load(&mut viewer.read().await?, &viewer, id).await?;
    viewer.require(Action::AddEntry, &found.facts)?;
    page(&viewer, &found, &Form::default(), Wrong::default(), None)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let mut page = ActPage::of(
        viewer,
        found,
        "Write in the chronology",
        "Add to the chronology",
    );
    page.fields = vec![
        Html::of(&Textarea {
            value: form.words.clone(),
            error: wrong.at("words"),
            rows: 8,
            hint: Some("What was seen, said or done, by whom. It cannot be changed afterwards, only corrected by another entry.".into()),
            ..Textarea::new("words", Label::medium("Entry"))
        }),
        Html::of(&DateInput {
            day: form.on_day.clone(),
            month: form.on_month.clone(),
            year: form.on_year.clone(),
            error: wrong.at("on-day"),
            hint: Some("Leave it empty for today".into()),
            ..DateInput::new("on", "On which day was that?")
        }),
    ];
    page.answer(wrong, submission)
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
    let mut wrong = Wrong::default();
    wrong.need(
        "words",
        &form.words,
        "Write what should stand in the chronology",
    );
    let is_today = [&form.on_day, &form.on_month, &form.on_year]
        .iter()
        .all(|part| part.trim().is_empty());
    let on = if is_today {
        tx.today()
    } else {
        read_date(&form.on_day, &form.on_month, &form.on_year)
            .filter(|on| *on <= tx.today())
            .unwrap_or_else(|| {
                wrong.say(
                    "on-day",
                    "Enter a day up to today, such as 27 3 2026, or leave it empty",
                );
                tx.today()
            })
    };
    if !wrong.is_empty() {
        drop(tx);
        return page(&viewer, &found, form, wrong, Some(sent.submission));
    }
    let entry = add(&mut tx, &viewer, &found, &form.words, on, &sent.submission).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&case::url(id)))
}

async fn add(
    tx: &mut Tx,
    viewer: &Viewer,
    found: &Case,
    words: &str,
    on: Date,
    submission: &str,
) -> Result<Entry, Problem> {
    tx.once(submission, &case::url(found.id)).await?;
    respond(&found.incident)
        .map_err(|wrong| Problem::refused("This cannot be added now", wrong.sentence()))?;
    let record = records::open(tx, viewer, &object(found.id)).await?;
    let id = write(tx, &record, found.id, "entry", words, on, None).await?;
    settle(tx, found.id).await?;
    Ok(Entry::of(EntryKind::IncidentEntryAdded, object(found.id)).fact("entry", id))
}

/// Writes an entry of a kind; its id.
pub(super) async fn write(
    tx: &mut Tx,
    record: &OpenRecord,
    incident: IncidentId,
    kind: &'static str,
    words: &str,
    on: Date,
    corrects: Option<&str>,
) -> Result<String, Problem> {
    let school = tx.school().clone();
    let (id, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
    let sealed = record.seal(&school, &format!("entry-{id}"), 0, words.trim());
    tx.run_one(
        sql("insert into incident_entry (id, incident, kind, made_at, made_by, happened_on, corrects, sealed)
             values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(&id)
        .bind(incident.to_string())
        .bind(kind)
        .bind(now)
        .bind(by)
        .bind(on)
        .bind(corrects)
        .bind(sealed),
    )
    .await?;
    Ok(id)
}
