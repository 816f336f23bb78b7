//! Withdrawal: a share or a delegation ends. What the person read they have read; a sealed
//! case gets a new key, so that nothing written from now on opens with the old one.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{Html, InsetText, Label, Textarea};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, Reading, object, report_object, settle};
use super::{entry, giving, readers};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId, person: PersonId) -> String {
    format!("/incidents/{id}/readers/{person}/withdrawal")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reason: String,
}

/// Whether a reader's access is one that can be ended, and has not ended yet.
pub(super) fn can_end(reading: &Reading, now: jiff::Timestamp) -> bool {
    matches!(reading.why.as_str(), "shared" | "delegated")
        && reading.until_at.is_none_or(|until| until > now)
}

async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
    person: PersonId,
) -> Result<(Case, Reading), Problem> {
    let found = queries::load(connection, viewer, id).await?;
    viewer.require(Action::ShareCase, &found.facts)?;
    let reading = found
        .readers
        .iter()
        .find(|reading| reading.person == person && can_end(reading, viewer.now))
        .cloned()
        .ok_or(Problem::NotFound)?;
    Ok((found, reading))
}

pub(super) async fn get(
    viewer: Viewer,
    Path((id, person)): Path<(IncidentId, PersonId)>,
) -> Result<Response, Problem> {
    let (found, reading) = load(&mut viewer.read().await?, &viewer, id, person).await?;
    let form = Form::default();
    page(&viewer, &found, &reading, &form, Wrong::default(), None)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    reading: &Reading,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let mut page = ActPage::of(viewer, found, "End a person’s access", "End the access");
    page.lead = Html::of(&InsetText::new(format!(
        "{} will no longer find this case. What they have read they have read.",
        reading.name
    )));
    page.fields = vec![Html::of(&Textarea {
        value: form.reason.clone(),
        error: wrong.at("reason"),
        rows: 3,
        ..Textarea::new("reason", Label::medium("Why?"))
    })];
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path((id, person)): Path<(IncidentId, PersonId)>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let (found, reading) = load(&mut tx, &viewer, id, person).await?;
    let mut wrong = Wrong::default();
    wrong.need("reason", &sent.form.reason, "Say why the access ends");
    if !wrong.is_empty() {
        drop(tx);
        return page(
            &viewer,
            &found,
            &reading,
            &sent.form,
            wrong,
            Some(sent.submission),
        );
    }
    tx.once(&sent.submission, &readers::url(id)).await?;
    end(&mut tx, &viewer, &found, &reading).await?;
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let today = tx.today();
    let words = &sent.form.reason;
    entry::write(&mut tx, &record, id, "sharing", words, today, None).await?;
    settle(&mut tx, id).await?;
    let entry = Entry::of(EntryKind::IncidentShareEnded, object(id)).fact("with", person);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&readers::url(id)))
}

async fn end(tx: &mut Tx, viewer: &Viewer, found: &Case, reading: &Reading) -> Result<(), Problem> {
    let now = tx.now();
    tx.run_one(
        sql("update incident_reader set until_at = $4
             where incident = $1 and person = $2 and why = $3")
        .bind(found.id.to_string())
        .bind(reading.person.to_string())
        .bind(&reading.why)
        .bind(now),
    )
    .await?;
    let still_reads = found.readers.iter().any(|other| {
        other.person == reading.person
            && other.why != reading.why
            && other.until_at.is_none_or(|until| until > now)
    });
    if !found.kind.is_sealed() || still_reads {
        return Ok(());
    }
    let record = records::open(tx, viewer, &object(found.id)).await?;
    records::take(tx, &object(found.id), reading.person).await?;
    records::replace_key(tx, &object(found.id), record).await?;
    let reported = found.facts.reporters.contains(&reading.person);
    for report in giving::reports(tx, found.id).await? {
        // Whoever reported keeps a view of their own words.
        if !reported {
            records::take(tx, &report_object(report), reading.person).await?;
        }
    }
    Ok(())
}
