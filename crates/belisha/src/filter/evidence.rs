//! Standing evidence: what the United Kingdom's published definitions of appropriate filtering and
//! of appropriate monitoring, and the Department for Education's standards, ask for, line by line,
//! each answered from the live configuration, the self-test and the records. What is not covered is
//! said as plainly as what is.

use askama::Template;
use axum::response::Response;
use belisha_filter::categories;
use belisha_filter::verdict::{Group, PartOfDay};
use belisha_policy::controls::{filter_alerts, filter_changes, filter_log};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Button, Column, Frame, Html, Status, StatusTag, Table, Tag, TagColour};

use super::extension::{self, Heard};
use super::lists::{self, Judge};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words::moment_at;

/// Where the evidence stands.
pub(crate) fn url() -> String {
    "/filter/evidence".to_owned()
}

/// How a criterion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Met,
    Partly,
    NotMet,
    /// No program can answer it.
    ForPeople,
}

impl Stands {
    fn tag(self) -> Html {
        let (word, colour) = match self {
            Self::Met => ("Met", TagColour::Green),
            Self::Partly => ("In part", TagColour::Amber),
            Self::NotMet => ("Not met", TagColour::Red),
            Self::ForPeople => ("For people", TagColour::Grey),
        };
        Html::of(&Tag {
            colour,
            ..Tag::new(word)
        })
    }
}

/// One line of a definition.
struct Criterion {
    asks: &'static str,
    stands: Stands,
    answer: String,
}

/// A definition with its source.
struct Definition {
    title: &'static str,
    source: &'static str,
    criteria: Vec<Criterion>,
}

/// What is known of the live configuration.
struct Live {
    illegal: bool,
    categories: Vec<String>,
    /// The categories that every group but those of adults is stopped at, in a lesson.
    stopped: Vec<&'static str>,
    groups: usize,
    strict: usize,
    safe_search: bool,
    tests: Vec<Test>,
    tested_at: Option<String>,
    log_lines: i64,
    log_from: Option<String>,
    alerts_open: i64,
    changes: i64,
    unreviewed: i64,
    kept_days: u32,
    told: String,
    managers: String,
    second_person: bool,
    heard: Heard,
}

/// The newest test of one group at one place.
struct Test {
    group: String,
    place: String,
    asked: i64,
    failed: i64,
    says: String,
}

impl Live {
    /// Whether the resolver answered each group as the policy says.
    fn passed(&self) -> bool {
        !self.tests.is_empty() && self.tests.iter().all(|test| test.failed == 0)
    }
}

#[derive(Template)]
#[template(path = "filter/evidence.html")]
struct EvidencePage {
    frame: Frame,
    made_at: String,
    definitions: Vec<Shown>,
    tests: Option<Table>,
    tested_at: Option<String>,
    /// The submission and the button, for those who may have it tested.
    test: Option<(String, Button)>,
}

