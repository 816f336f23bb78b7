//! What answers set in motion: referrals that must be sent, actions, people who are told;
//! and what the review still lacks, in words of ours, for the close-check.

use belisha_policy::{Measure, Post};
use belisha_rules::access::{self, AccountState, Action};
use belisha_rules::calendar::Deadline;
use belisha_rules::guides::{self, Answers, Guide, Known, Need, Occasion};
use jiff::Timestamp;
use jiff::civil::DateTime;

use super::queries::Open;
use crate::db::sql;
use crate::incidents::action;
use crate::incidents::queries::object;
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::Problem;
use crate::referrals;
use crate::schools::calendar;
use crate::tx::Tx;
use crate::viewer::Viewer;

/// Sets in motion what these answers need and what came before did not, and takes back
/// the referrals that are needed no longer and were not sent. The reviews that the answers
/// call for besides, which the caller opens.
pub(super) async fn set(
    tx: &mut Tx,
    viewer: &Viewer,
    open: &Open,
    answers: &Answers,
    before: &[Need],
) -> Result<Vec<&'static Guide>, Problem> {
    let known = open.with(viewer, answers);
    let guide = open.review.guide;
    let needs = (guide.needs)(&known);
    let school = tx.school().clone();
    let days = calendar::of(tx, &school).await?;
    let now = tx.now();
    for need in &needs {
        match need {
            Need::Referral {
                key,
                to,
                why,
                within,
                since,
            } => {
                let from = since
                    .and_then(|question| moment(viewer, &known, question))
                    .unwrap_or(now);
                let due_at = days.passes_at(days.due(from, *within));
                let ask = referrals::Ask {
                    case: open.case.id,
                    review: &open.review.id,
                    need: key,
                    agencies: to,
                    why,
                    due_at,
                };
                referrals::ask(tx, &open.record, &ask, since.is_some()).await?;
            }
            Need::Task { key, words, within } => {
                let due = match days.due(now, *within) {
                    Deadline::At(instant) => viewer.school.date_of(instant),
                    Deadline::EndOf(day) => day,
                };
                let kind = format!("{}/{key}", guide.key);
                action::set_once(
                    tx,
                    &open.record,
                    &open.case,
                    &kind,
                    viewer.person,
                    due,
                    words,
                )
                .await?;
            }
            Need::Tell { key, posts } => {
                if before.iter().all(|earlier| earlier.key() != *key) {
                    tell(tx, viewer, open, posts).await?;
                }
            }
        }
    }
    let wanted: Vec<&str> = needs.iter().map(Need::key).collect();
    referrals::withdraw_unless(tx, &open.review.id, &wanted).await?;
    let lacks: Vec<&str> = guides::lacks(guide, &known)
        .iter()
        .map(|group| group.key)
        .collect();
    tx.run_one(
        sql("update review set lacks = $2 where id = $1")
            .bind(&open.review.id)
            .bind(lacks.join(" ")),
    )
    .await?;
    Ok(called_for(viewer, open, &known))
}

/// The reviews that these answers call for: an indecent picture may be part of the case.
fn called_for(viewer: &Viewer, open: &Open, known: &Known<'_>) -> Vec<&'static Guide> {
    let guide = open.review.guide;
    if guide.bars_imagery || !(known.yes_or_unknown("indecent") || known.yes("images")) {
        return Vec::new();
    }
    guides::applicable(&Occasion {
        policy: &viewer.policy.policy,
        kind: open.case.kind,
        category: "",
        imagery: true,
        disturbing: false,
    })
    .into_iter()
    .filter(|other| other.bars_imagery)
    .collect()
}

/// The instant that an answer names, by the school's clock.
fn moment(viewer: &Viewer, known: &Known<'_>, question: &str) -> Option<Timestamp> {
    let at: DateTime = known.value(question).parse().ok()?;
    let zone = viewer.school.settings().time_zone.clone();
    Some(at.to_zoned(zone).ok()?.timestamp())
}

/// Tells the lead and the deputies that the case needs them.
pub(super) async fn tell_the_lead(
    tx: &mut Tx,
    viewer: &Viewer,
    open: &Open,
) -> Result<(), Problem> {
    let posts = [
        Post::DesignatedSafeguardingLead,
        Post::DeputyDesignatedSafeguardingLead,
    ];
    tell(tx, viewer, open, &posts).await
}

/// Tells the holders of posts who may read the case that it needs them.
async fn tell(tx: &mut Tx, viewer: &Viewer, open: &Open, posts: &[Post]) -> Result<(), Problem> {
    let (today, now) = (tx.today(), tx.now());
    for post in posts {
        for (person, _) in hats::holders(tx, *post, today).await? {
            let worn = hats::of(tx, person, today).await?;
            let asked = access::Viewer::person(worn.identity, &worn.hats, AccountState::Active);
            let reads = access::may(&asked, Action::ReadCase, &open.case.facts, now).is_allowed();
            if reads && person != viewer.person {
                notices::tell(
                    tx,
                    person,
                    NoticeKind::IncidentReview,
                    &object(open.case.id),
                    true,
                )
                .await?;
            }
        }
    }
    Ok(())
}

/// "At once" as an hour, for a referral that an escalation asks for.
pub(super) const AT_ONCE: Measure = Measure::Hours(1);
