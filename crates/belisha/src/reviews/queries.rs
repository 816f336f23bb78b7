//! Reviews as they are read: what is on record of each, and one with its answers open.

use std::collections::{BTreeMap, BTreeSet};

use belisha_rules::access::Action;
use belisha_rules::guides::{self, Answer, Answers, Guide, Known, LedBy, Standing};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::OpenReview;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Connection, Row, sql};
use crate::incidents::queries::{self, Case, object};
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::viewer::Viewer;

/// A review without what is sealed.
pub(super) struct Review {
    pub(super) id: String,
    pub(super) guide: &'static Guide,
    pub(super) opened_at: Timestamp,
    pub(super) sign_by: Option<Timestamp>,
    pub(super) lacks: Vec<String>,
    /// How many answers were ever given.
    pub(super) answers: i64,
    /// The way of the signature that stands.
    pub(super) signed: Option<&'static str>,
    pub(super) signed_at: Option<Timestamp>,
    pub(super) escalated_at: Option<Timestamp>,
}

/// A review whose answers are open.
pub(super) struct Open {
    pub(super) case: Case,
    pub(super) record: OpenRecord,
    pub(super) review: Review,
    pub(super) answers: Answers,
    pub(super) standing: Standing,
    pub(super) is_the_lead: bool,
    born: BTreeMap<PersonId, Option<Date>>,
    happened_on: Date,
    sent: BTreeSet<String>,
    device_set_aside: bool,
    evidence_noted: bool,
}

impl Open {
    /// What the guide's rules may look at, with these answers.
    pub(super) fn with<'a>(&'a self, viewer: &'a Viewer, answers: &'a Answers) -> Known<'a> {
        Known {
            answers,
            policy: &viewer.policy.policy,
            kind: self.case.kind,
            happened_on: self.happened_on,
            born: &self.born,
            sent: &self.sent,
            device_set_aside: self.device_set_aside,
            evidence_noted: self.evidence_noted,
        }
    }

    /// The same with the answers that stand.
    pub(super) fn known<'a>(&'a self, viewer: &'a Viewer) -> Known<'a> {
        self.with(viewer, &self.answers)
    }
}

/// The reviews of a case.
pub(super) async fn of_case(
    connection: &mut Connection,
    incident: IncidentId,
) -> Result<Vec<Review>, Fault> {
    sql("select review.id, review.guide, review.opened_at, review.sign_by, review.lacks, review.answers,
                (select review_signature.way from review_signature
                 where review_signature.review = review.id and review_signature.answers = review.answers
                 order by review_signature.made_at desc, review_signature.id limit 1) as way,
                (select max(review_signature.made_at) from review_signature
                 where review_signature.review = review.id and review_signature.answers = review.answers) as signed_at,
                (select max(review_escalation.made_at) from review_escalation
                 where review_escalation.review = review.id) as escalated_at
         from review
         where review.incident = $1 and review.withdrawn_at is null
         order by review.opened_at, review.guide")
    .bind(incident.to_string())
    .all(connection)
    .await?
    .iter()
    .map(review)
    .collect()
}

fn review(row: &Row) -> Result<Review, Fault> {
    let guide = row.read("guide", guides::guide)?;
    Ok(Review {
        id: row.get("id")?,
        guide,
        opened_at: row.instant("opened_at")?,
        sign_by: row.instant_optional("sign_by")?,
        lacks: row
            .get::<String>("lacks")?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        answers: row.get("answers")?,
        signed: row
            .read_optional("way", |key| guide.way(key))?
            .map(|way| way.key),
        signed_at: row.instant_optional("signed_at")?,
        escalated_at: row.instant_optional("escalated_at")?,
    })
}

/// What holds up the closure of a case, as the rules ask it.
pub(crate) async fn on_record(
    connection: &mut Connection,
    incident: IncidentId,
) -> Result<Vec<OpenReview>, Fault> {
    Ok(of_case(connection, incident)
        .await?
        .into_iter()
        .map(|review| OpenReview {
            title: review.guide.title,
            lacks: review
                .lacks
                .iter()
                .filter_map(|key| review.guide.group(key))
                .map(|group| group.title)
                .collect(),
            signed: review.signed.is_some(),
            bars_imagery: review.guide.bars_imagery,
        })
        .collect())
}

/// Whether the viewer may see this guide's review of the case.
pub(super) fn may_see(case: &Case, viewer: &Viewer, guide: &Guide) -> bool {
    let has_a_page = guide
        .groups
        .iter()
        .any(|group| group.by == LedBy::WhoeverHasIt);
    case.allows(viewer, Action::LeadReview) || (has_a_page && case.allows(viewer, Action::Triage))
}

/// One review with its answers, for whoever may see it; to everybody else it does not exist.
pub(super) async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    incident: IncidentId,
    guide: &str,
) -> Result<Open, Problem> {
    let case = queries::load(connection, viewer, incident).await?;
    let guide = guides::guide(guide).ok_or(Problem::NotFound)?;
    if !may_see(&case, viewer, guide) {
        return Err(Problem::NotFound);
    }
    let review = of_case(connection, incident)
        .await?
        .into_iter()
        .find(|review| review.guide == guide)
        .ok_or(Problem::NotFound)?;
    open(connection, viewer, case, review).await
}

