//! A correction: a new entry that points to the old one. The old one stays, struck through.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::respond;
use belisha_ui::{Html, InsetText, Label, Textarea};
use jiff::civil::Date;
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::{case, entry};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId, entry: &str) -> String {
    format!("/incidents/{id}/entries/{entry}/correction")
}

/// The correction of one entry.
pub(super) struct Correction {
    case: Case,
    record: OpenRecord,
    /// The entry that is corrected, what it says and the day it tells of.
    entry: String,
    old: String,
    happened_on: Date,
    corrected_before: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    words: String,
}

impl Act for Correction {
    type At = (IncidentId, String);
    type Form = Form;
    type Read = String;

    /// The entry must be of this case.
    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, entry): (IncidentId, String),
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        let row = sql("select sealed, happened_on,
                    (select count(*) from incident_entry as later where later.corrects = incident_entry.id) as corrected
             from incident_entry where id = $1 and incident = $2")
        .bind(&entry)
        .bind(id.to_string())
        .optional(records)
        .await?
        .ok_or(Problem::NotFound)?;
        viewer.require(Action::AddEntry, &case.facts)?;
        case::prove(viewer, &case, &url(id, &entry))?;
        let record = records::open(records, viewer, &object(id)).await?;
        Ok(Self {
            old: record.read(&format!("entry-{entry}"), 0, &row.get::<Vec<u8>>("sealed")?)?,
            happened_on: row.date("happened_on")?,
            corrected_before: row.get::<i64>("corrected")? > 0,
            case,
            record,
            entry,
        })
    }

    fn blank(&self) -> Form {
        Form {
            words: self.old.clone(),
        }
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Correct an entry";
        let mut page = ActPage::of(viewer, &self.case, title, "Add the correction");
        page.lead = Html::of(&InsetText::new(Html::paragraphs(&self.old)));
        page.fields = vec![Html::of(&Textarea {
            value: form.words.clone(),
            error: wrong.at("words"),
            rows: 8,
            hint: Some("The old entry stays in the chronology, struck through.".into()),
            ..Textarea::new("words", Label::medium("As it should read"))
        })];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<String>, Problem> {
        let words = wrong.text("words", &form.words, "Write how the entry should read");
        if words.as_ref() == Some(&self.old) {
            let says = "This is what the entry says already. Change it, or go back";
            wrong.say("words", says);
        }
        Ok(words)
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, words: String) -> Result<Entry, Problem> {
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("This cannot be corrected now", wrong.sentence()))?;
        if self.corrected_before {
            return Err(Problem::refused(
                "This entry was corrected before",
                "Correct the newer entry instead, so that one line of corrections stands.",
            ));
        }
        let (id, old, on) = (self.case.id, &self.entry, self.happened_on);
        let new = entry::write(tx, &self.record, id, "entry", &words, on, Some(old)).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentEntryAdded, object(id))
            .fact("entry", new)
            .fact("corrects", self.entry))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}
