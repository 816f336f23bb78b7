//! What an import would do, row by row: decided from the file and the register alone,
//! so that the dry run and the import itself cannot differ.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use belisha_policy::{Standing, Word};
use jiff::civil::Date;

use super::contacts;
use super::fields::{ImportKind, Mapping};
use super::matching::{self, Found};
use super::reading::{self, Particulars, RowRead};
use super::register::{Register, Tied};
use super::table::Table;
use crate::people::queries::sort_name;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Fate {
    Added,
    Changed,
    Unchanged,
    Left,
    Refused,
}

impl Word for Fate {
    const KIND: &'static str = "a row’s fate";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Added, "added", "added"),
        (Self::Changed, "changed", "changed"),
        (Self::Unchanged, "unchanged", "unchanged"),
        (Self::Left, "left", "left"),
        (Self::Refused, "refused", "not read"),
    ];
}

/// Whom a row is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Whom {
    /// Somebody in the register, by id.
    Known(String),
    /// Somebody this import adds, by their place in [`Plan::added`].
    New(usize),
}

/// An adult to be tied to a child, or a tie to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TieDecided {
    pub(crate) pupil: String,
    pub(crate) adult: Whom,
    pub(crate) tie: Tied,
}

/// One row's fate, and what is written for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) line: i64,
    pub(crate) fate: Fate,
    /// What happens, in words for the person who imports.
    pub(crate) says: String,
    /// Whether somebody should look at it although it is taken in.
    pub(crate) warns: bool,
    pub(crate) whom: Option<Whom>,
    /// The whole new state of somebody who is in the register already.
    pub(crate) change: Option<Particulars>,
    /// The class that a pupil is in from now on.
    pub(crate) class: Option<String>,
    pub(crate) tie: Option<TieDecided>,
}

/// Somebody whom the import adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Added {
    pub(crate) standing: Standing,
    pub(crate) particulars: Particulars,
}

/// Somebody of the file's kind who is not in the file: a leaver, if the school says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) class: Option<String>,
}

/// Everything that an import would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) decisions: Vec<Decision>,
    pub(crate) added: Vec<Added>,
    /// Classes that do not exist yet, with their year groups.
    pub(crate) classes: BTreeMap<String, String>,
    pub(crate) missing: Vec<Missing>,
}

impl Plan {
    /// How many rows share a fate.
    pub(crate) fn count(&self, fate: Fate) -> usize {
        self.decisions
            .iter()
            .filter(|decision| decision.fate == fate)
            .count()
    }
}

/// Decides every row.
pub(crate) fn plan(
    kind: ImportKind,
    table: &Table,
    mapping: &Mapping,
    register: &Register,
    today: Date,
) -> Plan {
    let read: Vec<(i64, Result<RowRead, String>)> = table
        .rows
        .iter()
        .map(|row| {
            let read = reading::read(kind, mapping, table.columns.len(), row, today);
            (row.line, read)
        })
        .collect();
    match kind {
        ImportKind::Contacts => contacts::decide(&read, register),
        ImportKind::Pupils => people(Standing::Pupil, &read, register, today),
        ImportKind::Staff => people(Standing::Staff, &read, register, today),
    }
}

fn people(
    standing: Standing,
    read: &[(i64, Result<RowRead, String>)],
    register: &Register,
    today: Date,
) -> Plan {
    let index = matching::Index::of(register);
    let twice = repeated(standing, read);
    let mut plan = Plan::default();
    let mut lines_of: HashMap<Whom, i64> = HashMap::new();
    let mut seen = BTreeSet::new();
    for (line, row) in read {
        let row = match row {
            Ok(row) => row,
            Err(why) => {
                plan.decisions.push(refused(*line, why.clone()));
                continue;
            }
        };
        seen.insert(sort_name(&row.person.name));
        if let Some(why) = twice.get(line) {
            plan.decisions.push(refused(*line, why.clone()));
            continue;
        }
        let whom = match index.find(standing, &row.person) {
            Found::One(known) => Whom::Known(known.id.clone()),
            Found::Nobody => Whom::New(plan.added.len()),
            Found::Unclear(why) => {
                plan.decisions.push(refused(*line, why));
                continue;
            }
        };
        if let Some(first) = lines_of.insert(whom.clone(), *line) {
            plan.decisions.push(refused(
                *line,
                format!("The same person stands on line {first}. Take one of the two rows out."),
            ));
            lines_of.insert(whom, first);
            continue;
        }
        let decision = match &whom {
            Whom::New(_) => {
                plan.added.push(Added {
                    standing,
                    particulars: row.person.clone(),
                });
                added(*line, row, whom)
            }
            Whom::Known(id) => changed(*line, row, index.known(id), id),
        };
        if let Some(class) = &decision.class
            && !register.classes.contains_key(&class.to_lowercase())
            && !plan
                .classes
                .keys()
                .any(|name| name.to_lowercase() == class.to_lowercase())
        {
            let year = row.year_group.clone().unwrap_or_default();
            plan.classes.insert(class.clone(), year);
        }
        plan.decisions.push(decision);
    }
    plan.missing = missing(standing, register, &lines_of, &seen, today);
    plan
}

