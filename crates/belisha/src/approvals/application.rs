//! The application of what was agreed, by somebody who carries the web filtering management status.

use belisha_rules::access::Action;
use belisha_rules::approvals::{By, Event, Terms};
use belisha_rules::ids::ApprovalId;
use belisha_ui::Html;
use serde::Deserialize;

use super::queries::{self, Found};
use super::{clock, object, show};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

pub(super) fn url(id: ApprovalId) -> String {
    format!("/approvals/{id}/application")
}

/// Something agreed, being applied.
pub(super) struct Application {
    found: Found,
    terms: Terms,
    preview: Option<Html>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {}

impl Act for Application {
    type At = ApprovalId;
    type Form = Form;
    type Read = ();

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: ApprovalId,
    ) -> Result<Self, Problem> {
        let found = queries::load(records, viewer, id).await?;
        viewer.require(Action::ApplyApproval, &found.facts)?;
        let terms = found.terms(&viewer.policy.policy);
        let preview = show::preview(records, viewer, &found).await?;
        Ok(Self {
            found,
            terms,
            preview,
        })
    }

    fn page(&self, viewer: &Viewer, _: &Form, _: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            show::url(self.found.id),
            format!("Request {}", self.found.number),
            "Apply it",
            "Apply it now",
        );
        let mut lead = vec![Html::paragraphs(&self.found.asked_for.title())];
        lead.extend(self.preview.clone());
        page.lead = Html::join(&lead);
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

    async fn act(self, tx: &mut Tx, viewer: &Viewer, (): ()) -> Result<Entry, Problem> {
        let mut found = self.found;
        apply(tx, &mut found, &self.terms, queries::by(viewer)).await?;
        Ok(Entry::of(EntryKind::ApprovalApplied, object(found.id))
            .fact("kind", found.asked_for.kind.key)
            .fact("number", found.number))
    }

    fn leads_to(&self) -> String {
        show::url(self.found.id)
    }
}

/// Brings into force what was agreed.
pub(super) async fn apply(
    tx: &mut Tx,
    found: &mut Found,
    terms: &Terms,
    by: By<'_>,
) -> Result<(), Problem> {
    queries::take(tx, found, terms, by, Event::Apply, "").await?;
    found
        .asked_for
        .apply(tx, found.id, &found.reason, found.between())
        .await?;
    if !terms.tested {
        clock::begin(tx, found, terms).await?;
    }
    notices::settled_for_all(tx, NoticeKind::ApprovalToApply, &object(found.id)).await
}
