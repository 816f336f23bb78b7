//! The second step: how each person appears, and where the names were found.

use belisha_rules::ids::ExportId;
use belisha_rules::masking::Mask;
use belisha_ui::{Html, InsetText, Label, Select, SelectOption};
use serde::Deserialize;

use super::begin::entry_object;
use super::pack::{Loaded, load, save};
use super::{show_url, step_url};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

/// How people appear in a draft.
pub(super) struct Masking(Loaded);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    /// One for each person, in the order of the page.
    mask: Vec<String>,
    /// The files that go along.
    file: Vec<String>,
}

/// What the form says.
pub(super) struct Said {
    masks: Vec<Mask>,
    files: Vec<String>,
}

impl Act for Masking {
    type At = ExportId;
    type Form = Form;
    type Read = Said;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: ExportId,
    ) -> Result<Self, Problem> {
        let loaded = load(records, viewer, id).await?;
        if !loaded.is_draft() {
            return Err(Problem::GoTo(show_url(id)));
        }
        Ok(Self(loaded))
    }

    fn blank(&self) -> Form {
        let pack = &self.0.pack;
        Form {
            mask: pack.people.iter().map(|p| p.mask.clone()).collect(),
            file: pack
                .files
                .iter()
                .filter(|file| file.goes)
                .map(|file| file.id.to_string())
                .collect(),
        }
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let pack = &self.0.pack;
        let mut page = ActPage::new(
            viewer,
            show_url(self.0.id),
            pack.about.clone(),
            "How does each person appear?",
            "Mask the names and go on",
        );
        page.lead = Html::of(&InsetText::new(
            "These are the people whose names were looked for: those who are part of it, those who wrote in it, and \
             everybody on the register whose whole name stands in the text. Nicknames and names that are misspelt \
             are not found. You read everything in the next step.",
        ));
        let error = wrong.at("mask");
        for (at, person) in pack.people.iter().enumerate() {
            let found = match person.found {
                0 => "not found in the text".to_owned(),
                1 => "found once".to_owned(),
                count => format!("found {count} times"),
            };
            let name = person.names.first().cloned().unwrap_or_default();
            let id = if at == 0 {
                "mask".to_owned()
            } else {
                format!("mask-{at}")
            };
            page.fields.push(Html::of(&Select {
                id,
                error: error.clone().filter(|_| at == 0),
                chosen: form.mask.get(at).cloned(),
                hint: Some(format!("{}, {found}", person.part)),
                ..Select::new(
                    "mask",
                    Label::medium(name),
                    vec![
                        SelectOption::new(Mask::Named.key(), "By name"),
                        SelectOption::new(Mask::Initials.key(), "By initials"),
                        SelectOption::new(
                            Mask::Another.key(),
                            if person.is_pupil {
                                "As “another pupil A”, B …"
                            } else {
                                "As “another adult A”, B …"
                            },
                        ),
                    ],
                )
            }));
        }
        if !pack.files.is_empty() {
            let choices = pack
                .files
                .iter()
                .map(|file| {
                    belisha_ui::Choice::new(
                        file.id.to_string(),
                        format!("{} ({})", file.shows, file.kind),
                    )
                })
                .collect();
            page.fields.push(Html::of(&belisha_ui::Checkboxes {
                chosen: form.file.clone(),
                error: wrong.at("file"),
                hint: Some(
                    "Names inside a file cannot be masked. Choose only files that the recipient may see as they are."
                        .into(),
                ),
                ..belisha_ui::Checkboxes::new("file", Label::medium("Which files go along?"), choices)
            }));
        }
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Said>, Problem> {
        let masks: Option<Vec<Mask>> = form.mask.iter().map(|key| Mask::from_key(key)).collect();
        let masks = masks.filter(|masks| masks.len() == self.0.pack.people.len());
        if masks.is_none() {
            wrong.say("mask", "Choose how each person appears");
        }
        let size: u64 = self
            .0
            .pack
            .files
            .iter()
            .filter(|file| form.file.contains(&file.id.to_string()))
            .map(|file| file.size_bytes)
            .sum();
        if size > 200 * 1024 * 1024 {
            wrong.say("file", "Choose fewer files: a pack may hold 200 MB of them");
        }
        Ok(masks.map(|masks| Said {
            masks,
            files: form.file.clone(),
        }))
    }

    async fn act(mut self, tx: &mut Tx, _: &Viewer, said: Said) -> Result<Entry, Problem> {
        let pack = &mut self.0.pack;
        for (person, mask) in pack.people.iter_mut().zip(&said.masks) {
            person.mask = mask.key().to_owned();
        }
        for file in &mut pack.files {
            file.goes = said.files.contains(&file.id.to_string());
        }
        pack.mask();
        let masked = pack
            .people
            .iter()
            .filter(|person| person.mask() != Mask::Named)
            .count();
        save(tx, &self.0, false).await?;
        let (id, cases) = (self.0.id, &self.0.cases);
        Ok(Entry::of(EntryKind::ExportMasked, entry_object(id, cases))
            .fact("export", id)
            .fact("masked", masked))
    }

    fn leads_to(&self) -> String {
        step_url(self.0.id, "check")
    }

    fn revision(&self) -> Option<i64> {
        Some(self.0.revision)
    }
}
