//! Backups: when the next is due, when the lack of one is an alarm, and what a
//! restore drill must show before a backup counts.

use belisha_policy::controls::backup;
use belisha_policy::{Hours, Policy};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// What the policy says of backups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupRule {
    pub every: Hours,
    /// The time of day from which they are counted, by the school's clock.
    pub at: Time,
    pub alarm_after: Hours,
}

impl BackupRule {
    /// The rule of this policy.
    pub fn of(policy: &Policy) -> Self {
        Self {
            every: policy.get(&backup::EVERY),
            at: policy.get(&backup::AT),
            alarm_after: policy.get(&backup::ALARM_AFTER),
        }
    }
}

/// The latest moment at or before now at which a backup was to be made.
///
/// Counting begins anew each day at the stated time, so that "every 5 hours from
/// two in the morning" means the same hours every day. On the night without a
/// half past one, that backup is made as soon as the clocks have moved.
pub fn last_scheduled(rule: BackupRule, now: Timestamp, zone: &TimeZone) -> Timestamp {
    let every = SignedDuration::from_hours(i64::from(rule.every.0.max(1)));
    let today = now.to_zoned(zone.clone()).date();
    let start_of = |day: jiff::civil::Date| {
        day.to_datetime(rule.at)
            .to_zoned(zone.clone())
            .map(|at| at.timestamp())
    };
    let start = match start_of(today) {
        Ok(start) if start <= now => start,
        Ok(_) | Err(_) => match today.yesterday().and_then(start_of) {
            Ok(start) => start,
            // Only at the very ends of the calendar.
            Err(_) => return now,
        },
    };
    let passed = now.duration_since(start).as_secs() / every.as_secs();
    let steps = i32::try_from(passed).unwrap_or(0);
    start.saturating_add(every * steps).unwrap_or(now)
}

/// The next moment after now at which a backup is to be made.
pub fn next_scheduled(rule: BackupRule, now: Timestamp, zone: &TimeZone) -> Timestamp {
    let every = SignedDuration::from_hours(i64::from(rule.every.0.max(1)));
    let by_step = last_scheduled(rule, now, zone)
        .saturating_add(every)
        .unwrap_or(now);
    // Counting begins anew at the stated time, which may come first.
    let today = now.to_zoned(zone.clone()).date();
    [Ok(today), today.tomorrow()]
        .into_iter()
        .flatten()
        .filter_map(|day| day.to_datetime(rule.at).to_zoned(zone.clone()).ok())
        .map(|at| at.timestamp())
        .find(|at| *at > now)
        .map_or(by_step, |anew| anew.min(by_step))
}

/// A backup file that is kept, as the rule on keeping sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub made_at: Timestamp,
    /// A drill proved it good.
    pub proved: bool,
}

/// How long every backup is kept, and how long the last good one of each day.
const EVERY_ONE: SignedDuration = SignedDuration::from_hours(48);
const ONE_A_DAY: SignedDuration = SignedDuration::from_hours(24 * 31);

/// Which backups may be deleted now; the positions of those in the list. For two days all
/// are kept, for a month the last proved one of each day. The newest proved one stays
/// whatever its age, and so does everything made after it.
pub fn may_delete(kept: &[Kept], now: Timestamp, zone: &TimeZone) -> Vec<usize> {
    let newest_proved = kept
        .iter()
        .filter(|it| it.proved)
        .map(|it| it.made_at)
        .max();
    let day = |it: &Kept| it.made_at.to_zoned(zone.clone()).date();
    let is_last_of_its_day = |one: &Kept| {
        !kept.iter().any(|other| {
            day(other) == day(one) && (other.proved, other.made_at) > (one.proved, one.made_at)
        })
    };
    kept.iter()
        .enumerate()
        .filter(|(_, it)| {
            let age = now.duration_since(it.made_at);
            let wanted = age <= EVERY_ONE || (age <= ONE_A_DAY && is_last_of_its_day(it));
            let stays = newest_proved.is_none_or(|newest| it.made_at >= newest);
            !wanted && !stays
        })
        .map(|(at, _)| at)
        .collect()
}

/// Whether a backup is due: none was begun since the last moment for one.
pub fn is_due(
    rule: BackupRule,
    last_begun: Option<Timestamp>,
    now: Timestamp,
    zone: &TimeZone,
) -> bool {
    last_begun.is_none_or(|begun| begun < last_scheduled(rule, now, zone))
}

/// The lack of a proved backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// None was ever proved good.
    Never,
    /// The newest proved one is older than the policy allows.
    TooOld { made_at: Timestamp },
}

