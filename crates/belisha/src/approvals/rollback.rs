//! The way back: what was applied is taken out, and what stood before stands again. One press; a word about it may come with it.

use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::approvals::{Event, Terms};
use belisha_rules::ids::ApprovalId;
use belisha_ui::{Html, Label, Textarea};
use serde::Deserialize;

use super::queries::{self, Found};
use super::{object, show};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::filter;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

pub(super) fn url(id: ApprovalId) -> String {
    format!("/approvals/{id}/rollback")
}

/// Something applied, being taken back.
pub(super) struct Rollback {
    found: Found,
    terms: Terms,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    note: String,
}

impl Act for Rollback {
    type At = ApprovalId;
    type Form = Form;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: ApprovalId,
    ) -> Result<Self, Problem> {
        let found = queries::load(records, viewer, id).await?;
        viewer.require(Action::ApplyApproval, &found.facts)?;
        let terms = Terms::of(&viewer.policy.policy, found.approval.kind);
        Ok(Self { found, terms })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            show::url(self.found.id),
            format!("Request {}", self.found.number),
            "Roll it back",
            "Roll it back now",
        );
        page.lead = Html::paragraphs(&self.found.asked_for.title());
        page.fields = vec![Html::of(&Textarea {
            value: form.note.clone(),
            rows: 3,
            error: wrong.at("note"),
            ..Textarea::new("note", Label::medium("Why?"))
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
        wrong.no_picture("note", &form.note);
        Ok(Some(form.note.trim().to_owned()))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, note: String) -> Result<Entry, Problem> {
        let mut found = self.found;

        let by = queries::by(viewer);
        queries::take(tx, &mut found, &self.terms, by, Event::RollBack, &note).await?;
        filter::undo(tx, found.id).await?;
        filter::ask(tx).await?;
        Ok(Entry::of(EntryKind::ApprovalRolledBack, object(found.id))
            .fact("kind", found.approval.kind.key())
            .fact("number", found.number))
    }

    fn leads_to(&self) -> String {
        show::url(self.found.id)
    }
}
