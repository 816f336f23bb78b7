//! The signature: the way a review ends, and the statements that stand behind it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::guides::imagery::{TEXT_HOLDS_A_PICTURE, text_holds_a_picture};
use belisha_rules::guides::{SignRefused, Way, may_sign};
use belisha_rules::ids::IncidentId;
use belisha_ui::{
    BackLink, Button, Checkboxes, Choice, ErrorSummary, FieldError, Frame, Html, InsetText, Label,
    Radios, Textarea,
};

use super::queries::{self, Open};
use super::{answers, show};
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::incidents::case;
use crate::incidents::queries::{object, settle};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

/// Where a review is signed.
pub(super) fn url(id: IncidentId, guide: &str) -> String {
    format!("/incidents/{id}/reviews/{guide}/signature")
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    way: String,
    /// The statements that were made: way and number, such as `refer-0`.
    states: Vec<String>,
    words: String,
    answers: i64,
}

#[derive(Template)]
#[template(path = "reviews/signature.html")]
struct SignaturePage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    reference: String,
    review: &'static str,
    closed_ways: Vec<InsetText>,
    fields: Vec<Html>,
    submission: String,
    answers: i64,
    sign: Button,
}

pub(super) async fn get(
    viewer: Viewer,
    Path((id, guide)): Path<(IncidentId, String)>,
) -> Result<Response, Problem> {
    case::opened(&viewer, id).await?;
    let open = queries::load(&mut viewer.read().await?, &viewer, id, &guide).await?;
    let known = open.known(&viewer);
    let guide = open.review.guide;
    // Whoever comes before everything is answered hears what is missing.
    if let Err(refused) = may_sign(
        guide,
        &known,
        &open.standing,
        open.is_the_lead,
        &guide.ways[0],
        &[],
        "",
    ) && matches!(
        refused,
        SignRefused::CaseHasEnded
            | SignRefused::AlreadySigned
            | SignRefused::OnlyTheLead
            | SignRefused::Unanswered(_)
    ) {
        return Err(refusal(refused));
    }
    let form = Form {
        answers: open.review.answers,
        ..Form::default()
    };
    let submission = viewer.school.new_row_id();
    page(&viewer, &open, &form, Vec::new(), submission)
}

