//! Reopening: an ended case is opened again, because something new was learnt.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{ReopenRefused, reopen};
use belisha_ui::{Html, Label, Textarea};
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

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/reopening")
}

/// The opening of one ended case.
pub(super) struct Reopening {
    case: Case,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reason: String,
}

impl Act for Reopening {
    type At = IncidentId;
    type Form = Form;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::ReopenCase, &case.facts)?;
        Ok(Self { case })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Open the case again";
        let mut page = ActPage::of(viewer, &self.case, title, title);
        page.fields = vec![Html::of(&Textarea {
            value: form.reason.clone(),
            error: wrong.at("reason"),
            ..Textarea::new("reason", Label::medium("What is new?"))
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
        Ok(wrong.text("reason", &form.reason, "Say what is new"))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, reason: String) -> Result<Entry, Problem> {
        reopen(&self.case.incident, &reason).map_err(|refused| match refused {
            ReopenRefused::WrongState(wrong) => {
                Problem::refused("This case is open already", wrong.sentence())
            }
            ReopenRefused::ReasonMissing => {
                Problem::refused("A reason is missing", "Say what is new.")
            }
        })?;
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        again(tx, &record, id, &reason).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentReopened, object(id)))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// Opens the case again: the ending that stands gets its reason.
pub(crate) async fn again(
    tx: &mut Tx,
    record: &OpenRecord,
    id: IncidentId,
    reason: &str,
) -> Result<(), Problem> {
    let school = tx.school().clone();
    let (now, by, today) = (tx.now(), tx.actor().key(), tx.today());
    tx.run_one(
        sql("update incident_closure set reopened_at = $2, reopened_by = $3, sealed_reopen_reason = $4
             where incident = $1 and reopened_at is null")
        .bind(id.to_string())
        .bind(now)
        .bind(by)
        .bind(record.seal(&school, "reopening", 0, reason)),
    )
    .await?;
    entry::write(tx, record, id, "reopening", reason, today, None).await?;
    crate::retention::reopened(tx, id).await
}
