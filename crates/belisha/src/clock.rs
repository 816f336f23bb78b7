//! Time and chance are arguments: the two sources of both, and the only readers
//! of the machine's own. A test or a simulated term brings its own.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// The wall clock, to the millisecond.
    fn now(&self) -> Timestamp;
    /// Milliseconds since this program started, on a clock that never jumps.
    fn steady_ms(&self) -> u64;
}

/// Gives random bytes.
pub trait Chance: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The school's chance, as the vault asks for it.
pub struct ForVault<'a>(pub &'a dyn Chance);

impl belisha_vault::Chance for ForVault<'_> {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}

/// Sixteen or thirty-two random bytes at once, as ids and keys need them.
pub fn random<const N: usize>(chance: &dyn Chance) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill(&mut bytes);
    bytes
}

/// The machine's clock.
pub struct MachineClock {
    started: Instant,
}

impl MachineClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one reader of the machine's clock"
    )]
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
        }
    }
}

impl Clock for MachineClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one reader of the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        // The records keep milliseconds, so nothing may see more.
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    fn steady_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// How long something took, for the metrics alone: no rule and no record sees it.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(
        clippy::disallowed_methods,
        reason = "a duration that only the metrics see"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// A clock that stands until it is moved: for tests and for a simulated term.
pub struct SetClock {
    now_ms: AtomicI64,
    steady_from_ms: i64,
}

impl SetClock {
    pub fn at(now: Timestamp) -> Self {
        Self {
            now_ms: AtomicI64::new(now.as_millisecond()),
            steady_from_ms: now.as_millisecond(),
        }
    }

    pub fn set(&self, now: Timestamp) {
        self.now_ms.store(now.as_millisecond(), Ordering::SeqCst);
    }

    pub fn advance_ms(&self, by: i64) {
        self.now_ms.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now_ms.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }

    fn steady_ms(&self) -> u64 {
        let now = self.now_ms.load(Ordering::SeqCst);
        u64::try_from(now - self.steady_from_ms).unwrap_or(0)
    }
}

/// The operating system's random bytes.
pub struct MachineChance;

impl Chance for MachineChance {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one reader of the machine's chance"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes)
            .expect("the operating system gives random bytes; without them nothing may start");
    }
}

/// Random bytes from a seed, so that a simulated term or a failure replays.
pub struct SeededChance(Mutex<ChaCha20Rng>);

impl SeededChance {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(bytes);
    }
}
