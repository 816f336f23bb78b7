//! The kind *change of the filter*: a name, and everything below it, opened or blocked for some
//! groups, or left to the lists again.

use belisha_filter::verdict::Outcome;
use belisha_policy::controls::filter_changes;
use belisha_policy::{Word, and};
use belisha_rules::approvals::Terms;
use belisha_ui::SummaryRow;
use serde::{Deserialize, Serialize};

use super::ask_change::AskChange;
use super::kind::{Asked, AskedFor, Between, Expected, Kind};
use crate::filter::{Decision, NewEntry};
use crate::web::act::act;
use crate::web::route::Needs;

pub(super) static KIND: Kind = Kind {
    key: "filter-change",
    url: "/approvals/new/filter-change",
    name: "change of the filter",
    asks: "Ask for a site",
    why: "Why",
    risk: "What else the site holds, who else it opens for, and what you do about it.",
    terms: |policy| Terms {
        deciders: policy.get(&filter_changes::DECIDED_BY),
        all: false,
        second_person: policy.get(&filter_changes::SECOND_PERSON),
        managers: policy.get(&filter_changes::MANAGERS),
        applies_itself: false,
        can_be_stopped: false,
        tested: true,
        reviewed_within: Some(policy.get(&filter_changes::REVIEWED_WITHIN)),
    },
    is_offered: |_| true,
    read: AskedFor::read::<FilterChange>,
    routes: |path| act::<AskChange>(path, Needs::Session),
};

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

impl Asked for FilterChange {
    fn title(&self) -> String {
        let groups = and(&self.groups);
        match self.wish {
            Wish::Open => format!("Open {} for {groups}", self.name),
            Wish::Block => format!("Block {} for {groups}", self.name),
            Wish::AsTheListsSay => format!("Leave {} to the lists for {groups}", self.name),
        }
    }

    fn rows(&self) -> Vec<SummaryRow> {
        vec![
            SummaryRow::new("Site", self.name.clone()),
            SummaryRow::new("What shall happen", self.wish.name()),
            SummaryRow::new("For", and(&self.groups)),
        ]
    }

    fn entries(&self, between: Between) -> Vec<NewEntry> {
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

    fn expects(&self) -> Vec<Expected> {
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
