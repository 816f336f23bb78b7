//! The decision about the police, once the triage has asked the question.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::respond;
use belisha_ui::{Choice, Html, Label, Radios, Textarea};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::{case, entry};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/police")
}

/// The decision about the police in one case.
pub(super) struct Police {
    case: Case,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    decision: String,
    reason: String,
}

impl Act for Police {
    type At = IncidentId;
    type Form = Form;
    /// What was decided, and why.
    type Read = (&'static str, String);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::Triage, &case.facts)?;
        Ok(Self { case })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Decide on the police";
        let mut page = ActPage::of(viewer, &self.case, title, "Save the decision");
        page.fields = vec![
            Html::of(&Radios {
                chosen: (!form.decision.is_empty()).then(|| form.decision.clone()),
                error: wrong.at("decision"),
                ..Radios::new(
                    "decision",
                    Label::medium("Are the police told?"),
                    vec![
                        Choice::new("told", "Yes, they have been told"),
                        Choice::new("not-told", "No, for a reason"),
                    ],
                )
            }),
            Html::of(&Textarea {
                value: form.reason.clone(),
                error: wrong.at("reason"),
                hint: Some("Their reference and advice, or the reason for not telling them".into()),
                ..Textarea::new("reason", Label::medium("What was said, or why not?"))
            }),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(&'static str, String)>, Problem> {
        let decision = ["told", "not-told"]
            .into_iter()
            .find(|decision| *decision == form.decision);
        if decision.is_none() {
            wrong.say("decision", "Say whether the police have been told");
        }
        let says = "Give their reference, or the reason";
        let reason = wrong.text("reason", &form.reason, says);
        Ok(decision.zip(reason))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (decision, reason): (&'static str, String),
    ) -> Result<Entry, Problem> {
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("This cannot be decided now", wrong.sentence()))?;
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql("insert into incident_police (id, incident, decision, made_at, made_by, sealed_reason)
                 values ($1, $2, $3, $4, $5, $6)")
            .bind(&row)
            .bind(id.to_string())
            .bind(decision)
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &format!("police-{row}"), 0, &reason)),
        )
        .await?;
        entry::write(tx, &record, id, "police", &reason, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentPoliceDecided, object(id)))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}
