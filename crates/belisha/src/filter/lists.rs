//! The filter as the school can ask it: the compiled lists where there are some, and a policy.

use std::path::PathBuf;
use std::sync::Arc;

use belisha_filter::index::{Index, Member};
use belisha_filter::verdict::{Group, Moment, Own, Policy, Verdict, decide};
use jiff::Timestamp;

use super::{entries, settings};
use crate::db::Connection;
use crate::problem::Problem;
use crate::school::School;

/// The name of the compiled lists in the filter's folder.
const INDEX: &str = "filter.index";

/// Where the compiled lists stand.
pub(super) fn index_file(school: &School) -> PathBuf {
    settings::folder(school).join(INDEX)
}

/// The compiled lists; none where the school has not compiled any, or they are damaged.
pub(super) fn index(school: &School) -> Option<Index> {
    let path = index_file(school);
    match Index::open(&path) {
        Ok(index) => Some(index),
        Err(error) => {
            if path.exists() {
                tracing::warn!(school = %school.folder, %error, "the index of the filter cannot be read");
            }
            None
        }
    }
}

/// Lists and policy together.
pub(crate) struct Judge {
    pub(crate) policy: Policy,
    index: Option<Index>,
    school: Arc<School>,
}

/// The filter as it stands in the records now.
pub(crate) async fn judge(
    records: &mut Connection,
    school: &Arc<School>,
) -> Result<Judge, Problem> {
    let in_force = school.in_force(records).await?;
    let entries = entries::in_force(records).await?;
    let calendar = crate::schools::calendar::of(records, school).await?;
    let policy = settings::policy(&in_force.policy, &calendar, &entries)?;
    Ok(Judge::of(school, policy))
}

impl Judge {
    pub(super) fn of(school: &Arc<School>, policy: Policy) -> Self {
        Self {
            policy,
            index: index(school),
            school: Arc::clone(school),
        }
    }

    /// The groups of the policy, without those that stand for one class for a while.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group> {
        let groups = self.policy.groups.iter();
        groups.filter(|group| settings::base_group(&group.name) == group.name)
    }

    pub(super) fn zone(&self) -> jiff::tz::TimeZone {
        self.school.settings().time_zone.clone()
    }

    /// Whether there are lists to ask.
    pub(crate) fn has_lists(&self) -> bool {
        self.index.is_some()
    }

    pub(crate) fn index(&self) -> Option<&Index> {
        self.index.as_ref()
    }

    /// The policy with some entries more and some less, as if a change were applied.
    pub(crate) fn with(&self, more: &[entries::Stored], less: &[entries::Stored]) -> Policy {
        let mut policy = self.policy.clone();
        let is = |own: &Own, entry: &entries::Stored| {
            own.name == entry.name
                && own.groups.first() == Some(&entry.group)
                && own.by == settings::by(entry.number)
        };
        policy
            .own
            .retain(|own| !less.iter().any(|entry| is(own, entry)));
        policy.own.extend(more.iter().map(settings::own));
        let of_classes: Vec<String> = more.iter().map(|entry| entry.group.clone()).collect();
        settings::part_classes(&mut policy, &of_classes);
        policy
    }

    /// Whether a list of illegal content holds the name.
    pub(crate) fn is_illegal(&self, name: &str) -> bool {
        let lists = self.index.iter().flat_map(|index| index.hashed());
        lists.into_iter().any(|list| list.holds_name(name))
    }

    /// The kinds of site that the lists know the name as.
    pub(crate) fn categories(&self, name: &str) -> Vec<String> {
        let Some(index) = &self.index else {
            return Vec::new();
        };
        let mut found: Vec<String> = index
            .hits(name)
            .into_iter()
            .flat_map(|hit| {
                let reaches =
                    move |member: &&Member| member.reaches(hit.itself) && !member.is_exception();
                index.set(hit.set).iter().filter(reaches)
            })
            .map(|member| index.lists()[member.list()].category.clone())
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What a group gets of a name at an instant; none without lists.
    pub(crate) fn verdict(&self, group: &str, name: &str, at: Timestamp) -> Option<Verdict> {
        self.verdict_under(&self.policy, group, name, at)
    }

    /// The same under another policy.
    pub(crate) fn verdict_under(
        &self,
        policy: &Policy,
        group: &str,
        name: &str,
        at: Timestamp,
    ) -> Option<Verdict> {
        let moment = Moment::of(&at.to_zoned(self.school.settings().time_zone.clone()));
        let index = self.index.as_ref()?;
        // A class for which nothing is opened gets what its group gets.
        let own = policy.group(group);
        let group = own
            .or_else(|_| policy.group(settings::base_group(group)))
            .ok()?;
        Some(decide(index, policy, group, name, moment))
    }
}