/// Whether an alarm is to be raised. Only a backup that a drill proved counts;
/// a school that has just been set up has until the same hours have passed.
pub fn alarm(
    rule: BackupRule,
    newest_proved: Option<Timestamp>,
    set_up_at: Timestamp,
    now: Timestamp,
) -> Option<Alarm> {
    let allowed = SignedDuration::from_hours(rule.alarm_after.0.into());
    match newest_proved {
        Some(made_at) if now.duration_since(made_at) > allowed => Some(Alarm::TooOld { made_at }),
        Some(_) => None,
        None if now.duration_since(set_up_at) > allowed => Some(Alarm::Never),
        None => None,
    }
}

/// What a drill found when it restored a backup into a scratch place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drill {
    pub decrypted: bool,
    pub opened: bool,
    pub journal_verified: bool,
    /// For each table: its name, the rows when the backup was made, the rows restored.
    pub counts: Vec<(String, u64, u64)>,
}

/// One thing that a drill found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrillFault {
    NotDecrypted,
    NotOpened,
    JournalNotVerified,
    CountDiffers {
        table: String,
        made: u64,
        restored: u64,
    },
    /// Nothing was compared, which proves nothing.
    NothingCompared,
}

impl DrillFault {
    /// What was wrong, for the alarm.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotDecrypted => {
                "The backup could not be decrypted with the drill key. Check the recovery kit."
                    .to_owned()
            }
            Self::NotOpened => "The restored database could not be opened.".to_owned(),
            Self::JournalNotVerified => "The restored journal could not be verified.".to_owned(),
            Self::CountDiffers {
                table,
                made,
                restored,
            } => format!(
                "The table {table} had {made} rows when the backup was made and {restored} after it was restored."
            ),
            Self::NothingCompared => "The drill compared nothing.".to_owned(),
        }
    }
}

