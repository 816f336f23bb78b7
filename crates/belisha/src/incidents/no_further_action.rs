//! No further action: a case in which there was nothing to do ends, with its reason.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{ClosureRule, NoFurtherActionRefused, no_further_action};
use belisha_ui::{Html, Label, Textarea};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, object};
use super::{case, closure};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/no-further-action")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reason: String,
    revision: i64,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let found = queries::load(&mut viewer.read().await?, &viewer, id).await?;
    viewer.require(Action::CloseCase, &found.facts)?;
    let form = Form {
        revision: found.revision,
        ..Form::default()
    };
    page(&viewer, &found, &form, Wrong::default(), None)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let mut page = ActPage::of(viewer, found, "No further action", "End the case");
    page.revision = Some(form.revision);
    page.fields = vec![Html::of(&Textarea {
        value: form.reason.clone(),
        error: wrong.at("reason"),
        ..Textarea::new("reason", Label::medium("Why is there nothing more to do?"))
    })];
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let found = queries::load(&mut tx, &viewer, id).await?;
    viewer.require(Action::CloseCase, &found.facts)?;
    let form = &sent.form;
    let mut wrong = Wrong::default();
    wrong.need(
        "reason",
        &form.reason,
        "Say why there is nothing more to do",
    );
    if !wrong.is_empty() {
        drop(tx);
        return page(&viewer, &found, form, wrong, Some(sent.submission));
    }
    tx.once(&sent.submission, &case::url(id)).await?;
    let rule = ClosureRule::of(&viewer.policy.policy);
    let identity = viewer.access.identity().ok_or(Problem::NotFound)?;
    let by_the_lead = found.allows(&viewer, Action::WithholdFromParents);
    no_further_action(&found.incident, &rule, identity, by_the_lead, &form.reason)
        .map_err(refused)?;
    closure::end(
        &mut tx,
        &viewer,
        &found,
        "no-further-action",
        &form.reason,
        form.revision,
    )
    .await?;
    let entry =
        Entry::of(EntryKind::IncidentClosed, object(id)).fact("ending", "no-further-action");
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&case::url(id)))
}

fn refused(refused: NoFurtherActionRefused) -> Problem {
    let why = match refused {
        NoFurtherActionRefused::WrongState(wrong) => wrong.sentence(),
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
        NoFurtherActionRefused::OwnReport => {
            "You reported it yourself, and the policy asks that somebody else ends it.".to_owned()
        }
    };
    Problem::refused("This case cannot end like this now", why)
}
