//! Escalation: something new worries, so the matter goes to an agency after all. It stays
//! open after the case has closed, and then opens the case again.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::guides::imagery::{TEXT_HOLDS_A_PICTURE, text_holds_a_picture};
use belisha_rules::guides::{EscalateRefused, may_escalate};
use belisha_rules::ids::IncidentId;
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, Frame, Label, Textarea};
use serde::Deserialize;

use super::following::AT_ONCE;
use super::queries::{self, Open};
use super::show;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::incidents::queries::{object, settle};
use crate::incidents::{case, reopening};
use crate::problem::Problem;
use crate::referrals;
use crate::schools::calendar;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

/// Where a review is escalated.
pub(super) fn url(id: IncidentId, guide: &str) -> String {
    format!("/incidents/{id}/reviews/{guide}/escalation")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reason: String,
}

#[derive(Template)]
#[template(path = "reviews/escalation.html")]
struct EscalationPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    reference: String,
    review: &'static str,
    case_is_open: bool,
    reason: Textarea,
    submission: String,
    escalate: Button,
}

pub(super) async fn get(
    viewer: Viewer,
    Path((id, guide)): Path<(IncidentId, String)>,
) -> Result<Response, Problem> {
    case::opened(&viewer, id).await?;
    let open = queries::load(&mut viewer.read().await?, &viewer, id, &guide).await?;
    may(&open, "a reason")?;
    let submission = viewer.school.new_row_id();
    page(&viewer, &open, &Form::default(), None, submission)
}

fn may(open: &Open, reason: &str) -> Result<(), Problem> {
    match may_escalate(open.review.guide, &open.standing, open.is_the_lead, reason) {
        Ok(()) | Err(EscalateRefused::ReasonMissing) => Ok(()),
        Err(EscalateRefused::NotThisGuide | EscalateRefused::OnlyTheLead) => Err(Problem::NotFound),
        Err(EscalateRefused::ReferralIsDue) => Err(Problem::refused(
            "A referral is due already",
            "Send the referral that is due; it is the escalation. Record it on the page of the case.",
        )),
    }
}

fn page(
    viewer: &Viewer,
    open: &Open,
    form: &Form,
    wrong: Option<&str>,
    submission: String,
) -> Result<Response, Problem> {
    let guide = open.review.guide;
    let mut frame = frame::of(viewer);
    frame.has_errors = wrong.is_some();
    let page = EscalationPage {
        frame,
        back: BackLink::to(show::url(open.case.id, guide.key)),
        errors: ErrorSummary::new(
            wrong
                .map(|says| FieldError::new("reason", says))
                .into_iter()
                .collect(),
        ),
        reference: open.case.reference.clone(),
        review: guide.title,
        case_is_open: open.standing.case_is_open,
        reason: Textarea {
            value: form.reason.clone(),
            error: wrong.map(str::to_owned),
            hint: Some("What is new, and what worries you about it?".into()),
            ..Textarea::new("reason", Label::medium("Why is it escalated?"))
        },
        submission,
        escalate: Button::submit("Escalate"),
    };
    let status = if wrong.is_none() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

pub(super) async fn post(
    viewer: Viewer,
    Path((id, guide)): Path<(IncidentId, String)>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let open = queries::load(&mut tx, &viewer, id, &guide).await?;
    let (guide, reason) = (open.review.guide, sent.form.reason.trim());
    let to = show::url(id, guide.key);
    let wrong = if reason.is_empty() {
        Some("Say what is new and why it worries you")
    } else if text_holds_a_picture(reason) {
        Some(TEXT_HOLDS_A_PICTURE)
    } else {
        None
    };
    if wrong.is_some() {
        drop(tx);
        return page(&viewer, &open, &sent.form, wrong, sent.submission);
    }
    tx.once(&sent.submission, &to).await?;
    may(&open, reason)?;
    let school = tx.school().clone();
    let (row, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
    if !open.standing.case_is_open {
        reopening::again(&mut tx, &open.record, id, reason).await?;
    }
    tx.run_one(
        sql("insert into review_escalation (id, review, made_at, made_by, sealed_reason)
             values ($1, $2, $3, $4, $5)")
        .bind(&row)
        .bind(&open.review.id)
        .bind(now)
        .bind(by)
        .bind(open.record.seal(&school, &format!("escalation-{row}"), 0, reason)),
    )
    .await?;
    let days = calendar::of(&mut tx, &school).await?;
    let ask = referrals::Ask {
        case: id,
        review: &open.review.id,
        need: &format!("{}{row}", referrals::ESCALATION),
        agencies: guide.escalates_to,
        why: reason,
        due_at: days.passes_at(days.due(now, AT_ONCE)),
    };
    referrals::ask(&mut tx, &open.record, &ask, false).await?;
    settle(&mut tx, id).await?;
    let entry = Entry::of(EntryKind::ReviewEscalated, object(id)).fact("review", guide.key);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&to))
}