/// Rows that share a pupil number or an address with another: none of them can be believed.
fn repeated(standing: Standing, read: &[(i64, Result<RowRead, String>)]) -> HashMap<i64, String> {
    let mut lines: HashMap<&str, Vec<i64>> = HashMap::new();
    for (line, row) in read {
        let Ok(row) = row else { continue };
        let key = match standing {
            Standing::Pupil => row.person.upn.as_deref(),
            _ => row.person.email.as_deref(),
        };
        if let Some(key) = key {
            lines.entry(key).or_default().push(*line);
        }
    }
    let what = match standing {
        Standing::Pupil => "pupil number",
        _ => "e-mail address",
    };
    lines
        .values()
        .filter(|lines| lines.len() > 1)
        .flat_map(|lines| {
            lines.iter().map(move |line| {
                let others: Vec<String> = lines
                    .iter()
                    .filter(|other| *other != line)
                    .map(ToString::to_string)
                    .collect();
                let others = belisha_policy::and(&others);
                (
                    *line,
                    format!("Line {others} has the same {what}. Correct whichever is wrong."),
                )
            })
        })
        .collect()
}

pub(super) fn refused(line: i64, says: String) -> Decision {
    Decision {
        line,
        fate: Fate::Refused,
        says,
        warns: false,
        whom: None,
        change: None,
        class: None,
        tie: None,
    }
}

fn added(line: i64, row: &RowRead, whom: Whom) -> Decision {
    let mut says = vec![format!("{} is added.", row.person.name)];
    says.extend(row.warnings.iter().cloned());
    Decision {
        fate: Fate::Added,
        says: says.join(" "),
        warns: !row.warnings.is_empty(),
        whom: Some(whom),
        class: row.class.clone(),
        ..refused(line, String::new())
    }
}

fn changed(line: i64, row: &RowRead, known: &super::register::Known, id: &str) -> Decision {
    let (to, mut says) = matching::difference(known, &row.person);
    let class = row.class.clone().filter(|class| {
        known.class.as_deref().map(str::to_lowercase) != Some(class.to_lowercase())
    });
    if let Some(class) = &class {
        says.push(match &known.class {
            Some(before) => format!("class from {before} to {class}"),
            None => format!("class {class}"),
        });
    }
    let is_changed = !says.is_empty();
    let mut sentences = vec![if is_changed {
        format!("{}: {}.", known.name, says.join("; "))
    } else {
        format!("{} is as in the file.", known.name)
    }];
    sentences.extend(row.warnings.iter().cloned());
    Decision {
        fate: if is_changed {
            Fate::Changed
        } else {
            Fate::Unchanged
        },
        says: sentences.join(" "),
        warns: !row.warnings.is_empty(),
        whom: Some(Whom::Known(id.to_owned())),
        change: to,
        class,
        ..refused(line, String::new())
    }
}

/// Those of the kind whom no row names. Whoever has the name of a row that was refused
/// is not missing: the row is about them, or may be.
fn missing(
    standing: Standing,
    register: &Register,
    matched: &HashMap<Whom, i64>,
    seen: &BTreeSet<String>,
    today: Date,
) -> Vec<Missing> {
    register
        .people
        .iter()
        .filter(|known| {
            known.standing == standing
                && known.ends_on.is_none_or(|day| day >= today)
                && !matched.contains_key(&Whom::Known(known.id.clone()))
                && !seen.contains(&known.sort_name)
        })
        .map(|known| Missing {
            id: known.id.clone(),
            name: known.name.clone(),
            class: known.class.clone(),
        })
        .collect()
}
