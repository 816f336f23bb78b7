//! The tables of the page of patterns: each a grid of counts with a finding in words.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use belisha_policy::Word as _;
use belisha_rules::ids::PersonId;
use belisha_rules::patterns::{Figure, median};
use jiff::civil::Weekday;

use super::counting::{Counted, Counts};
use super::findings::Tells;
use crate::incidents::reports::Sender;
use crate::incidents::{classification, guidance};
use crate::viewer::Viewer;
use crate::web::words::capital;

/// One grid: what its rows and columns are called, and which cases fall into each cell.
pub(super) struct Grid<'a> {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) corner: &'static str,
    /// What its finding is about.
    pub(super) tells: Tells,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<(String, Vec<Vec<&'a Counted>>)>,
}

impl Grid<'_> {
    /// How a cell is shown to this viewer.
    pub(super) fn figure(cell: &[&Counted], sees_all: bool) -> Figure {
        if sees_all {
            Figure::open(cell.len())
        } else {
            let may_open = cell.iter().filter(|case| case.may_open).count();
            Figure::of(cell.len(), may_open)
        }
    }

    /// The figure of the fullest cell.
    pub(super) fn warmest(&self, sees_all: bool) -> Figure {
        self.rows
            .iter()
            .flat_map(|(_, cells)| cells)
            .map(|cell| Self::figure(cell, sees_all))
            .max_by_key(|figure| match figure {
                Figure::Exact(count) | Figure::About(count) => *count,
                Figure::Few => 0,
            })
            .unwrap_or(Figure::Few)
    }
}

const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "Monday"),
    (Weekday::Tuesday, "Tuesday"),
    (Weekday::Wednesday, "Wednesday"),
    (Weekday::Thursday, "Thursday"),
    (Weekday::Friday, "Friday"),
    (Weekday::Saturday, "Saturday"),
    (Weekday::Sunday, "Sunday"),
];

/// The hours of a school's day; before and after it, the hours are many and the cases few.
const HOURS: [(i8, i8, &str); 11] = [
    (0, 8, "before 8am"),
    (8, 9, "8am"),
    (9, 10, "9am"),
    (10, 11, "10am"),
    (11, 12, "11am"),
    (12, 13, "noon"),
    (13, 14, "1pm"),
    (14, 15, "2pm"),
    (15, 16, "3pm"),
    (16, 18, "4 and 5pm"),
    (18, 24, "6pm and later"),
];

/// A number above the tables: its key in an address, what it is called, and which cases it counts.
type Number = (&'static str, &'static str, fn(&Counted) -> bool);

pub(super) const NUMBERS: [Number; 5] = [
    ("every", "cases", |_| true),
    ("open", "open", |case| case.is_open),
    ("overdue", "overdue", |case| case.is_overdue),
    ("late", "reported late", |case| case.late),
    ("acknowledged", "acknowledged", |case| {
        case.acknowledged_at.is_some()
    }),
];

/// Every grid of the page.
pub(super) fn grids<'a>(viewer: &Viewer, counts: &'a Counts) -> Vec<Grid<'a>> {
    vec![
        by_time(viewer, counts),
        by_class(counts),
        by_risk(counts),
        by_sender(counts),
        by_term(counts),
        by_service(counts),
        by_wait(viewer, counts),
    ]
}

fn by_time<'a>(viewer: &Viewer, counts: &'a Counts) -> Grid<'a> {
    let zone = viewer.school.settings().time_zone.clone();
    let mut rows: Vec<(String, Vec<Vec<&Counted>>)> = DAYS
        .iter()
        .map(|(_, name)| ((*name).to_owned(), vec![Vec::new(); HOURS.len()]))
        .collect();
    for case in &counts.cases {
        let Some(at) = case.happened_at else { continue };
        let at = at.to_zoned(zone.clone());
        let row = DAYS.iter().position(|(day, _)| *day == at.weekday());
        let column = HOURS
            .iter()
            .position(|(from, to, _)| *from <= at.hour() && at.hour() < *to);
        if let (Some(row), Some(column)) = (row, column) {
            rows[row].1[column].push(case);
        }
    }
    Grid {
        key: "time",
        title: "When it happened",
        corner: "Day",
        tells: Tells::Warmest,
        columns: HOURS
            .iter()
            .map(|(_, _, name)| (*name).to_owned())
            .collect(),
        rows,
    }
}

