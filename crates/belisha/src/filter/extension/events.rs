//! What a device reports: pages that it stopped, and searches and addresses that met a watched word. They enter
//! the log of the filter; what met a word is an alert too. The school asks its own list again: a device decides nothing.

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_filter::lists::split_page;
use belisha_policy::Policy;
use belisha_policy::Word as _;
use belisha_policy::controls::search_terms;
use belisha_policy::sites::{SearchEngine, Theme};
use belisha_rules::watched_words::{self, Rule, Severity};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::admission::{Enrolled, is_device};
use super::files::is_private;
use super::given::too_often;
use crate::actor::Actor;
use crate::entries::{Entry, EntryKind, Object};
use crate::filter::log::{Line, TAKE_LOG, Worry, keep_lines, words_of, worry};
use crate::problem::Problem;
use crate::tx::Tx;

const NAME: &str = "filter-extension";
const MOST_BYTES: usize = 64 * 1024;
const MOST_EVENTS: usize = 100;
const LONGEST_TERM: usize = 200;
const LONGEST_ADDRESS: usize = 300;
const LONGEST_WHO: usize = 254;
/// A device that was away sends what it kept; a clock further off than this is not believed.
const OLDEST: SignedDuration = SignedDuration::from_hours(24);
const NEWEST: SignedDuration = SignedDuration::from_mins(5);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    device: String,
    /// Who is signed in to the browser, where the school manages that.
    #[serde(default)]
    who: String,
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Event {
    /// A page that the extension stopped.
    Blocked {
        at: i64,
        address: String,
        word: Stopped,
        #[serde(default)]
        category: String,
    },
    /// A search that met a watched word.
    Term {
        at: i64,
        engine: String,
        term: String,
    },
    /// A page whose address met a watched word.
    Address { at: i64, address: String },
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Stopped {
    Listed,
    Denied,
}

/// What met a watched word.
struct Found {
    at_ms: i64,
    /// The engine or the site, which is all that the log says of it.
    place: String,
    /// As whoever looks into it reads it.
    words: String,
    rule: &'static Rule,
}

pub(super) async fn post(enrolled: Enrolled, body: Bytes) -> Result<Response, Problem> {
    let report = read(&body)?;
    if let Some(refused) = too_often(&enrolled, &report.device) {
        return Ok(refused);
    }
    let mut tx = enrolled.school.write(Actor::School(NAME)).await?;
    let in_force = enrolled.school.in_force(&mut tx).await?;
    let now = tx.now();
    let (mut lines, mut found) = (Vec::new(), Vec::new());
    for event in report.events {
        match event {
            Event::Blocked {
                at,
                address,
                word,
                category,
            } => lines.extend(blocked(believed(at, now), &address, &word, category)),
            Event::Term { at, engine, term } => {
                found.extend(searched(&in_force.policy, believed(at, now), &engine, term));
            }
            Event::Address { at, address } => {
                found.extend(addressed(&in_force.policy, believed(at, now), &address));
            }
        }
    }
    lines.extend(found.iter().map(Found::logged));
    if lines.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let kept: Vec<Line<'_>> = lines
        .iter()
        .map(|logged| Line {
            at_ms: logged.at_ms,
            device: &report.device,
            group: &enrolled.group,
            name: &logged.name,
            word: logged.word,
            list: &logged.list,
            category: &logged.category,
            who: &report.who,
        })
        .collect();
    keep_lines(&mut tx, &kept).await?;
    let mut alerts = 0;
    for one in &found {
        let worry_of = Worry {
            at_ms: one.at_ms,
            device: &report.device,
            who: &report.who,
            group: &enrolled.group,
            rule: one.rule,
            words: one.words.clone(),
        };
        alerts += usize::from(worry(&mut tx, &in_force.policy, &worry_of).await?);
    }
    told_soon(&mut tx, now).await?;
    let entry = Entry::of(
        EntryKind::FilterExtensionHeard,
        Object::new("filter-enrolment", &enrolled.id),
    )
    .fact("lines", kept.len())
    .fact("alerts", alerts);
    tx.commit(entry).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn read(body: &[u8]) -> Result<Report, Problem> {
    if body.len() > MOST_BYTES {
        return Err(Problem::field(
            "body",
            "Send 65,536 bytes at most at a time.",
        ));
    }
    let report: Report = serde_json::from_slice(body)
        .map_err(|error| Problem::field("body", format!("This is not as documented: {error}.")))?;
    if !is_device(&report.device) {
        return Err(Problem::field(
            "device",
            "Use letters, digits, -, _ and full stops.",
        ));
    }
    if report.events.len() > MOST_EVENTS {
        return Err(Problem::field(
            "events",
            "Send 100 events at most at a time.",
        ));
    }
    let fits = report.who.len() <= LONGEST_WHO && !report.who.contains(char::is_control);
    if !fits {
        return Err(Problem::field("who", "Send an e-mail address, or nothing."));
    }
    Ok(report)
}

/// What the alerts' own duty tells, at its next turn, which is now.
async fn told_soon(tx: &mut Tx, now: Timestamp) -> Result<(), Problem> {
    crate::jobs::ask_within(tx, TAKE_LOG.key, now).await
}

/// The device's own time where it can be so, and else the school's.
fn believed(at: i64, now: Timestamp) -> i64 {
    let (from, until) = (now - OLDEST, now + NEWEST);
    if (from.as_millisecond()..=until.as_millisecond()).contains(&at) {
        at
    } else {
        now.as_millisecond()
    }
}

/// A line of the log, of what was reported.
struct Logged {
    at_ms: i64,
    name: String,
    word: &'static str,
    list: String,
    category: String,
}

/// A page that was stopped. What cannot be read is left out, and so is what is private.
fn blocked(at_ms: i64, address: &str, word: &Stopped, category: String) -> Option<Logged> {
    let (host, path) = split_page(address).ok()?;
    let name = if path.is_empty() {
        host.clone()
    } else {
        format!("{host}/{path}")
    };
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let known = category.len() <= 40 && category.bytes().all(is_word);
    if is_private(&host) || !known {
        return None;
    }
    Some(Logged {
        at_ms,
        name: name.chars().take(LONGEST_ADDRESS).collect(),
        word: match word {
            Stopped::Listed => "listed",
            Stopped::Denied => "denied",
        },
        list: "extension".to_owned(),
        category,
    })
}

/// A search that the school's own list finds again, on an engine and about a theme that the policy names.
fn searched(policy: &Policy, at_ms: i64, engine: &str, term: String) -> Option<Found> {
    let bound = policy.bound(&search_terms::CONTROL)?;
    let engine = SearchEngine::from_key(engine)
        .filter(|engine| bound.get(&search_terms::ENGINES).contains(engine))?;
    let themes: Vec<Theme> = bound.get(&search_terms::THEMES);
    let term: String = term.chars().take(LONGEST_TERM).collect();
    let rule = *watched_words::met_by(&term, &themes).first()?;
    Some(Found {
        at_ms,
        place: engine.key().to_owned(),
        // It is shown to people: no line breaks, nothing that cannot be seen.
        words: format!(
            "“{}” on {}",
            term.replace(char::is_control, " "),
            engine.name()
        ),
        rule,
    })
}

/// The address of a page that the school's own list finds again, about a theme that the policy names, and of no
/// site that is private.
fn addressed(policy: &Policy, at_ms: i64, address: &str) -> Option<Found> {
    let bound = policy.bound(&search_terms::CONTROL)?;
    let themes: Vec<Theme> = bound.get(&search_terms::THEMES);
    let (host, path) = split_page(address).ok()?;
    if is_private(&host) {
        return None;
    }
    let path: String = path.chars().take(LONGEST_ADDRESS).collect();
    let rule = *watched_words::met_by(&words_of(&path), &themes).first()?;
    Some(Found {
        at_ms,
        words: format!("{host}/{path}").replace(char::is_control, " "),
        place: host,
        rule,
    })
}

impl Found {
    /// The log says where, and which rule was met; the words themselves stand in the alert.
    fn logged(&self) -> Logged {
        Logged {
            at_ms: self.at_ms,
            name: self.place.clone(),
            word: "watched",
            list: self.rule.id.clone(),
            category: self.rule.theme.key().to_owned(),
        }
    }
}

/// Whether a match is told at once, under the policy.
pub(in crate::filter) fn is_at_once(policy: &Policy, rule: &Rule) -> bool {
    let at_once = policy
        .bound(&search_terms::CONTROL)
        .map(|bound| bound.get(&search_terms::AT_ONCE))
        .unwrap_or_default();
    rule.severity == Severity::Urgent && at_once.contains(&rule.theme)
}
