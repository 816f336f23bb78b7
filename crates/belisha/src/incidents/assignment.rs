//! Assignment: the case is given to somebody, who has it in hand from then on.

use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::respond;
use belisha_ui::{Html, Label, Select, Textarea};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::{action, case, entry, giving};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/assignment")
}

/// The giving of one case into somebody's hands.
pub(super) struct Assignment {
    case: Case,
    owners: Vec<(PersonId, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    owner: String,
    note: String,
}

impl Act for Assignment {
    type At = IncidentId;
    type Form = Form;
    /// To whom, and what they should know.
    type Read = (PersonId, String);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::Triage, &case.facts)?;
        let owners = action::who_may(records, viewer, &case, Action::AddAction).await?;
        Ok(Self { case, owners })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::of(
            viewer,
            &self.case,
            "Give the case to somebody",
            "Give the case",
        );
        page.fields = vec![
            Html::of(&Select {
                chosen: Some(form.owner.clone()),
                error: wrong.at("owner"),
                hint: Some("Those who can work on it. They have it in hand from then on.".into()),
                ..Select::new(
                    "owner",
                    Label::medium("To whom?"),
                    giving::options(&self.owners),
                )
            }),
            Html::of(&Textarea {
                value: form.note.clone(),
                error: wrong.at("note"),
                rows: 3,
                ..Textarea::new("note", Label::medium("What should they know?"))
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
    ) -> Result<Option<(PersonId, String)>, Problem> {
        let owner = giving::chosen(&self.owners, &form.owner);
        if owner.is_none() {
            wrong.say("owner", "Choose somebody");
        }
        let note = wrong.text("note", &form.note, "Say what they should know");
        Ok(owner.zip(note))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (owner, note): (PersonId, String),
    ) -> Result<Entry, Problem> {
        let id = self.case.id;
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("The case cannot be given now", wrong.sentence()))?;
        let (row, now, by, today) = (
            tx.school().new_row_id(),
            tx.now(),
            tx.actor().key(),
            tx.today(),
        );
        tx.run_one(
            sql(
                "insert into incident_assignment (id, incident, owner, assigned_at, assigned_by)
                 values ($1, $2, $3, $4, $5)",
            )
            .bind(row)
            .bind(id.to_string())
            .bind(owner.to_string())
            .bind(now)
            .bind(by),
        )
        .await?;
        let record = records::open(tx, viewer, &object(id)).await?;
        entry::write(tx, &record, id, "assignment", &note, today, None).await?;
        settle(tx, id).await?;
        if owner != viewer.person {
            let kind = NoticeKind::IncidentAssigned;
            notices::tell(tx, owner, kind, &object(id), false).await?;
        }
        Ok(Entry::of(EntryKind::IncidentAssigned, object(id)).fact("to", owner))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}
