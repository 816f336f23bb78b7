//! The tables of the page of patterns: each a grid of counts with a finding in words.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use belisha_policy::Word as _;
use belisha_rules::ids::PersonId;
use belisha_rules::patterns::{Figure, median};
use jiff::civil::Weekday;

use super::counting::{Counted, Counts};
use crate::incidents::guidance;
use crate::incidents::reports::Sender;
use crate::viewer::Viewer;
use crate::web::words::capital;

/// One grid: what its rows and columns are called, and which cases fall into each cell.
pub(super) struct Grid<'a> {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) corner: &'static str,
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

    /// What the grid says, in words.
    pub(super) fn finding(&self, sees_all: bool) -> String {
        let warmest = self.warmest(sees_all);
        if matches!(warmest, Figure::Few | Figure::Exact(0)) {
            return "Too few cases to say anything from them.".to_owned();
        }
        let place = self.rows.iter().find_map(|(row, cells)| {
            cells
                .iter()
                .zip(&self.columns)
                .find(|(cell, _)| Self::figure(cell, sees_all) == warmest)
                .map(|(_, column)| (row, column))
        });
        match place {
            Some((row, column)) => {
                format!("Most cases, {}, are in {row}, {column}.", warmest.words())
            }
            None => String::new(),
        }
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

/// Parts of a day: a whole hour a column would be 24, and a school's day has few.
const HOURS: [(i8, i8, &str); 6] = [
    (0, 8, "before 8am"),
    (8, 10, "8 to 10am"),
    (10, 12, "10am to noon"),
    (12, 14, "noon to 2pm"),
    (14, 16, "2 to 4pm"),
    (16, 24, "after 4pm"),
];

/// A number above the tables: its key in an address, what it is called, and which cases it counts.
type Number = (&'static str, &'static str, fn(&Counted) -> bool);

pub(super) const NUMBERS: [Number; 4] = [
    ("every", "cases", |_| true),
    ("open", "open", |case| case.is_open),
    ("overdue", "overdue", |case| case.is_overdue),
    ("late", "reported late", |case| case.late),
];

/// Every grid of the page.
pub(super) fn grids<'a>(viewer: &Viewer, counts: &'a Counts) -> Vec<Grid<'a>> {
    vec![
        by_time(viewer, counts),
        by_class(counts),
        by_risk(counts),
        by_sender(counts),
        by_term(counts),
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
        columns: HOURS
            .iter()
            .map(|(_, _, name)| (*name).to_owned())
            .collect(),
        rows,
    }
}

fn area(case: &Counted) -> String {
    let edition = guidance::of(&case.guidance);
    edition
        .areas
        .iter()
        .find(|area| area.risks.iter().any(|risk| risk.key == case.category))
        .map_or_else(|| "not decided".to_owned(), |area| area.name.clone())
}

fn by_class(counts: &Counts) -> Grid<'_> {
    let columns: BTreeSet<String> = counts.cases.iter().map(area).collect();
    let columns: Vec<String> = columns.into_iter().collect();
    let mut rows: BTreeMap<String, Vec<Vec<&Counted>>> = BTreeMap::new();
    for case in &counts.cases {
        let Some(column) = columns.iter().position(|column| *column == area(case)) else {
            continue;
        };
        for class in &case.classes {
            rows.entry(class.clone())
                .or_insert_with(|| vec![Vec::new(); columns.len()])[column]
                .push(case);
        }
    }
    Grid {
        key: "class",
        title: "Which class, and what about",
        corner: "Class",
        columns,
        rows: rows.into_iter().collect(),
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
        columns: DATED.map(str::to_owned).to_vec(),
        rows,
    }
}

/// What is counted of some cases: all, those reported late, those open now.
const DATED: [&str; 3] = ["reported", "reported late", "open now"];

fn dated(of: Vec<&Counted>) -> Vec<Vec<&Counted>> {
    let late = of.iter().copied().filter(|case| case.late).collect();
    let open = of.iter().copied().filter(|case| case.is_open).collect();
    vec![of, late, open]
}

fn by_term(counts: &Counts) -> Grid<'_> {
    let rows = counts
        .terms
        .iter()
        .map(|term| {
            let of_term: Vec<&Counted> = counts
                .cases
                .iter()
                .filter(|case| term.first <= case.opened_on && case.opened_on <= term.last)
                .collect();
            (term.name.clone(), dated(of_term))
        })
        .collect();
    Grid {
        key: "term",
        title: "Term by term",
        corner: "Term",
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
