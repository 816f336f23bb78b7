//! How often one device may come within a minute. It is held in memory: several servers each allow as much,
//! and a server that starts anew begins to count anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// A device asks for its settings every few minutes, and sends what it has once a minute at most.
const MOST_A_MINUTE: u32 = 60;
/// An enrolment with a thousand devices, each of them busy.
const MOST_OF_ENROLMENT: u32 = 6_000;
/// So many devices are told apart; further ones share what their enrolment has left.
const MOST_DEVICES: usize = 20_000;

/// What came in the minute that runs.
#[derive(Default)]
pub(crate) struct Limit(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    minute: i64,
    times: HashMap<String, u32>,
}

impl Limit {
    /// Counts one request of a device; false where it is one too many.
    pub(super) fn allows(&self, enrolment: &str, device: &str, now: Timestamp) -> bool {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.as_second().div_euclid(60);
        if counted.minute != minute {
            *counted = Counted {
                minute,
                times: HashMap::new(),
            };
        }
        let of_all = counted.more(enrolment.to_owned());
        if counted.times.len() >= MOST_DEVICES {
            return of_all <= MOST_OF_ENROLMENT;
        }
        let of_one = counted.more(format!("{enrolment} {device}"));
        of_all <= MOST_OF_ENROLMENT && of_one <= MOST_A_MINUTE
    }
}

impl Counted {
    fn more(&mut self, of: String) -> u32 {
        let times = self.times.entry(of).or_default();
        *times = times.saturating_add(1);
        *times
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_floods_waits_for_the_next_minute() {
        let limit = Limit::default();
        let at = |second| Timestamp::from_second(second).expect("an instant");
        for _ in 0..MOST_A_MINUTE {
            assert!(limit.allows("a", "one", at(0)));
        }
        assert!(!limit.allows("a", "one", at(59)));
        assert!(limit.allows("a", "two", at(59)), "another device goes on");
        assert!(limit.allows("a", "one", at(60)));
    }

    #[test]
    fn an_enrolment_has_its_limit_too() {
        let limit = Limit::default();
        let now = Timestamp::UNIX_EPOCH;
        for number in 0..MOST_OF_ENROLMENT {
            assert!(limit.allows("a", &number.to_string(), now));
        }
        assert!(!limit.allows("a", "another", now));
        assert!(limit.allows("b", "another", now));
    }
}
