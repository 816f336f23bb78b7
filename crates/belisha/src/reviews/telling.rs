//! The guided reviews of a case as plain lines, for what leaves the school: each answer
//! with its reason, who signed and how, and what was escalated.

use belisha_rules::access::Action;
use belisha_rules::guides::LedBy;

use super::queries::{self, Review, may_see};
use super::words::shown;
use crate::db::{Connection, sql};
use crate::incidents::queries::Case;
use crate::incidents::telling::Told;
use crate::problem::Problem;
use crate::records::OpenRecord;
use crate::viewer::Viewer;

/// Every answer of every review that the viewer may see.
pub(crate) async fn told(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    record: &OpenRecord,
) -> Result<Vec<Told>, Problem> {
    let mut told = Vec::new();
    for review in queries::of_case(connection, case.id).await? {
        if may_see(case, viewer, review.guide) {
            let leads = case.allows(viewer, Action::LeadReview);
            answers(connection, case, record, &review, leads, &mut told).await?;
            if leads || review.guide.led_by == LedBy::WhoeverHasIt {
                signed(connection, record, &review, &mut told).await?;
            }
        }
    }
    Ok(told)
}

async fn answers(
    connection: &mut Connection,
    case: &Case,
    record: &OpenRecord,
    review: &Review,
    leads: bool,
    told: &mut Vec<Told>,
) -> Result<(), Problem> {
    let rows = sql(
        "select id, question, made_at, made_by, sealed_value, sealed_reason from review_answer
         where review = $1 order by number",
    )
    .bind(&review.id)
    .all(connection)
    .await?;
    for row in rows {
        let key: String = row.get("question")?;
        let readable = review
            .guide
            .groups
            .iter()
            .filter(|group| leads || group.by == LedBy::WhoeverHasIt)
            .flat_map(|group| group.questions)
            .find(|question| question.key == key);
        let Some(question) = readable else { continue };
        let answer = queries::answer(record, &row)?;
        let mut text = format!("{}\n", question.asks);
        if answer.value.is_empty() {
            text.push_str("The answer was taken back.");
        } else {
            text.push_str(&shown(question, &answer.value, case));
        }
        if !answer.reason.is_empty() {
            text.push_str(&format!("\nWhy: {}", answer.reason));
        }
        told.push(Told {
            at: row.instant("made_at")?,
            on: None,
            what: format!("Review: {}", review.guide.title),
            by: row.get("made_by")?,
            text,
        });
    }
    Ok(())
}

async fn signed(
    connection: &mut Connection,
    record: &OpenRecord,
    review: &Review,
    told: &mut Vec<Told>,
) -> Result<(), Problem> {
    let rows = sql(
        "select id, made_at, made_by, way, sealed_words from review_signature
         where review = $1 order by made_at, id",
    )
    .bind(&review.id)
    .all(connection)
    .await?;
    for row in rows {
        let id: String = row.get("id")?;
        let way = row.read("way", |key| review.guide.way(key))?;
        let sealed: Vec<u8> = row.get("sealed_words")?;
        let words = record.read(&format!("signature-{id}"), 0, &sealed)?;
        let mut lines = vec![way.name.to_owned()];
        lines.extend(way.statements.iter().map(|says| (*says).to_owned()));
        lines.push(words);
        told.push(Told {
            at: row.instant("made_at")?,
            on: None,
            what: format!("Review signed: {}", review.guide.title),
            by: row.get("made_by")?,
            text: lines.join("\n").trim().to_owned(),
        });
    }
    let rows = sql(
        "select id, made_at, made_by, sealed_reason from review_escalation
         where review = $1 order by made_at, id",
    )
    .bind(&review.id)
    .all(connection)
    .await?;
    for row in rows {
        let id: String = row.get("id")?;
        let sealed: Vec<u8> = row.get("sealed_reason")?;
        told.push(Told {
            at: row.instant("made_at")?,
            on: None,
            what: format!("Review escalated: {}", review.guide.title),
            by: row.get("made_by")?,
            text: record.read(&format!("escalation-{id}"), 0, &sealed)?,
        });
    }
    Ok(())
}
