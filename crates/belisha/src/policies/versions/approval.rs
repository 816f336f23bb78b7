//! Approval: each body in turn says yes, with the minute that records it, or no, with
//! its reason. A refusal makes the version a draft again.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::controls::policy_approval::Approver;
use belisha_policy::{Post, Standing, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts, Role};
use belisha_rules::ids::{PersonId, PolicyVersionId};
use belisha_rules::people::Held;
use belisha_rules::policies::{self as rules, ApproveRefused, VersionState};
use belisha_ui::{
    BackLink, Button, Choice, ErrorSummary, FieldError, Frame, Radios, TextInput, Textarea,
};

use super::queries::{self, Version};
use super::{difference, fingerprint, object, show};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::home;
use crate::notices::{NoticeKind, tell};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

/// Stands for the minute while the question is only whose step it is.
const ASKED_BY_THE_FORM: &str = "–";

pub(super) fn url(id: PolicyVersionId) -> String {
    format!("{}/approval", show::url(id))
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    minute: String,
    #[serde(default)]
    reason: String,
    /// The mark of the words that the person was shown.
    #[serde(default)]
    words: String,
}

#[derive(Template)]
#[template(path = "policies/versions/approval.html")]
struct ApprovalPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    number: i64,
    step: &'static str,
    difference: String,
    action: String,
    submission: String,
    words: String,
    decision: Radios,
    minute: TextInput,
    reason: Textarea,
    button: Button,
}

fn page(
    viewer: &Viewer,
    version: &Version,
    step: Approver,
    form: &Form,
    errors: &[(&'static str, &'static str)],
) -> Result<Response, Problem> {
    let error_of = |field: &str| {
        errors
            .iter()
            .find(|(of, _)| *of == field)
            .map(|(_, says)| (*says).to_owned())
    };
    let id = version.row.id;
    let asks_minute = version.chain(&viewer.policy.policy).minute;
    let mut frame = home::frame::of(viewer);
    frame.has_errors = !errors.is_empty();
    let answer = crate::web::page(&ApprovalPage {
        frame,
        back: BackLink::to(show::url(id)),
        errors: ErrorSummary::new(
            errors
                .iter()
                .map(|(field, says)| FieldError::new(*field, *says))
                .collect(),
        ),
        number: version.row.number,
        step: step.name(),
        difference: difference::url(id),
        action: url(id),
        submission: viewer.school.new_row_id(),
        words: fingerprint(&version.text, version.row.revision),
        decision: Radios {
            error: error_of("decision"),
            chosen: Some(form.decision.clone()).filter(|decision| !decision.is_empty()),
            ..Radios::new(
                "decision",
                "What was decided?",
                vec![
                    Choice::new("approved", "Approved as it stands"),
                    Choice::new("refused", "Refused: it goes back to be changed"),
                ],
            )
        },
        minute: TextInput {
            hint: Some(if asks_minute {
                "The reference of the minute that records it, such as FGB 2026-03, item 7.".into()
            } else {
                "The reference of a minute, if there is one.".into()
            }),
            error: error_of("minute"),
            value: form.minute.clone(),
            spellcheck: Some(false),
            ..TextInput::new("minute", "Minute")
        },
        reason: Textarea {
            hint: Some(
                "Needed for a refusal, so that whoever changes the words knows what to change."
                    .into(),
            ),
            error: error_of("reason"),
            value: form.reason.clone(),
            ..Textarea::new("reason", "Reason")
        },
        button: Button::submit("Record the decision"),
    })?;
    Ok(if errors.is_empty() {
        answer
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
    })
}

pub(crate) async fn get(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let version = queries::version(&mut records, id).await?;
    let step = step(&mut records, &viewer, &version, ASKED_BY_THE_FORM).await?;
    drop(records);
    page(&viewer, &version, step, &Form::default(), &[])
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
    Sent { form, submission }: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    tx.once(&submission, &show::url(id)).await?;
    let version = queries::version(&mut tx, id).await?;
    let step = step(&mut tx, &viewer, &version, ASKED_BY_THE_FORM).await?;
    let mut errors = Vec::new();
    match form.decision.as_str() {
        "approved" => {
            if version.chain(&viewer.policy.policy).minute && form.minute.trim().is_empty() {
                errors.push((
                    "minute",
                    "Enter the reference of the minute that records the approval.",
                ));
            }
        }
        "refused" => {
            if form.reason.trim().is_empty() {
                errors.push(("reason", "Say why it is refused."));
            }
        }
        _ => errors.push(("decision", "Choose what was decided.")),
    }
    if !errors.is_empty() {
        drop(tx);
        return page(&viewer, &version, step, &form, &errors);
    }
    let entry = decide(&mut tx, &viewer, &version, &form).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&show::url(id)))
}

