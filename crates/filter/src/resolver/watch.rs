//! Takes changes into use: of the index, of the policy, of the leases, and of the hour.
//!
//! A changed file is noticed within a quarter of a second. What cannot be read is not used: the filter
//! goes on as it was, and says why.

use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::StartRefused;
use super::settings::{Settings, SettingsRefused};
use super::shared::Shared;
use super::snapshot::Snapshot;
use crate::index::Index;
use crate::verdict::{Live, Moment, PartOfDay, Policy};

const TURN: Duration = Duration::from_millis(250);

pub(super) struct Watch {
    settings: Settings,
    reloads: AtomicU64,
    trouble: Mutex<Option<String>>,
}

/// What a snapshot was made of; another one is made when this differs.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    files: Vec<Option<(u64, u64, i64, i64)>>,
    part: Option<PartOfDay>,
    in_force: Vec<bool>,
}

/// What the first snapshot is made of.
pub(super) struct Begun {
    policy: Option<Policy>,
    mark: Mark,
}

impl Watch {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            reloads: AtomicU64::new(0),
            trouble: Mutex::default(),
        }
    }

    pub(super) fn reloads(&self) -> u64 {
        self.reloads.load(Ordering::Relaxed)
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The snapshot of this moment over an index.
    pub(super) fn snapshot(&self, index: Arc<Index>) -> Result<Snapshot, SettingsRefused> {
        let policy = self.settings.policy_now()?;
        let devices = self.settings.devices_now(&policy)?;
        let networks = self.settings.network_list()?;
        let live = Live::new(index, &policy, moment(&policy, now()));
        Ok(Snapshot::new(
            live,
            &policy,
            &devices,
            &networks,
            &self.settings.inside,
            self.settings.block_at(),
        ))
    }

    /// How things stand before the first snapshot is made, so that no change after it is missed.
    pub(super) fn begin(&self) -> Begun {
        let policy = self.settings.policy_now().ok();
        let mark = self.mark(policy.as_ref());
        Begun { policy, mark }
    }

    /// Looks four times a second, until told to stop.
    pub(super) fn run(&self, begun: Begun, shared: &Shared, stop: &AtomicBool) {
        let Begun {
            mut policy,
            mut mark,
        } = begun;
        // Opening an index takes a while, in which answers go first. Where that cannot be had, it goes without.
        let _ = rustix::process::nice(19);
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(TURN);
            let current = self.mark(policy.as_ref());
            if current == mark {
                continue;
            }
            let index_is_new = current.files.first() != mark.files.first();
            let old_index = shared.snapshot.load().live.index().clone();
            let made = self.make(old_index, index_is_new);
            let trouble = match made {
                Ok(snapshot) => {
                    policy = self.settings.policy_now().ok();
                    let old = shared.snapshot.swap(Arc::new(snapshot));
                    self.reloads.fetch_add(1, Ordering::Relaxed);
                    // Taking the old index down takes a moment, which no question should wait for.
                    while Arc::strong_count(&old) > 1 && !stop.load(Ordering::Relaxed) {
                        std::thread::sleep(Duration::from_millis(10));
                    }
                    None
                }
                Err(why) => Some(why.to_string()),
            };
            *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
            mark = Mark {
                files: current.files,
                ..self.mark(policy.as_ref())
            };
        }
    }

    fn make(&self, old: Arc<Index>, index_is_new: bool) -> Result<Snapshot, StartRefused> {
        let index = if index_is_new {
            Arc::new(Index::open(&self.settings.index)?)
        } else {
            old
        };
        Ok(self.snapshot(index)?)
    }

    fn mark(&self, policy: Option<&Policy>) -> Mark {
        let file = |path: PathBuf| {
            let about = std::fs::metadata(path).ok()?;
            Some((about.ino(), about.size(), about.mtime(), about.mtime_nsec()))
        };
        let now = now();
        Mark {
            files: self.settings.watched().into_iter().map(file).collect(),
            part: policy.map(|policy| policy.calendar.part(moment(policy, now).local)),
            in_force: policy.map_or_else(Vec::new, |policy| {
                policy.own.iter().map(|own| own.is_in_force(now)).collect()
            }),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the resolver's clock for hours and ends of approvals"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

fn moment(policy: &Policy, now: Timestamp) -> Moment {
    let zone = jiff::tz::TimeZone::get(&policy.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    Moment::of(&now.to_zoned(zone))
}
