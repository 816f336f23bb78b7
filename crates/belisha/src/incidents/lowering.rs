//! Lowering: an allegation that turns out to be below the harm threshold becomes a
//! low-level concern. Its key stays sealed to the same persons.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{LowerRefused, lower};
use belisha_ui::{Html, InsetText, Label, Textarea};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::words::kind_key;
use super::{case, completion, entry};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/lowering")
}

/// The lowering of one allegation.
pub(super) struct Lowering {
    case: Case,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    reason: String,
    officer: String,
}

impl Lowering {
    /// Whether the contact with the designated officer is still owed.
    fn officer_is_due(&self) -> bool {
        self.case
            .incident
            .officer
            .is_some_and(|contact| contact.made_at.is_none())
    }
}

impl Act for Lowering {
    type At = IncidentId;
    type Form = Form;
    type Read = (String, String);

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
        let mut page = ActPage::of(
            viewer,
            &self.case,
            "Lower to a low-level concern",
            "Lower it",
        );
        page.lead = Html::of(&InsetText::new(
            "Only where none of the four limbs of the harm threshold may be met. The record stays sealed to the same persons, and it is counted among the low-level concerns about this adult.",
        ));
        page.fields = vec![Html::of(&Textarea {
            value: form.reason.clone(),
            error: wrong.at("reason"),
            ..Textarea::new(
                "reason",
                Label::medium("Why is it below the harm threshold?"),
            )
        })];
        if self.officer_is_due() {
            page.fields.push(Html::of(&Textarea {
                value: form.officer.clone(),
                error: wrong.at("officer"),
                rows: 3,
                ..Textarea::new(
                    "officer",
                    Label::medium("Why need the designated officer not be contacted?"),
                )
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
    ) -> Result<Option<(String, String)>, Problem> {
        let reason = wrong.text("reason", &form.reason, "Say why it is below the threshold");
        let officer = if self.officer_is_due() {
            wrong.text(
                "officer",
                &form.officer,
                "Say why the designated officer need not be contacted",
            )
        } else {
            Some(String::new())
        };
        Ok(reason.zip(officer))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (reason, officer): (String, String),
    ) -> Result<Entry, Problem> {
        let kind = lower(&self.case.incident, &reason, &officer).map_err(refused)?;
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql("update incident set kind = $2 where id = $1")
                .bind(id.to_string())
                .bind(kind_key(kind)),
        )
        .await?;
        tx.run_one(
            sql("insert into incident_lowering (id, incident, lowered_at, lowered_by, from_kind, sealed_reason)
                 values ($1, $2, $3, $4, $5, $6)")
            .bind(&row)
            .bind(id.to_string())
            .bind(now)
            .bind(by)
            .bind(kind_key(self.case.kind))
            .bind(record.seal(&school, &format!("lowering-{row}"), 0, &reason)),
        )
        .await?;
        entry::write(tx, &record, id, "lowering", &reason, today, None).await?;
        if !officer.is_empty() {
            completion::officer_waived(tx, &record, id, &officer).await?;
        }
        crate::reviews::take_back(tx, id, "allegation").await?;
        settle(tx, id).await?;
        Ok(
            Entry::of(EntryKind::IncidentLowered, object(id))
                .fact("from", kind_key(self.case.kind)),
        )
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }

    fn revision(&self) -> Option<i64> {
        Some(self.case.revision)
    }
}

fn refused(refused: LowerRefused) -> Problem {
    let why = match refused {
        LowerRefused::NotAnAllegation => {
            "Only an allegation against an adult can be lowered; this case is none.".to_owned()
        }
        LowerRefused::WrongState(wrong) => wrong.sentence(),
        LowerRefused::ReasonMissing => "Say why it is below the threshold.".to_owned(),
        LowerRefused::OfficerReasonMissing => {
            "Say why the designated officer need not be contacted, or contact them first."
                .to_owned()
        }
    };
    Problem::refused("This case was not lowered", why)
}
