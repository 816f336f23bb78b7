//! What every kind of approval must say. A new kind is a file of its own and an arm here.

use belisha_filter::verdict::Outcome;
use belisha_policy::Word as _;
use belisha_rules::approvals::Kind;
use belisha_rules::ids::ApprovalId;
use belisha_ui::SummaryRow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::filter_change::FilterChange;
use super::sensitive_lesson::SensitiveLesson;
use crate::filter::{self, NewEntry};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum AskedFor {
    FilterChange(FilterChange),
    SensitiveLesson(SensitiveLesson),
}

/// The time for which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Between {
    pub(super) starts_at: Option<Timestamp>,
    pub(super) ends_at: Option<Timestamp>,
}

/// What the filter must answer once it is applied.
pub(super) struct Expected {
    pub(super) name: String,
    pub(super) group: String,
    pub(super) outcome: Outcome,
}

impl AskedFor {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::FilterChange(_) => Kind::FilterChange,
            Self::SensitiveLesson(_) => Kind::SensitiveLesson,
        }
    }

    /// As a list names it: "Open example.org for pupils".
    pub(super) fn title(&self) -> String {
        match self {
            Self::FilterChange(change) => change.title(),
            Self::SensitiveLesson(lesson) => lesson.title(),
        }
    }

    /// What is asked for, line by line.
    pub(super) fn rows(&self) -> Vec<SummaryRow> {
        match self {
            Self::FilterChange(change) => change.rows(),
            Self::SensitiveLesson(lesson) => lesson.rows(),
        }
    }

    /// What the reason for it is called.
    pub(super) fn why(&self) -> &'static str {
        match self {
            Self::FilterChange(_) => "Why",
            Self::SensitiveLesson(_) => "What pupils learn by it",
        }
    }

    /// What it writes into the filter.
    pub(super) fn entries(&self, between: Between) -> Vec<NewEntry> {
        match self {
            Self::FilterChange(change) => change.entries(between),
            Self::SensitiveLesson(lesson) => lesson.entries(between),
        }
    }

    /// What the filter must then answer.
    pub(super) fn expects(&self) -> Vec<Expected> {
        match self {
            Self::FilterChange(change) => change.expects(),
            Self::SensitiveLesson(lesson) => lesson.expects(),
        }
    }

    pub(super) async fn apply(
        &self,
        tx: &mut Tx,
        id: ApprovalId,
        reason: &str,
        between: Between,
    ) -> Result<(), Problem> {
        filter::set(tx, id, reason, &self.entries(between)).await?;
        filter::ask(tx).await?;
        for at in [between.starts_at, between.ends_at].into_iter().flatten() {
            if at > tx.now() {
                filter::ask_at(tx, at).await?;
            }
        }
        Ok(())
    }

    pub(super) fn written(&self) -> Result<String, Fault> {
        serde_json::to_string(self)
            .map_err(|error| Fault::at(format!("keeping a {}", self.kind().name()), error))
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