/// The step that this person may take now, or why not.
async fn step(
    connection: &mut Connection,
    viewer: &Viewer,
    version: &Version,
    minute: &str,
) -> Result<Approver, Problem> {
    viewer.require(
        Action::ApprovePolicy,
        &RecordFacts::of(Kind::PolicyDocument),
    )?;
    let (chain, facts) = (version.chain(&viewer.policy.policy), version.facts());
    let today = viewer.today();
    let identity = viewer.access.identity().ok_or(Problem::NotFound)?;
    let others_can = match rules::state(&facts, &chain, today) {
        VersionState::Awaiting(next) => speakers(connection, next)
            .await?
            .iter()
            .any(|other| !identity.is(*other)),
        VersionState::Draft
        | VersionState::Approved
        | VersionState::ComesIntoForce { .. }
        | VersionState::InForce { .. }
        | VersionState::Superseded
        | VersionState::Withdrawn => false,
    };
    rules::approve(
        &facts,
        &chain,
        identity,
        viewer.access.roles(),
        minute,
        others_can,
        today,
    )
    .map_err(refused)
}

fn refused(why: ApproveRefused) -> Problem {
    Problem::refused("You cannot decide on this version now", why.sentence())
}

/// Records what a body decided about the words it was shown.
async fn decide(
    tx: &mut Tx,
    viewer: &Viewer,
    version: &Version,
    form: &Form,
) -> Result<Entry, Problem> {
    let id = version.row.id;
    let mark = fingerprint(&version.text, version.row.revision);
    if form.words != mark {
        return Err(Problem::refused(
            "The words changed while this page was open",
            "A decision stands for the words that were decided on, so nothing was recorded. \
             Go back, reload the page, look at the difference and decide again.",
        ));
    }
    let approved = form.decision == "approved";
    let minute = if approved {
        form.minute.as_str()
    } else {
        ASKED_BY_THE_FORM
    };
    let step = step(tx, viewer, version, minute).await?;
    let approval = tx.school().new_row_id();
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run_one(
        sql(
            "insert into policy_approval (id, version, approver, decision, minute, reason,
                                          approved_at, approved_by, fingerprint)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(approval)
        .bind(id.to_string())
        .bind(step.key())
        .bind(form.decision.as_str())
        .bind(form.minute.trim())
        .bind(form.reason.trim())
        .bind(now)
        .bind(by)
        .bind(mark),
    )
    .await?;
    if !approved {
        // A new revision: what was approved before the refusal is asked again.
        tx.run_one(
            sql(
                "update policy_version set state = 'draft', revision = revision + 1
                 where id = $1 and state = 'proposed'",
            )
            .bind(id.to_string()),
        )
        .await?;
        return Ok(Entry::of(EntryKind::PolicyRefused, object(id)).fact("step", step.key()));
    }
    if !settle(tx, id).await? {
        tell_next(tx, id).await?;
    }
    Ok(Entry::of(EntryKind::PolicyApproved, object(id)).fact("step", step.key()))
}

/// Marks a version as approved once every step is done; whether it is.
pub(super) async fn settle(tx: &mut Tx, id: PolicyVersionId) -> Result<bool, Problem> {
    let school = tx.school().clone();
    let in_force = school.in_force(tx).await?;
    let version = queries::version(tx, id).await?;
    if version.state(&in_force.policy, tx.today()) != VersionState::Approved {
        return Ok(false);
    }
    tx.run(
        sql("update policy_version set state = 'approved' where id = $1 and state = 'proposed'")
            .bind(id.to_string()),
    )
    .await?;
    Ok(true)
}

/// Tells those who speak for the body that comes next.
pub(super) async fn tell_next(tx: &mut Tx, id: PolicyVersionId) -> Result<(), Problem> {
    let school = tx.school().clone();
    let in_force = school.in_force(tx).await?;
    let version = queries::version(tx, id).await?;
    if let VersionState::Awaiting(next) = version.state(&in_force.policy, tx.today()) {
        for person in speakers(tx, next).await? {
            tell(tx, person, NoticeKind::PolicyToApprove, &object(id), false).await?;
        }
    }
    Ok(())
}

/// Everybody with an account who could record what this body decided.
async fn speakers(connection: &mut Connection, body: Approver) -> Result<Vec<PersonId>, Fault> {
    let rows = sql(
        "select person.id, person.standing, post_holding.post, post_holding.deputy
         from account
         join person on person.id = account.person
         left join post_holding on post_holding.person = person.id and post_holding.until_on is null
         where account.state = 'active' and person.merged_into is null and person.ends_on is null
           and (post_holding.post is not null or person.standing = 'governors')
         order by person.sort_name, person.id",
    )
    .all(connection)
    .await?;
    let mut found = Vec::new();
    for row in rows {
        let person: PersonId = row.read("id", |text| text.parse().ok())?;
        let governor = row.read("standing", Standing::from_key)? == Standing::Governor;
        let post = row.read_optional("post", Post::from_key)?;
        let by_post = match post {
            Some(post) => Some(Role::of_post(Held {
                post,
                deputy: row.get("deputy")?,
            })),
            None => None,
        };
        let speaks = (governor && rules::speaks_for(Role::Governor, body))
            || by_post.is_some_and(|role| rules::speaks_for(role, body));
        if speaks && !found.contains(&person) {
            found.push(person);
        }
    }
    Ok(found)
}
