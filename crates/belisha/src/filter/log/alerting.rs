//! From the log to alerts: today's decisions are gone through whenever new ones came, what is
//! unusual is kept sealed, and those whom the policy names are told, at once or in the digest.

use std::collections::BTreeSet;
use std::sync::Arc;

use belisha_filter::line::Line;
use belisha_policy::controls::{filter_alerts, filter_group, search_terms};
use belisha_policy::{Policy, Post, Word as _};
use belisha_rules::monitoring::{self, Found, Seen, Terms, Unusual};
use belisha_rules::watched_words::{self, Rule};
use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use super::segment;
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::filter::extension::is_at_once;
use crate::filter::nodes;
use crate::notices::{self, NoticeKind};
use crate::people::hats::holders;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::school::School;
use crate::tx::Tx;

const NAME: &str = "filter-alerts";
/// The kind under which what an alert knows is sealed aside.
pub(super) const KIND: &str = "filter-alert";
/// School is taken to have begun by then, and not to be over before the other.
const BEGUN: Time = Time::constant(9, 0, 0, 0);
const OVER: Time = Time::constant(15, 0, 0, 0);

/// What an alert knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Knows {
    pub(super) device: String,
    pub(super) names: Vec<String>,
    pub(super) times: usize,
    /// Who was signed in, where the browser extension knows.
    #[serde(default)]
    pub(super) who: String,
    /// Why there is nothing in it, from whoever said so.
    #[serde(default)]
    pub(super) reason: String,
}

/// Looks at today's decisions, if new ones came, and at whether any came at all; then tells.
pub(super) async fn look(school: &Arc<School>, took: bool) -> Result<(), Problem> {
    let in_force = school.in_force(&mut school.database.read().await?).await?;
    let terms = Terms::of(&in_force.policy);
    if took {
        let found = today(school, &in_force.policy, &terms).await?;
        for one in found {
            raise(school, &one).await?;
        }
    }
    silence(school, &terms).await?;
    tell(school, &in_force.policy).await
}

async fn today(
    school: &Arc<School>,
    policy: &Policy,
    terms: &Terms,
) -> Result<Vec<Found>, Problem> {
    let zone = school.settings().time_zone.clone();
    let now = school.clock.now();
    let start = school
        .instant(school.date_of(now), Time::midnight())
        .ok_or_else(|| Fault::said("today has no beginning by the school’s clock".into()))?;
    let pieces = segment::between(&mut school.database.read().await?, school, start, now).await?;
    let lines: Vec<_> = segment::decisions(&pieces, start, now).collect();
    addresses(school, policy, &lines).await?;
    let mut day: Vec<Seen<'_>> = lines
        .iter()
        .filter_map(|line| {
            let at = Timestamp::from_millisecond(line.at_ms).ok()?;
            Some(Seen {
                at_ms: line.at_ms,
                local: at.to_zoned(zone.clone()).datetime(),
                device: line.device,
                group: line.group,
                name: line.name,
                category: line.category,
                blocked: line.is_blocked(),
                illegal: line.is_illegal(),
            })
        })
        .collect();
    day.sort_by_key(|seen| seen.at_ms);
    let adults: Vec<String> = policy
        .all(&filter_group::CONTROL)
        .filter(|bound| bound.get(&filter_group::ADULTS))
        .map(|bound| bound.get(&filter_group::GROUP))
        .collect();
    let adults: Vec<&str> = adults.iter().map(String::as_str).collect();
    Ok(monitoring::unusual(&day, terms, &adults))
}

/// Keeps an alert, once a day for one device and one reason.
async fn raise(school: &Arc<School>, found: &Found) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    if write(&mut tx, found, "", "").await? {
        let entry = Entry::of(EntryKind::FilterAlertRaised, Object::new("filter", "log"))
            .fact("kind", found.why.key())
            .fact("at-once", found.at_once);
        tx.commit(entry).await?;
    }
    Ok(())
}

