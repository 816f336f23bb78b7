//! Takes changes into use: of the index, of the policy, of the leases, and of the hour.
//!
//! A changed file is noticed within a quarter of a second. What cannot be read is not used: the filter
//! goes on with what it read before, and says why.

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
use super::who::{Devices, Range};
use crate::index::Index;
use crate::verdict::{Live, Moment, PartOfDay, Policy};

const TURN: Duration = Duration::from_millis(250);

pub(super) struct Watch {
    settings: Settings,
    networks: Vec<Range>,
    reloads: AtomicU64,
    trouble: Mutex<Option<String>>,
}

/// What was last read without trouble. Hours and ends of approvals go by it also while a file is broken.
pub(super) struct Standing {
    index: Arc<Index>,
    policy: Policy,
    devices: Devices,
    /// How the files stood when they were last looked at.
    stamps: Vec<Stamp>,
    hour: Hour,
    /// Why the index that lies there now is not the one in use, and likewise for policy, register and leases.
    trouble: [Option<String>; 2],
}

/// What tells one version of a file from the next.
type Stamp = Option<(u64, u64, i64, i64)>;

/// What of a policy changes with the time alone.
#[derive(PartialEq, Eq)]
struct Hour {
    part: PartOfDay,
    in_force: Vec<bool>,
}

impl Hour {
    fn of(policy: &Policy, now: Timestamp) -> Self {
        Self {
            part: policy.calendar.part(moment(policy, now).local),
            in_force: policy.own.iter().map(|own| own.is_in_force(now)).collect(),
        }
    }
}

impl Watch {
    /// With what the first snapshot is made of.
    pub(super) fn begin(settings: Settings) -> Result<(Self, Standing), StartRefused> {
        let watch = Self {
            networks: settings.network_list().map_err(SettingsRefused::from)?,
            settings,
            reloads: AtomicU64::new(0),
            trouble: Mutex::default(),
        };
        // Looked at before it is read, so that no change after that is missed.
        let stamps = watch.stamps();
        let (policy, devices) = watch.read()?;
        let standing = Standing {
            index: Arc::new(Index::open(&watch.settings.index)?),
            hour: Hour::of(&policy, now()),
            policy,
            devices,
            stamps,
            trouble: [None, None],
        };
        Ok((watch, standing))
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

    pub(super) fn first(&self, standing: &Standing) -> Snapshot {
        self.snapshot(standing, now())
    }

    /// Looks four times a second, until told to stop.
    pub(super) fn run(&self, mut standing: Standing, shared: &Shared, stop: &AtomicBool) {
        // Opening an index takes a while, in which answers go first. Where that cannot be had, it goes without.
        let _ = rustix::process::nice(19);
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(TURN);
            let Some(snapshot) = self.look(&mut standing, now()) else {
                continue;
            };
            let old = shared.snapshot.swap(Arc::new(snapshot));
            self.reloads.fetch_add(1, Ordering::Relaxed);
            // Taking the old index down takes a moment, which no question should wait for.
            while Arc::strong_count(&old) > 1 && !stop.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }

    /// Another snapshot, if anything has changed of which one is made.
    fn look(&self, standing: &mut Standing, now: Timestamp) -> Option<Snapshot> {
        let stamps = self.stamps();
        let mut is_new = false;
        if stamps != standing.stamps {
            if stamps.first() != standing.stamps.first() {
                let opened = Index::open(&self.settings.index);
                standing.trouble[0] = opened.as_ref().err().map(ToString::to_string);
                if let Ok(index) = opened {
                    standing.index = Arc::new(index);
                    is_new = true;
                }
            }
            if stamps.get(1..) != standing.stamps.get(1..) {
                let read = self.read();
                standing.trouble[1] = read.as_ref().err().map(ToString::to_string);
                if let Ok((policy, devices)) = read {
                    (standing.policy, standing.devices) = (policy, devices);
                    is_new = true;
                }
            }
            standing.stamps = stamps;
            *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) =
                standing.trouble.iter().flatten().next().cloned();
        }
        let hour = Hour::of(&standing.policy, now);
        if !is_new && hour == standing.hour {
            return None;
        }
        standing.hour = hour;
        Some(self.snapshot(standing, now))
    }

    fn snapshot(&self, standing: &Standing, now: Timestamp) -> Snapshot {
        let policy = &standing.policy;
        Snapshot::new(
            Live::new(standing.index.clone(), policy, moment(policy, now)),
            policy,
            &standing.devices,
            &self.networks,
            &self.settings.inside,
            self.settings.block_at(),
        )
    }

    /// Policy, register and leases, which must fit each other.
    fn read(&self) -> Result<(Policy, Devices), SettingsRefused> {
        let policy = self.settings.policy_now()?;
        let devices = self.settings.devices_now(&policy)?;
        Ok((policy, devices))
    }

    /// Of the index, and then of the others.
    fn stamps(&self) -> Vec<Stamp> {
        let stamp = |path: PathBuf| {
            let about = std::fs::metadata(path).ok()?;
            Some((about.ino(), about.size(), about.mtime(), about.mtime_nsec()))
        };
        self.settings.watched().into_iter().map(stamp).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolver::tests::{POLICY, index};
    use crate::verdict::Answer;

    #[test]
    fn an_approval_ends_also_while_a_file_is_broken() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("written");
        };
        index(folder.path(), &["games.example"]);
        let approval = "[[own]]\nname = \"games.example\"\ndecision = \"approval\"\nreason = \"r\"\nby = \"b\"\n\
                        from = \"2020-01-01T00:00:00Z\"\nuntil = \"2100-01-01T00:00:00Z\"\n";
        write("policy.toml", &format!("{POLICY}{approval}"));
        write("register.toml", "");
        write(
            "filter.toml",
            "index = \"index\"\npolicy = \"policy.toml\"\nregister = \"register.toml\"\n\
             listen = [\"127.0.0.1:0\"]\nupstreams = [\"192.0.2.1\"]\n",
        );
        let settings = Settings::read(&folder.path().join("filter.toml")).expect("settings");
        let (watch, mut standing) = Watch::begin(settings).expect("files that can be read");
        let games = |snapshot: &Snapshot| {
            let key = snapshot.live.index().key();
            let endings = [key.name("games.example"), key.name("example")];
            snapshot.live.judge(snapshot.live.unknown(), &endings)
        };
        assert_eq!(games(&watch.first(&standing)), Answer::Opened);
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        write("register.toml", "nonsense");
        let during = watch.look(&mut standing, at("2026-11-27T10:00:00Z"));
        assert!(watch.trouble().is_some());
        assert!(during.is_none_or(|snapshot| games(&snapshot) == Answer::Opened));
        let after = watch.look(&mut standing, at("2100-01-01T00:00:00Z"));
        assert_eq!(games(&after.expect("another snapshot")), Answer::Listed(0));
        assert!(watch.trouble().is_some(), "it is broken still");
        // A broken index does not keep a policy out, and is not forgotten for it.
        write("index", "damaged");
        write(
            "policy.toml",
            &format!(
                "{POLICY}{}",
                approval
                    .replace("approval", "allow")
                    .replace("2100", "2200")
            ),
        );
        write("register.toml", "");
        let mended = watch.look(&mut standing, at("2100-01-01T00:00:00Z"));
        assert_eq!(games(&mended.expect("another snapshot")), Answer::Opened);
        assert!(watch.trouble().is_some(), "the index is broken still");
    }
}
