//! The filter's test of itself: for each group, names that must be blocked, names that must be open, safe
//! search, and the names by which devices ask whether they may go round it. What the settings say is asked
//! first, and then the resolver itself, over the network, at the address where it listens; once also at each
//! of its other doors, TCP, TLS and HTTPS, with the certificate as a device sees it. Whether every
//! device asks this resolver is for a person to try.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::response::Response;
use belisha_filter::categories;
use belisha_filter::resolver::{Settings, Trial, Tried, reached_at, try_doors, try_group};
use belisha_filter::verdict::{Decision, Group, Outcome, PartOfDay, Reason};
use belisha_policy::Days;
use belisha_policy::controls::filter_test;
use belisha_rules::access::{Action, Kind, RecordFacts};
use jiff::{SignedDuration, Timestamp};

use super::lists::{self, Judge};
use super::{evidence, settings};
use crate::actor::Actor;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::jobs::{Again, Duty, Weight, or_next_time};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::{Nothing, Sent};

const NAME: &str = "filter-test";

/// Where a test is asked for.
pub(super) fn url() -> String {
    "/filter/test".to_owned()
}

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
    says: "Asks the filter over the network as each group, and keeps what it answered.",
    again: Again::Every(SignedDuration::from_hours(6)),
    weight: Weight::Light,
    run: |school, _| Box::pin(async move { run(&school).await }),
};

pub(super) async fn run(school: &Arc<School>) -> Result<(), Fault> {
    or_next_time(when_due(school).await)
}

/// One group, and what came of its test.
pub(super) struct Tested {
    pub(super) group: String,
    pub(super) tried: Tried,
}

async fn when_due(school: &Arc<School>) -> Result<(), Problem> {
    let mut records = school.database.read().await?;
    let in_force = school.in_force(&mut records).await?;
    let policy = &in_force.policy;
    // A school that filters with something else says nothing of this filter, and sets up no resolver.
    let has_resolver = settings::resolver_file(school).exists();
    if policy.settings(&filter_test::CONTROL).is_none() && !has_resolver {
        return Ok(());
    }
    let every = policy.get(&filter_test::EVERY);
    let newest = newest(&mut records, "").await?;
    let judge = lists::judge(&mut records, school).await?;
    drop(records);
    // What failed is tried again at the next turn, where there is anything that may have been mended.
    let again = has_resolver && newest.is_some_and(|newest| newest.failed);
    if !again && !is_due(newest, every, school.clock.now()) {
        return Ok(());
    }
    let tested = test(school, &judge).await;
    let mut tx = school.write(Actor::School(NAME)).await?;
    let entry = keep(&mut tx, "", &tested).await?;
    tx.commit(entry).await?;
    Ok(())
}

/// The newest test at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Newest {
    pub(super) at: Timestamp,
    pub(super) failed: bool,
}

/// The newest test at a place: a node's id, or nothing for this server.
pub(super) async fn newest(records: &mut Connection, place: &str) -> Result<Option<Newest>, Fault> {
    let row = sql("select max(tested_at) as last,
                max(case when failed > 0 then tested_at end) as last_failed
         from filter_test where place = $1")
    .bind(place)
    .one(records)
    .await?;
    let last = row.instant_optional("last")?;
    let last_failed = row.instant_optional("last_failed")?;
    Ok(last.map(|at| Newest {
        at,
        failed: last_failed == Some(at),
    }))
}

/// A little before it is due, so that a day never goes by without one.
pub(super) fn is_due(newest: Option<Newest>, every: Days, now: Timestamp) -> bool {
    newest.is_none_or(|newest| {
        now.duration_since(newest.at) >= SignedDuration::from_hours(24 * i64::from(every.0) - 7)
    })
}

/// The button: somebody has it tested now.
pub(super) async fn post(viewer: Viewer, sent: Sent<Nothing>) -> Result<Response, Problem> {
    viewer.require(Action::TestFilter, &RecordFacts::of(Kind::Filter))?;
    let judge = lists::judge(&mut viewer.read().await?, &viewer.school).await?;
    // Asked before anything is locked: a resolver that is down takes its time.
    let tested = test(&viewer.school, &judge).await;
    let leads_to = evidence::url();
    let mut tx = viewer.write().await?;
    tx.once(&sent.submission, &leads_to).await?;
    let entry = keep(&mut tx, "", &tested).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&leads_to))
}

