//! Judging an emergency sight: one of those who were alerted says whether it was right.

use crate::web::path::Path;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::emergency_sight::judge;
use belisha_ui::{
    BackLink, Button, Choice, ErrorSummary, Frame, Html, Label, Radios, SummaryList, SummaryRow,
    Textarea,
};
use serde::Deserialize;

use super::queries::{Sight, load, sight_object};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::incidents::act_page::Wrong;
use crate::incidents::queries::{self, object};
use crate::incidents::{case, times};
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::records;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url(id: &str) -> String {
    format!("/incidents/emergency-sights/{id}")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::incidents) struct Form {
    finding: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "incidents/sight/judging.html")]
struct JudgingPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    facts: SummaryList,
    form: Option<JudgingForm>,
}

struct JudgingForm {
    submission: String,
    finding: Radios,
    reason: Textarea,
    send: Button,
}

pub(in crate::incidents) async fn get(
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let sight = load(&mut records, &viewer, &id).await?;
    let form = Form::default();
    page(&mut records, &viewer, &sight, &form, Wrong::default(), None).await
}

async fn page(
    connection: &mut Connection,
    viewer: &Viewer,
    sight: &Sight,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let facts = facts(connection, viewer, sight).await?;
    let may_judge = sight.reviewed_at.is_none()
        && sight.person != viewer.person
        && viewer
            .may(Action::JudgeEmergencySight, &sight.facts)
            .is_allowed();
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = JudgingPage {
        frame: Frame {
            has_errors: !wrong.is_empty(),
            ..frame::of(viewer)
        },
        back: BackLink::to(super::list_url()),
        errors: ErrorSummary::new(wrong.clone().into_errors()),
        facts: SummaryList::new(facts),
        form: may_judge.then(|| JudgingForm {
            submission: submission.unwrap_or_else(|| viewer.school.new_row_id()),
            finding: Radios {
                chosen: (!form.finding.is_empty()).then(|| form.finding.clone()),
                error: wrong.at("finding"),
                ..Radios::new(
                    "finding",
                    Label::medium("Was it right to open the case?"),
                    vec![
                        Choice::new("right", "Yes, it could not wait"),
                        Choice::new("not-right", "No"),
                    ],
                )
            },
            reason: Textarea {
                value: form.reason.clone(),
                error: wrong.at("reason"),
                rows: 4,
                hint: Some("And what follows from it, if anything does".into()),
                ..Textarea::new("reason", Label::medium("Why?"))
            },
            send: Button::submit("Save the judgement"),
        }),
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

async fn facts(
    connection: &mut Connection,
    viewer: &Viewer,
    sight: &Sight,
) -> Result<Vec<SummaryRow>, Problem> {
    let at = |instant| times::moment(&viewer.school, instant);
    let words = match records::open(connection, viewer, &sight_object(&sight.id)).await {
        Ok(record) => Some(record),
        // Somebody whose key is new since: the words were not wrapped to it.
        Err(Problem::NotFound) => None,
        Err(problem) => return Err(problem),
    };
    let mut rows = vec![
        SummaryRow::new("Who", sight.name.clone()),
        SummaryRow::new(
            "When",
            format!("{} until {}", at(sight.asked_at), at(sight.until_at)),
        ),
        SummaryRow::new("Category", sight.category.name()),
        SummaryRow::new(
            "Reason",
            match &words {
                Some(record) => {
                    Html::paragraphs(&record.read("reason", 0, &sight.sealed_reason)?)
                }
                None => {
                    "It was sealed to those who were alerted, and you have a new key since.".into()
                }
            },
        ),
    ];
    let case = queries::find(connection, sight.incident)
        .await?
        .ok_or(Problem::NotFound)?;
    if case.allows(viewer, Action::ReadCase) {
        rows.push(SummaryRow::new(
            "Case",
            Html::link(&case.reference, &case::url(case.id)),
        ));
    }
    let row = sql("select count(*) as times from journal_entry
         where object = $1 and action = 'incident.opened' and actor = $2 and at_ms >= $3 and at_ms <= $4")
    .bind(object(sight.incident).as_str())
    .bind(format!("person:{}", sight.person))
    .bind(sight.asked_at)
    .bind(sight.until_at)
    .one(connection)
    .await?;
    rows.push(SummaryRow::new(
        "Opened in that time",
        match row.get::<i64>("times")? {
            0 => "not at all".to_owned(),
            1 => "once".to_owned(),
            times => format!("{times} times"),
        },
    ));
    match (sight.reviewed_at, sight.was_right) {
        (Some(when), Some(right)) => {
            rows.push(SummaryRow::new(
                "Judged",
                format!(
                    "{} by {}: {}",
                    at(when),
                    sight.reviewer.clone().unwrap_or_default(),
                    if right {
                        "it was right"
                    } else {
                        "it was not right"
                    }
                ),
            ));
            if let (Some(record), Some(sealed)) = (&words, &sight.sealed_judgement) {
                rows.push(SummaryRow::new(
                    "Why",
                    Html::paragraphs(&record.read("judgement", 0, sealed)?),
                ));
            }
        }
        _ => {
            let overdue = if sight.review_due_on < viewer.today() {
                " (overdue)"
            } else {
                ""
            };
            rows.push(SummaryRow::new(
                "To be judged by",
                format!("{}{overdue}", times::day(sight.review_due_on)),
            ));
        }
    }
    Ok(rows)
}

pub(in crate::incidents) async fn post(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let sight = load(&mut tx, &viewer, &id).await?;
    let form = &sent.form;
    let is_own = viewer
        .access
        .identity()
        .is_some_and(|identity| identity.is(sight.person));
    if is_own {
        let why = belisha_rules::emergency_sight::JudgeRefused::OwnSight;
        return Err(Problem::refused("You cannot judge this", why.sentence()));
    }
    viewer.require(Action::JudgeEmergencySight, &sight.facts)?;
    let mut wrong = Wrong::default();
    if !matches!(form.finding.as_str(), "right" | "not-right") {
        wrong.say("finding", "Say whether it was right");
    }
    wrong.need("reason", &form.reason, "Say why, in a sentence or two");
    if !wrong.is_empty() {
        drop(tx);
        let mut records = viewer.read().await?;
        let submission = Some(sent.submission);
        return page(&mut records, &viewer, &sight, form, wrong, submission).await;
    }
    tx.once(&sent.submission, &url(&id)).await?;
    judge(is_own, sight.reviewed_at.is_some(), &form.reason)
        .map_err(|why| Problem::refused("This was not saved", why.sentence()))?;
    let record = records::open(&mut tx, &viewer, &sight_object(&id)).await?;
    let (school, now) = (tx.school().clone(), tx.now());
    tx.run_one(
        sql("update incident_sight
             set reviewed_at = $2, reviewed_by = $3, finding = $4, sealed_judgement = $5
             where id = $1 and reviewed_at is null")
        .bind(&id)
        .bind(now)
        .bind(viewer.person.to_string())
        .bind(&form.finding)
        .bind(record.seal(&school, "judgement", 0, form.reason.trim())),
    )
    .await?;
    let told = sight.facts.informed.iter().copied();
    for person in told {
        let kind = NoticeKind::IncidentSightTaken;
        notices::settled(&mut tx, person, kind, &sight_object(&id)).await?;
    }
    let kind = NoticeKind::IncidentSightJudged;
    notices::tell(&mut tx, sight.person, kind, &sight_object(&id), false).await?;
    let entry = Entry::of(EntryKind::IncidentSightJudged, object(sight.incident))
        .fact("sight", &id)
        .fact("finding", &form.finding);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&url(&id)))
}
