//! What a new version changes, in words and in effect: the first for those who
//! read the policy, the second for those who live under it.

mod effect;
mod words;

use std::collections::{HashMap, HashSet};

use similar::{Algorithm, DiffOp, capture_diff_slices};

pub use effect::{EffectChange, InForce, ParamChange};
pub use words::Run;

use crate::fingerprint::normal;
use crate::policy::{Clause, Policy};

/// All that differs between two versions of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The title before and after, where it changed.
    pub title: Option<(String, String)>,
    /// The introduction, where it changed.
    pub introduction: Vec<Run>,
    /// The clauses that changed, in the order of the new version; those that were
    /// removed stand where they stood.
    pub clauses: Vec<ClauseChange>,
    /// What will hold from now on and did not before, in the order of the catalogue.
    pub effects: Vec<EffectChange>,
}

/// How one clause differs. Clauses are recognised by their id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseChange {
    pub id: String,
    /// Number and title in the old version; none for a clause that was added.
    pub before: Option<Heading>,
    /// Number and title in the new version; none for a clause that was removed.
    pub after: Option<Heading>,
    /// Whether it stands in another place among the clauses, or under another clause.
    pub moved: bool,
    /// The words with what was taken out and put in; empty where they are the same.
    pub words: Vec<Run>,
}

/// Number and title of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    pub number: String,
    pub title: String,
}

impl Difference {
    /// Whether the two versions say and do the same.
    pub fn is_empty(&self) -> bool {
        self.title.is_none()
            && self.introduction.is_empty()
            && self.clauses.is_empty()
            && self.effects.is_empty()
    }
}

impl ClauseChange {
    /// One line for a list of changes: "2.3 Phones: renamed from “Telephones”, words changed".
    pub fn summary(&self) -> String {
        let (heading, change) = match (&self.before, &self.after) {
            (None, Some(after)) => (after, "added".to_owned()),
            (Some(before), None) => (before, "removed".to_owned()),
            (Some(before), Some(after)) => (after, self.kept(before, after)),
            (None, None) => return self.id.clone(),
        };
        format!("{} {}: {change}", heading.number, heading.title)
    }

    fn kept(&self, before: &Heading, after: &Heading) -> String {
        let mut changes = Vec::new();
        if before.title != after.title {
            changes.push(format!("renamed from “{}”", before.title));
        }
        if self.moved {
            changes.push(format!("moved from {}", before.number));
        } else if before.number != after.number {
            changes.push(format!("renumbered from {}", before.number));
        }
        if !self.words.is_empty() {
            changes.push("words changed".to_owned());
        }
        changes.join(", ")
    }
}

/// What differs between an old version and a new one.
pub fn difference(old: &Policy, new: &Policy) -> Difference {
    Difference {
        title: (old.title != new.title).then(|| (old.title.clone(), new.title.clone())),
        introduction: changed_words(&old.introduction, &new.introduction),
        clauses: clauses(old, new),
        effects: effect::changes(old, new),
    }
}

fn clauses(old: &Policy, new: &Policy) -> Vec<ClauseChange> {
    let by_id = |policy: &'_ Policy| -> HashMap<String, usize> {
        policy
            .clauses
            .iter()
            .enumerate()
            .map(|(at, clause)| (clause.id.clone(), at))
            .collect()
    };
    let (old_places, new_places) = (by_id(old), by_id(new));
    let kept_in_place = kept_in_place(old, new);
    let mut changes = Vec::new();
    let mut old_told = 0;
    // Clauses that were removed are told before the first clause that follows them and stayed.
    let removed_until = |changes: &mut Vec<ClauseChange>, from: usize, until: usize| {
        let removed = old.clauses[from..until]
            .iter()
            .filter(|clause| !new_places.contains_key(&clause.id));
        changes.extend(removed.map(removed_clause));
    };
    for clause in &new.clauses {
        match old_places.get(&clause.id) {
            None => changes.push(added_clause(clause)),
            Some(at) => {
                let stayed = kept_in_place.contains(clause.id.as_str());
                if stayed && *at >= old_told {
                    removed_until(&mut changes, old_told, *at);
                    old_told = *at;
                }
                changes.extend(kept_clause(&old.clauses[*at], clause, !stayed));
            }
        }
    }
    removed_until(&mut changes, old_told, old.clauses.len());
    changes
}

/// The ids of clauses that keep their order among those which both versions have.
fn kept_in_place<'a>(old: &'a Policy, new: &'a Policy) -> HashSet<&'a str> {
    let ids = |policy: &'a Policy, other: &Policy| -> Vec<&'a str> {
        let others: HashSet<&str> = other
            .clauses
            .iter()
            .map(|clause| clause.id.as_str())
            .collect();
        policy
            .clauses
            .iter()
            .map(|clause| clause.id.as_str())
            .filter(|id| others.contains(id))
            .collect()
    };
    let (old_ids, new_ids) = (ids(old, new), ids(new, old));
    capture_diff_slices(Algorithm::Myers, &old_ids, &new_ids)
        .into_iter()
        .filter_map(|op| match op {
            DiffOp::Equal { old_index, len, .. } => Some(old_index..old_index + len),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => None,
        })
        .flatten()
        .map(|at| old_ids[at])
        .collect()
}

fn added_clause(clause: &Clause) -> ClauseChange {
    ClauseChange {
        id: clause.id.clone(),
        before: None,
        after: Some(heading(clause)),
        moved: false,
        words: words::runs("", &clause.words),
    }
}

fn removed_clause(clause: &Clause) -> ClauseChange {
    ClauseChange {
        id: clause.id.clone(),
        before: Some(heading(clause)),
        after: None,
        moved: false,
        words: words::runs(&clause.words, ""),
    }
}

/// How a clause that stayed differs; none where it is the same in every respect.
fn kept_clause(old: &Clause, new: &Clause, out_of_order: bool) -> Option<ClauseChange> {
    let change = ClauseChange {
        id: new.id.clone(),
        before: Some(heading(old)),
        after: Some(heading(new)),
        moved: out_of_order || old.parent != new.parent,
        words: changed_words(&old.words, &new.words),
    };
    let same = change.before == change.after && !change.moved && change.words.is_empty();
    (!same).then_some(change)
}

fn heading(clause: &Clause) -> Heading {
    Heading {
        number: clause.number.clone(),
        title: clause.title.clone(),
    }
}

fn changed_words(old: &str, new: &str) -> Vec<Run> {
    if normal(old) == normal(new) {
        Vec::new()
    } else {
        words::runs(old, new)
    }
}

#[cfg(test)]
mod tests;
