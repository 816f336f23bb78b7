//! A correction: a new entry that points to the old one. The old one stays, struck through.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::respond;
use belisha_ui::{Html, InsetText, Label, Textarea};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::{case, entry};
use crate::db::{Connection, Row, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId, entry: &str) -> String {
    format!("/incidents/{id}/entries/{entry}/correction")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    words: String,
}

/// The entry, which must be of this case.
async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
    entry: &str,
) -> Result<(Case, Row), Problem> {
    let found = queries::load(connection, viewer, id).await?;
    let row = sql("select sealed, happened_on,
                (select count(*) from incident_entry as later where later.corrects = incident_entry.id) as corrected
         from incident_entry where id = $1 and incident = $2")
    .bind(entry)
    .bind(id.to_string())
    .optional(connection)
    .await?
    .ok_or(Problem::NotFound)?;
    viewer.require(Action::AddEntry, &found.facts)?;
    Ok((found, row))
}

pub(super) async fn get(
    viewer: Viewer,
    Path((id, entry)): Path<(IncidentId, String)>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let (found, row) = load(&mut records, &viewer, id, &entry).await?;
    case::prove(&viewer, &found, &url(id, &entry))?;
    let record = records::open(&mut records, &viewer, &object(id)).await?;
    let words = record.read(&format!("entry-{entry}"), 0, &row.get::<Vec<u8>>("sealed")?)?;
    page(&viewer, &found, &words, &words, Wrong::default(), None)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    old: &str,
    typed: &str,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let mut page = ActPage::of(viewer, found, "Correct an entry", "Add the correction");
    page.lead = Html::of(&InsetText::new(Html::paragraphs(old)));
    page.fields = vec![Html::of(&Textarea {
        value: typed.to_owned(),
        error: wrong.at("words"),
        rows: 8,
        hint: Some("The old entry stays in the chronology, struck through.".into()),
        ..Textarea::new("words", Label::medium("As it should read"))
    })];
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path((id, entry)): Path<(IncidentId, String)>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let (found, row) = load(&mut tx, &viewer, id, &entry).await?;
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let old = record.read(&format!("entry-{entry}"), 0, &row.get::<Vec<u8>>("sealed")?)?;
    let mut wrong = Wrong::default();
    wrong.need("words", &sent.form.words, "Write how the entry should read");
    if sent.form.words.trim() == old {
        wrong.say(
            "words",
            "This is what the entry says already. Change it, or go back",
        );
    }
    if !wrong.is_empty() {
        drop(tx);
        return page(
            &viewer,
            &found,
            &old,
            &sent.form.words,
            wrong,
            Some(sent.submission),
        );
    }
    tx.once(&sent.submission, &case::url(id)).await?;
    respond(&found.incident)
        .map_err(|wrong| Problem::refused("This cannot be corrected now", wrong.sentence()))?;
    if row.get::<i64>("corrected")? > 0 {
        return Err(Problem::refused(
            "This entry was corrected before",
            "Correct the newer entry instead, so that one line of corrections stands.",
        ));
    }
    let on = row.date("happened_on")?;
    let new = entry::write(
        &mut tx,
        &record,
        id,
        "entry",
        &sent.form.words,
        on,
        Some(&entry),
    )
    .await?;
    settle(&mut tx, id).await?;
    let entry = Entry::of(EntryKind::IncidentEntryAdded, object(id))
        .fact("entry", new)
        .fact("corrects", entry);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&case::url(id)))
}
