//! What the configuration, the tests and the records say of the filter now.

use belisha_filter::categories;
use belisha_filter::verdict::{Group, PartOfDay};
use belisha_policy::controls::{filter_alerts, filter_changes, filter_log};

use crate::db::{Connection, sql};
use crate::filter::extension::{self, Heard};
use crate::filter::lists::Judge;
use crate::problem::Fault;
use crate::viewer::Viewer;
use crate::web::words::moment_at;

/// What is known of the live configuration.
pub(super) struct Live {
    pub(super) illegal: bool,
    pub(super) categories: Vec<String>,
    /// The categories that every group but those of adults is stopped at, in a lesson.
    pub(super) stopped: Vec<&'static str>,
    pub(super) groups: usize,
    pub(super) strict: usize,
    pub(super) safe_search: bool,
    pub(super) tests: Vec<Test>,
    pub(super) tested_at: Option<String>,
    pub(super) log_lines: i64,
    pub(super) log_from: Option<String>,
    pub(super) alerts_open: i64,
    pub(super) changes: i64,
    pub(super) unreviewed: i64,
    pub(super) kept_days: u32,
    pub(super) told: String,
    pub(super) managers: String,
    pub(super) second_person: bool,
    pub(super) heard: Heard,
}

/// The newest test of one group at one place.
pub(super) struct Test {
    pub(super) group: String,
    pub(super) place: String,
    pub(super) asked: i64,
    pub(super) failed: i64,
    pub(super) says: String,
}

impl Live {
    /// Whether the resolver answered each group as the policy says.
    pub(super) fn passed(&self) -> bool {
        !self.tests.is_empty() && self.tests.iter().all(|test| test.failed == 0)
    }
}

pub(super) async fn read(
    records: &mut Connection,
    viewer: &Viewer,
    judge: &Judge,
) -> Result<Live, Fault> {
    let policy = &viewer.policy.policy;
    let index = judge.index();
    let mut found: Vec<String> = index
        .iter()
        .flat_map(|index| index.lists())
        .map(|list| list.category.clone())
        .collect();
    found.sort_unstable();
    found.dedup();
    let tests = sql(
        "select for_group, asked, failed, says, tested_at, coalesce(filter_node.name, '') as place
         from filter_test left join filter_node on filter_node.id = filter_test.place
         where tested_at = (select max(other.tested_at) from filter_test other
                            where other.place = filter_test.place)
           and (filter_test.place = '' or filter_node.ended_at is null)
         order by coalesce(filter_node.name_key, ''), for_group",
    )
    .all(records)
    .await?;
    let tested_at = tests
        .iter()
        .map(|row| row.instant("tested_at"))
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .max()
        .map(|at| moment_at(&viewer.school, at));
    let log = sql(
        "select coalesce(cast(sum(lines) as bigint), 0) as lines, min(from_at) as since
         from filter_log_segment",
    )
    .one(records)
    .await?;
    let alerts = sql("select count(*) as count from filter_alert where handled_at is null")
        .one(records)
        .await?;
    let changes = sql("select count(*) as count,
                count(case when reviewed_at is null then 1 end) as unreviewed
         from approval where kind = 'filter-change' and applied_at is not null")
    .one(records)
    .await?;
    let posts = |posts: Vec<belisha_policy::Post>| {
        let names: Vec<&str> = posts.iter().map(|post| post.with_article()).collect();
        belisha_policy::and(&names)
    };
    let groups: Vec<&Group> = judge.groups().collect();
    Ok(Live {
        illegal: index.is_some_and(|index| !index.hashed().is_empty()),
        categories: found,
        stopped: stopped(&groups),
        groups: groups.len(),
        strict: groups
            .iter()
            .filter(|group| group.preset == categories::Preset::Strict)
            .count(),
        safe_search: !groups.is_empty() && groups.iter().all(|group| group.safe_search),
        tests: tests
            .iter()
            .map(|row| {
                Ok(Test {
                    group: row.get("for_group")?,
                    place: row.get("place")?,
                    asked: row.get("asked")?,
                    failed: row.get("failed")?,
                    says: row.get("says")?,
                })
            })
            .collect::<Result<_, Fault>>()?,
        tested_at,
        log_lines: log.get("lines")?,
        log_from: log
            .instant_optional("since")?
            .map(|at| moment_at(&viewer.school, at)),
        alerts_open: alerts.get("count")?,
        changes: changes.get("count")?,
        unreviewed: changes.get("unreviewed")?,
        kept_days: policy.get(&filter_log::KEPT).0,
        told: posts(policy.get(&filter_alerts::TOLD)),
        managers: posts(policy.get(&filter_changes::MANAGERS)),
        second_person: policy.get(&filter_changes::SECOND_PERSON),
        heard: extension::heard(records, policy, viewer.now).await?,
    })
}

/// The categories that every group but those of adults is stopped at in a lesson; none where there is no such group.
fn stopped(groups: &[&Group]) -> Vec<&'static str> {
    let others: Vec<&&Group> = groups.iter().filter(|group| !group.adults).collect();
    categories::CATEGORIES
        .iter()
        .map(|category| category.key)
        .filter(|key| {
            !others.is_empty()
                && others
                    .iter()
                    .all(|group| group.stops(key, PartOfDay::Lesson))
        })
        .collect()
}