struct Shown {
    title: &'static str,
    source: &'static str,
    table: Table,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadFilter, &RecordFacts::of(Kind::Filter))?;
    let mut records = viewer.read().await?;
    let judge = lists::judge(&mut records, &viewer.school).await?;
    let live = live(&mut records, &viewer, &judge).await?;
    drop(records);
    let columns = ["It asks for", "Stands", "Here"].map(Column::new).to_vec();
    let definitions = [filtering(&live), monitoring(&live), standards(&live)]
        .into_iter()
        .map(|definition| Shown {
            title: definition.title,
            source: definition.source,
            table: Table {
                caption_hidden: true,
                ..Table::new(
                    definition.title,
                    columns.clone(),
                    definition
                        .criteria
                        .into_iter()
                        .map(|criterion| {
                            vec![
                                criterion.asks.into(),
                                criterion.stands.tag(),
                                criterion.answer.into(),
                            ]
                        })
                        .collect(),
                )
            },
        })
        .collect();
    let rows: Vec<Vec<Html>> = live
        .tests
        .iter()
        .map(|test| {
            let status = if test.failed == 0 {
                Status::Met
            } else {
                Status::NotMet
            };
            vec![
                test.group.clone().into(),
                if test.place.is_empty() {
                    "this server"
                } else {
                    test.place.as_str()
                }
                .into(),
                Html::of(&StatusTag::new(status)),
                test.asked.to_string().into(),
                if test.says.is_empty() {
                    "nothing"
                } else {
                    test.says.as_str()
                }
                .into(),
            ]
        })
        .collect();
    let columns = ["Group", "At", "Test", "Questions", "Failed"]
        .map(Column::new)
        .to_vec();
    crate::web::page(&EvidencePage {
        frame: frame::of(&viewer),
        made_at: moment_at(&viewer.school, viewer.now),
        definitions,
        tests: (!rows.is_empty())
            .then(|| Table::new("The newest test of each group", columns, rows)),
        tested_at: live.tested_at,
        test: viewer
            .may(Action::TestFilter, &RecordFacts::of(Kind::Filter))
            .is_allowed()
            .then(|| (viewer.school.new_row_id(), Button::submit("Test it now"))),
    })
}

