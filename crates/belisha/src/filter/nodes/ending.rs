//! A node is taken out of use: its token opens nothing any longer.

use belisha_ui::{ButtonStyle, Html, Label, Textarea};
use serde::Deserialize;

use super::list;
use super::stored::{self, Node};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::filter::devices::require;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

pub(super) fn url(node: &str) -> String {
    format!("{}/{node}/ending", list::url())
}

/// A node being taken out of use.
pub(super) struct Ending {
    node: Node,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reason: String,
}

impl Act for Ending {
    type At = String;
    type Form = Form;
    type Read = String;

    async fn load(records: &mut Connection, viewer: &Viewer, id: String) -> Result<Self, Problem> {
        require(viewer)?;
        let node = stored::find(records, &id).await?.ok_or(Problem::NotFound)?;
        Ok(Self { node })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            list::url(),
            self.node.name.clone(),
            "Take it out of use",
            "Take it out of use",
        );
        page.send.style = ButtonStyle::Warning;
        page.lead = Html::paragraphs(
            "It pulls and sends nothing any longer. Its resolver goes on with what it has until somebody stops it there.",
        );
        page.fields = vec![Html::of(&Textarea {
            value: form.reason.clone(),
            rows: 2,
            error: wrong.at("reason"),
            ..Textarea::new("reason", Label::medium("Why?"))
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
        Ok(wrong.text("reason", &form.reason, "Say why it is taken out of use"))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, reason: String) -> Result<Entry, Problem> {
        let (now, by) = (tx.now(), tx.actor().key());
        tx.run_one(
            sql("update filter_node
                 set ended_at = $2, ended_by = $3, ended_for = $4, token_hash = null, code_hash = null
                 where id = $1 and ended_at is null")
            .bind(&self.node.id)
            .bind(now)
            .bind(by)
            .bind(reason),
        )
        .await?;
        let object = Object::new("filter-node", &self.node.id);
        Ok(Entry::of(EntryKind::FilterNodeEnded, object))
    }

    fn leads_to(&self) -> String {
        list::url()
    }
}
