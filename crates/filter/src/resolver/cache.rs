//! Answers of upstreams, kept for as long as they say, and some hours longer for when no upstream answers.
//!
//! Only what upstreams said is kept, never a verdict: one group's answer can never reach another.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::index::{Key, NameHash};
use crate::verdict::AsItIs;

use super::query::Lower;

const SHARDS: usize = 64;
/// What a kept answer costs besides its bytes.
const OVERHEAD: usize = 200;

/// Which answer: the name, its type, what the client asked of DNSSEC, and whether it is one for safe search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CacheKey {
    name: NameHash,
    kind: u16,
    flags: u8,
    /// 0, or one more than the number of the safe address that stands in its place.
    pub variant: u8,
}

/// The hash of the name is random already; what differs besides is told by comparing.
impl Hash for CacheKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.name.0 ^ u64::from(self.kind) << 32);
    }
}

impl CacheKey {
    #[inline]
    pub(super) fn new(
        key: &Key,
        name: &Lower,
        kind: u16,
        dnssec_ok: bool,
        checking_disabled: bool,
        variant: u8,
    ) -> Self {
        Self {
            name: key.add(key.start(), name.wire()),
            kind,
            flags: u8::from(dnssec_ok) | u8::from(checking_disabled) << 1,
            variant,
        }
    }
}

/// One kept answer.
#[derive(Debug)]
pub(super) struct Kept {
    /// The message without its EDNS record.
    pub message: Box<[u8]>,
    /// Where its times to live stand.
    pub ttls: Box<[u16]>,
    /// Names that the answer leads through, to be judged like the name itself.
    pub through: Box<[Lower]>,
    /// In seconds of the resolver's steady clock.
    pub since: u32,
    pub until: u32,
    /// Asked for since it was last looked at.
    pub used: AtomicBool,
    /// It gave an address of some inside network, and none of it may be told.
    pub rebinding: bool,
    /// Somebody is fetching it anew.
    pub renewing: AtomicBool,
}

impl Kept {
    fn cost(&self) -> usize {
        self.message.len()
            + self.ttls.len() * 2
            + self.through.len() * size_of::<Lower>()
            + OVERHEAD
    }

    pub(super) fn is_fresh(&self, now: u32) -> bool {
        now < self.until
    }

    /// Whether it should be fetched anew before it runs out: in the last tenth of its time.
    pub(super) fn is_running_out(&self, now: u32) -> bool {
        let whole = self.until - self.since;
        whole >= 30 && self.until.saturating_sub(now) <= whole / 10
    }
}

#[derive(Default)]
struct Shard {
    kept: HashMap<CacheKey, Arc<Kept>, BuildHasherDefault<AsItIs>>,
    order: VecDeque<CacheKey>,
    cost: usize,
}

pub(super) struct Cache {
    shards: Box<[Mutex<Shard>]>,
    most: usize,
    pub(super) key: Key,
    stale_for: u32,
}

impl Cache {
    /// A cache of so many bytes.
    pub(super) fn new(key: Key, bytes: usize, stale_for: u32) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            most: (bytes / SHARDS).max(OVERHEAD * 8),
            key,
            stale_for,
        }
    }

    fn shard(&self, key: &CacheKey) -> &Mutex<Shard> {
        &self.shards[key.name.1 as usize % SHARDS]
    }

    /// An answer, fresh or stale.
    #[inline]
    pub(super) fn get(&self, key: &CacheKey) -> Option<Arc<Kept>> {
        let shard = self
            .shard(key)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let kept = shard.kept.get(key)?;
        kept.used.store(true, Ordering::Relaxed);
        Some(kept.clone())
    }

    pub(super) fn put(&self, key: CacheKey, kept: Arc<Kept>, now: u32) {
        let mut shard = self
            .shard(&key)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        shard.cost += kept.cost();
        match shard.kept.insert(key, kept) {
            Some(before) => shard.cost -= before.cost(),
            None => shard.order.push_back(key),
        }
        // Whoever was asked for since the last round stays for one more.
        let mut spared = shard.order.len();
        while shard.cost > self.most {
            let Some(oldest) = shard.order.pop_front() else {
                break;
            };
            let Some(kept) = shard.kept.get(&oldest) else {
                continue;
            };
            let gone = kept.until.saturating_add(self.stale_for) < now;
            if !gone && spared > 0 && kept.used.swap(false, Ordering::Relaxed) {
                spared -= 1;
                shard.order.push_back(oldest);
                continue;
            }
            if let Some(kept) = shard.kept.remove(&oldest) {
                shard.cost -= kept.cost();
            }
        }
    }

    /// Whether an answer that has run out may still be given.
    pub(super) fn may_be_stale(&self, kept: &Kept, now: u32) -> bool {
        kept.until.saturating_add(self.stale_for) >= now
    }

    pub(super) fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| {
                shard
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .kept
                    .len()
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(length: usize) -> Arc<Kept> {
        Arc::new(Kept {
            message: vec![0; length].into(),
            ttls: Box::default(),
            through: Box::default(),
            since: 0,
            until: 100,
            used: AtomicBool::new(false),
            rebinding: false,
            renewing: AtomicBool::new(false),
        })
    }

    #[test]
    fn a_cache_keeps_within_its_bounds_and_spares_what_is_asked_for() {
        let cache = Cache::new(Key::new([1; 32]), 400_000, 60);
        let key = |at: u32, flags: bool| {
            let name = Lower::of(&format!("name{at}.example")).expect("a name");
            CacheKey::new(&cache.key, &name, 1, flags, false, 0)
        };
        cache.put(key(0, false), kept(100), 0);
        for at in 1..20_000 {
            assert!(cache.get(&key(0, false)).is_some(), "after {at}");
            cache.put(key(at, false), kept(100), 0);
        }
        assert!(cache.len() < 400_000 / 300 + SHARDS);
        assert!(cache.get(&key(0, true)).is_none());
    }
}
