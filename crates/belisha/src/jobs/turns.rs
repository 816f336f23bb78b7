//! How much background work a server does at once, for all of its schools.

use std::thread::available_parallelism;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::Weight;
use crate::problem::Fault;

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
    /// may be light ones to be done meanwhile.
    pub(super) async fn take(&self, weight: Weight) -> Result<Option<Turn<'_>>, Fault> {
        let heavy = match weight {
            Weight::Light => None,
            Weight::Heavy => match self.heavy.try_acquire() {
                Ok(permit) => Some(permit),
                Err(_) => return Ok(None),
            },
        };
        let any = self.any.acquire().await;
        Ok(Some(Turn {
            _any: any.map_err(|error| Fault::at("waiting for a turn".into(), error))?,
            _heavy: heavy,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_heavy_duty_at_a_time_and_light_ones_beside_it() {
        let turns = Turns::of_this_machine();
        let take = async |weight| turns.take(weight).await.expect("turns are taken");
        let heavy = take(Weight::Heavy).await;
        assert!(heavy.is_some());
        assert!(take(Weight::Heavy).await.is_none());
        assert!(take(Weight::Light).await.is_some());
        drop(heavy);
        assert!(take(Weight::Heavy).await.is_some());
    }
}