/// Opens the answers of a review that the viewer may see, or is about to begin.
pub(super) async fn open(
    connection: &mut Connection,
    viewer: &Viewer,
    case: Case,
    review: Review,
) -> Result<Open, Problem> {
    let record = records::open(connection, viewer, &object(case.id)).await?;
    let answers = answers(connection, &record, &review.id).await?;
    let referrals = crate::referrals::of_review(connection, &review.id).await?;
    let tasks = sql("select count(*) as count from incident_action
         where incident = $1 and done_at is null and kind like $2")
    .bind(case.id.to_string())
    .bind(format!("{}/%", review.guide.key))
    .one(connection)
    .await?
    .get::<i64>("count")?;
    let happened_on = sql("select min(happened_on) as happened_on from report where incident = $1")
        .bind(case.id.to_string())
        .one(connection)
        .await?
        .date_optional("happened_on")?
        .unwrap_or_else(|| viewer.school.date_of(case.opened_at));
    let is_the_lead = case.allows(viewer, Action::LeadReview);
    Ok(Open {
        standing: Standing {
            case_is_open: case.incident.state().is_open(),
            signed: review.signed,
            escalated: review
                .escalated_at
                .is_some_and(|escalated| review.signed_at.is_none_or(|signed| signed <= escalated)),
            referrals_due: referrals.iter().filter(|one| one.is_due()).count(),
            referrals_sent: referrals.iter().filter(|one| one.sent).count(),
            tasks_open: usize::try_from(tasks).unwrap_or(usize::MAX),
        },
        sent: referrals
            .into_iter()
            .filter(|one| one.sent)
            .map(|one| one.need)
            .collect(),
        device_set_aside: crate::incidents::custody::any(connection, case.id).await?,
        evidence_noted: crate::incidents::evidence::any(connection, case.id).await?,
        born: born(connection, &case).await?,
        happened_on,
        is_the_lead,
        answers,
        record,
        review,
        case,
    })
}

async fn answers(
    connection: &mut Connection,
    record: &OpenRecord,
    review: &str,
) -> Result<Answers, Fault> {
    let rows = sql(
        "select id, question, sealed_value, sealed_reason from review_answer
         where review = $1 order by number",
    )
    .bind(review)
    .all(connection)
    .await?;
    let mut answers = Answers::new();
    for row in rows {
        answers.insert(row.get("question")?, answer(record, &row)?);
    }
    // An answer that was taken back stands as none.
    answers.retain(|_, answer| !answer.value.is_empty());
    Ok(answers)
}

/// What came of an allegation, as its review spells it; empty where nobody has said.
pub(crate) async fn outcome(
    connection: &mut Connection,
    record: &OpenRecord,
    incident: IncidentId,
) -> Result<String, Fault> {
    let row = sql(
        "select review_answer.id, review_answer.sealed_value, review_answer.sealed_reason
         from review_answer join review on review.id = review_answer.review
         where review.incident = $1 and review.guide = 'allegation' and review.withdrawn_at is null
           and review_answer.question = 'outcome'
         order by review_answer.number desc limit 1",
    )
    .bind(incident.to_string())
    .optional(connection)
    .await?;
    Ok(match row {
        Some(row) => answer(record, &row)?.value,
        None => String::new(),
    })
}

/// One answer, opened.
pub(super) fn answer(record: &OpenRecord, row: &Row) -> Result<Answer, Fault> {
    let id: String = row.get("id")?;
    Ok(Answer {
        value: record.read(
            &format!("answer-{id}"),
            0,
            &row.get::<Vec<u8>>("sealed_value")?,
        )?,
        reason: record.read(
            &format!("reason-{id}"),
            0,
            &row.get::<Vec<u8>>("sealed_reason")?,
        )?,
    })
}

async fn born(
    connection: &mut Connection,
    case: &Case,
) -> Result<BTreeMap<PersonId, Option<Date>>, Fault> {
    let mut born = BTreeMap::new();
    for involved in &case.people {
        let row = sql("select born_on from person where id = $1")
            .bind(involved.person.to_string())
            .one(connection)
            .await?;
        born.insert(involved.person, row.date_optional("born_on")?);
    }
    Ok(born)
}
