//! The kind *lesson with sensitive content*: pages opened for one class, for one lesson.

use belisha_filter::verdict::Outcome;
use belisha_policy::controls::{filter_changes, sensitive_lesson};
use belisha_rules::approvals::Terms;
use belisha_ui::{Html, SummaryRow};
use serde::{Deserialize, Serialize};

use super::ask_lesson::AskLesson;
use super::kind::{Asked, AskedFor, Between, Expected, Kind};
use crate::filter::{self, Decision, NewEntry};
use crate::web::act::act;
use crate::web::route::Needs;

pub(super) static KIND: Kind = Kind {
    key: "sensitive-lesson",
    url: "/approvals/new/sensitive-lesson",
    name: "lesson with sensitive content",
    asks: "Ask for a lesson with sensitive content",
    why: "What pupils learn by it",
    risk: "What else the sites hold, who else they open for, and what you do about it.",
    terms: |policy| Terms {
        deciders: policy.get(&sensitive_lesson::DECIDED_BY),
        all: true,
        second_person: true,
        managers: policy.get(&filter_changes::MANAGERS),
        applies_itself: true,
        can_be_stopped: true,
        tested: true,
        reviewed_within: Some(policy.get(&filter_changes::REVIEWED_WITHIN)),
    },
    is_offered: |_| true,
    read: AskedFor::read::<SensitiveLesson>,
    routes: |path| act::<AskLesson>(path, Needs::Session),
};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SensitiveLesson {
    pub(super) lesson: String,
    pub(super) class: String,
    /// The group of the filter whose devices the class uses.
    pub(super) group: String,
    /// The class by id, where its devices are written down as its own: it opens on those alone.
    #[serde(default)]
    pub(super) only_class: Option<String>,
    /// The pages as they were typed, line by line.
    pub(super) pages: Vec<String>,
    /// Their names, which are what the filter can open.
    pub(super) names: Vec<String>,
    pub(super) risk: String,
}

impl Asked for SensitiveLesson {
    fn title(&self) -> String {
        format!("{}: {}", self.class, self.lesson)
    }

    fn rows(&self) -> Vec<SummaryRow> {
        vec![
            SummaryRow::new("Lesson", self.lesson.clone()),
            SummaryRow::new("Class", self.class.clone()),
            SummaryRow::new(
                "Devices",
                match &self.only_class {
                    Some(_) => format!("{}: only the devices of the class", self.group),
                    None => format!("{}: all of them", self.group),
                },
            ),
            SummaryRow::new("Pages", Html::paragraphs(&self.pages.join("\n"))),
            SummaryRow::new("Sites that open", self.names.join(", ")),
            SummaryRow::new("Risk, as the teacher sees it", Html::paragraphs(&self.risk)),
        ]
    }

    fn entries(&self, between: Between) -> Vec<NewEntry> {
        self.names
            .iter()
            .map(|name| NewEntry {
                name: name.clone(),
                group: self.devices(),
                decision: Some(Decision::Approval),
                from: between.starts_at,
                until: between.ends_at,
            })
            .collect()
    }

    fn expects(&self) -> Vec<Expected> {
        self.names
            .iter()
            .map(|name| Expected {
                name: name.clone(),
                group: self.devices(),
                outcome: Outcome::Allowed,
            })
            .collect()
    }
}

impl SensitiveLesson {
    /// Whose devices it opens on.
    fn devices(&self) -> String {
        match &self.only_class {
            Some(class) => filter::class_group(&self.group, class),
            None => self.group.clone(),
        }
    }
}
