//! What the resolver follows, made from the policy in force, the school's calendar and the entries
//! that stand. Pure, but for the file.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use belisha_filter::categories as filter_categories;
use belisha_filter::verdict as filter;
use belisha_policy::controls::{filter_everybody, filter_group};
use belisha_policy::sites::{Preset, Restriction, SiteCategory};
use belisha_policy::{Bound, Policy, Word as _};
use belisha_rules::calendar::SchoolCalendar;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::entries::{Decision, Stored};
use crate::problem::Fault;
use crate::school::School;

/// The files' names, in the school's own folder.
const FILE: &str = "filter-policy.toml";
const REGISTER: &str = "filter-register.toml";

/// What parts the name of a class's group from that of the group that it is part of. No name of a group
/// in a policy holds it.
const OF_CLASS: char = '.';

/// The group of one class's devices: that of their own group in everything but what is opened for the class.
pub(crate) fn class_group(group: &str, class: &str) -> String {
    format!("{group}{OF_CLASS}{class}")
}

/// The group of the policy to which a group belongs.
pub(crate) fn base_group(group: &str) -> &str {
    group.split(OF_CLASS).next().unwrap_or(group)
}

/// A group for people to read.
pub(crate) fn group_in_words(group: &str) -> String {
    match group.split_once(OF_CLASS) {
        Some((base, _)) => format!("{base} (one class)"),
        None => group.to_owned(),
    }
}

/// Where everything of the filter stands: the file, the index of the lists, the log.
pub(super) fn folder(school: &School) -> PathBuf {
    school.data.join("filter")
}

pub(super) fn file(school: &School) -> PathBuf {
    folder(school).join(FILE)
}

/// Where the devices stand, for the resolver.
pub(super) fn register_file(school: &School) -> PathBuf {
    folder(school).join(REGISTER)
}

/// Where whoever runs the machine sets the resolver up.
pub(super) fn resolver_file(school: &School) -> PathBuf {
    folder(school).join("filter.toml")
}

/// The groups of the policy in force, as it spells them.
pub(crate) fn groups(policy: &Policy) -> Vec<String> {
    from_policy(policy)
        .into_iter()
        .map(|group| group.name)
        .collect()
}

fn from_policy(policy: &Policy) -> Vec<filter::Group> {
    let groups: Vec<filter::Group> = policy.all(&filter_group::CONTROL).map(group).collect();
    let mut groups = if groups.is_empty() {
        filter::Policy::default().groups
    } else {
        groups
    };
    // What nobody reaches goes before what a group's own clause says.
    for category in policy
        .all(&filter_everybody::CONTROL)
        .flat_map(|bound| bound.get(&filter_everybody::BLOCK))
    {
        for group in &mut groups {
            group.allow.remove(category.key());
            group.block.insert(category.key().to_owned());
        }
    }
    groups
}

fn group(bound: &Bound) -> filter::Group {
    let keys = |categories: Vec<SiteCategory>| -> BTreeSet<String> {
        categories
            .into_iter()
            .map(|category| category.key().to_owned())
            .collect()
    };
    filter::Group {
        name: bound.get(&filter_group::GROUP),
        preset: match bound.get(&filter_group::PRESET) {
            Preset::Strict => filter_categories::Preset::Strict,
            Preset::Middle => filter_categories::Preset::Middle,
            Preset::Light => filter_categories::Preset::Light,
        },
        block: keys(bound.get(&filter_group::BLOCK)),
        allow: keys(bound.get(&filter_group::ALLOW)),
        only_allowed: false,
        adults: bound.get(&filter_group::ADULTS),
        youtube: match bound.get(&filter_group::YOUTUBE) {
            Restriction::Strict => filter::Restriction::Strict,
            Restriction::Moderate => filter::Restriction::Moderate,
            Restriction::Off => filter::Restriction::Off,
        },
        safe_search: bound.get(&filter_group::SAFE_SEARCH),
        changes: Vec::new(),
    }
}

/// Everything that the filter needs to know.
pub(super) fn policy(
    policy: &Policy,
    calendar: &SchoolCalendar,
    entries: &[Stored],
) -> Result<filter::Policy, Fault> {
    let groups = from_policy(policy);
    let unknown = policy
        .all(&filter_group::CONTROL)
        .find(|bound| bound.get(&filter_group::UNNAMED))
        .map(|bound| bound.get(&filter_group::GROUP));
    let own = entries
        .iter()
        // A group may have gone with a new version of the policy.
        .filter(|entry| {
            groups
                .iter()
                .any(|group| group.name == base_group(&entry.group))
        })
        .map(own)
        .collect();
    let defaults = filter::Policy::default();
    let zone = calendar
        .zone
        .iana_name()
        .map_or(defaults.zone, str::to_owned);
    let mut made = filter::Policy {
        zone,
        calendar: filter::Calendar {
            closed: closed(calendar),
            ..filter::Calendar::default()
        },
        groups,
        unknown,
        own,
        protected: Vec::new(),
    };
    let of_classes: Vec<String> = entries.iter().map(|entry| entry.group.clone()).collect();
    part_classes(&mut made, &of_classes);
    made.checked()
        .map_err(|refused| Fault::at("making the settings of the filter".into(), refused))
}

