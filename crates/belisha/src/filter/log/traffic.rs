//! What a change would have done to last week's traffic: counted in the log, no device named.

use std::collections::{BTreeMap, BTreeSet};

use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::patterns::Figure;
use jiff::{SignedDuration, Timestamp};

use super::segment;
use crate::db::Connection;
use crate::filter::base_group;
use crate::problem::Fault;
use crate::viewer::Viewer;

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How often a group asked for a name, or for one below it, in the last seven days.
pub(crate) async fn last_week(
    records: &mut Connection,
    viewer: &Viewer,
    name: &str,
    group: &str,
) -> Result<String, Fault> {
    let group = base_group(group);
    let from = viewer.now - WEEK;
    let pieces = segment::between(records, &viewer.school, from, viewer.now).await?;
    if pieces.is_empty() {
        return Ok("There is no log of the last seven days to hold it against.".to_owned());
    }
    let (mut times, mut blocked) = (0, 0);
    let mut devices = BTreeSet::new();
    for line in segment::decisions(&pieces, from, viewer.now) {
        let below = line
            .name
            .strip_suffix(name)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if below && line.group == group {
            times += 1;
            blocked += usize::from(line.is_blocked());
            devices.insert(line.device);
        }
    }
    if times == 0 {
        return Ok(format!(
            "In the last seven days nobody of {group} asked for {name}."
        ));
    }
    let may_open = viewer
        .may(Action::SearchFilterLog, &RecordFacts::of(Kind::FilterLog))
        .is_allowed();
    let figure = |count: usize| Figure::of(count, if may_open { count } else { 0 }).words();
    Ok(format!(
        "In the last seven days {group} asked for {name} {} times, on {} devices; {} of the answers were “blocked”.",
        figure(times),
        figure(devices.len()),
        figure(blocked),
    ))
}

/// What a group asked for in a while: one name, however often.
pub(in crate::filter) struct Asked {
    pub(in crate::filter) group: String,
    pub(in crate::filter) name: String,
    pub(in crate::filter) times: usize,
    pub(in crate::filter) devices: usize,
    /// When it was last asked for.
    pub(in crate::filter) at: Option<Timestamp>,
}

/// Everything that was asked for in the last seven days; none where there is no log of them.
pub(in crate::filter) async fn asked_last_week(
    records: &mut Connection,
    viewer: &Viewer,
) -> Result<Option<Vec<Asked>>, Fault> {
    let from = viewer.now - WEEK;
    let pieces = segment::between(records, &viewer.school, from, viewer.now).await?;
    if pieces.is_empty() {
        return Ok(None);
    }
    let mut found: BTreeMap<(&str, &str), (usize, i64, BTreeSet<&str>)> = BTreeMap::new();
    for line in segment::decisions(&pieces, from, viewer.now) {
        let one = found.entry((line.group, line.name)).or_default();
        one.0 += 1;
        one.1 = one.1.max(line.at_ms);
        one.2.insert(line.device);
    }
    let asked = found
        .into_iter()
        .map(|((group, name), (times, at_ms, devices))| Asked {
            group: group.to_owned(),
            name: name.to_owned(),
            times,
            devices: devices.len(),
            at: Timestamp::from_millisecond(at_ms).ok(),
        })
        .collect();
    Ok(Some(asked))
}
