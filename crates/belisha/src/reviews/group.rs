//! One page of a review: a few questions that belong together. What is answered is kept
//! at once, so that whoever is interrupted loses nothing.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::guides::{
    Answer, AnswerRefused, Answers, Group, Progress, Question, When, group_may_be_answered,
    progress,
};
use belisha_rules::ids::IncidentId;
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, Frame, Html, WarningText};

use super::field::{self, Typed, Wrong};
use super::following;
use super::queries::{self, Open};
use super::show;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::incidents::case;
use crate::incidents::queries::{object, settle};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

/// Where a page of a review stands.
pub(super) fn url(id: IncidentId, guide: &str, group: &str) -> String {
    format!("/incidents/{id}/reviews/{guide}/pages/{group}")
}

/// The name of the button that keeps what is answered so far.
const PART: &str = "part";

#[derive(Template)]
#[template(path = "reviews/group.html")]
struct GroupPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    reference: String,
    review: &'static str,
    title: &'static str,
    says: &'static str,
    warnings: Vec<WarningText>,
    fields: Vec<Html>,
    submission: String,
    keep: Button,
    keep_part: Button,
}

pub(super) async fn get(
    viewer: Viewer,
    Path((id, guide, group)): Path<(IncidentId, String, String)>,
) -> Result<Response, Problem> {
    case::opened(&viewer, id).await?;
    let open = queries::load(&mut viewer.read().await?, &viewer, id, &guide).await?;
    let group = may(&open, &viewer, &group)?;
    let mut typed = Typed::default();
    for question in group.questions {
        if let Some(answer) = open.answers.get(question.key) {
            typed.put(question, answer);
        }
    }
    let submission = viewer.school.new_row_id();
    page(&viewer, &open, group, &typed, Wrong::new(), submission)
}

/// The group, if the viewer may answer it now.
fn may(open: &Open, viewer: &Viewer, group: &str) -> Result<&'static Group, Problem> {
    let guide = open.review.guide;
    let known = open.known(viewer);
    let group = guide
        .group(group)
        .filter(|group| group.exists(&known))
        .ok_or(Problem::NotFound)?;
    group_may_be_answered(group, &known, &open.standing, open.is_the_lead).map_err(
        |refused| match refused {
            AnswerRefused::CaseHasEnded => Problem::refused(
                "This cannot be answered now",
                "The case has ended. Open it again first, or escalate the review.",
            ),
            // Its answers are the lead's, so to others the page does not exist.
            AnswerRefused::OnlyTheLead => Problem::NotFound,
            AnswerRefused::Locked(first) => Problem::refused("Something else comes first", first),
        },
    )?;
    Ok(group)
}

fn page(
    viewer: &Viewer,
    open: &Open,
    group: &'static Group,
    typed: &Typed,
    wrong: Wrong,
    submission: String,
) -> Result<Response, Problem> {
    let known = open.known(viewer);
    let follows = |question: &Question| matches!(question.when, When::Follows { .. });
    let fields = group
        .questions
        .iter()
        .filter(|question| !follows(question))
        .filter(|question| question.is_asked(&known))
        .map(|question| {
            let followers: Vec<&'static Question> = group
                .questions
                .iter()
                .filter(|other| {
                    matches!(other.when, When::Follows { of, .. } if of == question.key)
                })
                .collect();
            field::field(question, &followers, typed, &open.case, &wrong)
        })
        .collect();
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let guide = open.review.guide;
    let mut frame = frame::of(viewer);
    frame.has_errors = !wrong.is_empty();
    let page = GroupPage {
        frame,
        back: BackLink::to(show::url(open.case.id, guide.key)),
        errors: ErrorSummary::new(
            wrong
                .into_iter()
                .map(|(name, says)| FieldError::new(&name, says))
                .collect(),
        ),
        reference: open.case.reference.clone(),
        review: guide.title,
        title: group.title,
        says: group.says,
        warnings: guide
            .warnings
            .iter()
            .map(|warning| WarningText::new(*warning))
            .collect(),
        fields,
        submission,
        keep: Button::submit("Keep and go on"),
        keep_part: Button {
            name: Some(PART.into()),
            value: Some("yes".into()),
            ..Button::secondary("Keep what I have")
        },
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

pub(super) async fn post(
    viewer: Viewer,
    Path((id, guide, group)): Path<(IncidentId, String, String)>,
    sent: Sent<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let open = queries::load(&mut tx, &viewer, id, &guide).await?;
    let group = may(&open, &viewer, &group)?;
    let typed = Typed(sent.form);
    known_fields(group, &typed)?;
    let partly = typed.get(PART) == "yes";
    let mut wrong = Wrong::new();
    let (answers, given) = read(&viewer, &open, group, &typed, &mut wrong);
    let known = open.with(&viewer, &answers);
    if !partly {
        let asked = group.questions.iter().filter(|one| one.is_asked(&known));
        wrong.extend(
            asked.filter_map(|question| field::missing(question, answers.get(question.key))),
        );
        let objections = (open.review.guide.objections)(&known);
        wrong.extend(
            objections
                .into_iter()
                .filter(|(question, _)| group.questions.iter().any(|one| one.key == *question))
                .map(|(question, says)| (question.to_owned(), says.to_owned())),
        );
    }
    if !wrong.is_empty() {
        drop(tx);
        return page(&viewer, &open, group, &typed, wrong, sent.submission);
    }
    let to = after(&viewer, &open, group, &answers, partly);
    tx.once(&sent.submission, &to).await?;
    let kept = keep(&mut tx, &viewer, &open, &answers, &given).await?;
    if kept == 0 {
        return Ok(crate::web::go_to(&to));
    }
    settle(&mut tx, id).await?;
    let entry = Entry::of(EntryKind::ReviewAnswered, object(id))
        .fact("review", open.review.guide.key)
        .fact("page", group.key)
        .fact("answers", kept);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&to))
}

