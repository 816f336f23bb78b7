//! A review opens by itself: the triage, or an answer in another review, calls for it.

use belisha_rules::guides::{self, Guide, Occasion};
use belisha_rules::ids::IncidentId;

use super::following;
use super::queries::{self, of_case};
use crate::db::sql;
use crate::incidents::queries::{Case, find};
use crate::problem::Problem;
use crate::schools::calendar;
use crate::tx::Tx;
use crate::viewer::Viewer;

/// What the triage found, as far as it calls for reviews.
pub(crate) struct Triaged<'a> {
    /// What the case is about: the risk first, then what else was ticked.
    pub(crate) categories: &'a [&'a str],
    /// A nude picture of a child may be part of it.
    pub(crate) imagery: bool,
    /// A message is especially disturbing or unlawful.
    pub(crate) disturbing: bool,
}

/// Opens the reviews that this case needs and has not, and takes back those that nothing
/// was answered in and that are needed no longer. The guides that apply.
pub(crate) async fn open(
    tx: &mut Tx,
    viewer: &Viewer,
    case: &Case,
    triaged: &Triaged<'_>,
) -> Result<Vec<&'static Guide>, Problem> {
    let applies = |guide: &Guide| {
        triaged.categories.iter().any(|category| {
            (guide.applies)(&Occasion {
                policy: &viewer.policy.policy,
                kind: case.kind,
                category,
                imagery: triaged.imagery,
                disturbing: triaged.disturbing,
            })
        })
    };
    let applicable: Vec<&'static Guide> = guides::catalogue()
        .iter()
        .copied()
        .filter(|guide| applies(guide))
        .collect();
    for guide in &applicable {
        open_one(tx, viewer, case, guide).await?;
    }
    let now = tx.now();
    for review in of_case(tx, case.id).await? {
        if applicable.contains(&review.guide) || review.answers > 0 {
            continue;
        }
        // A review of pictures stays: what was once suspected is looked into.
        if review.guide.bars_imagery {
            continue;
        }
        tx.run_one(
            sql("update review set withdrawn_at = $2 where id = $1")
                .bind(&review.id)
                .bind(now),
        )
        .await?;
        crate::referrals::withdraw_unsent(tx, &review.id).await?;
    }
    Ok(applicable)
}

/// Opens one review, unless the case has it; whether it did.
pub(super) async fn open_one(
    tx: &mut Tx,
    viewer: &Viewer,
    case: &Case,
    guide: &'static Guide,
) -> Result<bool, Problem> {
    let school = tx.school().clone();
    let (id, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
    let calendar = calendar::of(tx, &school).await?;
    let sign_by = (guide.signed_within)(&viewer.policy.policy)
        .map(|within| calendar.passes_at(calendar.due(now, within)));
    let lacks: Vec<&str> = guide.groups.iter().map(|group| group.key).collect();
    let opened = tx
        .run(
            sql(
                "insert into review (id, incident, guide, opened_at, opened_by, sign_by, lacks, answers, withdrawn_at)
                 values ($1, $2, $3, $4, $5, $6, $7, 0, null)
                 on conflict (incident, guide) do update set withdrawn_at = null
                 where review.withdrawn_at is not null",
            )
            .bind(id)
            .bind(case.id.to_string())
            .bind(guide.key)
            .bind(now)
            .bind(by)
            .bind(sign_by)
            .bind(lacks.join(" ")),
        )
        .await?;
    if opened == 0 {
        return Ok(false);
    }
    let case = find(tx, case.id).await?.ok_or(Problem::NotFound)?;
    let review = of_case(tx, case.id)
        .await?
        .into_iter()
        .find(|review| review.guide == guide)
        .ok_or(Problem::NotFound)?;
    let opened = queries::open(tx, viewer, case, review).await?;
    following::set(tx, viewer, &opened, &opened.answers, &[]).await?;
    Ok(true)
}

/// Takes a review back, whatever was answered in it: the case is no longer of its kind.
pub(crate) async fn take_back(
    tx: &mut Tx,
    incident: IncidentId,
    guide: &str,
) -> Result<(), Problem> {
    let now = tx.now();
    for review in of_case(tx, incident).await? {
        if review.guide.key == guide {
            tx.run_one(
                sql("update review set withdrawn_at = $2 where id = $1")
                    .bind(&review.id)
                    .bind(now),
            )
            .await?;
            crate::referrals::withdraw_unsent(tx, &review.id).await?;
        }
    }
    Ok(())
}