async fn live(records: &mut Connection, viewer: &Viewer, judge: &Judge) -> Result<Live, Fault> {
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
        "select for_group, asked, failed, says, tested_at, place from filter_test
         where tested_at = (select max(other.tested_at) from filter_test other
                            where other.place = filter_test.place)
         order by place, for_group",
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

fn line(asks: &'static str, stands: Stands, answer: impl Into<String>) -> Criterion {
    Criterion {
        asks,
        stands,
        answer: answer.into(),
    }
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

fn met_if(met: bool) -> Stands {
    if met { Stands::Met } else { Stands::NotMet }
}

/// A kind of content that a definition names, and the categories of the filter that stand for it.
fn content(live: &Live, asks: &'static str, keys: &[&str]) -> Criterion {
    let held: Vec<&str> = keys
        .iter()
        .copied()
        .filter(|key| live.categories.iter().any(|held| held == key))
        .collect();
    if held.is_empty() {
        let wanted: Vec<&str> = keys.iter().map(|key| categories::title(key)).collect();
        return line(
            asks,
            Stands::NotMet,
            format!(
                "No list of {} is in use.",
                wanted.join(" or ").to_lowercase()
            ),
        );
    }
    let is_stopped = |key: &str| live.stopped.contains(&key);
    let titles = |keys: &[&str]| -> String {
        let titles: Vec<&str> = keys.iter().map(|key| categories::title(key)).collect();
        titles.join("; ")
    };
    if held.iter().all(|key| is_stopped(key)) {
        line(
            asks,
            Stands::Met,
            format!(
                "Stopped for every group but those of adults: {}.",
                titles(&held)
            ),
        )
    } else {
        line(
            asks,
            Stands::Partly,
            format!(
                "A list is in use, and not every group of pupils or guests is stopped at it: {}.",
                titles(&held)
            ),
        )
    }
}

fn illegal(live: &Live, asks: &'static str) -> Criterion {
    if live.illegal {
        line(
            asks,
            Stands::Partly,
            "A list of illegal content is loaded, and nobody at school can switch it off. A resolver sees names and not full addresses, so what such a list says of single pages is carried only by the proxy, on pages that are not encrypted, or by the provider of the connection.",
        )
    } else {
        line(
            asks,
            Stands::NotMet,
            "No list of illegal content is loaded here. The duty is not met by this filter: it needs a provider that is a member of the Internet Watch Foundation. Those lists need full addresses, which names alone cannot carry.",
        )
    }
}

fn filtering(live: &Live) -> Definition {
    let tested = live.passed();
    Definition {
        title: "Appropriate filtering",
        source: "UK Safer Internet Centre, appropriate filtering for education settings (2025). saferinternet.org.uk",
        criteria: vec![
            illegal(
                live,
                "The provider is a member of the Internet Watch Foundation and blocks images of child sexual abuse by its list",
            ),
            illegal(
                live,
                "The police-assessed list of unlawful terrorist content is blocked, and nobody can switch these lists off",
            ),
            content(
                live,
                "Discrimination and hate speech",
                &["violence-and-hate"],
            ),
            content(live, "Drugs and substance abuse", &["drugs"]),
            content(live, "Extremism and terrorism", &["extremism"]),
            content(live, "Gambling", &["gambling"]),
            content(live, "Malware and hacking", &["malware", "phishing"]),
            content(live, "Mis- and disinformation", &["fakenews"]),
            content(live, "Pornography", &["adult"]),
            content(live, "Piracy and theft of copyright", &["piracy"]),
            content(
                live,
                "Self-harm, suicide and eating disorders",
                &["self-harm"],
            ),
            content(live, "Violence", &["violence-and-hate", "weapons"]),
            line(
                "It does not block too much",
                Stands::Met,
                "Any member of staff asks for a site; how many were opened stands among the numbers. No list can stop the protected names.",
            ),
            line(
                "Different filtering by age, vulnerability and role",
                met_if(live.groups > 1 && live.strict > 0),
                format!("{} groups, {} of them strict.", live.groups, live.strict),
            ),
            content(
                live,
                "Ways round the filter: private networks, proxies, other resolvers",
                &["proxies", "vpn", "encrypted-dns"],
            ),
            line(
                "The school controls it; changes are logged, and nobody changes it alone and unseen",
                if live.second_person {
                    Stands::Met
                } else {
                    Stands::Partly
                },
                format!(
                    "Changed only by {}. {} changes are on record with who, why, before and after{}.",
                    live.managers,
                    live.changes,
                    if live.second_person {
                        "; what opens something was agreed by another person"
                    } else {
                        "; the policy lets one person open something alone"
                    }
                ),
            ),
            line(
                "Content is looked at as it comes, made by machines or people",
                Stands::NotMet,
                "This filter knows names. It looks into no page and judges no content as it comes.",
            ),
            line(
                "A published rationale for what is filtered",
                Stands::Met,
                "The policy in force says it clause by clause, and everybody can read it.",
            ),
            line(
                "The person is identified",
                Stands::Partly,
                format!(
                    "The log names the device and its group. Who held the device is not known to a resolver; the proxy knows the device by its own key. {}",
                    live.heard.says(
                        "the browser extension names whoever is signed in, where the enrolment has the school’s e-mail domain"
                    )
                ),
            ),
            line(
                "Content of apps on mobile devices",
                Stands::Partly,
                "Every app that asks this resolver for names is filtered by name. An app that asks none, or carries its own way, is not.",
            ),
            line(
                "Several languages",
                Stands::Partly,
                "Names are judged in whatever language they are; no words on pages are.",
            ),
            line(
                "It works at the level of the network",
                met_if(tested),
                if tested {
                    "A resolver for the whole network; no program on the device is needed."
                } else {
                    "Nothing is enforced on a network until a resolver answers, and the newest test does not show that one does."
                },
            ),
            line(
                "Devices away from school",
                Stands::NotMet,
                "A device that asks another resolver at home is not filtered by this one.",
            ),
            line(
                "Anybody can report what should be blocked or open",
                Stands::Met,
                "Any member of staff asks for a site, to open it or to block it; whoever meets a blocked site is told whom to ask.",
            ),
            line(
                "Reports with a clear history",
                met_if(live.log_lines > 0),
                log(live),
            ),
            line(
                "Safe search is forced",
                met_if(live.safe_search && tested),
                if live.safe_search {
                    "Forced for every group, where an engine publishes a means."
                } else {
                    "Not forced for every group: see what each group may reach."
                },
            ),
            line(
                "It is tested",
                met_if(tested),
                match &live.tested_at {
                    Some(at) => format!(
                        "Last on {at}; the table below says what failed. The resolver is asked over the network as each group; no device is tried."
                    ),
                    None => "Not tested yet: nothing shows that a resolver answers.".to_owned(),
                },
            ),
        ],
    }
}

fn log(live: &Live) -> String {
    match &live.log_from {
        Some(from) => format!(
            "{} decisions since {from}, kept for {} days.",
            live.log_lines, live.kept_days
        ),
        None => "No log has been taken in yet.".to_owned(),
    }
}

fn monitoring(live: &Live) -> Definition {
    Definition {
        title: "Appropriate monitoring",
        source: "UK Safer Internet Centre, appropriate monitoring for schools. saferinternet.org.uk",
        criteria: vec![
            line(
                "Access is logged and looked at",
                met_if(live.log_lines > 0),
                log(live),
            ),
            line(
                "Search terms are seen",
                if live.heard.sees_searches() {
                    Stands::Partly
                } else {
                    Stands::NotMet
                },
                live.heard.of_searches(),
            ),
            line(
                "Alerts go to somebody who can act, and are ranked",
                Stands::Met,
                format!(
                    "To {}: grave ones at once, others once a day. {} wait now.",
                    live.told, live.alerts_open
                ),
            ),
            line(
                "Changes to what is watched are on record, and nobody makes them alone",
                Stands::Met,
                "What is watched is a clause of the policy; it changes only with an approved version.",
            ),
            line(
                "People are told that they are monitored",
                Stands::ForPeople,
                "The policy and the agreements say so. Whether everybody has read it, the agreements show.",
            ),
            line(
                "How long data is kept is stated",
                Stands::Met,
                format!("{} days, then it is deleted.", live.kept_days),
            ),
            line(
                "It notices when it does not run",
                Stands::Met,
                "A silent log on a school day, and a gap in it, are alerts.",
            ),
            line(
                "An alert leads into the record of safeguarding",
                Stands::Met,
                "One press turns an alert into a report with its facts.",
            ),
            line(
                "Devices that are covered",
                Stands::Partly,
                format!(
                    "Every device that asks this resolver. Personal devices on mobile data are not. {}",
                    live.heard.says("full addresses and searches are seen")
                ),
            ),
            line(
                "Harmful pictures are recognised",
                Stands::NotMet,
                "No picture is looked at by this program.",
            ),
            line(
                "Somebody watches in the room",
                Stands::ForPeople,
                "No record can show it.",
            ),
        ],
    }
}

fn standards(live: &Live) -> Definition {
    Definition {
        title: "Standards for filtering and monitoring",
        source: "Department for Education, filtering and monitoring standards for schools and colleges (October 2024). gov.uk",
        criteria: vec![
            line(
                "Named people are responsible, and decisions are documented with their reasons",
                Stands::Met,
                format!(
                    "Posts stand in the policy; the filter is managed by {}. Each decision has its reason.",
                    live.managers
                ),
            ),
            line(
                "Reviewed at least every year, with checks that are logged",
                if live.unreviewed == 0 {
                    Stands::Partly
                } else {
                    Stands::NotMet
                },
                format!(
                    "The program asks the resolver every day and keeps the results; {} changes wait for another person to look at them. The yearly review with the governor is for people.",
                    live.unreviewed
                ),
            ),
            illegal(live, "Illegal content is blocked"),
            line(
                "Pupils and staff have profiles of their own; guests are filtered too",
                met_if(live.groups > 1),
                format!(
                    "{} groups. Devices that nobody has named follow one of them.",
                    live.groups
                ),
            ),
            line(
                "Records name the device, its address, the time and what was blocked, and the person where possible",
                Stands::Partly,
                "Address, group, time, name and reason are kept. The person is not known to a resolver.",
            ),
            line(
                "What cannot be filtered is known and managed",
                Stands::ForPeople,
                "This page says what is not covered. What is done about it is for leaders to write down.",
            ),
            line(
                "Incidents are picked up urgently, acted on and recorded",
                Stands::Met,
                "Alerts and reports have somebody whose turn it is, and move on when nobody answers a report.",
            ),
        ],
    }
}
