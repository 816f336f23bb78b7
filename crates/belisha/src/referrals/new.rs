//! A referral that somebody adds by themselves, whatever the reviews ask for.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::respond;
use belisha_ui::{Html, Label, Select, SelectOption, Textarea};
use serde::Deserialize;

use super::show;
use crate::agencies::{self, Agency};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::incidents::case;
use crate::incidents::queries::{self, Case, object, settle};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

/// Where a referral is added.
pub(crate) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/referrals/new")
}

/// A referral being added to a case.
pub(super) struct NewReferral {
    case: Case,
    /// Its id, drawn before it is written, so that it can be led to.
    row: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    agency: String,
    why: String,
}

/// What the form says.
pub(super) struct Said {
    agency: &'static Agency,
    why: String,
}

impl Act for NewReferral {
    type At = IncidentId;
    type Form = Form;
    type Read = Said;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::AddEntry, &case.facts)?;
        let row = viewer.school.new_row_id();
        Ok(Self { case, row })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let options = std::iter::once(SelectOption::new("", "Choose"))
            .chain(
                agencies::all()
                    .agencies
                    .iter()
                    .map(|agency| SelectOption::new(agency.key.clone(), agency.name.clone())),
            )
            .collect();
        let mut page = ActPage::new(
            viewer,
            case::url(self.case.id),
            format!("Case {}", self.case.reference),
            "Add a referral",
            "Add the referral",
        );
        page.lead = Html::join(&[
            Html::trusted("<p>"),
            Html::link(
                "What each agency is for, and how to reach it",
                &agencies::url(),
            ),
            Html::trusted("</p>"),
        ]);
        page.fields = vec![
            Html::of(&Select {
                error: wrong.at("agency"),
                chosen: Some(form.agency.clone()),
                ..Select::new("agency", Label::medium("Which agency?"), options)
            }),
            Html::of(&Textarea {
                error: wrong.at("why"),
                value: form.why.clone(),
                rows: 4,
                ..Textarea::new("why", Label::medium("Why?"))
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
    ) -> Result<Option<Said>, Problem> {
        let agency = agencies::agency(&form.agency);
        if agency.is_none() {
            wrong.say("agency", "Choose the agency");
        }
        let why = wrong.text("why", &form.why, "Say why it goes there");
        Ok(agency.zip(why).map(|(agency, why)| Said { agency, why }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, said: Said) -> Result<Entry, Problem> {
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("This cannot be added now", wrong.sentence()))?;
        let (id, row) = (self.case.id, &self.row);
        let record = records::open(tx, viewer, &object(id)).await?;
        let (school, now, by) = (tx.school().clone(), tx.now(), tx.actor().key());
        tx.run_one(
            sql("insert into referral (id, incident, review, need, agencies, made_at, made_by, due_at, chase_on,
                                       withdrawn_at, told_on, sealed_why)
                 values ($1, $2, null, '', $3, $4, $5, null, null, null, null, $6)")
            .bind(row)
            .bind(id.to_string())
            .bind(&said.agency.key)
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &format!("referral-{row}"), 0, &said.why)),
        )
        .await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::ReferralAdded, object(id))
            .fact("referral", row)
            .fact("agency", &said.agency.key))
    }

    fn leads_to(&self) -> String {
        show::url(self.case.id, &self.row)
    }
}
