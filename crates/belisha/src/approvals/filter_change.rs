//! The kind *change of the filter*: a name, and everything below it, opened or blocked for some
//! groups, or left to the lists again.

use belisha_filter::verdict::Outcome;
use belisha_policy::{Word, and};
use belisha_ui::SummaryRow;
use serde::{Deserialize, Serialize};

use super::kind::{Between, Expected};
use crate::filter::{Decision, NewEntry};

/// What shall become of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Wish {
    Open,
    Block,
    AsTheListsSay,
}

impl Word for Wish {
    const KIND: &'static str = "a wish";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Open, "open", "Open it"),
        (Self::Block, "block", "Block it"),
        (
            Self::AsTheListsSay,
            "as-the-lists-say",
            "Leave it to the lists again",
        ),
    ];
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FilterChange {
    pub(super) name: String,
    pub(super) groups: Vec<String>,
    pub(super) wish: Wish,
}

impl FilterChange {
    pub(super) fn title(&self) -> String {
        let groups = and(&self.groups);
        match self.wish {
            Wish::Open => format!("Open {} for {groups}", self.name),
            Wish::Block => format!("Block {} for {groups}", self.name),
            Wish::AsTheListsSay => format!("Leave {} to the lists for {groups}", self.name),
        }
    }

    pub(super) fn rows(&self) -> Vec<SummaryRow> {
        vec![
            SummaryRow::new("Site", self.name.clone()),
            SummaryRow::new("What shall happen", self.wish.name()),
            SummaryRow::new("For", and(&self.groups)),
        ]
    }

    pub(super) fn entries(&self, between: Between) -> Vec<NewEntry> {
        let decision = match (self.wish, between.ends_at) {
            (Wish::Open, None) => Some(Decision::Allow),
            (Wish::Open, Some(_)) => Some(Decision::Approval),
            (Wish::Block, _) => Some(Decision::Deny),
            (Wish::AsTheListsSay, _) => None,
        };
        self.groups
            .iter()
            .map(|group| NewEntry {
                name: self.name.clone(),
                group: group.clone(),
                decision,
                from: between.starts_at,
                until: between.ends_at,
            })
            .collect()
    }

    pub(super) fn expects(&self) -> Vec<Expected> {
        let outcome = match self.wish {
            Wish::Open => Outcome::Allowed,
            Wish::Block => Outcome::Blocked,
            // Whatever the lists say then is right.
            Wish::AsTheListsSay => return Vec::new(),
        };
        self.groups
            .iter()
            .map(|group| Expected {
                name: self.name.clone(),
                group: group.clone(),
                outcome,
            })
            .collect()
    }
}
