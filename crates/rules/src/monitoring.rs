//! What in the log of a filter is unusual enough for a person to look at. It counts and compares;
//! it judges nobody.

use std::collections::{BTreeMap, BTreeSet};

use belisha_policy::controls::filter_alerts;
use belisha_policy::sites::SiteCategory;
use belisha_policy::{Policy, Word};
use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp};

/// A burst is counted over so long.
const BURST_WITHIN_MS: i64 = 10 * 60 * 1000;
/// Beside the others: so many times the middle one of its group, and at least so many.
const TIMES_THE_MIDDLE: usize = 5;
const AT_LEAST: usize = 20;
/// A device that asks for so few names at night may be updating itself.
const NIGHT_AT_LEAST: usize = 25;

/// One decision of the filter, as far as this asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<'a> {
    pub at_ms: i64,
    /// What the school's clock showed.
    pub local: DateTime,
    pub device: &'a str,
    pub group: &'a str,
    pub name: &'a str,
    /// The key of what the site is about, where a list stopped it.
    pub category: &'a str,
    pub blocked: bool,
    pub illegal: bool,
}

/// Why something is unusual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unusual {
    /// Content that no school may reach.
    Illegal,
    /// Repeated attempts at a grave kind of site.
    Grave,
    Burst,
    /// One device far above the others of its group.
    Beyond,
    Night,
    /// Watched words in a search, or in the address of a page.
    Words,
    /// The log is silent.
    Silent,
    /// Decisions were not written.
    Gap,
}

impl Word for Unusual {
    const KIND: &'static str = "a kind of alert";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Illegal, "illegal", "Illegal content was asked for"),
        (
            Self::Grave,
            "grave",
            "Repeated attempts at a grave kind of site",
        ),
        (Self::Burst, "burst", "Many blocked names within minutes"),
        (
            Self::Beyond,
            "beyond",
            "Far more blocked names than on other devices",
        ),
        (Self::Night, "night", "A device in use at night"),
        (Self::Words, "words", "Words that worry"),
        (Self::Silent, "silent", "The log of the filter is silent"),
        (Self::Gap, "gap", "The log of the filter has a gap"),
    ];
}

impl Unusual {
    /// Whether it is about the systems and says nothing of people.
    pub fn is_technical(self) -> bool {
        matches!(self, Self::Silent | Self::Gap)
    }
}

/// What the policy calls unusual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub grave: Vec<SiteCategory>,
    pub attempts: usize,
    pub burst: usize,
    pub night: (Time, Time),
    pub silent: SignedDuration,
}

impl Terms {
    pub fn of(policy: &Policy) -> Self {
        Self {
            grave: policy.get(&filter_alerts::AT_ONCE),
            attempts: policy.get(&filter_alerts::ATTEMPTS) as usize,
            burst: policy.get(&filter_alerts::BURST) as usize,
            night: (
                policy.get(&filter_alerts::NIGHT_FROM),
                policy.get(&filter_alerts::NIGHT_UNTIL),
            ),
            silent: SignedDuration::from_hours(policy.get(&filter_alerts::SILENT).0.into()),
        }
    }
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub why: Unusual,
    pub at_once: bool,
    pub device: String,
    pub group: String,
    pub first_at_ms: i64,
    pub category: String,
    /// The names, the most asked for first; a few of them.
    pub names: Vec<String>,
    pub times: usize,
}

