//! Check your answers, and every answer that was ever given.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use belisha_rules::guides::{Group, LedBy, Progress, lacks, progress};
use belisha_rules::ids::IncidentId;
use belisha_ui::{
    BackLink, Button, Column, EmptyState, Frame, Html, InsetText, SummaryList, SummaryRow, Table,
};

use super::queries::{self, Open};
use super::{group, show, signature, words};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::incidents::case;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::words::moment_at;

/// Where the answers are checked.
pub(super) fn url(id: IncidentId, guide: &str) -> String {
    format!("/incidents/{id}/reviews/{guide}/answers")
}

/// Where the history of the answers stands.
pub(super) fn history_url(id: IncidentId, guide: &str) -> String {
    format!("/incidents/{id}/reviews/{guide}/history")
}

/// The answers of one page, with what can be done about them.
struct Part {
    title: &'static str,
    answers: SummaryList,
}

#[derive(Template)]
#[template(path = "reviews/answers.html")]
struct AnswersPage {
    frame: Frame,
    back: BackLink,
    reference: String,
    review: &'static str,
    parts: Vec<Part>,
    computed: Option<SummaryList>,
    lacks: Option<InsetText>,
    sign: Option<Button>,
}

/// The pages of a review whose answers the viewer may read.
fn readable(open: &Open, viewer: &Viewer) -> Vec<(&'static Group, Progress)> {
    let known = open.known(viewer);
    progress(open.review.guide, &known)
        .into_iter()
        .filter(|(group, _)| group.by == LedBy::WhoeverHasIt || open.is_the_lead)
        .collect()
}

pub(super) async fn get(
    viewer: Viewer,
    Path((id, guide)): Path<(IncidentId, String)>,
) -> Result<Response, Problem> {
    case::opened(&viewer, id).await?;
    let mut records = viewer.read().await?;
    let open = queries::load(&mut records, &viewer, id, &guide).await?;
    let guide = open.review.guide;
    let known = open.known(&viewer);
    let parts = readable(&open, &viewer)
        .into_iter()
        .map(|(group, how)| {
            let change = open.standing.case_is_open && !matches!(how, Progress::Locked(_));
            let rows = group
                .asked(&known)
                .map(|question| {
                    let value = match open.answers.get(question.key) {
                        Some(answer) => words::with_reason(question, answer, &open.case),
                        None => "Not answered yet".into(),
                    };
                    if change {
                        let href = group::url(id, guide.key, group.key);
                        SummaryRow::changeable(question.asks, value, href)
                    } else {
                        SummaryRow::new(question.asks, value)
                    }
                })
                .collect();
            Part {
                title: group.title,
                answers: SummaryList::new(rows),
            }
        })
        .collect();
    let may_sign = open.is_the_lead || guide.led_by == LedBy::WhoeverHasIt;
    let lacking: Vec<String> = lacks(guide, &known)
        .iter()
        .map(|group| format!("“{}”", group.title))
        .collect();
    let computed = if may_sign {
        (guide.computed)(&known)
    } else {
        Vec::new()
    };
    crate::web::page(&AnswersPage {
        frame: frame::of(&viewer),
        back: BackLink::to(show::url(id, guide.key)),
        reference: open.case.reference.clone(),
        review: guide.title,
        parts,
        computed: (!computed.is_empty()).then(|| {
            SummaryList::new(
                computed
                    .into_iter()
                    .map(|(label, words)| SummaryRow::new(label, words))
                    .collect(),
            )
        }),
        sign: (may_sign
            && lacking.is_empty()
            && open.standing.case_is_open
            && open.standing.signed.is_none())
        .then(|| Button::link("Go on to sign", signature::url(id, guide.key))),
        lacks: (!lacking.is_empty()).then(|| {
            InsetText::new(format!(
                "Before it can be signed: {}.",
                belisha_policy::and(&lacking)
            ))
        }),
    })
}

#[derive(Template)]
#[template(path = "reviews/history.html")]
struct HistoryPage {
    frame: Frame,
    back: BackLink,
    reference: String,
    review: &'static str,
    answers: Table,
    empty: Option<EmptyState>,
    signatures: Option<Table>,
}

