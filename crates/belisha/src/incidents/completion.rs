//! Completion: an action is done, and what came of it.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{CompleteActionRefused, complete_action};
use belisha_ui::{Html, InsetText, Label, Textarea};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::case;
use super::queries::{self, Case, object, settle};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId, action: &str) -> String {
    format!("/incidents/{id}/actions/{action}/completion")
}

/// The completion of one action.
pub(super) struct Completion {
    case: Case,
    record: OpenRecord,
    action: String,
    kind: String,
    /// What is to be done.
    words: String,
    already_done: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    outcome: String,
}

impl Act for Completion {
    type At = (IncidentId, String);
    type Form = Form;
    type Read = String;

    /// The action must be of this case.
    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, action): (IncidentId, String),
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        let row = sql(
            "select kind, done_at, sealed_words from incident_action where id = $1 and incident = $2",
        )
        .bind(&action)
        .bind(id.to_string())
        .optional(records)
        .await?
        .ok_or(Problem::NotFound)?;
        viewer.require(Action::AddAction, &case.facts)?;
        case::prove(viewer, &case, &url(id, &action))?;
        let record = records::open(records, viewer, &object(id)).await?;
        let part = format!("action-{action}");
        Ok(Self {
            words: record.read(&part, 0, &row.get::<Vec<u8>>("sealed_words")?)?,
            kind: row.get("kind")?,
            already_done: row.instant_optional("done_at")?.is_some(),
            case,
            record,
            action,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::of(viewer, &self.case, "Complete an action", "It is done");
        page.lead = Html::of(&InsetText::new(Html::paragraphs(&self.words)));
        page.fields = vec![Html::of(&Textarea {
            value: form.outcome.clone(),
            error: wrong.at("outcome"),
            hint: Some("Who was spoken to, what was agreed, what was advised".into()),
            ..Textarea::new("outcome", Label::medium("What came of it?"))
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
        Ok(wrong.text("outcome", &form.outcome, "Say what came of it"))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, outcome: String) -> Result<Entry, Problem> {
        complete_action(&self.case.incident, self.already_done).map_err(refused)?;
        let (id, action, school) = (self.case.id, &self.action, tx.school().clone());
        let (now, by) = (tx.now(), tx.actor().key());
        let sealed = self
            .record
            .seal(&school, &format!("outcome-{action}"), 0, &outcome);
        tx.run_one(
            sql(
                "update incident_action set done_at = $2, done_by = $3, sealed_outcome = $4
                 where id = $1 and done_at is null",
            )
            .bind(action)
            .bind(now)
            .bind(by)
            .bind(sealed),
        )
        .await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentActionDone, object(id))
            .fact("action", action)
            .fact("kind", self.kind))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// The contact with the designated officer was made by a referral: the task is done.
pub(crate) async fn officer_contacted(
    tx: &mut Tx,
    record: &OpenRecord,
    incident: IncidentId,
    outcome: &str,
) -> Result<(), Problem> {
    officer_done(tx, record, incident, outcome, "designated-officer").await
}

/// The contact is owed no longer, for a reason.
pub(super) async fn officer_waived(
    tx: &mut Tx,
    record: &OpenRecord,
    incident: IncidentId,
    why: &str,
) -> Result<(), Problem> {
    officer_done(tx, record, incident, why, "designated-officer/waived").await
}

async fn officer_done(
    tx: &mut Tx,
    record: &OpenRecord,
    incident: IncidentId,
    outcome: &str,
    kind: &'static str,
) -> Result<(), Problem> {
    let rows = sql("select id from incident_action
         where incident = $1 and kind = 'designated-officer' and done_at is null")
    .bind(incident.to_string())
    .all(tx)
    .await?;
    let (school, now, by) = (tx.school().clone(), tx.now(), tx.actor().key());
    for row in rows {
        let id: String = row.get("id")?;
        let sealed = record.seal(&school, &format!("outcome-{id}"), 0, outcome.trim());
        tx.run_one(
            sql(
                "update incident_action set done_at = $2, done_by = $3, sealed_outcome = $4, kind = $5
                 where id = $1",
            )
            .bind(&id)
            .bind(now)
            .bind(by.clone())
            .bind(sealed)
            .bind(kind),
        )
        .await?;
    }
    Ok(())
}

fn refused(refused: CompleteActionRefused) -> Problem {
    match refused {
        CompleteActionRefused::AlreadyDone => Problem::refused(
            "This action is done already",
            "What came of it stands on the case. Write in the chronology if there is more to say.",
        ),
        CompleteActionRefused::CaseHasEnded => Problem::refused(
            "This case has ended",
            "Open the case again before you complete an action in it.",
        ),
    }
}
