//! How often one may guess: enough for clumsy fingers, too little for a guesser,
//! and never so that one person can lock another out for good (OWASP ASVS 5.0.0,
//! 6.3.1 and 6.6.3).

use jiff::{SignedDuration, Timestamp};

/// The time over which wrong guesses are counted.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(5);

/// Wrong passwords for one account within the window.
pub const PASSWORDS: usize = 10;

/// Wrong passwords from one address within the window. A whole school may sit
/// behind one address on a Monday morning, so this is far above one person's slips.
pub const PASSWORDS_FROM_ONE_ADDRESS: usize = 100;

/// Wrong codes of a second factor for one account within the window.
pub const CODES: usize = 5;

/// Reports without an account from one address within the window. Three classes of
/// thirty that tell at once, each child twice, stay well below it; a program that
/// floods the school does not.
pub const REPORTS_FROM_ONE_ADDRESS: usize = 200;

/// Wrong answer codes from one address within the window: a class may mistype, each
/// child once. Codes have 36 bits, so a guesser who does nothing else for a year finds
/// one of a hundred codes with a chance of one in a hundred and fifty.
pub const ANSWER_CODES_FROM_ONE_ADDRESS: usize = 40;

/// Earlier wrong guesses, in any order; only those within the window count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failures {
    /// For this account, from anywhere that the account never signed in from.
    pub by_strangers: Vec<Timestamp>,
    /// For this account, by the very device that asks, if the account has signed
    /// in from it before. Such a device has a count of its own, so that a stranger
    /// who guesses at the headteacher's account does not keep the headteacher out.
    pub by_this_known_device: Option<Vec<Timestamp>>,
    /// For any account, from this address.
    pub from_this_address: Vec<Timestamp>,
}

/// The guess is not looked at; another may be made from this instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TryLater {
    pub at: Timestamp,
}

impl TryLater {
    /// The sentence on the sign-in page, which is the same whether the account exists or not.
    pub fn sentence(self) -> &'static str {
        "There were too many wrong attempts. Wait five minutes, then try again, or ask for a \
         new password."
    }
}

/// Whether a password may be tried now.
pub fn may_try_password(failures: &Failures, now: Timestamp) -> Result<(), TryLater> {
    let own = failures
        .by_this_known_device
        .as_ref()
        .unwrap_or(&failures.by_strangers);
    let account = room(own, PASSWORDS, now);
    let address = match failures.by_this_known_device {
        // A known device is let through a crowded address: its own count holds it.
        Some(_) => Ok(()),
        None => room(&failures.from_this_address, PASSWORDS_FROM_ONE_ADDRESS, now),
    };
    match (account, address) {
        (Ok(()), Ok(())) => Ok(()),
        (Err(a), Err(b)) => Err(TryLater { at: a.at.max(b.at) }),
        (Err(later), Ok(())) | (Ok(()), Err(later)) => Err(later),
    }
}

/// Whether a code of the second factor may be tried now. Whoever comes so far
/// knows the password, so there is one count for the account.
pub fn may_try_code(failures: &[Timestamp], now: Timestamp) -> Result<(), TryLater> {
    room(failures, CODES, now)
}

/// Whether a report may be taken now. Whoever has to wait loses nothing typed, and is
/// told whom to turn to meanwhile.
pub fn may_report(arrivals: &[Timestamp], now: Timestamp) -> Result<(), TryLater> {
    room(arrivals, REPORTS_FROM_ONE_ADDRESS, now)
}

/// Whether an answer code may be tried now.
pub fn may_try_answer_code(failures: &[Timestamp], now: Timestamp) -> Result<(), TryLater> {
    room(failures, ANSWER_CODES_FROM_ONE_ADDRESS, now)
}

fn room(failures: &[Timestamp], most: usize, now: Timestamp) -> Result<(), TryLater> {
    let mut recent: Vec<Timestamp> = failures
        .iter()
        .copied()
        .filter(|at| ends(*at) > now)
        .collect();
    if recent.len() < most {
        return Ok(());
    }
    recent.sort();
    // Room comes when so many have left the window that fewer than `most` remain.
    let last_to_leave = recent[recent.len() - most];
    Err(TryLater {
        at: ends(last_to_leave),
    })
}

fn ends(failure: Timestamp) -> Timestamp {
    failure.saturating_add(WINDOW).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn guesses(count: usize, from: i64) -> Vec<Timestamp> {
        (0..count).map(|n| at(from + n as i64)).collect()
    }

    #[test]
    fn a_year_group_tells_at_once_and_a_flood_waits() {
        assert_eq!(may_report(&guesses(199, 0), at(200)), Ok(()));
        assert_eq!(
            may_report(&guesses(200, 0), at(200)),
            Err(TryLater { at: at(300) })
        );
        assert_eq!(may_report(&guesses(200, 0), at(300)), Ok(()));
        assert_eq!(may_try_answer_code(&guesses(39, 0), at(60)), Ok(()));
        assert_eq!(
            may_try_answer_code(&guesses(40, 0), at(60)),
            Err(TryLater { at: at(300) })
        );
    }

    #[test]
    fn ten_guesses_in_five_minutes_and_no_more() {
        let check = |failures: Failures, now: i64, expected: Result<(), i64>| {
            let answer = may_try_password(&failures, at(now));
            assert_eq!(
                answer,
                expected.map_err(|second| TryLater { at: at(second) })
            );
        };
        let strangers = |count| Failures {
            by_strangers: guesses(count, 0),
            ..Failures::default()
        };
        check(strangers(9), 9, Ok(()));
        check(strangers(10), 10, Err(300));
        check(strangers(10), 299, Err(300));
        check(strangers(10), 300, Ok(()));
        check(strangers(12), 20, Err(302));
    }

    #[test]
    fn a_stranger_does_not_keep_the_owner_out() {
        let failures = Failures {
            by_strangers: guesses(200, 0),
            by_this_known_device: Some(guesses(2, 0)),
            from_this_address: guesses(200, 0),
        };
        assert_eq!(may_try_password(&failures, at(200)), Ok(()));
        let clumsy = Failures {
            by_this_known_device: Some(guesses(10, 0)),
            ..failures
        };
        assert_eq!(
            may_try_password(&clumsy, at(200)),
            Err(TryLater { at: at(300) })
        );
    }

    #[test]
    fn an_address_that_tries_every_account_is_stopped() {
        let check = |count, expected: bool| {
            let failures = Failures {
                from_this_address: guesses(count, 0),
                ..Failures::default()
            };
            assert_eq!(
                may_try_password(&failures, at(100)).is_ok(),
                expected,
                "{count}"
            );
        };
        check(99, true);
        check(100, false);
    }

    #[test]
    fn five_codes_and_no_more() {
        assert_eq!(may_try_code(&guesses(4, 0), at(10)), Ok(()));
        assert_eq!(
            may_try_code(&guesses(5, 0), at(10)),
            Err(TryLater { at: at(300) })
        );
    }

    proptest! {
        /// Nobody is locked out for good: at the stated instant the next guess is looked at.
        #[test]
        fn every_wait_ends_when_it_says(seconds in prop::collection::vec(0_i64..600, 0..40)) {
            let failures: Vec<Timestamp> = seconds.into_iter().map(at).collect();
            let now = at(600);
            if let Err(later) = may_try_code(&failures, now) {
                prop_assert!(later.at > now && later.at <= ends(now));
                prop_assert_eq!(may_try_code(&failures, later.at), Ok(()));
            }
        }
    }
}
