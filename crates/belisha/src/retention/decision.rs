//! A decision: a case whose time is over is kept longer, or is to be destroyed once another
//! person agrees.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::retention::{Refused, keep, may_decide, needs_consent, propose};
use belisha_ui::{
    Checkboxes, Choice, DateInput, Html, Label, Radios, SummaryList, SummaryRow, Textarea,
};
use jiff::civil::Date;
use serde::Deserialize;

use super::queries::{Kept, decision_field, load, rule_of, who_may};
use super::{list, terms};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::incidents::queries::object;
use crate::incidents::words::kind_name;
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::words::{date, read_date};
use crate::web::wrong::Wrong;

/// The decision on one case.
pub(super) struct Decision(Kept);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    decision: String,
    until_day: String,
    until_month: String,
    until_year: String,
    agreed: String,
    reason: String,
}

/// What the form says.
pub(super) struct Said {
    /// None where it is to be destroyed.
    keep_until: Option<Date>,
    /// The adult whom it was about has agreed in writing.
    agreed: bool,
    reason: String,
}

pub(super) fn refused(why: Refused) -> Problem {
    Problem::refused("This case cannot be decided on now", why.sentence())
}

/// What both pages say of the case.
pub(super) fn summary(viewer: &Viewer, kept: &Kept) -> SummaryList {
    let standing = &kept.standing;
    let mut rows = vec![
        SummaryRow::new("Kind", kind_name(kept.case.kind)),
        SummaryRow::new("Opened", date(kept.opened_on)),
        SummaryRow::new("Closed", date(kept.closed_on)),
        SummaryRow::new("Why it was kept", rule_of(standing.term).words()),
    ];
    if let Some(due) = belisha_rules::retention::due_on(standing.term, standing.kept_until) {
        rows.push(SummaryRow::new("Kept until", date(due)));
    }
    if let Some(proposed) = &kept.proposed {
        rows.push(SummaryRow::new(
            "Decided",
            format!(
                "{} decided on {} that it is destroyed",
                proposed.name,
                date(viewer.school.date_of(proposed.at))
            ),
        ));
    }
    rows.push(SummaryRow::new(
        "The case",
        Html::link(
            "Read it before you decide",
            &crate::incidents::case::url(kept.case.id),
        ),
    ));
    SummaryList::new(rows)
}

impl Act for Decision {
    type At = IncidentId;
    type Form = Form;
    type Read = Said;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let kept = load(records, viewer, id, Action::DestroyCase).await?;
        may_decide(&kept.standing, viewer.today()).map_err(refused)?;
        Ok(Self(kept))
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let caption = format!("Case {}", self.0.case.reference);
        let mut page = ActPage::new(
            viewer,
            list::url(),
            caption,
            "What becomes of this case?",
            "Save the decision",
        );
        page.lead = Html::of(&summary(viewer, &self.0));
        page.fields = vec![
            Html::of(&Radios {
                error: wrong.at("decision"),
                chosen: (!form.decision.is_empty()).then(|| form.decision.clone()),
                ..Radios::new(
                    "decision",
                    Label::medium("What do you decide?"),
                    vec![
                        Choice::new("keep", "Keep it longer"),
                        Choice::new("destroy", "Destroy it, once another person agrees"),
                    ],
                )
            }),
            Html::of(&DateInput {
                day: form.until_day.clone(),
                month: form.until_month.clone(),
                year: form.until_year.clone(),
                error: wrong.at("until-day"),
                hint: Some("Only if you keep it longer".into()),
                ..DateInput::new("until", Label::medium("Until when?"))
            }),
            Html::of(&Textarea {
                value: form.reason.clone(),
                error: wrong.at("reason"),
                rows: 3,
                hint: Some("It stays with the case, and goes with it.".into()),
                ..Textarea::new("reason", Label::medium("Why?"))
            }),
        ];
        if needs_consent(&self.0.standing) {
            let consent = Html::of(&Checkboxes {
                error: wrong.at("agreed"),
                chosen: (form.agreed == "yes")
                    .then(|| "yes".to_owned())
                    .into_iter()
                    .collect(),
                legend: Some(Label::medium("If you keep it longer")),
                ..Checkboxes::confirm(
                    "agreed",
                    "The adult whom it was about has agreed in writing that it is kept",
                )
            });
            page.fields.insert(2, consent);
        }
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Said>, Problem> {
        let reason = wrong.text("reason", &form.reason, "Say why");
        let agreed = form.agreed == "yes";
        if form.decision == "keep" && needs_consent(&self.0.standing) && !agreed {
            wrong.say("agreed", Refused::NotAgreed.sentence());
        }
        let keep_until = match form.decision.as_str() {
            "destroy" => None,
            "keep" => {
                let until = read_date(&form.until_day, &form.until_month, &form.until_year);
                let ahead = until.filter(|until| {
                    keep(&self.0.standing, *until, "-", true, viewer.today()).is_ok()
                });
                if ahead.is_none() {
                    wrong.say(
                        "until-day",
                        "Enter a day after today and at most 25 years ahead, such as 27 3 2030",
                    );
                }
                ahead
            }
            _ => {
                wrong.say("decision", "Choose what you decide");
                None
            }
        };
        Ok(reason.map(|reason| Said {
            keep_until,
            agreed,
            reason,
        }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, said: Said) -> Result<Entry, Problem> {
        let Kept { case, standing, .. } = self.0;
        let (id, today) = (case.id, tx.today());
        let word = match said.keep_until {
            Some(until) => {
                keep(&standing, until, &said.reason, said.agreed, today).map_err(refused)?;
                "keep"
            }
            None => {
                propose(&standing, &said.reason, today).map_err(refused)?;
                "destroy"
            }
        };
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
        tx.run_one(
            sql(
                "insert into retention_decision (id, incident, decision, keep_until, decided_at,
                                                 decided_by, sealed_reason)
                 values ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&row)
            .bind(id.to_string())
            .bind(word)
            .bind(said.keep_until)
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &decision_field(&row), 0, &said.reason)),
        )
        .await?;
        list::settled(tx, viewer).await?;
        if let Some(until) = said.keep_until {
            terms::keep(tx, id, standing.term, Some(until)).await?;
            notices::settled_for_all(tx, NoticeKind::RetentionToAgree, &object(id)).await?;
            let agreed = if needs_consent(&standing) {
                "yes"
            } else {
                "not-asked"
            };
            return Ok(Entry::of(EntryKind::RetentionKept, object(id))
                .fact("until", until)
                .fact("agreed", agreed));
        }
        for who in who_may(tx, &case, Action::DestroyCase).await? {
            if who.person != viewer.person {
                let kind = NoticeKind::RetentionToAgree;
                notices::tell(tx, who.person, kind, &object(id), false).await?;
            }
        }
        Ok(Entry::of(EntryKind::RetentionProposed, object(id)))
    }

    fn leads_to(&self) -> String {
        list::url()
    }
}