/// Every answer that was ever given, the newest first, with author and time.
pub(super) async fn history(
    viewer: Viewer,
    Path((id, guide)): Path<(IncidentId, String)>,
) -> Result<Response, Problem> {
    case::opened(&viewer, id).await?;
    let mut records = viewer.read().await?;
    let open = queries::load(&mut records, &viewer, id, &guide).await?;
    let guide = open.review.guide;
    let names = names(&mut records, &open).await?;
    let by = |key: &str| {
        names
            .get(key)
            .cloned()
            .unwrap_or_else(|| "Belisha".to_owned())
    };
    let readable: Vec<&str> = guide
        .groups
        .iter()
        .filter(|group| group.by == LedBy::WhoeverHasIt || open.is_the_lead)
        .flat_map(|group| group.questions)
        .map(|question| question.key)
        .collect();
    let rows = sql(
        "select id, question, made_at, made_by, sealed_value, sealed_reason from review_answer
         where review = $1 order by number desc",
    )
    .bind(&open.review.id)
    .all(&mut records)
    .await?;
    let mut lines = Vec::new();
    for row in &rows {
        let key: String = row.get("question")?;
        let Some(question) = guide.question(&key).filter(|_| readable.contains(&&*key)) else {
            continue;
        };
        let answer = queries::answer(&open.record, row)?;
        let words = if answer.value.is_empty() {
            "Taken back".into()
        } else {
            words::with_reason(question, &answer, &open.case)
        };
        lines.push(vec![
            moment_at(&viewer.school, row.instant("made_at")?).into(),
            question.asks.into(),
            words,
            by(&row.get::<String>("made_by")?).into(),
        ]);
    }
    let signatures = signatures(&mut records, &viewer, &open, by).await?;
    crate::web::page(&HistoryPage {
        frame: frame::of(&viewer),
        back: BackLink::to(show::url(id, guide.key)),
        reference: open.case.reference.clone(),
        review: guide.title,
        empty: lines.is_empty().then(|| {
            EmptyState::new(
                "No answer yet",
                "Each answer is listed here as soon as it is given, with its author and time.",
            )
        }),
        answers: Table::new(
            "Answers, the newest first",
            ["When", "Question", "Answer", "By"]
                .map(Column::new)
                .to_vec(),
            lines,
        ),
        signatures,
    })
}

async fn signatures(
    connection: &mut Connection,
    viewer: &Viewer,
    open: &Open,
    by: impl Fn(&str) -> String,
) -> Result<Option<Table>, Problem> {
    let guide = open.review.guide;
    if guide.led_by == LedBy::TheLead && !open.is_the_lead {
        return Ok(None);
    }
    let mut lines: Vec<Vec<Html>> = Vec::new();
    let rows = sql(
        "select id, made_at, made_by, way, answers, sealed_words from review_signature
         where review = $1 order by made_at desc, id",
    )
    .bind(&open.review.id)
    .all(connection)
    .await?;
    for row in rows {
        let id: String = row.get("id")?;
        let words = open.record.read(
            &format!("signature-{id}"),
            0,
            &row.get::<Vec<u8>>("sealed_words")?,
        )?;
        let way = row.read("way", |key| guide.way(key))?;
        let stands = row.get::<i64>("answers")? == open.review.answers;
        lines.push(vec![
            moment_at(&viewer.school, row.instant("made_at")?).into(),
            Html::join(&[way.name.into(), Html::paragraphs(&words)]),
            if stands {
                "Stands"
            } else {
                "An answer has changed since"
            }
            .into(),
            by(&row.get::<String>("made_by")?).into(),
        ]);
    }
    let rows = sql(
        "select id, made_at, made_by, sealed_reason from review_escalation
         where review = $1 order by made_at desc, id",
    )
    .bind(&open.review.id)
    .all(connection)
    .await?;
    for row in rows {
        let id: String = row.get("id")?;
        let words = open.record.read(
            &format!("escalation-{id}"),
            0,
            &row.get::<Vec<u8>>("sealed_reason")?,
        )?;
        lines.push(vec![
            moment_at(&viewer.school, row.instant("made_at")?).into(),
            Html::join(&["Escalated".into(), Html::paragraphs(&words)]),
            "".into(),
            by(&row.get::<String>("made_by")?).into(),
        ]);
    }
    Ok((!lines.is_empty()).then(|| {
        Table::new(
            "Signatures and escalations",
            ["When", "What", "Whether it stands", "By"]
                .map(Column::new)
                .to_vec(),
            lines,
        )
    }))
}

/// The names of those who answered, signed or escalated.
async fn names(
    connection: &mut Connection,
    open: &Open,
) -> Result<BTreeMap<String, String>, Fault> {
    sql(
        "select distinct 'person:' || person.id as made_by, person.name from person
         where 'person:' || person.id in (
             select made_by from review_answer where review = $1
             union select made_by from review_signature where review = $1
             union select made_by from review_escalation where review = $1)",
    )
    .bind(&open.review.id)
    .all(connection)
    .await?
    .iter()
    .map(|row| Ok((row.get("made_by")?, row.get("name")?)))
    .collect()
}
