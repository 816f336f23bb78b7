//! The page of the journal: a person's own lines, or those their posts allow.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    Button, EmptyState, Frame, Moment, NavigationItem, PageLink, Pagination, SubNavigation,
    Timeline, TimelineItem,
};
use jiff::Timestamp;

use super::queries::{self, Sight};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::capital;

/// How many lines a page shows, at least.
const LINES: usize = 50;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Empty for one's own lines.
    #[serde(default)]
    lines: String,
    /// The noun of the entries: `session`.
    #[serde(default)]
    about: String,
    /// Milliseconds since 1970.
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct JournalPage {
    frame: Frame,
    heading: &'static str,
    lead: &'static str,
    sights: Option<SubNavigation>,
    nouns: Vec<NavigationItem>,
    timeline: Option<Timeline>,
    empty: Option<EmptyState>,
    pages: Pagination,
    slip: Option<Button>,
    export: Option<Button>,
}

/// The widest sight that this person's posts give.
fn widest(viewer: &Viewer) -> Sight {
    let facts = RecordFacts::of(Kind::Journal);
    if viewer.may(Action::ReadAllLines, &facts).is_allowed() {
        Sight::All
    } else if viewer.may(Action::ReadTechnicalLines, &facts).is_allowed() {
        Sight::Technical
    } else {
        Sight::Own
    }
}

fn url(lines: &str, about: &str, before: Option<Timestamp>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !lines.is_empty() {
        query.append_pair("lines", lines);
    }
    if !about.is_empty() {
        query.append_pair("about", about);
    }
    if let Some(before) = before {
        query.append_pair("before", &before.as_millisecond().to_string());
    }
    match query.finish() {
        query if query.is_empty() => super::url(),
        query => format!("{}?{query}", super::url()),
    }
}

pub(super) async fn get(viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let widest = widest(&viewer);
    let sight = match asked.lines.as_str() {
        "" => Sight::Own,
        "technical" => Sight::Technical,
        "all" => Sight::All,
        _ => return Err(Problem::NotFound),
    };
    if sight > widest {
        return Err(Problem::NotFound);
    }
    let nouns: Vec<&str> = nouns();
    if !asked.about.is_empty() && !nouns.contains(&asked.about.as_str()) {
        return Err(Problem::NotFound);
    }
    if sight != Sight::Own {
        // Others' lines are history of others: the reading is written down before they show.
        let tx = viewer.write().await?;
        tx.commit(
            Entry::of(EntryKind::JournalRead, Object::new("journal", "lines"))
                .fact("lines", &asked.lines)
                .fact(
                    "about",
                    if asked.about.is_empty() {
                        "everything"
                    } else {
                        &asked.about
                    },
                ),
        )
        .await?;
    }
    let before = asked
        .before
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .unwrap_or(Timestamp::MAX);
    let mut records = viewer.read().await?;
    let identity = crate::people::hats::identity(&mut records, viewer.person).await?;
    let noun = (!asked.about.is_empty()).then_some(asked.about.as_str());
    let lines = queries::lines(&mut records, sight, &identity, noun, before, LINES).await?;
    drop(records);

    let older = (lines.len() >= LINES)
        .then(|| lines.last())
        .flatten()
        .map(|line| PageLink::new(url(&asked.lines, &asked.about, Some(line.at))));
    let newer = asked
        .before
        .map(|_| PageLink::new(url(&asked.lines, &asked.about, None)));
    let (heading, lead) = match sight {
        Sight::Own => (
            "What you did",
            "Every line here is an act of yours that the school’s journal keeps. Nobody can change or remove one.",
        ),
        Sight::Technical => (
            "How Belisha was run",
            "Accounts, sessions, backups and settings. Cases are never listed here. Your reading of this page is itself written down.",
        ),
        Sight::All => (
            "What was done",
            "Everything but cases, whose timelines are in the cases themselves. Your reading of this page is itself written down.",
        ),
    };
    let facts = RecordFacts::of(Kind::Journal);
    let items: Vec<TimelineItem> = lines.iter().map(|line| item(line, &viewer)).collect();
    crate::web::page(&JournalPage {
        frame: frame::of(&viewer),
        heading,
        lead,
        sights: (widest != Sight::Own).then(|| sights(widest, sight)),
        nouns: std::iter::once(NavigationItem {
            text: "Everything".into(),
            href: url(&asked.lines, "", None),
            current: asked.about.is_empty(),
        })
        .chain(nouns.iter().map(|noun| NavigationItem {
            text: noun.replace('-', " "),
            href: url(&asked.lines, noun, None),
            current: asked.about == *noun,
        }))
        .collect(),
        empty: items.is_empty().then(|| {
            EmptyState::new(
                "Nothing here",
                "Acts are listed here, newest first, as soon as they are done.",
            )
        }),
        timeline: (!items.is_empty()).then(|| Timeline::new(items)),
        pages: Pagination::around(newer, older),
        slip: viewer
            .may(Action::TakeCheckpoint, &facts)
            .is_allowed()
            .then(|| Button::link("Print this week’s journal slip", super::slip::url())),
        export: super::download::may(&viewer)
            .then(|| Button::link("Take a copy of the journal", super::download::url())),
    })
}

