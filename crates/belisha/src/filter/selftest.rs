//! The filter's test of itself: for each group, names that must be blocked, names that must be open,
//! and whether safe search is forced, asked of the settings that the resolver follows. It asks no
//! network: whether every device really asks this resolver is for a person to try.

use std::sync::Arc;

use belisha_filter::categories;
use belisha_filter::verdict::{Group, Outcome, PartOfDay};
use belisha_policy::controls::filter_test;
use jiff::SignedDuration;

use super::lists::{self, Judge};
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::jobs::{Again, Duty, or_next_time};
use crate::problem::{Fault, Problem};
use crate::school::School;

const NAME: &str = "filter-test";

/// Names that lists of the kind hold wherever they are kept well.
const PROBES: &[(&str, &[&str])] = &[
    ("adult", &["pornhub.com", "xvideos.com", "adult.example"]),
    (
        "gambling",
        &["bet365.com", "pokerstars.com", "gambling.example"],
    ),
    ("social", &["facebook.com", "tiktok.com", "social.example"]),
    ("games", &["miniclip.com", "poki.com", "games.example"]),
    ("self-harm", &["harm.example"]),
    (
        "proxies",
        &["hidemyass.com", "kproxy.com", "proxies.example"],
    ),
    ("vpn", &["nordvpn.com", "expressvpn.com"]),
    ("encrypted-dns", &["dns.google", "cloudflare-dns.com"]),
];

/// Names that a school must reach.
const OPEN: &[&str] = &["gov.uk", "bbc.co.uk", "childline.org.uk"];

pub(crate) static TEST: Duty = Duty {
    key: NAME,
    says: "Tests the filter for each group, and keeps what it answered.",
    again: Again::Every(SignedDuration::from_hours(6)),
    run: |school, _| Box::pin(async move { run(&school).await }),
};

pub(super) async fn run(school: &Arc<School>) -> Result<(), Fault> {
    or_next_time(done(school).await)
}

/// What one group's test came to.
pub(super) struct Tested {
    pub(super) group: String,
    pub(super) asked: i64,
    pub(super) failed: Vec<String>,
}

async fn done(school: &Arc<School>) -> Result<(), Problem> {
    let judge = lists::judge(&mut school.database.read().await?, school).await?;
    if !judge.has_lists() {
        return Ok(());
    }
    let mut tx = school.write(Actor::School(NAME)).await?;
    let every = school
        .in_force(&mut tx)
        .await?
        .policy
        .get(&filter_test::EVERY);
    let row = sql("select max(tested_at) as last from filter_test")
        .one(&mut tx)
        .await?;
    let due = row.instant_optional("last")?.is_none_or(|last| {
        // A little before it is due, so that a day never goes by without one.
        tx.now().duration_since(last) >= SignedDuration::from_hours(24 * i64::from(every.0) - 7)
    });
    if !due {
        return Ok(());
    }
    let now = tx.now();
    let mut failed = 0;
    for group in &judge.policy.groups {
        let tested = test(&judge, group, now);
        failed += tested.failed.len();
        let id = tx.school().new_row_id();
        tx.run_one(
            sql(
                "insert into filter_test (id, tested_at, for_group, asked, failed, says)
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(id)
            .bind(now)
            .bind(&tested.group)
            .bind(tested.asked)
            .bind(tested.failed.len() as i64)
            .bind(tested.failed.join("; ")),
        )
        .await?;
    }
    let entry = Entry::of(EntryKind::FilterTested, Object::new("filter", "test"))
        .fact("groups", judge.policy.groups.len())
        .fact("failed", failed);
    tx.commit(entry).await?;
    Ok(())
}

/// Asks everything of one group.
pub(super) fn test(judge: &Judge, group: &Group, now: jiff::Timestamp) -> Tested {
    let mut tested = Tested {
        group: group.name.clone(),
        asked: 0,
        failed: Vec::new(),
    };
    let outcome = |name: &str| {
        judge
            .verdict(&group.name, name, now)
            .map(|verdict| verdict.outcome)
    };
    for (category, names) in PROBES {
        if !group.stops(category, PartOfDay::Lesson) {
            continue;
        }
        tested.asked += 1;
        // No list of this kind, or none that holds even the best known names.
        if !names
            .iter()
            .any(|name| outcome(name) == Some(Outcome::Blocked))
        {
            tested.failed.push(format!(
                "{}: none of the best known names is blocked",
                categories::title(category)
            ));
        }
    }
    for name in OPEN {
        tested.asked += 1;
        if outcome(name) != Some(Outcome::Allowed) {
            tested.failed.push(format!("{name} is not open"));
        }
    }
    if group.preset != categories::Preset::Light {
        tested.asked += 1;
        if !group.safe_search {
            tested.failed.push("safe search is not forced".to_owned());
        }
    }
    tested
}
