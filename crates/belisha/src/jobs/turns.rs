//! How much background work a server does at once, for all of its schools.

use std::thread::available_parallelism;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::Weight;

/// One is enough for a machine: it reads and writes as fast as the disk gives.
const HEAVY: usize = 1;
/// Work that waits for somebody else, such as a mail server, leaves these many to go on.
const SPARE: usize = 2;

/// The turns of a server, which its schools share.
pub struct Turns {
    any: Semaphore,
    heavy: Semaphore,
}

/// A turn, until it is dropped.
pub(super) struct Turn<'t> {
    _any: SemaphorePermit<'t>,
    _heavy: Option<SemaphorePermit<'t>>,
}

impl Turns {
    /// As many as this machine has processors, and a few more.
    pub fn of_this_machine() -> Self {
        let processors = available_parallelism().map_or(1, usize::from);
        Self {
            any: Semaphore::new(processors + SPARE),
            heavy: Semaphore::new(HEAVY),
        }
    }

    /// Waits for a turn. None where a heavy duty would have to wait for another one: there
    /// may be light ones to be done meanwhile. None, too, once there are no more turns.
    pub(super) async fn take(&self, weight: Weight) -> Option<Turn<'_>> {
        let heavy = match weight {
            Weight::Light => None,
            Weight::Heavy => Some(self.heavy.try_acquire().ok()?),
        };
        Some(Turn {
            _any: self.any.acquire().await.ok()?,
            _heavy: heavy,
        })
    }

    /// Gives no more turns, so that a server that is to stop waits for what is being done and
    /// not for what was still to be done.
    pub fn end(&self) {
        self.any.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_heavy_duty_at_a_time_and_light_ones_beside_it() {
        let turns = Turns::of_this_machine();
        let heavy = turns.take(Weight::Heavy).await;
        assert!(heavy.is_some());
        assert!(turns.take(Weight::Heavy).await.is_none());
        assert!(turns.take(Weight::Light).await.is_some());
        drop(heavy);
        assert!(turns.take(Weight::Heavy).await.is_some());
    }

    #[tokio::test]
    async fn whoever_waits_for_a_turn_hears_that_there_are_no_more() {
        let turns = Turns::of_this_machine();
        let mut taken = Vec::new();
        while turns.any.available_permits() > 0 {
            taken.push(turns.take(Weight::Light).await);
        }
        let (next, ()) = tokio::join!(turns.take(Weight::Light), async { turns.end() });
        assert!(next.is_none());
    }
}