fn sights(widest: Sight, current: Sight) -> SubNavigation {
    let all = [
        (Sight::Own, "Your own lines", ""),
        (Sight::Technical, "How Belisha was run", "technical"),
        (Sight::All, "Everything but cases", "all"),
    ];
    let items = all
        .into_iter()
        .filter(|(sight, _, _)| *sight <= widest)
        .map(|(sight, text, lines)| NavigationItem {
            text: text.into(),
            href: url(lines, "", None),
            current: sight == current,
        })
        .collect();
    SubNavigation::new("Which lines", items)
}

/// A key as people say it: `network-manager` is the network manager. Dates and numbers stay.
fn in_words(value: &str) -> String {
    let is_letter = |at: Option<char>| at.is_some_and(|letter| letter.is_ascii_lowercase());
    let letters: Vec<char> = value.chars().collect();
    letters
        .iter()
        .enumerate()
        .map(|(at, letter)| {
            let before = at.checked_sub(1).and_then(|at| letters.get(at)).copied();
            let after = letters.get(at + 1).copied();
            if *letter == '-' && is_letter(before) && is_letter(after) {
                ' '
            } else {
                *letter
            }
        })
        .collect()
}

fn item(line: &queries::ShownLine, viewer: &Viewer) -> TimelineItem {
    let zoned = line.at.to_zoned(viewer.school.settings().time_zone.clone());
    let moment = Moment::new(
        zoned.strftime("%Y-%m-%dT%H:%M").to_string(),
        zoned.strftime("%-d %B %Y at %-I:%M%P").to_string(),
    );
    let facts: Vec<String> = line
        .facts
        .iter()
        // An id tells a reader nothing; whoever verifies the file finds it there.
        .filter(|(_, value)| uuid::Uuid::parse_str(value).is_err())
        .map(|(name, value)| format!("{}: {}", name.replace('-', " "), in_words(value)))
        .collect();
    let title = if line.refused {
        format!("{} – refused", capital(line.kind.name()))
    } else {
        capital(line.kind.name())
    };
    TimelineItem {
        by: Some(line.by.clone().unwrap_or_else(|| "Belisha".into())),
        description: (!facts.is_empty()).then(|| facts.join(", ").into()),
        ..TimelineItem::new(title, moment)
    }
}

/// The nouns by which lines can be narrowed, in the order of the kinds; cases are not among them.
fn nouns() -> Vec<&'static str> {
    let mut nouns = Vec::new();
    for kind in EntryKind::all() {
        let noun = kind.key().split('.').next().unwrap_or_default();
        if noun != "incident" && !nouns.contains(&noun) {
            nouns.push(noun);
        }
    }
    nouns
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn keys_are_said_as_words_and_dates_stay() {
        assert_eq!(
            in_words("network-manager, school-office"),
            "network manager, school office"
        );
        assert_eq!(in_words("2026-09-23"), "2026-09-23");
        assert_eq!(in_words("-a-"), "-a-");
    }
}
