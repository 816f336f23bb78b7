//! Declining to sign, with a reason that the headteacher reads.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Post;
use belisha_rules::access::Action;
use belisha_rules::agreements::{SignRefused, Signing};
use belisha_rules::ids::PersonId;
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, Frame, TextLimit, Textarea};
use serde::Deserialize;

use super::{asked, sign};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::notices::{NoticeKind, tell};
use crate::people::hats;
use crate::problem::Problem;
use crate::records::{self, Tier};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

/// How long a reason may be, in characters.
const LONGEST: usize = 2_000;

pub(super) fn url(of: &str) -> String {
    format!("/agreements/{of}/decline")
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    #[serde(default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "agreements/decline.html")]
struct DeclinePage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    title: String,
    reason: Textarea,
    send: Button,
    submission: String,
}

pub(super) async fn get(viewer: Viewer, Path(of): Path<String>) -> Result<Response, Problem> {
    let title = title(&viewer, &of).await?;
    let submission = viewer.school.new_row_id();
    crate::web::page(&page(
        &viewer,
        &of,
        title,
        &Form::default(),
        None,
        submission,
    ))
}

pub(super) async fn post(
    viewer: Viewer,
    Path(of): Path<String>,
    Sent { form, submission }: Sent<Form>,
) -> Result<Response, Problem> {
    let title = title(&viewer, &of).await?;
    let reason = form.reason.trim();
    let error = if reason.is_empty() {
        Some("Say in a few words why you will not sign.".to_owned())
    } else if reason.chars().count() > LONGEST {
        Some(format!("Use no more than {LONGEST} characters."))
    } else {
        None
    };
    if error.is_some() {
        let shown = page(&viewer, &of, title, &form, error, submission);
        let shown = crate::web::page(&shown)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let leads_to = super::url();
    let mut tx = viewer.write().await?;
    tx.once(&submission, &leads_to).await?;
    let entry = decline(&mut tx, viewer.person, &of, reason).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&leads_to))
}

/// Declines: the act itself.
async fn decline(tx: &mut Tx, person: PersonId, of: &str, reason: &str) -> Result<Entry, Problem> {
    let (school, today, now) = (tx.school().clone(), tx.today(), tx.now());
    let in_force = school.in_force(tx).await?;
    let id = school.new_row_id();
    let object = Object::new("decline", &id);
    let (record, _) = records::create(tx, &object, &Tier::School).await?;
    let sealed = record.seal(&school, "reason", 0, reason);
    tx.run_one(
        sql("insert into agreement_decline (id, person, agreement, version, declined_at, sealed_reason)
             values ($1, $2, $3, $4, $5, $6)")
        .bind(&id)
        .bind(person.to_string())
        .bind(of)
        .bind(in_force.id.to_string())
        .bind(now)
        .bind(sealed),
    )
    .await?;
    for told in who_is_told(tx, person, today).await? {
        tell(tx, told, NoticeKind::AgreementDeclined, &object, false).await?;
    }
    Ok(Entry::of(EntryKind::AgreementDeclined, object)
        .fact("agreement", of)
        .fact("version", in_force.number))
}

/// The headteacher; and of the headteacher's own refusal the chair of governors.
pub(super) async fn who_is_told(
    connection: &mut crate::db::Connection,
    person: PersonId,
    today: jiff::civil::Date,
) -> Result<Vec<PersonId>, Problem> {
    let heads = hats::holders(connection, Post::Headteacher, today).await?;
    let holders = if heads
        .iter()
        .any(|(head, deputy)| *head == person && !deputy)
    {
        hats::holders(connection, Post::ChairOfGovernors, today).await?
    } else {
        heads
    };
    Ok(holders
        .into_iter()
        .map(|(holder, _)| holder)
        .filter(|holder| *holder != person)
        .collect())
}

/// The agreement's title, if this person is asked to sign it.
async fn title(viewer: &Viewer, of: &str) -> Result<String, Problem> {
    viewer.require(Action::SignAgreement, &asked::facts(viewer.person))?;
    let mut records = viewer.read().await?;
    let asked = asked::of(
        &mut records,
        &viewer.school,
        viewer.person,
        of,
        viewer.today(),
    )
    .await?;
    match asked.signing {
        Signing::Due { .. } => Ok(asked.agreement.title),
        Signing::Signed { .. } => Err(Problem::refused(
            "You have signed this agreement",
            "A signature stands until it is replaced. If you no longer agree, speak to the headteacher.",
        )),
        Signing::NotRequired => Err(Problem::refused(
            "There is nothing to sign",
            SignRefused::NotAsked.sentence(),
        )),
    }
}

fn page(
    viewer: &Viewer,
    of: &str,
    title: String,
    form: &Form,
    error: Option<String>,
    submission: String,
) -> DeclinePage {
    let mut frame = frame::of(viewer);
    frame.has_errors = error.is_some();
    DeclinePage {
        frame,
        back: BackLink::to(sign::url(of)),
        errors: ErrorSummary::new(
            error
                .iter()
                .map(|text| FieldError::new("reason", text.clone()))
                .collect(),
        ),
        title,
        reason: Textarea {
            value: form.reason.clone(),
            error,
            limit: u32::try_from(LONGEST).ok().map(TextLimit::Characters),
            hint: Some(
                "The headteacher reads this and will speak to you. You can still sign later."
                    .into(),
            ),
            ..Textarea::new("reason", "Why will you not sign?")
        },
        send: Button::warning("Decline to sign"),
        submission,
    }
}