/// Goes through the decisions of one day, oldest first. Groups of adults are not watched at night.
pub fn unusual(day: &[Seen<'_>], terms: &Terms, adults: &[&str]) -> Vec<Found> {
    let mut devices: BTreeMap<(&str, &str), Vec<&Seen<'_>>> = BTreeMap::new();
    for seen in day {
        devices
            .entry((seen.group, seen.device))
            .or_default()
            .push(seen);
    }
    let mut found = Vec::new();
    for ((group, device), seen) in &devices {
        let about = |why, at_once, of: &[&Seen<'_>], category: &str| Found {
            why,
            at_once,
            device: (*device).to_owned(),
            group: (*group).to_owned(),
            first_at_ms: of.first().map_or(0, |seen| seen.at_ms),
            category: category.to_owned(),
            names: names(of),
            times: of.len(),
        };
        let illegal: Vec<&Seen<'_>> = picked(seen, |seen| seen.illegal);
        if !illegal.is_empty() {
            // Its names are shown to nobody.
            let mut alert = about(Unusual::Illegal, true, &illegal, "illegal");
            alert.names.clear();
            found.push(alert);
        }
        for category in &terms.grave {
            let tried = picked(seen, |seen| seen.blocked && seen.category == category.key());
            if tried.len() >= terms.attempts {
                found.push(about(Unusual::Grave, true, &tried, category.key()));
            }
        }
        if let Some(burst) = burst(seen, terms.burst) {
            found.push(about(Unusual::Burst, false, &burst, ""));
        }
        let at_night = picked(seen, |seen| is_night(seen.local.time(), terms.night));
        if !adults.contains(group) && at_night.len() >= NIGHT_AT_LEAST {
            found.push(about(Unusual::Night, false, &at_night, ""));
        }
        let blocked = picked(seen, |seen| seen.blocked && !seen.illegal);
        let others: Vec<usize> = devices
            .iter()
            .filter(|((other, name), _)| other == group && name != device)
            .map(|(_, seen)| picked(seen, |seen| seen.blocked && !seen.illegal).len())
            .collect();
        if others.len() >= 3
            && blocked.len() >= AT_LEAST
            && blocked.len() > TIMES_THE_MIDDLE * middle(others)
        {
            found.push(about(Unusual::Beyond, false, &blocked, ""));
        }
    }
    found
}

fn picked<'s, 'a>(seen: &[&'s Seen<'a>], is: impl Fn(&Seen<'a>) -> bool) -> Vec<&'s Seen<'a>> {
    seen.iter().copied().filter(|seen| is(seen)).collect()
}

fn middle(mut numbers: Vec<usize>) -> usize {
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

/// The names that were asked for, the most frequent first.
fn names(seen: &[&Seen<'_>]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in seen {
        *counts.entry(one.name).or_default() += 1;
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    names.sort_by_key(|(name, times)| (std::cmp::Reverse(*times), *name));
    names
        .into_iter()
        .take(5)
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// The first ten minutes in which so many different names were blocked.
fn burst<'s, 'a>(seen: &[&'s Seen<'a>], most: usize) -> Option<Vec<&'s Seen<'a>>> {
    let blocked = picked(seen, |seen| seen.blocked);
    let mut from = 0;
    for to in 0..blocked.len() {
        while blocked[to].at_ms - blocked[from].at_ms > BURST_WITHIN_MS {
            from += 1;
        }
        // Fewer questions than names can be no burst.
        if to + 1 - from < most {
            continue;
        }
        let different: BTreeSet<&str> = blocked[from..=to].iter().map(|seen| seen.name).collect();
        if different.len() >= most {
            return Some(blocked[from..=to].to_vec());
        }
    }
    None
}

fn is_night(time: Time, (from, until): (Time, Time)) -> bool {
    if from <= until {
        from <= time && time < until
    } else {
        time >= from || time < until
    }
}

/// Whether the log has been silent for too long: only while the school is open, and only once it
/// has spoken at all.
pub fn is_silent(
    terms: &Terms,
    last: Option<Timestamp>,
    opened_at: Option<Timestamp>,
    now: Timestamp,
) -> bool {
    let Some((last, opened_at)) = last.zip(opened_at) else {
        return false;
    };
    now.duration_since(last.max(opened_at)) >= terms.silent
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn terms() -> Terms {
        Terms {
            grave: vec![SiteCategory::SelfHarm],
            attempts: 3,
            burst: 5,
            night: (time(21, 0, 0, 0), time(6, 0, 0, 0)),
            silent: SignedDuration::from_hours(2),
        }
    }

    fn seen<'a>(minute: i64, device: &'a str, name: &'a str, category: &'a str) -> Seen<'a> {
        Seen {
            at_ms: minute * 60_000,
            local: date(2026, 9, 23).at(10, 0, 0, 0),
            device,
            group: "pupils",
            name,
            category,
            blocked: !category.is_empty(),
            illegal: false,
        }
    }

    fn whys(day: &[Seen<'_>]) -> Vec<(Unusual, bool, usize)> {
        unusual(day, &terms(), &["staff"])
            .into_iter()
            .map(|found| (found.why, found.at_once, found.times))
            .collect()
    }

    #[test]
    fn grave_content_is_told_at_once_when_it_is_tried_again_and_again() {
        let tried = |times: i64, category| -> Vec<Seen<'_>> {
            (0..times)
                .map(|minute| seen(minute * 30, "10.0.0.1", "harm.example", category))
                .collect()
        };
        assert_eq!(whys(&tried(2, "self-harm")), []);
        assert_eq!(whys(&tried(3, "self-harm")), [(Unusual::Grave, true, 3)]);
        assert_eq!(whys(&tried(3, "games")), []);
        let mut day = tried(1, "games");
        day[0].illegal = true;
        assert_eq!(whys(&day), [(Unusual::Illegal, true, 1)]);
        assert!(unusual(&day, &terms(), &[])[0].names.is_empty());
    }

    #[test]
    fn a_burst_is_many_names_within_minutes() {
        const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
        let within = |every: i64, names: usize| -> Vec<Seen<'_>> {
            (0..6)
                .map(|at| seen(at * every, "10.0.0.1", NAMES[at as usize % names], "games"))
                .collect()
        };
        assert_eq!(whys(&within(1, 6)), [(Unusual::Burst, false, 5)]);
        assert_eq!(whys(&within(1, 2)), [], "one page that asks again is none");
        assert_eq!(whys(&within(9, 6)), []);
    }

    #[test]
    fn one_device_is_held_beside_the_others_of_its_group() {
        let mut day = Vec::new();
        for minute in 0..20 {
            day.push(seen(minute * 20, "10.0.0.1", "games.example", "games"));
        }
        for device in ["10.0.0.2", "10.0.0.3", "10.0.0.4"] {
            day.push(seen(3, device, "games.example", "games"));
        }
        assert_eq!(whys(&day), [(Unusual::Beyond, false, 20)]);
        // Nothing to hold it beside.
        assert_eq!(whys(&day[..21]), []);
    }

    #[test]
    fn pupils_devices_are_watched_at_night_and_adults_are_not() {
        let mut day: Vec<Seen<'_>> = (0..25)
            .map(|minute| Seen {
                local: date(2026, 9, 23).at(23, 0, 0, 0),
                ..seen(minute, "10.0.0.1", "library.example", "")
            })
            .collect();
        assert_eq!(whys(&day), [(Unusual::Night, false, 25)]);
        for one in &mut day {
            one.group = "staff";
        }
        assert_eq!(whys(&day), []);
        assert!(is_night(time(5, 59, 0, 0), terms().night));
        assert!(!is_night(time(6, 0, 0, 0), terms().night));
    }

    #[test]
    fn a_log_that_falls_silent_in_school_is_an_alert() {
        let at = |hour: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour);
        let check = |last: Option<i64>, opened: Option<i64>, now, expected| {
            let found = is_silent(&terms(), last.map(at), opened.map(at), at(now));
            assert_eq!(found, expected, "{last:?} {opened:?} {now}");
        };
        check(Some(10), Some(9), 12, true);
        check(Some(11), Some(9), 12, false);
        // The night does not count.
        check(Some(1), Some(9), 10, false);
        check(Some(1), Some(9), 11, true);
        check(Some(1), None, 12, false);
        check(None, Some(9), 12, false);
    }

    #[test]
    fn the_systems_are_the_network_managers_and_people_are_not() {
        let technical: Vec<Unusual> = Unusual::all().filter(|why| why.is_technical()).collect();
        assert_eq!(technical, [Unusual::Silent, Unusual::Gap]);
    }
}
