//! A draft that is not wanted any more.

use belisha_rules::ids::ExportId;
use belisha_ui::{Html, InsetText};
use serde::Deserialize;

use super::begin::entry_object;
use super::pack::{Loaded, load};
use super::show_url;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

/// The giving up of a draft.
pub(super) struct GiveUp(Loaded);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {}

impl Act for GiveUp {
    type At = ExportId;
    type Form = Form;
    type Read = ();

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

    fn page(&self, viewer: &Viewer, _: &Form, _: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            show_url(self.0.id),
            self.0.pack.about.clone(),
            "Give this pack up?",
            "Give it up",
        );
        page.lead = Html::of(&InsetText::new(
            "Nothing of it has left. What was prepared is kept sealed, and cannot be finished any more.",
        ));
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        _: &Form,
        _: &mut Wrong,
    ) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, (): ()) -> Result<Entry, Problem> {
        tx.run_one(
            sql("update export set state = 'abandoned' where id = $1 and state = 'draft'")
                .bind(self.0.id.to_string()),
        )
        .await?;
        Ok(Entry::of(
            EntryKind::ExportAbandoned,
            entry_object(self.0.id, &self.0.cases),
        )
        .fact("export", self.0.id))
    }

    fn leads_to(&self) -> String {
        show_url(self.0.id)
    }
}
