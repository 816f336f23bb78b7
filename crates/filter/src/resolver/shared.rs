//! What all workers share, and the slow path: asking upstream, once for all who wait.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use arc_swap::ArcSwap;
use tokio::sync::OnceCell;

use super::cache::{Cache, CacheKey, Kept};
use super::judge::{Asked, Asker, Done, Now, Said, Worker};
use super::limits::Limits;
use super::log::{self, By, Kind, Log, Logs};
use super::message::{self, SAFE_S};
use super::query::{IN, Lower, Query};
use super::reply::{self, Age};
use super::snapshot::{ITSELF, Snapshot, Target};
use super::upstream::Upstreams;
use crate::index::Key;

/// The machine's clocks; nothing else here reads them.
pub(super) struct Clock {
    started: Instant,
}

impl Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the resolver's one reader of the steady clock"
    )]
    pub(super) fn start() -> Self {
        Self {
            started: Instant::now(),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the resolver's one reader of the wall clock, for its log"
    )]
    pub(super) fn now(&self) -> Now {
        let wall_ms = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_millis() as i64);
        // From a day on, so that an age can be taken from it at once.
        Now {
            second: 86_400 + self.started.elapsed().as_secs() as u32,
            wall_ms,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the resolver's one reader of the machine's chance"
)]
pub(super) fn chance<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|why| std::io::Error::other(why.to_string()))?;
    Ok(bytes)
}

/// What was done since the start.
#[derive(Debug, Default)]
pub(super) struct Totals {
    pub blocked: AtomicU64,
    pub cached: AtomicU64,
    pub asked: AtomicU64,
    pub failed: AtomicU64,
    pub dropped: AtomicU64,
}

/// What all who ask for one answer wait for.
type Waited = Arc<OnceCell<Option<Arc<Kept>>>>;

pub(super) struct Shared {
    pub snapshot: ArcSwap<Snapshot>,
    pub cache: Cache,
    pub upstreams: Upstreams,
    pub clock: Clock,
    pub logs: Option<Logs>,
    pub totals: Totals,
    pub most_per_second: u32,
    asking: Mutex<HashMap<CacheKey, Waited>>,
}

/// One of those who wait for an answer. Whoever asked may go away before it comes, and then leaves nothing behind.
struct Waiting<'a> {
    shared: &'a Shared,
    key: CacheKey,
    cell: Waited,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let asking = &self.shared.asking;
        let mut asking = asking.lock().unwrap_or_else(PoisonError::into_inner);
        let held = asking.get(&self.key);
        // Whoever began after the answer came has a cell of its own. The table and this one hold it: nobody else.
        let is_ours = held.is_some_and(|held| Arc::ptr_eq(held, &self.cell));
        if is_ours && (self.cell.initialized() || Arc::strong_count(&self.cell) <= 2) {
            asking.remove(&self.key);
        }
    }
}

/// A question on its way to an upstream.
pub(super) struct Job {
    pub packet: Box<[u8]>,
    pub asker: Asker,
    pub wanted: Wanted,
    /// The socket through which the question came.
    pub socket: usize,
}

/// What is to come of it.
pub(super) enum Wanted {
    /// An answer to whoever waits at this address.
    Answer(Asked, SocketAddr),
    /// A kept answer, fetched anew.
    Renewal(CacheKey),
}

impl Shared {
    pub(super) fn new(
        snapshot: Snapshot,
        upstreams: Upstreams,
        logs: Option<Logs>,
        cache_bytes: usize,
        stale_for: u32,
        most_per_second: u32,
    ) -> std::io::Result<Self> {
        Ok(Self {
            snapshot: ArcSwap::from_pointee(snapshot),
            cache: Cache::new(Key::new(chance()?), cache_bytes, stale_for),
            upstreams,
            clock: Clock::start(),
            logs,
            totals: Totals::default(),
            most_per_second,
            asking: Mutex::default(),
        })
    }

