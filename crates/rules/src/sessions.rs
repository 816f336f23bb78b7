//! How long a sign-in lasts: idle lock, absolute end, how many at once, and how
//! fresh it must be for what matters most (OWASP ASVS 5.0.0, 7.3 and 7.5).

use belisha_policy::controls::{idle_lock, session_limit};
use belisha_policy::{Policy, Standing};
use jiff::{SignedDuration, Timestamp};

use crate::ids::SessionId;
use crate::people::Hats;

/// How long a fresh sign-in counts as fresh.
pub const FRESH_FOR: SignedDuration = SignedDuration::from_mins(5);

/// A pupil's sign-in lasts no longer than this, whatever the policy allows adults.
pub const PUPILS_AT_MOST: SignedDuration = SignedDuration::from_hours(2);

/// A clock that was set back by more than this locks sessions, since nobody can
/// tell any longer how long they have been idle.
const CLOCK_MAY_SLIP: SignedDuration = SignedDuration::from_mins(1);

/// What the policy says of sign-ins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionRule {
    pub idle: SignedDuration,
    pub lasts: SignedDuration,
    pub at_once: usize,
}

impl SessionRule {
    /// The rule of this policy for a person.
    pub fn of(policy: &Policy, hats: &Hats) -> Self {
        let hours = policy.get(&session_limit::HOURS);
        let lasts = SignedDuration::from_hours(hours.0.into());
        let is_pupil = hats.standings.contains(&Standing::Pupil);
        Self {
            idle: SignedDuration::from_mins(policy.get(&idle_lock::AFTER).0.into()),
            lasts: if is_pupil {
                lasts.min(PUPILS_AT_MOST)
            } else {
                lasts
            },
            at_once: policy.get(&session_limit::DEVICES) as usize,
        }
    }
}

/// A session as the server knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub started_at: Timestamp,
    /// The last act of the person; what a page asks for on its own does not count.
    pub acted_at: Timestamp,
    /// When the person last proved who they are.
    pub proved_at: Timestamp,
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    Open,
    /// Nothing can be read until the person proves who they are; what was half written is kept.
    Locked,
    /// The person signs in anew.
    Ended,
}

/// Where a session stands at this moment.
pub fn standing(session: &Session, rule: SessionRule, now: Timestamp) -> SessionState {
    let idle = now.duration_since(session.acted_at);
    if now.duration_since(session.started_at) >= rule.lasts {
        SessionState::Ended
    } else if idle >= rule.idle || idle < -CLOCK_MAY_SLIP {
        SessionState::Locked
    } else {
        SessionState::Open
    }
}

/// The sessions of a person that end when they sign in once more: those that had
/// their time, and the oldest beyond the number that the policy allows.
pub fn ended_by_a_new_one(
    sessions: &[Session],
    rule: SessionRule,
    now: Timestamp,
) -> Vec<SessionId> {
    let (mut live, ended): (Vec<&Session>, Vec<&Session>) = sessions
        .iter()
        .partition(|session| standing(session, rule, now) != SessionState::Ended);
    live.sort_by_key(|session| (session.started_at, session.id));
    let too_many = (live.len() + 1).saturating_sub(rule.at_once.max(1));
    ended
        .into_iter()
        .chain(live.into_iter().take(too_many))
        .map(|session| session.id)
        .collect()
}

/// Whether the person proved who they are so recently that what needs a fresh
/// sign-in may be done.
pub fn is_fresh(session: &Session, now: Timestamp) -> bool {
    let since = now.duration_since(session.proved_at);
    since < FRESH_FOR && since >= -CLOCK_MAY_SLIP
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::policy_with;

    const RULE: SessionRule = SessionRule {
        idle: SignedDuration::from_mins(10),
        lasts: SignedDuration::from_hours(12),
        at_once: 3,
    };

    fn minute(n: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + n * 60).unwrap()
    }

    fn session(id: u128, started: i64, acted: i64) -> Session {
        Session {
            id: SessionId::new(id),
            started_at: minute(started),
            acted_at: minute(acted),
            proved_at: minute(started),
        }
    }

    #[test]
    fn a_session_locks_and_ends() {
        let check = |started, acted, now, expected| {
            assert_eq!(
                standing(&session(1, started, acted), RULE, minute(now)),
                expected
            );
        };
        check(0, 0, 0, SessionState::Open);
        check(0, 50, 59, SessionState::Open);
        check(0, 50, 60, SessionState::Locked);
        check(0, 719, 719, SessionState::Open);
        check(0, 719, 720, SessionState::Ended);
        check(0, 0, 720, SessionState::Ended);
        // The server's clock was set back by an hour.
        check(0, 100, 40, SessionState::Locked);
        check(0, 100, 99, SessionState::Open);
    }

    #[test]
    fn one_more_ends_the_oldest() {
        let check = |sessions: &[Session], now, expected: &[u128]| {
            let ended: Vec<u128> = ended_by_a_new_one(sessions, RULE, minute(now))
                .into_iter()
                .map(SessionId::bits)
                .collect();
            assert_eq!(ended, expected);
        };
        let three = [session(1, 5, 5), session(2, 1, 1), session(3, 9, 9)];
        check(&three[..2], 10, &[]);
        check(&three, 10, &[2]);
        // One that has had its time makes room by itself.
        check(
            &[session(1, -800, -100), session(2, 1, 1), session(3, 9, 9)],
            10,
            &[1],
        );
    }

    #[test]
    fn freshness_lasts_five_minutes() {
        let check = |proved, now, expected| {
            let session = Session {
                proved_at: minute(proved),
                ..session(1, 0, 0)
            };
            assert_eq!(is_fresh(&session, minute(now)), expected);
        };
        check(0, 4, true);
        check(0, 5, false);
        check(60, 0, false);
    }

    #[test]
    fn the_policy_sets_the_lock_and_pupils_have_less() {
        let policy = policy_with("```control idle-lock\nafter = \"5 minutes\"\n```\n");
        let check = |standing, idle_minutes, hours| {
            let rule = SessionRule::of(&policy, &Hats::new([standing], []));
            assert_eq!(rule.idle, SignedDuration::from_mins(idle_minutes));
            assert_eq!(rule.lasts, SignedDuration::from_hours(hours));
            assert_eq!(rule.at_once, 3);
        };
        check(Standing::Staff, 5, 12);
        check(Standing::Pupil, 5, 2);
    }
}
