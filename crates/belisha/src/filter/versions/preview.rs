//! What other versions of a list would do to the names that were asked for last week: worked out aside, so
//! that nobody waits for it but whoever asked.

use belisha_filter::compile::index_of;
use belisha_filter::index::Index;
use belisha_filter::lists::Limits;
use belisha_filter::preview::{Change, Versions, change};
use belisha_filter::verdict::Moment;
use jiff::Timestamp;

use super::stored::Found;
use crate::filter::Judge;
use crate::filter::log::Asked;
use crate::problem::{Fault, Problem};
use crate::web::words::counted;

/// From this number of devices on a name gives nobody away.
const FEW: usize = 5;
/// So many names are shown.
const SHOWN: usize = 20;

/// What would become of one name for one group.
pub(super) struct Changed {
    pub(super) name: String,
    pub(super) group: String,
    pub(super) would: &'static str,
    pub(super) times: usize,
    devices: usize,
}

/// What a version would do.
pub(super) struct Effect {
    changed: Vec<Changed>,
    /// How many questions were held against it; none where there is no log.
    asked: Option<usize>,
    entries: u64,
}

impl Effect {
    pub(super) fn in_words(&self) -> String {
        let entries = format!("It has {} entries.", self.entries);
        let Some(asked) = self.asked else {
            return format!("{entries} There is no log of the last seven days to hold it against.");
        };
        let count = |would: &str| {
            let names = self.changed.iter().filter(|changed| changed.would == would);
            let times: usize = names.clone().map(|changed| changed.times).sum();
            (names.count(), times)
        };
        let (blocked, open) = (count("blocked"), count("open"));
        if blocked.0 + open.0 == 0 {
            return format!(
                "{entries} Of the {asked} questions of the last seven days it would change none."
            );
        }
        format!(
            "{entries} Of the {asked} questions of the last seven days it would have blocked {} more, for {}, and opened {}, for {}. A site counts once for each group.",
            blocked.1,
            sites(blocked.0),
            open.1,
            sites(open.0)
        )
    }

    /// The names most asked for; without the right to look into the log only those that many devices asked for.
    pub(super) fn names(&self, may_see: bool) -> impl Iterator<Item = &Changed> {
        self.changed
            .iter()
            .filter(move |changed| may_see || changed.devices >= FEW)
            .take(SHOWN)
    }
}

fn sites(count: usize) -> String {
    counted(i64::try_from(count).unwrap_or(i64::MAX), "site", "sites")
}

/// The effect of each of these versions; none where it cannot be read.
pub(super) async fn of(
    found: Found,
    judge: Judge,
    asked: Option<Vec<Asked>>,
    wanted: Vec<String>,
    (now, key): (Timestamp, [u8; 32]),
) -> Result<(Found, Vec<(String, Option<Effect>)>), Problem> {
    let work = move || {
        let alone = |version: &str| index_of(&found.files(version)?, key, Limits::default()).ok();
        let in_use = alone(&found.standing.in_use);
        let effects = wanted
            .into_iter()
            .map(|version| {
                let after = alone(&version);
                let effect = after.map(|after| {
                    effect(
                        &found,
                        &judge,
                        asked.as_deref(),
                        (in_use.as_ref(), &after),
                        now,
                    )
                });
                (version, effect)
            })
            .collect();
        (found, effects)
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Fault::at("working out what a list would do".into(), error).into())
}

fn effect(
    found: &Found,
    judge: &Judge,
    asked: Option<&[Asked]>,
    (before, after): (Option<&Index>, &Index),
    now: Timestamp,
) -> Effect {
    let standing = &found.standing;
    let list = Versions {
        name: &standing.name,
        category: &standing.category,
        kind: standing.kind,
        before,
        after: Some(after),
    };
    let mut changed = Vec::new();
    for one in asked.unwrap_or_default() {
        let (Some(live), Ok(group)) = (judge.index(), judge.policy.group(&one.group)) else {
            continue;
        };
        // At the hour at which it was asked, as the day's parts may differ.
        let at = Moment::of(&one.at.unwrap_or(now).to_zoned(judge.zone()));
        if let Some(would) = change(live, &judge.policy, group, &one.name, at, &list) {
            changed.push(Changed {
                name: one.name.clone(),
                group: one.group.clone(),
                would: match would {
                    Change::Blocked => "blocked",
                    Change::Opened => "open",
                },
                times: one.times,
                devices: one.devices,
            });
        }
    }
    changed.sort_by(|one, two| {
        two.times
            .cmp(&one.times)
            .then_with(|| one.name.cmp(&two.name))
    });
    Effect {
        changed,
        asked: asked.map(|asked| asked.iter().map(|one| one.times).sum()),
        entries: after.lists().first().map_or(0, |list| list.entries),
    }
}