    pub(super) fn worker(&self) -> Worker {
        let log = self.logs.as_ref().map_or_else(Log::none, Logs::log);
        Worker::new(Limits::new(self.cache.key, self.most_per_second), log)
    }

    pub(super) fn count(&self, counts: &mut [u64; 3]) {
        let [blocked, cached, asked] = std::mem::take(counts);
        self.totals.blocked.fetch_add(blocked, Ordering::Relaxed);
        self.totals.cached.fetch_add(cached, Ordering::Relaxed);
        self.totals.asked.fetch_add(asked, Ordering::Relaxed);
    }

    /// Answers, at once or after asking upstream. None where there is nothing to say.
    pub(super) async fn answer(
        self: &Arc<Self>,
        worker: &Mutex<Worker>,
        packet: &[u8],
        asker: &Asker,
    ) -> Option<Vec<u8>> {
        Some(self.answer_and_say(worker, packet, asker).await?.0)
    }

    /// The answer to a question that somebody asks on a client's behalf, and what was decided.
    pub(super) async fn look(
        self: &Arc<Self>,
        worker: &Mutex<Worker>,
        name: &Lower,
        kind: u16,
        asker: &Asker,
    ) -> Option<(Vec<u8>, Said)> {
        let mut packet = vec![0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        packet.extend_from_slice(name.wire());
        packet.push(0);
        packet.extend_from_slice(&kind.to_be_bytes());
        packet.extend_from_slice(&IN.to_be_bytes());
        let (message, said) = self.answer_and_say(worker, &packet, asker).await?;
        Some((message, said?))
    }

    /// Writes down what came of a request through the proxy.
    pub(super) fn say(
        &self,
        worker: &Mutex<Worker>,
        asker: &Asker,
        place: (&str, &str),
        kind: Kind,
        said: &Said,
    ) {
        let snapshot = self.snapshot.load();
        let who = snapshot.who(asker);
        let by = By {
            from: asker.from,
            device: snapshot.id_of(who),
            group: snapshot.live.group_name(who.group),
        };
        let mut worker = worker.lock().unwrap_or_else(PoisonError::into_inner);
        let at_ms = self.clock.now().wall_ms;
        worker.log.line(at_ms, by, kind, said.did(), |out| {
            log::page(out, place.0);
            if kind == Kind::Page {
                log::page(out, place.1);
            }
        });
    }

    async fn answer_and_say(
        self: &Arc<Self>,
        worker: &Mutex<Worker>,
        packet: &[u8],
        asker: &Asker,
    ) -> Option<(Vec<u8>, Option<Said>)> {
        let mut out = Vec::with_capacity(512);
        let (done, said) = {
            let mut worker = worker.lock().unwrap_or_else(PoisonError::into_inner);
            let snapshot = self.snapshot.load();
            let now = self.clock.now();
            let done = worker.answer(&snapshot, &self.cache, packet, asker, now, &mut out);
            (done, worker.said.take())
        };
        match done {
            Done::Silence => None,
            Done::Reply => Some((out, said)),
            Done::ReplyAndRenew(key) => {
                let (shared, packet) = (self.clone(), packet.to_vec());
                tokio::spawn(async move { shared.renew(&packet, key).await });
                Some((out, said))
            }
            Done::Ask(asked) => {
                let said = self.ask(worker, packet, asker, asked, &mut out).await;
                Some((out, said))
            }
        }
    }

    /// Asks upstream and writes the answer for this client.
    pub(super) async fn ask(
        &self,
        worker: &Mutex<Worker>,
        packet: &[u8],
        asker: &Asker,
        mut asked: Asked,
        out: &mut Vec<u8>,
    ) -> Option<Said> {
        let query = Query::read(packet).ok()?;
        let fetched = self.fetch_once(&query, asked.key).await;
        let now = self.clock.now();
        let stale = || {
            self.cache
                .get(&asked.key)
                .filter(|kept| self.cache.may_be_stale(kept, now.second))
        };
        let given = match fetched {
            Some(kept) => {
                let age = Age::Seconds(now.second.saturating_sub(kept.since));
                Some((kept, age))
            }
            None => stale().map(|kept| (kept, Age::Stale)),
        };
        let snapshot = self.snapshot.load();
        // There may be another register by now.
        asked.who = snapshot.who(asker);
        let mut worker = worker.lock().unwrap_or_else(PoisonError::into_inner);
        match given {
            Some((kept, age)) => worker.give(&snapshot, &query, asker, asked, &kept, age, now, out),
            None => {
                self.totals.failed.fetch_add(1, Ordering::Relaxed);
                worker.fail(&snapshot, &query, asker, asked.who, now, out);
            }
        }
        if asker.is_udp {
            reply::fit(&query, out);
        }
        worker.said.take()
    }

    /// Fetches an answer anew that is running out.
    pub(super) async fn renew(&self, packet: &[u8], asked: CacheKey) {
        if let Ok(query) = Query::read(packet) {
            self.fetch_once(&query, asked).await;
        }
    }

    async fn fetch_once(&self, query: &Query<'_>, key: CacheKey) -> Option<Arc<Kept>> {
        let cell = {
            let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
            asking.entry(key).or_default().clone()
        };
        let waiting = Waiting {
            shared: self,
            key,
            cell,
        };
        let fetched = waiting.cell.get_or_init(|| self.fetch(query, key));
        fetched.await.clone()
    }

    async fn fetch(&self, query: &Query<'_>, key: CacheKey) -> Option<Arc<Kept>> {
        let now = self.clock.now().second;
        let kept = if key.variant == ITSELF {
            self.fetch_name(&query.lower, query, now).await?
        } else {
            let target = self
                .snapshot
                .load()
                .targets
                .get(usize::from(key.variant) - 1)
                .cloned()?;
            match target {
                Target::Address(address) => {
                    message::safe(&query.lower, query.kind, None, &[address], now, SAFE_S)
                }
                Target::Name(name) => {
                    let found = self.fetch_name(&name, query, now).await?;
                    let addresses = message::addresses(&found.message);
                    let lasts = found.until - found.since;
                    let name = Some(&*name);
                    let rebinding = found.rebinding;
                    Kept {
                        rebinding,
                        ..message::safe(&query.lower, query.kind, name, &addresses, now, lasts)
                    }
                }
            }
        };
        let kept = Arc::new(kept);
        self.cache.put(key, kept.clone(), now);
        Some(kept)
    }

    async fn fetch_name(&self, name: &Lower, query: &Query<'_>, now: u32) -> Option<Kept> {
        let chance = chance().ok()?;
        let question = message::question(
            name,
            query.kind,
            query.dnssec_ok(),
            query.checking_disabled(),
            &chance,
        );
        let may_be_inside = self.snapshot.load().may_be_inside(&name.text());
        let read = |answer: &[u8]| message::read(&question, answer, may_be_inside, now);
        self.upstreams.ask(&question, now, read).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolver::tests::{Manner, School, Upstream, question};

    #[test]
    fn whoever_goes_away_before_the_answer_leaves_nothing_behind() {
        let school = School::new(vec![Upstream::start(Manner::Silent)], "");
        let shared = &school.resolver.shared;
        let asker = Asker {
            from: "127.0.0.1".parse().expect("an address"),
            token: None,
            is_udp: false,
            is_quiet: false,
        };
        let packet = question("open.example", 1, false);
        let under_way = || shared.asking.lock().expect("unpoisoned").len();
        let runtime = school.resolver.runtime.as_ref().expect("it runs");
        runtime.block_on(async {
            let mut answer = Box::pin(shared.answer(&school.resolver.worker, &packet, &asker));
            tokio::select! {
                _ = &mut answer => panic!("nobody answers"),
                () = async { while under_way() == 0 { tokio::task::yield_now().await } } => {}
            }
            drop(answer);
        });
        assert_eq!(under_way(), 0);
    }
}