fn page(
    viewer: &Viewer,
    open: &Open,
    form: &Form,
    wrong: Vec<(String, String)>,
    submission: String,
) -> Result<Response, Problem> {
    let guide = open.review.guide;
    let known = open.known(viewer);
    let at = |field: &str| {
        wrong
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, says)| says.clone())
    };
    let (offered, closed): (Vec<&Way>, Vec<&Way>) = guide
        .ways
        .iter()
        .partition(|way| (way.offered)(&known).is_ok());
    let choices = offered
        .iter()
        .map(|way| {
            let statements = Html::of(&Checkboxes {
                error: at("states").filter(|_| form.way == way.key),
                chosen: form.states.clone(),
                ..Checkboxes::new(
                    "states",
                    "I say that",
                    way.statements
                        .iter()
                        .enumerate()
                        .map(|(number, says)| Choice::new(format!("{}-{number}", way.key), *says))
                        .collect(),
                )
            });
            let mut reveals = vec![statements];
            if !way.asks.is_empty() {
                reveals.push(Html::of(&Textarea {
                    value: form.words.clone(),
                    error: at("words"),
                    rows: 4,
                    ..Textarea::new("words", way.asks)
                }));
            }
            Choice {
                reveals: Some(Html::join(&reveals)),
                ..Choice::new(way.key, way.name)
            }
        })
        .collect();
    let chosen = match (offered.as_slice(), form.way.as_str()) {
        ([only], "") => Some(only.key.to_owned()),
        (_, "") => None,
        (_, way) => Some(way.to_owned()),
    };
    let fields = vec![Html::of(&Radios {
        chosen,
        error: at("way"),
        ..Radios::new("way", Label::medium("How does it end?"), choices)
    })];
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mut frame = frame::of(viewer);
    frame.has_errors = !wrong.is_empty();
    let page = SignaturePage {
        frame,
        back: BackLink::to(answers::url(open.case.id, guide.key)),
        closed_ways: closed
            .iter()
            .filter_map(|way| {
                let why = (way.offered)(&known).err()?;
                Some(InsetText::new(format!("“{}” is not open: {why}", way.name)))
            })
            .collect(),
        errors: ErrorSummary::new(
            wrong
                .into_iter()
                .map(|(name, says)| FieldError::new(&name, says))
                .collect(),
        ),
        reference: open.case.reference.clone(),
        review: guide.title,
        fields,
        submission,
        answers: form.answers,
        sign: Button::submit("Sign the review"),
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
    let (guide, form) = (open.review.guide, &sent.form);
    let known = open.known(&viewer);
    let say = |field: &str, says: &str| vec![(field.to_owned(), says.to_owned())];
    let Some(way) = guide.way(&form.way) else {
        drop(tx);
        let wrong = say("way", "Choose how it ends");
        return page(&viewer, &open, form, wrong, sent.submission);
    };
    let states: Vec<bool> = (0..way.statements.len())
        .map(|number| form.states.contains(&format!("{}-{number}", way.key)))
        .collect();
    let refused = may_sign(
        guide,
        &known,
        &open.standing,
        open.is_the_lead,
        way,
        &states,
        &form.words,
    );
    let wrong = match refused {
        Ok(()) if text_holds_a_picture(&form.words) => say("words", TEXT_HOLDS_A_PICTURE),
        Ok(()) => Vec::new(),
        Err(SignRefused::StatementMissing(statement)) => say(
            "states",
            &format!("Say that this is so, or go back and change your answers: “{statement}”"),
        ),
        Err(SignRefused::WordsMissing(asks)) => say("words", &format!("Answer this: {asks}")),
        Err(SignRefused::NotOffered(why)) => say("way", why.trim_end_matches('.')),
        // The same form sent twice finds it signed, and leads to the review.
        Err(SignRefused::AlreadySigned) => {
            tx.once(&sent.submission, &show::url(id, guide.key)).await?;
            return Err(refusal(SignRefused::AlreadySigned));
        }
        Err(refused) => return Err(refusal(refused)),
    };
    if !wrong.is_empty() {
        drop(tx);
        return page(&viewer, &open, form, wrong, sent.submission);
    }
    let to = show::url(id, guide.key);
    tx.once(&sent.submission, &to).await?;
    let school = tx.school().clone();
    let (row, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
    // What is signed are the answers that were looked at.
    tx.run_one(
        sql("update review set answers = answers where id = $1 and answers = $2")
            .bind(&open.review.id)
            .bind(form.answers),
    )
    .await?;
    tx.run_one(
        sql("insert into review_signature (id, review, made_at, made_by, way, answers, sealed_words)
             values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(&row)
        .bind(&open.review.id)
        .bind(now)
        .bind(by)
        .bind(way.key)
        .bind(form.answers)
        .bind(open.record.seal(&school, &format!("signature-{row}"), 0, form.words.trim())),
    )
    .await?;
    settle(&mut tx, id).await?;
    let entry = Entry::of(EntryKind::ReviewSigned, object(id))
        .fact("review", guide.key)
        .fact("way", way.key);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&to))
}

fn refusal(refused: SignRefused) -> Problem {
    let why = match refused {
        SignRefused::CaseHasEnded => "The case has ended. Open it again first.".to_owned(),
        SignRefused::AlreadySigned => {
            "It is signed already. Change an answer first, and it can be signed again.".to_owned()
        }
        // To others than the lead the page does not exist.
        SignRefused::OnlyTheLead => return Problem::NotFound,
        SignRefused::Unanswered(pages) => {
            let pages: Vec<String> = pages.iter().map(|page| format!("“{page}”")).collect();
            format!("Answer these pages first: {}.", belisha_policy::and(&pages))
        }
        SignRefused::NotOffered(why) => why.to_owned(),
        SignRefused::StatementMissing(says) | SignRefused::WordsMissing(says) => says.to_owned(),
    };
    Problem::refused("This review cannot be signed now", why)
}