/// Something searched for or opened that met a watched word.
pub(in crate::filter) struct Worry<'a> {
    pub(in crate::filter) at_ms: i64,
    pub(in crate::filter) device: &'a str,
    pub(in crate::filter) who: &'a str,
    pub(in crate::filter) group: &'a str,
    pub(in crate::filter) rule: &'a Rule,
    /// As whoever looks into it reads it.
    pub(in crate::filter) words: String,
}

/// An alert of a watched word, once a day for one rule and one device or person; in the act that found it.
pub(in crate::filter) async fn worry(
    tx: &mut Tx,
    policy: &Policy,
    worry: &Worry<'_>,
) -> Result<bool, Problem> {
    let found = Found {
        why: Unusual::Words,
        at_once: is_at_once(policy, worry.rule),
        device: worry.device.to_owned(),
        group: worry.group.to_owned(),
        first_at_ms: worry.at_ms,
        category: worry.rule.theme.key().to_owned(),
        names: vec![worry.words.clone()],
        times: 1,
    };
    write(tx, &found, worry.who, &worry.rule.id).await
}

/// What the path of an address says, however it is spelled.
pub(in crate::filter) fn words_of(path: &str) -> String {
    form_urlencoded::parse(path.as_bytes())
        .map(|(one, other)| format!("{one} {other} "))
        .collect()
}

/// Addresses of the day, as the proxy saw them, that meet a watched word.
async fn addresses(
    school: &Arc<School>,
    policy: &Policy,
    lines: &[Line<'_>],
) -> Result<(), Problem> {
    let Some(bound) = policy.bound(&search_terms::CONTROL) else {
        return Ok(());
    };
    let themes = bound.get(&search_terms::THEMES);
    let mut seen = BTreeSet::new();
    for line in lines {
        let Some((_, path)) = line.name.split_once('/') else {
            continue;
        };
        // One page asked for again and again is one.
        if !seen.insert((line.device, line.name)) {
            continue;
        }
        for rule in watched_words::met_by(&words_of(path), &themes) {
            let mut tx = school.write(Actor::School(NAME)).await?;
            let of_line = Worry {
                at_ms: line.at_ms,
                device: line.device,
                who: line.who,
                group: line.group,
                rule,
                words: line.name.to_owned(),
            };
            if worry(&mut tx, policy, &of_line).await? {
                let entry = Entry::of(EntryKind::FilterAlertRaised, Object::new("filter", "log"))
                    .fact("kind", Unusual::Words.key())
                    .fact("at-once", is_at_once(policy, rule));
                tx.commit(entry).await?;
            }
        }
    }
    Ok(())
}

/// `rule` and `who` tell two alerts of watched words apart.
async fn write(tx: &mut Tx, found: &Found, who: &str, rule: &str) -> Result<bool, Problem> {
    let (school, now, today, id) = (
        tx.school().clone(),
        tx.now(),
        tx.today(),
        tx.school().new_row_id(),
    );
    let mut mark = format!(
        "{}|{}|{}|{}|{}|{today}",
        school.settings().id,
        found.why.key(),
        found.group,
        found.device,
        found.category
    );
    if !rule.is_empty() {
        mark = format!("{mark}|{rule}|{who}");
    }
    let knows = Knows {
        device: found.device.clone(),
        names: found.names.clone(),
        times: found.times,
        who: who.to_owned(),
        reason: String::new(),
    };
    let bytes = serde_json::to_vec(&knows)
        .map_err(|error| Fault::at("keeping an alert of the filter".into(), error))?;
    let written = tx
        .run(
            sql("insert into filter_alert (id, kind, mark, technical, at_once, made_at, first_at,
                                           for_group, category, sealed, told_at, handled_at, handled_by,
                                           outcome)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null, null, null)
                 on conflict (mark) do nothing")
            .bind(&id)
            .bind(found.why.key())
            .bind(belisha_journal::Hash::of_payload(mark.as_bytes()).to_string())
            .bind(found.why.is_technical())
            .bind(found.at_once)
            .bind(now)
            .bind(found.first_at_ms)
            .bind(&found.group)
            .bind(&found.category)
            .bind(records::seal_aside(&school, KIND, &id, &bytes)),
        )
        .await?;
    Ok(written > 0)
}

