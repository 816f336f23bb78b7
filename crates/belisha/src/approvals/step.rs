//! A step that is one press with a word about it: the review, the way back, the withdrawal. What they
//! share stands here; each says in a file of its own who may, what it is called and what it does.

use std::future::Future;
use std::marker::PhantomData;

use belisha_rules::access::Action;
use belisha_rules::approvals::{Event, State, Terms};
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

/// What one such step has of its own.
pub(super) trait Step: Send + Sync + 'static {
    /// Who may come to its page; the machine says who may take it, and when.
    const MAY: Action;
    const EVENT: Event;
    const ENTRY: EntryKind;
    const TITLE: &'static str;
    const BUTTON: &'static str;
    /// What is asked about it.
    const ASKS: &'static str;
    /// What to say where a word is needed and none was given; none where it may be left out.
    const NEEDS: Option<&'static str> = None;

    /// What follows from it, besides the step itself. The state is the one before.
    fn follow(
        tx: &mut Tx,
        found: &Found,
        before: State,
    ) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// A step being taken.
pub(super) struct Taking<S> {
    found: Found,
    terms: Terms,
    step: PhantomData<S>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    note: String,
}

impl<S: Step> Act for Taking<S> {
    type At = ApprovalId;
    type Form = Form;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: ApprovalId,
    ) -> Result<Self, Problem> {
        let found = queries::load(records, viewer, id).await?;
        viewer.require(S::MAY, &found.facts)?;
        let terms = found.terms(&viewer.policy.policy);
        Ok(Self {
            found,
            terms,
            step: PhantomData,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            show::url(self.found.id),
            format!("Request {}", self.found.number),
            S::TITLE,
            S::BUTTON,
        );
        page.lead = Html::paragraphs(&self.found.asked_for.title());
        page.fields = vec![Html::of(&Textarea {
            value: form.note.clone(),
            rows: 3,
            error: wrong.at("note"),
            ..Textarea::new("note", Label::medium(S::ASKS))
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
        if let Some(needs) = S::NEEDS {
            wrong.need("note", &form.note, needs);
        }
        wrong.no_picture("note", &form.note);
        Ok(Some(form.note.trim().to_owned()))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, note: String) -> Result<Entry, Problem> {
        let mut found = self.found;
        let before = found.approval.state;
        let by = queries::by(viewer);
        queries::take(tx, &mut found, &self.terms, by, S::EVENT, &note).await?;
        S::follow(tx, &found, before).await?;
        Ok(Entry::of(S::ENTRY, object(found.id))
            .fact("kind", found.asked_for.kind.key)
            .fact("number", found.number))
    }

    fn leads_to(&self) -> String {
        show::url(self.found.id)
    }
}
