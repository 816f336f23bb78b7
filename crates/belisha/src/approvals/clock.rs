//! What the program does by itself: opens and shuts what has a time, and tests what was applied.

use std::sync::Arc;

use belisha_filter::verdict::Outcome;
use belisha_rules::approvals::{self, By, Event, State, Terms};
use belisha_rules::ids::ApprovalId;
use jiff::Timestamp;

use super::kind::{Expected, Kind};
use super::queries::{self, Found};
use super::{object, tell};
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::filter::{self, Judge};
use crate::problem::Problem;
use crate::school::School;
use crate::tx::Tx;

const NAME: &str = "approvals";

/// Shuts what is over and begins what is due. The filter itself keeps these times too: what is
/// written here is that it happened.
pub(crate) async fn by_the_clock(school: &Arc<School>) -> Result<(), Problem> {
    let now = school.clock.now();
    let rows = sql("select id from approval
         where (state in ('applied', 'tested', 'active') and ends_at <= $1)
            or (state in ('applied', 'tested') and (starts_at is null or starts_at <= $1))
         order by id")
    .bind(now)
    .all(&mut school.database.read().await?)
    .await?;
    for row in rows {
        one(school, row.read("id", |text| text.parse().ok())?).await?;
    }
    ask_for_looks(school).await
}

/// Tells those who look at changes of each that waits for them, once.
async fn ask_for_looks(school: &Arc<School>) -> Result<(), Problem> {
    let mut records = school.database.read().await?;
    let in_force = school.in_force(&mut records).await?;
    let now = school.clock.now();
    let rows = sql("select id, kind, applied_at from approval
         where applied_at is not null and reviewed_at is null and review_told_at is null
           and state in ('active', 'ended', 'rolled-back', 'withdrawn')
         order by id")
    .all(&mut records)
    .await?;
    drop(records);
    for row in rows {
        let kind = row.read("kind", Kind::from_key)?;
        let within = (kind.terms)(&in_force.policy).reviewed_within;
        let applied_at = row.instant("applied_at")?;
        if within.is_some_and(|within| approvals::review_is_due(applied_at, within, now)) {
            ask_for_look(school, row.read("id", |text| text.parse().ok())?).await?;
        }
    }
    Ok(())
}

async fn ask_for_look(school: &Arc<School>, id: ApprovalId) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let Some(found) = queries::find(&mut tx, id).await? else {
        return Ok(());
    };
    // Where nobody may look, it is asked for again once somebody may.
    if found.approval.reviewed || !tell::reviewers(&mut tx, &found).await? {
        return Ok(());
    }
    let now = tx.now();
    let told = tx
        .run(
            sql("update approval set review_told_at = $2
                 where id = $1 and review_told_at is null and reviewed_at is null")
            .bind(id.to_string())
            .bind(now),
        )
        .await?;
    if told > 0 {
        let entry = Entry::of(EntryKind::ApprovalReviewAsked, object(id));
        tx.commit(entry.fact("number", found.number)).await?;
    }
    Ok(())
}

/// Begins what waits for no test, if its time has come.
pub(super) async fn begin(tx: &mut Tx, found: &mut Found, terms: &Terms) -> Result<(), Problem> {
    let now = tx.now();
    if found
        .approval
        .starts_at
        .is_none_or(|starts_at| starts_at <= now)
    {
        queries::take(tx, found, terms, By::Clock, Event::Start, "").await?;
    }
    Ok(())
}

async fn one(school: &Arc<School>, id: ApprovalId) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let in_force = school.in_force(&mut tx).await?;
    let Some(mut found) = queries::find(&mut tx, id).await? else {
        return Ok(());
    };
    let terms = found.terms(&in_force.policy);
    let over = found
        .approval
        .ends_at
        .is_some_and(|ends_at| ends_at <= tx.now());
    let (event, kind) = match (over, found.approval.state) {
        (true, State::Applied | State::Tested | State::Active) => {
            (Event::End, EntryKind::ApprovalEnded)
        }
        (false, State::Tested) => (Event::Start, EntryKind::ApprovalStarted),
        (false, State::Applied) if !terms.tested => (Event::Start, EntryKind::ApprovalStarted),
        // Somebody was quicker.
        _ => return Ok(()),
    };
    queries::take(&mut tx, &mut found, &terms, By::Clock, event, "").await?;
    if event == Event::End {
        filter::end(&mut tx, id).await?;
    }
    tx.commit(Entry::of(kind, object(id)).fact("number", found.number))
        .await?;
    Ok(())
}

/// Asks the filter, as its settings were read back, whether it does what was applied.
pub(crate) async fn test_applied(school: &Arc<School>, judge: &Judge) -> Result<(), Problem> {
    let rows = sql("select id from approval where state = 'applied' order by id")
        .all(&mut school.database.read().await?)
        .await?;
    for row in rows {
        test(school, judge, row.read("id", |text| text.parse().ok())?).await?;
    }
    // What has no time to wait for begins with the test.
    by_the_clock(school).await
}

async fn test(school: &Arc<School>, judge: &Judge, id: ApprovalId) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let in_force = school.in_force(&mut tx).await?;
    let Some(mut found) = queries::find(&mut tx, id).await? else {
        return Ok(());
    };
    let terms = found.terms(&in_force.policy);
    if found.approval.state != State::Applied || !terms.tested {
        return Ok(());
    }
    let at = found
        .approval
        .starts_at
        .map_or(tx.now(), |starts_at| starts_at.max(tx.now()));
    let passed = found
        .asked_for
        .expects()
        .iter()
        .all(|expected| holds(judge, &found, expected, at));
    let failed_before = found.steps.iter().any(|step| step.event == Event::Fail);
    if !passed && failed_before {
        return Ok(());
    }
    let (event, note) = match (passed, judge.has_lists()) {
        (true, true) => (Event::Pass, ""),
        (true, false) => (
            Event::Pass,
            "The lists are not compiled yet: the entry stands in the settings.",
        ),
        (false, _) => (Event::Fail, ""),
    };
    queries::take(&mut tx, &mut found, &terms, By::Clock, event, note).await?;
    if !passed {
        tell::failed(&mut tx, &found, &terms).await?;
    }
    let entry = Entry::of(EntryKind::ApprovalTested, object(id))
        .fact("number", found.number)
        .fact("passed", passed);
    tx.commit(entry).await?;
    Ok(())
}

/// Whether the filter answers as agreed; without lists, whether the entry stands in its settings.
fn holds(judge: &Judge, found: &Found, expected: &Expected, at: Timestamp) -> bool {
    match judge.verdict(&expected.group, &expected.name, at) {
        Some(verdict) => is_blocked(verdict.outcome) == is_blocked(expected.outcome),
        None => {
            let by = filter::by(found.number);
            let stands = |own: &belisha_filter::verdict::Own| {
                own.by == by && own.name == expected.name && own.groups.contains(&expected.group)
            };
            judge.policy.own.iter().any(stands)
        }
    }
}

fn is_blocked(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Blocked => true,
        Outcome::Allowed => false,
    }
}