/// Gives each class that something is opened for a group of its own beside the one that it is part of,
/// for which everything holds that holds for that one. What finds no room is left out, and its test says so.
pub(super) fn part_classes(policy: &mut filter::Policy, named: &[String]) {
    for name in named.iter().filter(|name| name.contains(OF_CLASS)) {
        let base = base_group(name);
        if policy.group(name).is_ok() || policy.groups.len() >= filter::MOST_GROUPS {
            continue;
        }
        let Ok(group) = policy.group(base).cloned() else {
            continue;
        };
        policy.groups.push(filter::Group {
            name: name.clone(),
            ..group
        });
    }
    let groups: Vec<String> = policy
        .groups
        .iter()
        .map(|group| group.name.clone())
        .collect();
    for own in &mut policy.own {
        let classes: Vec<String> = groups
            .iter()
            .filter(|group| {
                group.contains(OF_CLASS) && own.groups.iter().any(|of| of == base_group(group))
            })
            .filter(|group| !own.groups.contains(group))
            .cloned()
            .collect();
        own.groups.extend(classes);
    }
    policy
        .own
        .retain(|own| own.groups.iter().all(|group| groups.contains(group)));
}

/// By whom an entry was decided: nobody’s name leaves the records with it.
pub(crate) fn by(number: i64) -> String {
    format!("request {number}")
}

pub(super) fn own(entry: &Stored) -> filter::Own {
    filter::Own {
        name: entry.name.clone(),
        decision: match entry.decision {
            Decision::Allow => filter::Decision::Allow,
            Decision::Deny => filter::Decision::Deny,
            Decision::Approval => filter::Decision::Approval,
        },
        groups: vec![entry.group.clone()],
        // What people wrote stays in the records.
        reason: "asked for and agreed".to_owned(),
        by: by(entry.number),
        from: entry.from,
        until: entry.until,
    }
}

/// The days without school between the first term and the last that the calendar knows.
fn closed(calendar: &SchoolCalendar) -> Vec<(Date, Date)> {
    let first = calendar.terms.iter().map(|term| term.first).min();
    let last = calendar.terms.iter().map(|term| term.last).max();
    let Some((first, last)) = first.zip(last) else {
        return Vec::new();
    };
    let mut closed: Vec<(Date, Date)> = Vec::new();
    for day in first
        .series(1.day())
        .take_while(|day| *day <= last)
        .filter(|day| !is_weekend(*day) && !calendar.is_school_day(*day))
    {
        match closed.last_mut() {
            Some((_, until)) if next_weekday(*until) == day => *until = day,
            _ => closed.push((day, day)),
        }
    }
    closed
}

/// The filter knows weekends by itself.
fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn next_weekday(day: Date) -> Date {
    let after = day.saturating_add(1.day());
    if is_weekend(after) {
        next_weekday(after)
    } else {
        after
    }
}

/// The text of the file.
pub(super) fn text(policy: &filter::Policy) -> Result<String, Fault> {
    let made = toml_edit::ser::to_string_pretty(policy)
        .map_err(|error| Fault::at("writing the settings of the filter".into(), error))?;
    Ok(format!(
        "# Made by Belisha from the policy in force and what was approved. Changes here are lost.\n\n{made}"
    ))
}

/// Whether the file says something else.
pub(super) fn differs(file: &Path, text: &str) -> bool {
    !std::fs::read_to_string(file).is_ok_and(|kept| kept == text)
}

/// Puts the text in the file's place at one stroke.
pub(super) fn write(file: &Path, text: &str) -> Result<(), Fault> {
    swap(file, text).map_err(|error| Fault::at("writing the settings of the filter".into(), error))
}

fn swap(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let beside = path.with_extension("new");
    let mut made = std::fs::File::create(&beside)?;
    made.write_all(text.as_bytes())?;
    made.sync_all()?;
    std::fs::rename(&beside, path)?;
    // The name is as sure as the bytes once the folder is on the disk too.
    std::fs::File::open(folder)?.sync_all()
}
