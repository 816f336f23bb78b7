//! The third step: every word that will leave is read, corrected where need be, or held back.

use belisha_policy::Word as _;
use belisha_rules::ids::ExportId;
use belisha_ui::{Html, InsetText, Label, Select, SelectOption, TextInput, Textarea};
use serde::Deserialize;

use super::begin::{entry_object, left_out};
use super::pack::{Loaded, load, save};
use super::text::when;
use super::words::{Column, HeldBack, Purpose};
use super::{show_url, step_url};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

/// The reading of a draft.
pub(super) struct Check(Loaded);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    /// One for each item, in the order of the page.
    text: Vec<String>,
    /// Whether each item goes, or why not.
    held: Vec<String>,
    /// The recorder's words for the columns.
    column: Vec<String>,
}

impl Act for Check {
    type At = ExportId;
    type Form = Form;
    type Read = Form;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: ExportId,
    ) -> Result<Self, Problem> {
        let loaded = load(records, viewer, id).await?;
        if !loaded.is_draft() {
            return Err(Problem::GoTo(show_url(id)));
        }
        if !loaded.masked {
            return Err(Problem::GoTo(step_url(id, "masking")));
        }
        Ok(Self(loaded))
    }

    fn blank(&self) -> Form {
        let items = &self.0.pack.items;
        Form {
            text: items.iter().map(|item| item.leaves.clone()).collect(),
            held: items
                .iter()
                .map(|item| item.held_back.clone().unwrap_or_default())
                .collect(),
            column: self
                .0
                .pack
                .columns
                .iter()
                .map(|(_, name)| name.clone())
                .collect(),
        }
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let pack = &self.0.pack;
        let zone = viewer.school.settings().time_zone.clone();
        let mut page = ActPage::new(
            viewer,
            step_url(self.0.id, "masking"),
            pack.about.clone(),
            "Read what will leave",
            "I have read it: go on",
        );
        let lead = Html::of(&InsetText::new(format!(
            "This is what {} will read, word for word. Look for nicknames and for what tells who somebody is without \
             their name. Correct the text, or hold an entry back. The case itself stays as it is.",
            pack.recipient
        )));
        page.lead = match self.0.purpose {
            Purpose::SubjectAccess => Html::join(&[lead, left_out()]),
            Purpose::Chronology | Purpose::Transfer | Purpose::Recorder => lead,
        };
        for (at, item) in pack.items.iter().enumerate() {
            let heading = format!(
                "{}: {}, by {}",
                when(item, &zone),
                item.what,
                item.by_leaves
            );
            let id = if at == 0 {
                "text".to_owned()
            } else {
                format!("text-{at}")
            };
            page.fields.push(Html::of(&Textarea {
                id,
                value: form.text.get(at).cloned().unwrap_or_default(),
                error: wrong.at("text").filter(|_| at == 0),
                rows: if item.text.is_empty() { 1 } else { 5 },
                ..Textarea::new("text", Label::medium(heading))
            }));
            let options =
                std::iter::once(SelectOption::new("", "It goes"))
                    .chain(HeldBack::all().map(|why| {
                        SelectOption::new(why.key(), format!("Held back: {}", why.name()))
                    }))
                    .collect();
            page.fields.push(Html::of(&Select {
                id: format!("held-{at}"),
                chosen: form.held.get(at).cloned(),
                ..Select::new(
                    "held",
                    Label::hidden(format!("Does entry {} go?", at + 1)),
                    options,
                )
            }));
        }
        if self.0.purpose == Purpose::Recorder {
            for (at, column) in Column::all().enumerate() {
                page.fields.push(Html::of(&TextInput {
                    id: format!("column-{at}"),
                    value: form.column.get(at).cloned().unwrap_or_default(),
                    hint: (at == 0).then(|| {
                        "What the recorder calls each column. Leave one empty and it is left out.".to_owned()
                    }),
                    ..TextInput::new("column", format!("Column: {}", column.name()))
                }));
            }
        }
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Form>, Problem> {
        let count = self.0.pack.items.len();
        if form.text.len() != count || form.held.len() != count {
            wrong.say("text", "Read the page again: it has changed");
        }
        if form
            .held
            .iter()
            .any(|why| !why.is_empty() && HeldBack::from_key(why).is_none())
        {
            wrong.say("text", "Choose for each entry whether it goes");
        }
        let columns = Column::all().count();
        if self.0.purpose == Purpose::Recorder
            && (form.column.len() != columns
                || form.column.iter().all(|name| name.trim().is_empty()))
        {
            wrong.say("column-0", "Name at least one column");
        }
        Ok(wrong.is_empty().then(|| Form {
            text: form.text.clone(),
            held: form.held.clone(),
            column: form.column.clone(),
        }))
    }

    async fn act(mut self, tx: &mut Tx, _: &Viewer, said: Form) -> Result<Entry, Problem> {
        let pack = &mut self.0.pack;
        for (item, (text, held)) in pack
            .items
            .iter_mut()
            .zip(said.text.into_iter().zip(said.held))
        {
            item.leaves = text.replace("\r\n", "\n").trim().to_owned();
            item.held_back = (!held.is_empty()).then_some(held);
        }
        if self.0.purpose == Purpose::Recorder {
            for ((_, name), said) in pack.columns.iter_mut().zip(said.column) {
                *name = said.trim().chars().take(60).collect();
            }
        }
        let held = pack
            .items
            .iter()
            .filter(|item| item.held_back.is_some())
            .count();
        let goes = pack.items.len() - held;
        save(tx, &self.0, true).await?;
        let (id, cases) = (self.0.id, &self.0.cases);
        Ok(Entry::of(EntryKind::ExportChecked, entry_object(id, cases))
            .fact("export", id)
            .fact("entries", goes)
            .fact("held-back", held))
    }

    fn leads_to(&self) -> String {
        step_url(self.0.id, "finish")
    }

    fn revision(&self) -> Option<i64> {
        Some(self.0.revision)
    }
}