/// Turns away a form that sends what the page does not show.
fn known_fields(group: &Group, typed: &Typed) -> Result<(), Problem> {
    let mut names: Vec<String> = group.questions.iter().flat_map(field::names).collect();
    names.push(PART.to_owned());
    if typed.0.iter().all(|(name, _)| names.contains(name)) {
        Ok(())
    } else {
        Err(Problem::refused(
            "This form could not be read",
            "It holds a field that the page does not show. Nothing was saved. Go back, reload the page and try again.",
        ))
    }
}

/// What stands once this form is kept: all answers, and those of this page that changed.
/// A question that is asked no longer is taken back.
fn read(
    viewer: &Viewer,
    open: &Open,
    group: &'static Group,
    typed: &Typed,
    wrong: &mut Wrong,
) -> (Answers, Vec<(&'static str, Answer)>) {
    let zone = viewer.school.settings().time_zone.clone();
    let now = viewer.now.to_zoned(zone);
    let mut answers = open.answers.clone();
    for question in group.questions {
        match field::read(question, typed, &open.case, &now, wrong) {
            Some(answer) => answers.insert(question.key.to_owned(), answer),
            None => answers.remove(question.key),
        };
    }
    let asked: Vec<&'static str> = {
        let known = open.with(viewer, &answers);
        group.asked(&known).map(|question| question.key).collect()
    };
    let mut given = Vec::new();
    for question in group.questions {
        if !asked.contains(&question.key) {
            answers.remove(question.key);
        }
        let (new, old) = (answers.get(question.key), open.answers.get(question.key));
        if new != old {
            given.push((question.key, new.cloned().unwrap_or_default()));
        }
    }
    (answers, given)
}

/// Writes the changed answers, each as a row of its own, and sets in motion what follows.
async fn keep(
    tx: &mut Tx,
    viewer: &Viewer,
    open: &Open,
    answers: &Answers,
    given: &[(&'static str, Answer)],
) -> Result<usize, Problem> {
    if given.is_empty() {
        return Ok(0);
    }
    let school = tx.school().clone();
    let (now, by) = (tx.now(), tx.actor().key());
    let mut number = open.review.answers;
    for (question, answer) in given {
        number += 1;
        let id = school.new_row_id();
        tx.run_one(
            sql("insert into review_answer (id, review, number, question, made_at, made_by, sealed_value, sealed_reason)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(&id)
            .bind(&open.review.id)
            .bind(number)
            .bind(*question)
            .bind(now)
            .bind(by.clone())
            .bind(open.record.seal(&school, &format!("answer-{id}"), 0, &answer.value))
            .bind(open.record.seal(&school, &format!("reason-{id}"), 0, &answer.reason)),
        )
        .await?;
    }
    // On the number of answers that the page was made from: two who answer at once are told.
    tx.run_one(
        sql("update review set answers = $3 where id = $1 and answers = $2")
            .bind(&open.review.id)
            .bind(open.review.answers)
            .bind(number),
    )
    .await?;
    let before = (open.review.guide.needs)(&open.known(viewer));
    following::set(tx, viewer, open, answers, &before).await?;
    Ok(given.len())
}

/// Where a kept page leads: to the next that is not answered, or to the review.
fn after(
    viewer: &Viewer,
    open: &Open,
    group: &'static Group,
    answers: &Answers,
    partly: bool,
) -> String {
    let guide = open.review.guide;
    let known = open.with(viewer, answers);
    let next = progress(guide, &known)
        .into_iter()
        .skip_while(|(other, _)| other.key != group.key)
        .skip(1)
        .find(|(other, how)| {
            matches!(how, Progress::NotBegun | Progress::Begun)
                && group_may_be_answered(other, &known, &open.standing, open.is_the_lead).is_ok()
        });
    match next {
        Some((next, _)) if !partly => url(open.case.id, guide.key, next.key),
        _ => show::url(open.case.id, guide.key),
    }
}