/// So many categories stand beside each other; the others are one column.
const CATEGORIES: usize = 8;
const NOT_DECIDED: &str = "not decided";
const OTHERS: &str = "others";

fn area(case: &Counted) -> String {
    let edition = guidance::of(&case.guidance);
    edition
        .areas
        .iter()
        .find(|area| area.risks.iter().any(|risk| risk.key == case.category))
        .map_or_else(|| NOT_DECIDED.to_owned(), |area| area.name.clone())
}

fn category(case: &Counted) -> String {
    guidance::of(&case.guidance)
        .risk(&case.category)
        .map_or_else(|| NOT_DECIDED.to_owned(), |risk| risk.name.clone())
}

/// The categories that come up most, for those who may open the cases. To others the areas,
/// all of them: which categories come up at all would tell of a single case.
fn categories(counts: &Counts) -> (Vec<String>, fn(&Counted) -> String) {
    if !counts.sees_all {
        let areas = guidance::newest().areas.iter();
        let mut areas: Vec<String> = areas.map(|area| area.name.clone()).collect();
        areas.push(NOT_DECIDED.to_owned());
        return (areas, area);
    }
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for case in &counts.cases {
        *found.entry(category(case)).or_default() += 1;
    }
    let mut found: Vec<(String, usize)> = found.into_iter().collect();
    found.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    let more = found.len() > CATEGORIES;
    found.truncate(CATEGORIES);
    let mut columns: Vec<String> = found.into_iter().map(|(name, _)| name).collect();
    if more {
        columns.push(OTHERS.to_owned());
    }
    (columns, category)
}

fn by_class(counts: &Counts) -> Grid<'_> {
    let (columns, name) = categories(counts);
    let other = columns.iter().position(|column| column == OTHERS);
    let empty = || vec![Vec::new(); columns.len()];
    let mut rows: BTreeMap<&str, Vec<Vec<&Counted>>> = counts
        .classes
        .iter()
        .filter(|_| !counts.sees_all)
        .map(|class| (class.as_str(), empty()))
        .collect();
    for case in &counts.cases {
        let name = name(case);
        let Some(column) = columns.iter().position(|column| *column == name).or(other) else {
            continue;
        };
        for class in &case.classes {
            rows.entry(class).or_insert_with(empty)[column].push(case);
        }
    }
    Grid {
        key: "class",
        title: "Which class, and what about",
        corner: "Class",
        tells: Tells::Warmest,
        columns,
        rows: rows
            .into_iter()
            .map(|(class, cells)| (class.to_owned(), cells))
            .collect(),
    }
}

/// Services and apps that were named, those in most cases first. To whoever may not open the
/// cases, every one that there is a name for: which come up at all would tell of one case.
fn by_service(counts: &Counts) -> Grid<'_> {
    let mut rows: BTreeMap<&str, Vec<&Counted>> = BTreeMap::new();
    if !counts.sees_all {
        rows.extend(classification::services().map(|service| (service.key.as_str(), Vec::new())));
    }
    for case in &counts.cases {
        for service in &case.services {
            rows.entry(service).or_default().push(case);
        }
    }
    let mut rows: Vec<(String, Vec<Vec<&Counted>>)> = rows
        .into_iter()
        .map(|(key, cases)| {
            let name =
                classification::service(key).map_or(key.to_owned(), |named| named.name.clone());
            (name, vec![cases])
        })
        .collect();
    if counts.sees_all {
        rows.sort_by_key(|(name, cells)| (Reverse(cells[0].len()), name.clone()));
    }
    Grid {
        key: "service",
        title: "Services and apps that were named",
        corner: "Service",
        tells: Tells::Most,
        columns: vec!["cases".to_owned()],
        rows,
    }
}

/// How soon somebody said "I have this", term by term.
fn by_wait<'a>(viewer: &Viewer, counts: &'a Counts) -> Grid<'a> {
    const WAITS: [&str; 5] = [
        "within an hour",
        "on the same day",
        "on the next day",
        "later",
        "not yet",
    ];
    let column = |case: &Counted| {
        let Some(at) = case.acknowledged_at else {
            return 4;
        };
        let on = viewer.school.date_of(at);
        if at.duration_since(case.opened_at) <= jiff::SignedDuration::from_hours(1) {
            0
        } else if on <= case.opened_on {
            1
        } else if case.opened_on.tomorrow().is_ok_and(|next| on <= next) {
            2
        } else {
            3
        }
    };
    let rows = counts
        .terms
        .iter()
        .map(|term| {
            let mut cells = vec![Vec::new(); WAITS.len()];
            for case in counts.of_term(term) {
                cells[column(case)].push(case);
            }
            (term.name.clone(), cells)
        })
        .collect();
    Grid {
        key: "wait",
        title: "How soon a report is acknowledged",
        corner: "Term",
        tells: Tells::Share,
        columns: WAITS.map(str::to_owned).to_vec(),
        rows,
    }
}