/// Keeps what was answered, a row for each group.
pub(super) async fn keep(tx: &mut Tx, place: &str, tested: &[Tested]) -> Result<Entry, Problem> {
    let now = tx.now();
    let mut failed = 0;
    for Tested { group, tried } in tested {
        failed += tried.failed.len();
        let id = tx.school().new_row_id();
        tx.run_one(
            sql(
                "insert into filter_test (id, tested_at, for_group, asked, failed, says, place)
                 values ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(id)
            .bind(now)
            .bind(group)
            .bind(tried.asked as i64)
            .bind(tried.failed.len() as i64)
            .bind(tried.failed.join("; "))
            .bind(place),
        )
        .await?;
    }
    Ok(
        Entry::of(EntryKind::FilterTested, Object::new("filter", "test"))
            .fact("groups", tested.len())
            .fact("failed", failed),
    )
}

/// Tests each group: what the lists and settings say, and what the resolver answers.
async fn test(school: &School, judge: &Judge) -> Vec<Tested> {
    let now = school.clock.now();
    let resolver = resolver(school);
    let mut tested = Vec::new();
    let groups: Vec<(usize, &Group)> = groups(judge).collect();
    for (at, group) in groups {
        let (trial, mut tried) = planned(judge, group, now);
        match &resolver {
            Ok((settings, resolver)) => {
                let mut heard = vec![try_group(*resolver, at, group, &trial).await];
                if let (Some(blocked), true) = (trial.blocked.first(), tested.is_empty()) {
                    heard.push(try_doors(settings, at, blocked).await);
                }
                for heard in heard {
                    tried.asked += heard.asked;
                    tried.failed.extend(heard.failed);
                }
            }
            Err(why) => tried.failed.push(why.clone()),
        }
        tested.push(Tested {
            group: group.name.clone(),
            tried,
        });
    }
    tested
}

/// The groups of the policy, each with its place in it; classes are parts of them.
pub(super) fn groups(judge: &Judge) -> impl Iterator<Item = (usize, &Group)> {
    let all = judge.policy.groups.iter().enumerate();
    all.filter(|(_, group)| settings::base_group(&group.name) == group.name)
}

/// Where the resolver listens, as its own settings say.
fn resolver(school: &School) -> Result<(Settings, SocketAddr), String> {
    let file = settings::resolver_file(school);
    if !file.exists() {
        return Err(
            "No resolver is set up on this server (there is no filter.toml in the filter’s folder), so nothing is enforced by it"
                .to_owned(),
        );
    }
    let settings = Settings::read(&file)
        .map_err(|why| format!("The resolver’s settings cannot be read: {why}"))?;
    let reached = reached_at(&settings.listen).ok_or_else(|| {
        "The resolver listens at no IPv4 address, so it cannot be asked as each group".to_owned()
    })?;
    Ok((settings, reached))
}

/// What the resolver is to be asked, and what is wrong before it is.
pub(super) fn planned(judge: &Judge, group: &Group, now: Timestamp) -> (Trial, Tried) {
    let (mut trial, mut tried) = (Trial::default(), Tried::default());
    if !judge.has_lists() {
        tried
            .failed
            .push("No lists are compiled: nothing is blocked by its kind".to_owned());
        return (trial, tried);
    }
    let outcome = |name: &str| {
        judge
            .verdict(&group.name, name, now)
            .map(|verdict| verdict.outcome)
    };
    for (category, names) in PROBES {
        if !group.stops(category, PartOfDay::Lesson) {
            continue;
        }
        tried.asked += 1;
        let blocked = names
            .iter()
            .find(|name| outcome(name) == Some(Outcome::Blocked));
        match blocked {
            Some(name) => trial.blocked.push((*name).to_owned()),
            // No list of this kind, or none that holds even the best known names.
            None => tried.failed.push(format!(
                "{}: none of the best known names is blocked",
                categories::title(category)
            )),
        }
    }
    for name in OPEN {
        tried.asked += 1;
        if outcome(name) == Some(Outcome::Allowed) {
            trial.open.push((*name).to_owned());
        } else {
            tried.failed.push(format!("{name} is not open"));
        }
    }
    if group.preset != categories::Preset::Light {
        tried.asked += 1;
        if !group.safe_search {
            tried.failed.push("safe search is not forced".to_owned());
        }
    }
    // By its own word the school may open an engine that cannot be made safe.
    let engines = belisha_filter::resolver::engines().iter();
    let names = engines.flat_map(belisha_filter::resolver::Engine::all_names);
    trial.opened = names
        .filter(|name| {
            let verdict = judge.verdict(&group.name, name, now);
            verdict.is_some_and(|verdict| match verdict.reason {
                Reason::Own(own) => own.decision != Decision::Deny,
                _ => false,
            })
        })
        .collect();
    (trial, tried)
}