/// Whether the drill proved the backup good; otherwise everything that it found.
/// What could not be reached because of an earlier fault is not listed.
pub fn prove(drill: &Drill) -> Result<(), Vec<DrillFault>> {
    if !drill.decrypted {
        return Err(vec![DrillFault::NotDecrypted]);
    }
    if !drill.opened {
        return Err(vec![DrillFault::NotOpened]);
    }
    let mut faults = Vec::new();
    if !drill.journal_verified {
        faults.push(DrillFault::JournalNotVerified);
    }
    if drill.counts.is_empty() {
        faults.push(DrillFault::NothingCompared);
    }
    faults.extend(
        drill
            .counts
            .iter()
            .filter(|(_, made, restored)| made != restored)
            .map(|(table, made, restored)| DrillFault::CountDiffers {
                table: table.clone(),
                made: *made,
                restored: *restored,
            }),
    );
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;
    use crate::testing::policy_with;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn rule(every: u32, hour: i8) -> BackupRule {
        BackupRule {
            every: Hours(every),
            at: time(hour, 0, 0, 0),
            alarm_after: Hours(26),
        }
    }

    #[test]
    fn backups_are_counted_from_their_hour_each_day() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let check = |every, hour, now: &str, expected: &str| {
            assert_eq!(
                last_scheduled(rule(every, hour), at(now), &zone),
                at(expected),
                "{now}"
            );
        };
        check(24, 2, "2026-01-14T10:00:00Z", "2026-01-14T02:00:00Z");
        check(24, 2, "2026-01-14T02:00:00Z", "2026-01-14T02:00:00Z");
        check(24, 2, "2026-01-14T01:59:59Z", "2026-01-13T02:00:00Z");
        check(24, 2, "2026-07-14T10:00:00Z", "2026-07-14T01:00:00Z");
        check(6, 2, "2026-01-14T15:00:00Z", "2026-01-14T14:00:00Z");
        check(6, 2, "2026-01-14T01:00:00Z", "2026-01-13T20:00:00Z");
        check(5, 2, "2026-01-14T01:00:00Z", "2026-01-13T22:00:00Z");
        // Half past one does not exist on the night the clocks go forward; two is one hour later.
        check(24, 1, "2026-03-29T12:00:00Z", "2026-03-29T01:00:00Z");
        check(24, 2, "2025-10-26T12:00:00Z", "2025-10-26T02:00:00Z");
    }

    #[test]
    fn the_next_one_comes_after_now_and_at_the_stated_time_anew() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let check = |every, now: &str, expected: &str| {
            assert_eq!(
                next_scheduled(rule(every, 2), at(now), &zone),
                at(expected),
                "{now}"
            );
        };
        check(24, "2026-01-14T01:59:59Z", "2026-01-14T02:00:00Z");
        check(24, "2026-01-14T02:00:00Z", "2026-01-15T02:00:00Z");
        check(6, "2026-01-14T15:00:00Z", "2026-01-14T20:00:00Z");
        check(5, "2026-01-14T23:00:00Z", "2026-01-15T02:00:00Z");
        check(24, "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z");
    }

    #[test]
    fn the_last_proved_backup_is_never_deleted() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let now = at("2026-06-30T12:00:00Z");
        let check = |list: &[(&str, bool)], expected: &[usize]| {
            let kept: Vec<Kept> = list
                .iter()
                .map(|(made_at, proved)| Kept {
                    made_at: at(made_at),
                    proved: *proved,
                })
                .collect();
            assert_eq!(may_delete(&kept, now, &zone), expected, "{list:?}");
        };
        check(&[], &[]);
        check(&[("2026-01-01T02:00:00Z", true)], &[]);
        // Old and followed by a newer good one.
        check(
            &[
                ("2026-01-01T02:00:00Z", true),
                ("2026-06-30T02:00:00Z", true),
            ],
            &[0],
        );
        // The newer one failed its drill: the old one stays.
        check(
            &[
                ("2026-01-01T02:00:00Z", true),
                ("2026-06-30T02:00:00Z", false),
            ],
            &[],
        );
        // Two of one day a week ago: the last good one stays.
        check(
            &[
                ("2026-06-20T02:00:00Z", true),
                ("2026-06-20T08:00:00Z", true),
                ("2026-06-20T14:00:00Z", false),
                ("2026-06-30T02:00:00Z", true),
            ],
            &[0, 2],
        );
        // None was ever proved: nothing goes.
        check(
            &[
                ("2026-01-01T02:00:00Z", false),
                ("2026-06-30T02:00:00Z", false),
            ],
            &[],
        );
    }

    #[test]
    fn the_rule_is_read_from_the_policy() {
        let policy = policy_with("```control backup\nevery = \"6 hours\"\nat = \"01:00\"\n```\n");
        assert_eq!(BackupRule::of(&policy), rule(6, 1));
        assert_eq!(BackupRule::of(&policy_with("")), rule(24, 2));
    }

    #[test]
    fn a_backup_is_due_once_for_each_moment() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let check = |begun: Option<&str>, now: &str, expected| {
            assert_eq!(
                is_due(rule(24, 2), begun.map(at), at(now), &zone),
                expected,
                "{now}"
            );
        };
        check(None, "2026-01-14T10:00:00Z", true);
        check(Some("2026-01-14T02:00:00Z"), "2026-01-14T10:00:00Z", false);
        check(Some("2026-01-13T18:00:00Z"), "2026-01-14T01:59:00Z", false);
        check(Some("2026-01-13T18:00:00Z"), "2026-01-14T02:00:00Z", true);
    }

    #[test]
    fn the_lack_of_a_proved_backup_is_an_alarm() {
        let set_up = at("2026-01-10T09:00:00Z");
        let check = |proved: Option<&str>, now: &str, expected| {
            assert_eq!(
                alarm(rule(24, 2), proved.map(at), set_up, at(now)),
                expected,
                "{now}"
            );
        };
        check(None, "2026-01-11T11:00:00Z", None);
        check(None, "2026-01-11T11:00:01Z", Some(Alarm::Never));
        check(Some("2026-01-13T02:00:00Z"), "2026-01-14T04:00:00Z", None);
        let made_at = at("2026-01-13T02:00:00Z");
        check(
            Some("2026-01-13T02:00:00Z"),
            "2026-01-14T04:00:01Z",
            Some(Alarm::TooOld { made_at }),
        );
    }

    #[test]
    fn a_drill_proves_a_backup_or_says_what_is_wrong() {
        let good = || Drill {
            decrypted: true,
            opened: true,
            journal_verified: true,
            counts: vec![
                ("person".to_owned(), 450, 450),
                ("incident".to_owned(), 12, 12),
            ],
        };
        let check = |drill: Drill, expected: Result<(), Vec<DrillFault>>| {
            assert_eq!(prove(&drill), expected);
        };
        check(good(), Ok(()));
        check(
            Drill {
                decrypted: false,
                ..good()
            },
            Err(vec![DrillFault::NotDecrypted]),
        );
        check(
            Drill {
                opened: false,
                journal_verified: false,
                ..good()
            },
            Err(vec![DrillFault::NotOpened]),
        );
        check(
            Drill {
                counts: vec![],
                ..good()
            },
            Err(vec![DrillFault::NothingCompared]),
        );
        check(
            Drill {
                journal_verified: false,
                counts: vec![("person".to_owned(), 450, 449)],
                ..good()
            },
            Err(vec![
                DrillFault::JournalNotVerified,
                DrillFault::CountDiffers {
                    table: "person".to_owned(),
                    made: 450,
                    restored: 449,
                },
            ]),
        );
    }
}
