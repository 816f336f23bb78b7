//! The pack as plain text: what is proved, and what anybody can read in thirty years.

use std::fmt::Write as _;

use belisha_policy::Word as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::begin::LEFT_OUT;
use super::pack::{Item, Loaded};
use super::words::{HeldBack, Purpose};
use crate::web::words::{date, moment};

/// When an item was recorded, and when it happened where that is another day.
pub(super) fn when(item: &Item, zone: &TimeZone) -> String {
    let at = Timestamp::from_millisecond(item.at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    match item.on {
        Some(on) => format!("{}, of {}", moment(at, zone), date(on)),
        None => moment(at, zone),
    }
}

/// Who had it made, for whom and why: at the head, and on every page.
pub(super) fn marks(
    loaded: &Loaded,
    exporter: &str,
    school: &str,
    at: &str,
) -> Vec<(String, String)> {
    let pack = &loaded.pack;
    vec![
        ("About".into(), pack.about.clone()),
        (
            "For".into(),
            format!("{}, {}", pack.recipient, pack.organisation),
        ),
        ("Why".into(), pack.reason.clone()),
        ("Made by".into(), format!("{exporter}, {school}")),
        ("Made at".into(), at.to_owned()),
        ("Number".into(), loaded.id.to_string()),
    ]
}

/// The whole text.
pub(super) fn text(loaded: &Loaded, marks: &[(String, String)], zone: &TimeZone) -> String {
    let mut text = format!("{}\n\n", loaded.purpose.title());
    for (label, value) in marks {
        let _ = writeln!(text, "{label}: {value}");
    }
    text.push_str("\nNames of others may stand as initials or as “another pupil A”.\n");
    for item in going(loaded) {
        let _ = write!(
            text,
            "\n{}\n{}, by {}\n",
            when(item, zone),
            item.what,
            item.by_leaves
        );
        if !item.case.is_empty() {
            let _ = writeln!(text, "Case {}", item.case);
        }
        if !item.leaves.is_empty() {
            let _ = writeln!(text, "{}", item.leaves);
        }
    }
    if loaded.purpose == Purpose::SubjectAccess {
        text.push_str("\nWhat is left out, and why\n");
        for line in LEFT_OUT {
            let _ = writeln!(text, "{line}");
        }
    }
    let held = held_back(loaded);
    if !held.is_empty() {
        text.push_str("\nHeld back\n");
        for (why, count) in held {
            let _ = writeln!(text, "{count}: {why}");
        }
    }
    text
}

/// What goes.
pub(super) fn going(loaded: &Loaded) -> impl Iterator<Item = &Item> {
    loaded
        .pack
        .items
        .iter()
        .filter(|item| item.held_back.is_none())
}

/// How many entries are held back for each reason. What they are is not said.
pub(super) fn held_back(loaded: &Loaded) -> Vec<(&'static str, usize)> {
    HeldBack::all()
        .filter_map(|why| {
            let count = loaded
                .pack
                .items
                .iter()
                .filter(|item| item.held_back.as_deref() == Some(why.key()))
                .count();
            (count > 0).then(|| (why.name(), count))
        })
        .collect()
}
