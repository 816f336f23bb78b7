//! What the extension of each group is given: made from the policy in force, the entries and the lists, signed
//! with the school's own key, and made anew only where something changed.
//!
//! Four lines before the text that is signed, so that the bytes are exact whoever reads them:
//!
//! ```text
//! belisha-extension-settings
//! belisha/0190…                  the name that stands in the school's public key
//! 7jDr…                          Ed25519 over "belisha-statement\n", the name, "\nextension-settings\n" and the text
//!
//! {"format":1,…}
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use belisha_filter::categories;
use belisha_filter::resolver::{BlockWords, block_words};
use belisha_filter::verdict::{self as filter, Group, PartOfDay};
use belisha_policy::controls::{search_terms, tell_someone};
use belisha_policy::sites::{SearchEngine, Theme, Watched};
use belisha_policy::{Policy, Word as _};
use belisha_rules::watched_words::{self, Rule};
use serde::Serialize;

use super::files::ENGINES;
use crate::actor::Actor;
use crate::audit::signer;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::filter::lists;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;

const NAME: &str = "filter-extension";
const FORMAT: u32 = 1;
/// What the signature is for; see [`belisha_journal::Signer::statement`].
const PURPOSE: &str = "extension-settings";
/// Raised where the same school would be given something else by a newer program.
const EDITION: u32 = 2;
/// More addresses than a browser should hold. What is left out is said on the page of enrolments.
const MOST_ADDRESSES: usize = 50_000;

/// The text of one group, but for its number.
#[derive(Serialize)]
struct Given<'a> {
    format: u32,
    origin: &'a str,
    group: &'a str,
    number: i64,
    adults: bool,
    when: &'static str,
    hours: Hours<'a>,
    /// Addresses with the category that stops them.
    addresses: &'a [(String, String)],
    own: Vec<Own<'a>>,
    safe_search: bool,
    youtube: &'static str,
    engines: Vec<Engine<'a>>,
    words: Vec<&'static Rule>,
    private: &'a [String],
    blocked: BTreeMap<String, BlockWords>,
    /// Where adults ask for a site.
    ask: Option<String>,
    /// Where a child tells somebody what worries them.
    tell: Option<String>,
}

#[derive(Serialize)]
struct Hours<'a> {
    zone: &'a str,
    from: String,
    to: String,
    closed: Vec<(String, String)>,
}

/// What the school judged itself.
#[derive(Serialize)]
struct Own<'a> {
    name: &'a str,
    open: bool,
    from: Option<i64>,
    until: Option<i64>,
}

#[derive(Serialize)]
struct Engine<'a> {
    key: &'a str,
    names: Vec<String>,
    paths: &'a [String],
    terms: &'a [String],
    safe: &'a [(String, String)],
    /// Whether what is searched for is looked at.
    watched: bool,
}

/// What the policy says of searches, or of none.
struct Watching {
    engines: Vec<SearchEngine>,
    themes: Vec<Theme>,
    when: Watched,
    /// Whether children may tell somebody without an account.
    telling: bool,
}

impl Watching {
    fn of(policy: &Policy) -> Self {
        let telling = policy.get(&tell_someone::PUPILS);
        match policy.bound(&search_terms::CONTROL) {
            Some(bound) => Self {
                engines: bound.get(&search_terms::ENGINES),
                themes: bound.get(&search_terms::THEMES),
                when: bound.get(&search_terms::WHEN),
                telling,
            },
            None => Self {
                engines: Vec::new(),
                themes: Vec::new(),
                when: Watched::SchoolHours,
                telling,
            },
        }
    }
}

/// Makes what has changed anew.
pub(in crate::filter) async fn set(
    school: &Arc<School>,
    settings: &filter::Policy,
) -> Result<(), Problem> {
    let mut records = school.database.read().await?;
    let in_force = school.in_force(&mut records).await?;
    let watching = Watching::of(&in_force.policy);
    let index = lists::index(school);
    let built = index
        .as_ref()
        .map(|index| format!("{} {:?}", index.built_at(), index.counts()));
    let text = crate::filter::settings::text(settings)?;
    let made_from = belisha_journal::Hash::of_payload(
        format!(
            "{EDITION} {} {} {built:?} {text} {:?} {:?} {:?} {:?} {:?}",
            env!("CARGO_PKG_VERSION"),
            school.address,
            watching.engines,
            watching.themes,
            watching.when,
            watching.telling,
            signer::origin(school)?
        )
        .as_bytes(),
    )
    .to_string();
    let stale = sql("select for_group from filter_extension where made_from = $1")
        .bind(&made_from)
        .all(&mut records)
        .await?
        .len()
        != settings.groups.len();
    drop(records);
    if !stale {
        return Ok(());
    }
    let listed = match index {
        Some(index) => tokio::task::spawn_blocking(move || listed(&index))
            .await
            .map_err(|error| Fault::at("gathering the addresses of the lists".into(), error))?,
        None => Vec::new(),
    };
    let mut tx = school.write(Actor::School(NAME)).await?;
    for group in &settings.groups {
        write(&mut tx, settings, group, &watching, &listed, &made_from).await?;
    }
    tx.run(sql("delete from filter_extension where made_from <> $1").bind(&made_from))
        .await?;
    let entry = Entry::of(
        EntryKind::FilterExtensionSet,
        Object::new("filter", "extension"),
    )
    .fact("groups", settings.groups.len())
    .fact("version", in_force.number);
    tx.commit(entry).await?;
    Ok(())
}

