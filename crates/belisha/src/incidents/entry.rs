//! An entry in the chronology: added, never edited.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::respond;
use belisha_ui::{DateInput, Html, Label, Textarea};
use jiff::civil::Date;
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::case;
use super::queries::{self, Case, object, settle};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::words::read_date;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/entries/new")
}

/// The adding of one entry to a case.
pub(super) struct NewEntry {
    case: Case,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    words: String,
    on_day: String,
    on_month: String,
    on_year: String,
}

impl Act for NewEntry {
    type At = IncidentId;
    type Form = Form;
    type Read = (String, Date);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::AddEntry, &case.facts)?;
        Ok(Self { case })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Write in the chronology";
        let mut page = ActPage::of(viewer, &self.case, title, "Add to the chronology");
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
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(String, Date)>, Problem> {
        let says = "Write what should stand in the chronology";
        let words = wrong.text("words", &form.words, says);
        let is_today = [&form.on_day, &form.on_month, &form.on_year]
            .iter()
            .all(|part| part.trim().is_empty());
        let on = if is_today {
            Some(viewer.today())
        } else {
            read_date(&form.on_day, &form.on_month, &form.on_year)
                .filter(|on| *on <= viewer.today())
        };
        if on.is_none() {
            let says = "Enter a day up to today, such as 27 3 2026, or leave it empty";
            wrong.say("on-day", says);
        }
        Ok(words.zip(on))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (words, on): (String, Date),
    ) -> Result<Entry, Problem> {
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("This cannot be added now", wrong.sentence()))?;
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let entry = write(tx, &record, id, "entry", &words, on, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentEntryAdded, object(id)).fact("entry", entry))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// Writes an entry of a kind; its id.
pub(crate) async fn write(
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
