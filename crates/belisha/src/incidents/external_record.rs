//! The reference of the outside log, where the policy keeps one, such as a recording system.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::ClosureRule;
use belisha_ui::{Html, Label, TextInput};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::case;
use super::queries::{self, Case, object, settle};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/external-record")
}

/// What the outside log calls one case.
pub(super) struct ExternalRecord {
    case: Case,
    /// The log, as the policy names it.
    log: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reference: String,
}

impl Act for ExternalRecord {
    type At = IncidentId;
    type Form = Form;
    type Read = String;

    /// Not found where the policy keeps no such log or the case is sealed, since a
    /// sealed case stays out of logs that others can open.
    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::AddEntry, &case.facts)?;
        let log = ClosureRule::of(&viewer.policy.policy)
            .external_record
            .filter(|_| !case.kind.is_sealed())
            .ok_or(Problem::NotFound)?;
        Ok(Self { case, log })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Outside reference";
        let mut page = ActPage::of(viewer, &self.case, title, "Save the reference");
        let label = Label::medium(format!("Reference in {}", self.log));
        page.fields = vec![Html::of(&TextInput {
            value: form.reference.clone(),
            error: wrong.at("reference"),
            ..TextInput::new("reference", label)
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
        Ok(wrong.text("reference", &form.reference, "Enter the reference"))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, reference: String) -> Result<Entry, Problem> {
        let id = self.case.id;
        if !self.case.incident.state().is_open() {
            return Err(Problem::refused(
                "This case has ended",
                "Open the case again before you change its reference.",
            ));
        }
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (now, by) = (tx.now(), tx.actor().key());
        tx.run_one(
            sql("insert into incident_external_record (incident, recorded_at, recorded_by, log_name, sealed_reference)
                 values ($1, $2, $3, $4, $5)
                 on conflict (incident) do update
                 set recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by,
                     log_name = excluded.log_name, sealed_reference = excluded.sealed_reference")
            .bind(id.to_string())
            .bind(now)
            .bind(by)
            .bind(self.log)
            .bind(record.seal(&school, "external-reference", 0, &reference)),
        )
        .await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentExternallyRecorded, object(id)))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}