fn by_risk(counts: &Counts) -> Grid<'_> {
    let mut rows: BTreeMap<String, Vec<Vec<&Counted>>> = BTreeMap::new();
    for case in &counts.cases {
        let name = guidance::of(&case.guidance)
            .risk(&case.category)
            .map_or_else(|| "not decided".to_owned(), |risk| risk.name.clone());
        let Some(column) = counts
            .terms
            .iter()
            .position(|term| term.first <= case.opened_on && case.opened_on <= term.last)
        else {
            continue;
        };
        rows.entry(name)
            .or_insert_with(|| vec![Vec::new(); counts.terms.len()])[column]
            .push(case);
    }
    Grid {
        key: "risk",
        title: "What about, term by term",
        corner: "Risk",
        tells: Tells::Warmest,
        columns: counts.terms.iter().map(|term| term.name.clone()).collect(),
        rows: rows.into_iter().collect(),
    }
}

fn by_sender(counts: &Counts) -> Grid<'_> {
    let rows = Sender::all()
        .map(|sender| {
            let of_sender: Vec<&Counted> = counts
                .cases
                .iter()
                .filter(|case| case.senders.contains(&sender))
                .collect();
            (capital(sender.name()), dated(of_sender))
        })
        .collect();
    Grid {
        key: "sender",
        title: "Who reported it",
        corner: "Reported by",
        tells: Tells::Most,
        columns: DATED.map(str::to_owned).to_vec(),
        rows,
    }
}

/// What is counted of some cases: all, those reported late, those open now.
const DATED: [&str; 3] = ["reported", "reported late", "open now"];

fn dated<'a>(of: Vec<&'a Counted>) -> Vec<Vec<&'a Counted>> {
    let late = of.iter().copied().filter(|case| case.late).collect();
    let open = of.iter().copied().filter(|case| case.is_open).collect();
    vec![of, late, open]
}

fn by_term(counts: &Counts) -> Grid<'_> {
    let rows = counts
        .terms
        .iter()
        .map(|term| {
            let of_term: Vec<&Counted> = counts.of_term(term).collect();
            (term.name.clone(), dated(of_term))
        })
        .collect();
    Grid {
        key: "term",
        title: "Term by term",
        corner: "Term",
        tells: Tells::Trend,
        columns: DATED.map(str::to_owned).to_vec(),
        rows,
    }
}

/// How long it took until somebody said "I have this": the middle case, in minutes. Only
/// where enough cases stand behind it.
pub(super) fn minutes_to_acknowledge(counts: &Counts) -> Option<i64> {
    let minutes: Vec<i64> = counts
        .cases
        .iter()
        .filter_map(|case| {
            let waited = case.acknowledged_at?.duration_since(case.opened_at);
            Some(waited.as_mins())
        })
        .collect();
    let enough = counts.sees_all || minutes.len() >= belisha_rules::patterns::FEW;
    enough.then(|| median(minutes)).flatten()
}

/// A child who comes up in three cases or more.
pub(super) struct Repeated<'a> {
    pub(super) child: PersonId,
    pub(super) name: &'a str,
    pub(super) cases: Vec<&'a Counted>,
}

/// The children who do, those in most cases first: for those alone who may open them all.
pub(super) fn repeated(counts: &Counts) -> Vec<Repeated<'_>> {
    if !counts.sees_all {
        return Vec::new();
    }
    let mut children: BTreeMap<PersonId, Repeated<'_>> = BTreeMap::new();
    for case in &counts.cases {
        for (child, name) in &case.children {
            children
                .entry(*child)
                .or_insert_with(|| Repeated {
                    child: *child,
                    name,
                    cases: Vec::new(),
                })
                .cases
                .push(case);
        }
    }
    let mut repeated: Vec<Repeated<'_>> = children
        .into_values()
        .filter(|repeated| repeated.cases.len() >= 3)
        .collect();
    repeated.sort_by_key(|repeated| (Reverse(repeated.cases.len()), repeated.name));
    repeated
}
