//! Escalation: something new worries, so the matter goes to an agency after all. It stays
//! open after the case has closed, and then opens the case again.

use belisha_rules::guides::{EscalateRefused, may_escalate};
use belisha_rules::ids::IncidentId;
use belisha_ui::{Html, Label, Textarea};
use serde::Deserialize;

use super::following::AT_ONCE;
use super::queries::{self, Open};
use super::show;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::incidents::queries::{object, settle};
use crate::incidents::reopening;
use crate::problem::Problem;
use crate::referrals;
use crate::schools::calendar;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

/// Where a review is escalated.
pub(super) fn url(id: IncidentId, guide: &str) -> String {
    format!("/incidents/{id}/reviews/{guide}/escalation")
}

/// The escalation of one review.
pub(super) struct Escalation(Open);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reason: String,
}

impl Act for Escalation {
    type At = (IncidentId, String);
    type Form = Form;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, guide): (IncidentId, String),
    ) -> Result<Self, Problem> {
        let open = queries::load(records, viewer, id, &guide).await?;
        match may_escalate(
            open.review.guide,
            &open.standing,
            open.is_the_lead,
            "a reason",
        ) {
            // To others, and in reviews that go nowhere else, the page does not exist.
            Err(EscalateRefused::NotThisGuide | EscalateRefused::OnlyTheLead) => {
                Err(Problem::NotFound)
            }
            // The act says it, so that a form sent twice leads to where the first one led.
            Ok(()) | Err(EscalateRefused::ReferralIsDue | EscalateRefused::ReasonMissing) => {
                Ok(Self(open))
            }
        }
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let Self(open) = self;
        let mut page = show::act_page(viewer, open, "Escalate", "Escalate");
        let reopens = if open.standing.case_is_open {
            ""
        } else {
            " The case opens again, and is triaged again."
        };
        page.lead = Html::paragraphs(&format!("A referral becomes due within the hour.{reopens}"));
        page.fields = vec![Html::of(&Textarea {
            value: form.reason.clone(),
            error: wrong.at("reason"),
            hint: Some("What is new, and what worries you about it?".into()),
            ..Textarea::new("reason", Label::medium("Why is it escalated?"))
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
            "Say what is new and why it worries you",
        ))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, reason: String) -> Result<Entry, Problem> {
        let Self(open) = self;
        let (guide, id) = (open.review.guide, open.case.id);
        may_escalate(guide, &open.standing, open.is_the_lead, &reason).map_err(|_| {
            Problem::refused(
                "A referral is due already",
                "Send the referral that is due; it is the escalation. Record it on the page of the case.",
            )
        })?;
        let school = tx.school().clone();
        let (row, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
        if !open.standing.case_is_open {
            reopening::again(tx, &open.record, id, &reason).await?;
        }
        let sealed = open
            .record
            .seal(&school, &format!("escalation-{row}"), 0, &reason);
        tx.run_one(
            sql(
                "insert into review_escalation (id, review, made_at, made_by, sealed_reason)
                 values ($1, $2, $3, $4, $5)",
            )
            .bind(&row)
            .bind(&open.review.id)
            .bind(now)
            .bind(by)
            .bind(sealed),
        )
        .await?;
        let days = calendar::of(tx, &school).await?;
        let ask = referrals::Ask {
            case: id,
            review: &open.review.id,
            need: &format!("{}{row}", referrals::ESCALATION),
            agencies: guide.escalates_to,
            why: &reason,
            due_at: days.passes_at(days.due(now, AT_ONCE)),
        };
        referrals::ask(tx, &open.record, &ask, false).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::ReviewEscalated, object(id)).fact("review", guide.key))
    }

    fn leads_to(&self) -> String {
        show::url(self.0.case.id, self.0.review.guide.key)
    }
}