/// Every full address of the lists, with the categories that hold it.
fn listed(index: &belisha_filter::index::Index) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = index
        .entries()
        .filter(|(entry, _)| entry.contains('/'))
        .map(|(entry, set)| {
            let members = index.set(set).iter();
            let categories = members
                .filter(|member| !member.is_exception())
                .map(|member| index.lists()[member.list()].category.clone())
                .collect();
            (entry.to_owned(), categories)
        })
        .collect();
    found.sort_unstable();
    found
}

async fn write(
    tx: &mut Tx,
    settings: &filter::Policy,
    group: &Group,
    watching: &Watching,
    listed: &[(String, Vec<String>)],
    made_from: &str,
) -> Result<(), Problem> {
    let school = Arc::clone(tx.school());
    let mut addresses: Vec<(String, String)> = listed
        .iter()
        .filter_map(|(address, categories)| {
            let by = categories
                .iter()
                .find(|key| group.stops(key, PartOfDay::Lesson))?;
            Some((address.clone(), by.clone()))
        })
        .collect();
    let left_out = addresses.len().saturating_sub(MOST_ADDRESSES);
    addresses.truncate(MOST_ADDRESSES);
    let before = sql("select number from filter_extension where for_group = $1")
        .bind(&group.name)
        .optional(tx)
        .await?
        .map(|row| row.get::<i64>("number"))
        .transpose()?
        .unwrap_or_default();
    // It rises even where the clock went back.
    let number = tx.now().as_millisecond().max(before + 1);
    let origin = signer::origin(&school)?;
    let given = Given {
        format: FORMAT,
        origin: origin.as_str(),
        group: &group.name,
        number,
        adults: group.adults,
        when: watching.when.key(),
        hours: hours(settings),
        addresses: &addresses,
        own: settings
            .own
            .iter()
            .filter(|own| own.is_for(&group.name))
            .map(own)
            .collect(),
        safe_search: group.safe_search,
        youtube: match group.youtube {
            filter::Restriction::Strict => "strict",
            filter::Restriction::Moderate => "moderate",
            filter::Restriction::Off => "off",
        },
        engines: engines(watching),
        words: watched_words::rules()
            .iter()
            .filter(|rule| watching.themes.contains(&rule.theme))
            .collect(),
        private: super::files::private(),
        blocked: blocked(group, &addresses),
        ask: group
            .adults
            .then(|| format!("{}/approvals/new/filter-change", school.address)),
        tell: (!group.adults && watching.telling)
            .then(|| format!("{}{}", school.address, crate::incidents::tell::url())),
    };
    let body = serde_json::to_string(&given)
        .map_err(|error| Fault::at("writing what the extension is given".into(), error))?;
    let signature = signer::signer(&school)?.statement(PURPOSE, body.as_bytes());
    let signed = format!(
        "belisha-extension-settings\n{origin}\n{}\n\n{body}",
        BASE64_STANDARD.encode(signature)
    );
    tx.run_one(
        sql("insert into filter_extension (for_group, number, made_from, addresses, left_out, signed)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (for_group) do update
             set number = excluded.number, made_from = excluded.made_from,
                 addresses = excluded.addresses, left_out = excluded.left_out, signed = excluded.signed")
        .bind(&group.name)
        .bind(number)
        .bind(made_from)
        .bind(addresses.len() as i64)
        .bind(left_out as i64)
        .bind(signed),
    )
    .await?;
    Ok(())
}

fn hours(settings: &filter::Policy) -> Hours<'_> {
    let clock = |at: jiff::civil::Time| at.strftime("%H:%M").to_string();
    let calendar = &settings.calendar;
    Hours {
        zone: &settings.zone,
        from: clock(calendar.day.from),
        to: clock(calendar.day.to),
        closed: calendar
            .closed
            .iter()
            .map(|(first, last)| (first.to_string(), last.to_string()))
            .collect(),
    }
}

fn own(own: &filter::Own) -> Own<'_> {
    Own {
        name: &own.name,
        open: own.decision != filter::Decision::Deny,
        from: own.from.map(jiff::Timestamp::as_millisecond),
        until: own.until.map(jiff::Timestamp::as_millisecond),
    }
}

fn engines(watching: &Watching) -> Vec<Engine<'static>> {
    ENGINES
        .iter()
        .map(|engine| Engine {
            key: &engine.key,
            names: engine.all_names(),
            paths: &engine.paths,
            terms: &engine.terms,
            safe: &engine.safe,
            watched: watching
                .engines
                .iter()
                .any(|watched| watched.key() == engine.key),
        })
        .collect()
}

/// The words of the block page by what closed a site: `listed/games`, `denied`.
fn blocked(group: &Group, addresses: &[(String, String)]) -> BTreeMap<String, BlockWords> {
    let known = categories::CATEGORIES
        .iter()
        .map(|category| category.key)
        .filter(|key| group.stops(key, PartOfDay::Lesson));
    let others = addresses.iter().map(|(_, category)| category.as_str());
    let by_category = known.chain(others).map(|key| {
        (
            format!("listed/{key}"),
            block_words("listed", key, group.adults),
        )
    });
    let by_word = [
        "denied",
        "closed",
        "not-allowed",
        "illegal",
        "unsafe-search",
        "allowed",
    ]
    .into_iter()
    .map(|word| (word.to_owned(), block_words(word, "", group.adults)));
    by_category.chain(by_word).collect()
}
