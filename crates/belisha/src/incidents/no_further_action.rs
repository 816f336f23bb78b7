//! No further action: a case in which there was nothing to do ends, with its reason.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{ClosureRule, NoFurtherActionRefused, no_further_action};
use belisha_ui::{Html, Label, Textarea};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object};
use super::{case, closure};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/no-further-action")
}

/// The ending of one case with nothing done.
pub(super) struct NoFurtherAction {
    case: Case,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reason: String,
}

impl Act for NoFurtherAction {
    type At = IncidentId;
    type Form = Form;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::CloseCase, &case.facts)?;
        Ok(Self { case })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::of(viewer, &self.case, "No further action", "End the case");
        page.fields = vec![Html::of(&Textarea {
            value: form.reason.clone(),
            error: wrong.at("reason"),
            ..Textarea::new("reason", Label::medium("Why is there nothing more to do?"))
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
        Ok(wrong.text(
            "reason",
            &form.reason,
            "Say why there is nothing more to do",
        ))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, reason: String) -> Result<Entry, Problem> {
        let rule = ClosureRule::of(&viewer.policy.policy);
        let identity = viewer.access.identity().ok_or(Problem::NotFound)?;
        let by_the_lead = self.case.allows(viewer, Action::WithholdFromParents);
        if let Err(why) =
            no_further_action(&self.case.incident, &rule, identity, by_the_lead, &reason)
        {
            let who = closure::who_ended(tx, &self.case).await?;
            return Err(refused(why, &who));
        }
        closure::end(tx, viewer, &self.case, "no-further-action", &reason).await?;
        Ok(Entry::of(EntryKind::IncidentClosed, object(self.case.id))
            .fact("ending", "no-further-action"))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }

    /// Somebody else's change in between is not closed over.
    fn revision(&self) -> Option<i64> {
        Some(self.case.revision)
    }
}

fn refused(refused: NoFurtherActionRefused, who: &str) -> Problem {
    let why = match refused {
        NoFurtherActionRefused::WrongState(wrong) => format!("{}{who}", wrong.sentence()),
        NoFurtherActionRefused::ReasonMissing => "Say why there is nothing more to do.".to_owned(),
        NoFurtherActionRefused::OnlyTheLead => {
            "A case about a child ends like this only by the designated safeguarding lead or a deputy. Ask one of them."
                .to_owned()
        }
        NoFurtherActionRefused::TriageSaysOtherwise => {
            "The triage says that a child is at risk, or asks for a decision about the police. Deal with that, or triage again."
                .to_owned()
        }
        NoFurtherActionRefused::DesignatedOfficer => {
            "Contact the local authority designated officer first, and record it.".to_owned()
        }
        NoFurtherActionRefused::ReviewOpen => {
            "A guided review is not signed, or a referral is due. Finish it, and close the case."
                .to_owned()
        }
        NoFurtherActionRefused::InvestigationOpen => {
            "It is being investigated. Write down what was found first.".to_owned()
        }
        NoFurtherActionRefused::OwnReport => {
            "You reported it yourself, and the policy asks that somebody else ends it.".to_owned()
        }
    };
    Problem::refused("This case cannot end like this now", why)
}
