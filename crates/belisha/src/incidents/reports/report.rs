//! A report as it is meant, whoever sent it and by whatever page.

use std::collections::BTreeSet;

use belisha_policy::{Matter, Word};
use belisha_rules::ids::PersonId;
use belisha_rules::routing::puts_a_child_at_risk;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::incidents::classification;
use crate::incidents::words::{AtRisk, Part};

/// A report as it is meant.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) words: String,
    pub(crate) happened_at: Option<Timestamp>,
    pub(crate) happened_on: Date,
    pub(crate) place: String,
    pub(crate) people: Vec<(PersonId, Part)>,
    /// Names that are not on the register, as typed.
    pub(crate) others: Vec<(String, Part)>,
    /// Adults of the school whom a name that was typed may mean. They are kept out of
    /// the route, and are not recorded as anything.
    pub(crate) perhaps: Vec<PersonId>,
    pub(crate) unnamed_adult: bool,
    pub(crate) at_risk: AtRisk,
    pub(crate) told_lead: bool,
    pub(crate) how: Option<How>,
    pub(crate) knows_how: String,
    /// What it is about, as the records spell it: `matter/bullying`, `own/game-cards`.
    pub(crate) categories: Vec<String>,
    /// Keys of the services it happened on.
    pub(crate) services: Vec<String>,
}

impl Report {
    /// Whom the concern is about, as far as it is certain.
    pub(crate) fn subjects(&self) -> Vec<PersonId> {
        self.people
            .iter()
            .filter(|(_, part)| *part == Part::Alleged)
            .map(|(person, _)| *person)
            .collect()
    }

    /// Everybody who must not hear of it: subjects, and those who may be.
    pub(crate) fn kept_out(&self) -> Vec<PersonId> {
        let all: BTreeSet<PersonId> = self
            .subjects()
            .into_iter()
            .chain(self.perhaps.clone())
            .collect();
        all.into_iter().collect()
    }

    pub(crate) fn matters(&self) -> Vec<Matter> {
        self.categories
            .iter()
            .filter_map(|category| classification::matter_of(category))
            .collect()
    }

    /// Whether a child counts as being at risk: by the reporter's answer, or by what it
    /// is about.
    pub(crate) fn counts_as_at_risk(&self) -> bool {
        self.at_risk.counts() || self.matters().into_iter().any(puts_a_child_at_risk)
    }
}

/// How somebody knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Saw,
    WasTold,
    Found,
    DeviceShowed,
    Another,
}

impl Word for How {
    const KIND: &'static str = "a way of knowing";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Saw, "saw", "I saw or heard it"),
        (Self::WasTold, "was-told", "Somebody told me"),
        (Self::Found, "found", "I found it"),
        (
            Self::DeviceShowed,
            "device",
            "A device or the filter showed it",
        ),
        (Self::Another, "another", "In another way"),
    ];
}

/// Where a report comes from.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) channel: Channel,
    pub(crate) from: Sender,
    /// The account that sent it; none where nobody signed in.
    pub(crate) reporter: Option<PersonId>,
    /// The name and the contact that somebody without an account gave, if they did.
    pub(crate) named: String,
    /// The adult whom a child wants to know.
    pub(crate) chosen: Option<PersonId>,
}

/// By which page a report came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Page,
    Tell,
    Concern,
    Filter,
    Program,
}

impl Word for Channel {
    const KIND: &'static str = "a way of reporting";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Page, "page", "the report page"),
        (Self::Tell, "tell", "the page for pupils"),
        (Self::Concern, "concern", "the public page"),
        (Self::Filter, "filter", "an alert of the filter"),
        (Self::Program, "program", "a program of the school"),
    ];
}

/// Who reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sender {
    Account,
    Pupil,
    Parent,
    Visitor,
    Governor,
    FormerPupil,
    Other,
}

impl Word for Sender {
    const KIND: &'static str = "a kind of reporter";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Account, "account", "somebody with an account"),
        (Self::Pupil, "pupil", "a pupil"),
        (Self::Parent, "parent", "a parent or carer"),
        (Self::Visitor, "visitor", "a visitor or volunteer"),
        (Self::Governor, "governor", "a governor"),
        (Self::FormerPupil, "former-pupil", "a former pupil"),
        (Self::Other, "other", "somebody else"),
    ];
}
