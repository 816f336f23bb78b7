//! The decision: whoever decides has seen what it would have done, notes the risk, and agrees or
//! refuses. Where they manage the filter too, they apply it with the same press.

use belisha_rules::access::Action;
use belisha_rules::approvals::{self, Event, State, Terms};
use belisha_rules::ids::ApprovalId;
use belisha_ui::{Choice, Html, Label, Radios, SummaryList, Textarea};
use serde::Deserialize;

use super::queries::{self, Found};
use super::{application, object, show, tell};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

pub(super) fn url(id: ApprovalId) -> String {
    format!("/approvals/{id}/decision")
}

/// A decision being taken.
pub(super) struct Decision {
    found: Found,
    terms: Terms,
    preview: Option<Html>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    risk: String,
    decision: String,
    note: String,
}

/// What was decided.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Choose {
    Agree,
    AgreeAndApply,
    Refuse,
}

/// What the form says.
pub(super) struct Said {
    risk: String,
    choose: Choose,
    note: String,
}

impl Act for Decision {
    type At = ApprovalId;
    type Form = Form;
    type Read = Said;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: ApprovalId,
    ) -> Result<Self, Problem> {
        let found = queries::load(records, viewer, id).await?;
        viewer.require(Action::DecideApproval, &found.facts)?;
        let terms = found.terms(&viewer.policy.policy);
        if !found.approval.state.waits() {
            return Err(refused(&approvals::Refusal::NotNow(found.approval.state)));
        }
        approvals::agrees_as(&found.approval, &terms, queries::by(viewer))
            .map_err(|refusal| refused(&refusal))?;
        let preview = show::preview(records, viewer, &found).await?;
        Ok(Self {
            found,
            terms,
            preview,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            show::url(self.found.id),
            format!("Request {}", self.found.number),
            self.found.asked_for.title(),
            "Record the decision",
        );
        let mut rows = self.found.asked_for.rows();
        rows.extend(show::who_and_when(viewer, &self.found));
        let mut lead = vec![Html::of(&SummaryList::new(rows))];
        if let Some(preview) = &self.preview {
            lead.push(Html::trusted("<h2>What it would do</h2>"));
            lead.push(preview.clone());
        }
        page.lead = Html::join(&lead);
        let mut choices = Vec::new();
        if self.can_apply(viewer) {
            choices.push(Choice::new("agree-and-apply", "Agree, and apply it now"));
        }
        choices.push(Choice::new("agree", "Agree"));
        choices.push(Choice::new("refuse", "Refuse"));
        let mut fields = Vec::new();
        if self.asks_risk() {
            fields.push(Html::of(&Textarea {
                value: form.risk.clone(),
                rows: 3,
                hint: Some(self.found.asked_for.kind.risk.into()),
                error: wrong.at("risk"),
                ..Textarea::new("risk", Label::medium("What is the risk?"))
            }));
        }
        fields.push(Html::of(&Radios {
            chosen: (!form.decision.is_empty()).then(|| form.decision.clone()),
            error: wrong.at("decision"),
            ..Radios::new("decision", Label::medium("What do you decide?"), choices)
        }));
        fields.push(Html::of(&Textarea {
            value: form.note.clone(),
            rows: 3,
            hint: Some("Whoever asked reads it. If you refuse, say why.".into()),
            error: wrong.at("note"),
            ..Textarea::new("note", Label::medium("A word about it"))
        }));
        page.fields = fields;
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Said>, Problem> {
        let choose = match form.decision.as_str() {
            "agree" => Some(Choose::Agree),
            "agree-and-apply" if self.can_apply(viewer) => Some(Choose::AgreeAndApply),
            "refuse" => Some(Choose::Refuse),
            _ => None,
        };
        if choose.is_none() {
            wrong.say("decision", "Choose what you decide");
        }
        if self.asks_risk() && choose.is_some_and(|choose| choose != Choose::Refuse) {
            wrong.need(
                "risk",
                &form.risk,
                "Say what the risk is, even if it is small",
            );
        }
        match choose {
            Some(Choose::Refuse) => wrong.need("note", &form.note, "Say why you refuse"),
            _ => wrong.no_picture("note", &form.note),
        }
        wrong.no_picture("risk", &form.risk);
        Ok(choose.map(|choose| Said {
            risk: form.risk.trim().to_owned(),
            choose,
            note: form.note.trim().to_owned(),
        }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, said: Said) -> Result<Entry, Problem> {
        let (mut found, terms, by) = (self.found, self.terms, queries::by(viewer));
        let entry = |kind, found: &Found| {
            Entry::of(kind, object(found.id))
                .fact("kind", found.asked_for.kind.key)
                .fact("number", found.number)
        };
        if found.approval.state == State::Requested {
            queries::take(tx, &mut found, &terms, by, Event::Preview, "").await?;
        }
        if said.choose == Choose::Refuse {
            queries::take(tx, &mut found, &terms, by, Event::Refuse, &said.note).await?;
            tell::decided(tx, &found).await?;
            return Ok(entry(EntryKind::ApprovalRefused, &found));
        }
        if found.approval.state == State::Previewed {
            queries::take(tx, &mut found, &terms, by, Event::NoteRisk, &said.risk).await?;
        }
        let state = queries::take(tx, &mut found, &terms, by, Event::Agree, &said.note).await?;
        if state != State::Agreed {
            tell::deciders(tx, &found, &terms).await?;
            let waiting = NoticeKind::ApprovalToDecide;
            notices::settled(tx, viewer.person, waiting, &object(found.id)).await?;
            return Ok(entry(EntryKind::ApprovalAgreed, &found).fact("complete", false));
        }
        tell::decided(tx, &found).await?;
        let applies = said.choose == Choose::AgreeAndApply || terms.applies_itself;
        if applies {
            application::apply(tx, &mut found, &terms, by).await?;
        } else {
            tell::managers(tx, &found, &terms).await?;
        }
        Ok(entry(EntryKind::ApprovalAgreed, &found)
            .fact("complete", true)
            .fact("applied", applies))
    }

    fn leads_to(&self) -> String {
        show::url(self.found.id)
    }
}

impl Decision {
    /// Nobody has noted the risk yet.
    fn asks_risk(&self) -> bool {
        matches!(
            self.found.approval.state,
            State::Requested | State::Previewed
        )
    }

    fn can_apply(&self, viewer: &Viewer) -> bool {
        !self.terms.applies_itself
            && self.terms.manages(&viewer.hats)
            && viewer
                .may(Action::ApplyApproval, &self.found.facts)
                .is_allowed()
    }
}

pub(super) fn refused(refusal: &approvals::Refusal) -> Problem {
    Problem::refused("This cannot be done now", refusal.sentence())
}
