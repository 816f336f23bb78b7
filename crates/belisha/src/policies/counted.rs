//! How the clauses of the policy in force stood when they were last counted. Counting asks
//! every control's own query, so it is done once after an act that may change an answer, and
//! not at each look: the pages that show standings are those that many people open.

use std::collections::HashMap;
use std::sync::Arc;

use belisha_rules::ids::PolicyVersionId;
use jiff::SignedDuration;
use tokio::sync::Mutex;

use super::evidence::Moment;
use super::standing::{self, ClauseStanding};
use crate::db::Connection;
use crate::entries;
use crate::problem::Fault;
use crate::viewer::Viewer;

/// Counts are used for so long at most: a deadline may pass without anybody's act, and
/// upkeep writes no entry.
const FRESH_FOR: SignedDuration = SignedDuration::from_secs(60);

/// How each clause stands, by its id. Which records were counted is not kept, only how many.
pub(super) type Standings = HashMap<String, ClauseStanding>;

/// What a school's server counted last.
#[derive(Default)]
pub(crate) struct LastCounted(Mutex<Option<Count>>);

struct Count {
    version: PolicyVersionId,
    moment: Moment,
    /// The number of the journal's newest entry by then; none of those up to it has changed
    /// an answer since.
    entry: i64,
    standings: Arc<Standings>,
}

/// How each clause of the policy in force stands today. Whoever comes while somebody counts
/// waits for that count.
pub(super) async fn today(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<Arc<Standings>, Fault> {
    let moment = Moment {
        day: viewer.today(),
        instant: viewer.now,
    };
    let mut kept = viewer.school.last_counted.0.lock().await;
    let counted_to = kept.as_ref().map_or(-1, |count| count.entry);
    let (newest, has_changed) = entries::after(connection, counted_to).await?;
    if let Some(count) = kept.as_mut()
        && !has_changed
        && count.version == viewer.policy.id
        && count.moment.day == moment.day
        && is_fresh(count.moment, moment)
    {
        count.entry = newest;
        return Ok(Arc::clone(&count.standings));
    }
    let mut standings = standing::of_policy(connection, &viewer.policy.policy, moment).await?;
    for standing in standings.values_mut() {
        standing.forget_lines();
    }
    let standings = Arc::new(standings);
    // The journal was asked before the counting began: an act in between counts as one after it.
    *kept = Some(Count {
        version: viewer.policy.id,
        moment,
        entry: newest,
        standings: Arc::clone(&standings),
    });
    Ok(standings)
}

fn is_fresh(counted: Moment, now: Moment) -> bool {
    let age = now.instant.duration_since(counted.instant);
    !age.is_negative() && age < FRESH_FOR
}