/// An alert that lines are missing, in the act that found it.
pub(super) async fn gap(tx: &mut Tx, lost: u64, at_ms: i64) -> Result<(), Problem> {
    let found = technical(
        Unusual::Gap,
        at_ms,
        usize::try_from(lost).unwrap_or(usize::MAX),
    );
    write(tx, &found, "", "").await?;
    Ok(())
}

fn technical(why: Unusual, at_ms: i64, times: usize) -> Found {
    Found {
        why,
        at_once: true,
        device: String::new(),
        group: String::new(),
        first_at_ms: at_ms,
        category: String::new(),
        names: Vec::new(),
        times,
    }
}

/// Whether the log has been silent for too long on a school day.
async fn silence(school: &Arc<School>, terms: &Terms) -> Result<(), Problem> {
    let mut records = school.database.read().await?;
    let row = sql("select max(until_at) as last from filter_log_segment")
        .one(&mut records)
        .await?;
    let last = row.instant_optional("last")?;
    let calendar = crate::schools::calendar::of(&mut records, school).await?;
    let now = school.clock.now();
    let nodes = nodes::silent(&mut records, terms.silent, now).await?;
    drop(records);
    for (name, last) in nodes {
        // Which site it is stands where a device would: the alert is about its resolver.
        let found = Found {
            device: name,
            ..technical(Unusual::Silent, last.as_millisecond(), 0)
        };
        raise(school, &found).await?;
    }
    let here = now.to_zoned(school.settings().time_zone.clone());
    let in_school =
        calendar.is_school_day(here.date()) && BEGUN <= here.time() && here.time() <= OVER;
    let begun = school.instant(here.date(), BEGUN).filter(|_| in_school);
    if monitoring::is_silent(terms, last, begun, now) {
        let at_ms = last.map_or(0, Timestamp::as_millisecond);
        raise(school, &technical(Unusual::Silent, at_ms, 0)).await?;
    }
    Ok(())
}

/// Tells those whom the policy names: at once of what cannot wait, of the rest when the digest is due.
async fn tell(school: &Arc<School>, policy: &Policy) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let here = tx.now().to_zoned(school.settings().time_zone.clone());
    let digest = here.time() >= policy.get(&filter_alerts::DIGEST);
    let rows = sql("select id, technical, at_once from filter_alert
         where told_at is null and handled_at is null order by made_at, id")
    .all(&mut tx)
    .await?;
    let told = policy.get(&filter_alerts::TOLD);
    let (now, today) = (tx.now(), tx.today());
    let mut count = 0;
    for row in rows {
        let (id, technical, at_once): (String, bool, bool) =
            (row.get("id")?, row.get("technical")?, row.get("at_once")?);
        if !at_once && !digest {
            continue;
        }
        let posts: &[Post] = if technical {
            &[Post::NetworkManager]
        } else {
            &told
        };
        let mut somebody = false;
        for post in posts {
            for (person, _) in holders(&mut tx, *post, today).await? {
                somebody = true;
                // What waits for the digest is one notice, however much it is.
                let object = if at_once {
                    Object::new("filter-alert", &id)
                } else {
                    Object::new("filter-alert", "digest")
                };
                notices::tell(&mut tx, person, NoticeKind::FilterAlert, &object, at_once).await?;
            }
        }
        // An alert that reached nobody is told again, once somebody holds the post.
        if !somebody {
            continue;
        }
        tx.run_one(
            sql("update filter_alert set told_at = $2 where id = $1")
                .bind(&id)
                .bind(now),
        )
        .await?;
        count += 1;
    }
    if count > 0 {
        let entry = Entry::of(EntryKind::FilterAlertTold, Object::new("filter", "log"))
            .fact("alerts", count);
        tx.commit(entry).await?;
    }
    Ok(())
}
