//! The review: somebody who neither asked nor applied looks at whether it was right.

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
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

pub(super) fn url(id: ApprovalId) -> String {
    format!("/approvals/{id}/review")
}

/// Something applied, being looked at.
pub(super) struct Review {
    found: Found,
    terms: Terms,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    note: String,
}

impl Act for Review {
    type At = ApprovalId;
    type Form = Form;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: ApprovalId,
    ) -> Result<Self, Problem> {
        let found = queries::load(records, viewer, id).await?;
        viewer.require(Action::ReviewApproval, &found.facts)?;
        let terms = Terms::of(&viewer.policy.policy, found.approval.kind);
        Ok(Self { found, terms })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            show::url(self.found.id),
            format!("Request {}", self.found.number),
            "Look at it",
            "I have looked at it",
        );
        page.lead = Html::paragraphs(&self.found.asked_for.title());
        page.fields = vec![Html::of(&Textarea {
            value: form.note.clone(),
            rows: 3,
            error: wrong.at("note"),
            ..Textarea::new("note", Label::medium("What did you find?"))
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
        wrong.need(
            "note",
            &form.note,
            "Say what you found, such as “right, and no longer than needed”",
        );
        Ok(Some(form.note.trim().to_owned()))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, note: String) -> Result<Entry, Problem> {
        let mut found = self.found;

        let by = queries::by(viewer);
        queries::take(tx, &mut found, &self.terms, by, Event::Review, &note).await?;

        Ok(Entry::of(EntryKind::ApprovalReviewed, object(found.id))
            .fact("kind", found.approval.kind.key())
            .fact("number", found.number))
    }

    fn leads_to(&self) -> String {
        show::url(self.found.id)
    }
}
