//! What a kind of approval says of itself. A new kind is a file of its own and a line in [`KINDS`].

use belisha_filter::verdict::Outcome;
use belisha_policy::Policy;
use belisha_rules::approvals::Terms;
use belisha_rules::ids::ApprovalId;
use belisha_ui::SummaryRow;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{filter_change, mailing, sensitive_lesson};
use crate::filter::{self, NewEntry};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::web::route::Route;

/// Every kind, in the order in which they are offered.
pub(super) static KINDS: &[&Kind] = &[
    &filter_change::KIND,
    &sensitive_lesson::KIND,
    &mailing::KIND,
];

/// One kind of approval.
pub(super) struct Kind {
    /// In addresses, the records and the journal.
    pub(super) key: &'static str,
    /// Where somebody asks for it: `/approvals/new/` and the key.
    pub(super) url: &'static str,
    /// In a sentence: "change of the filter".
    pub(super) name: &'static str,
    /// What the way to ask for it is called.
    pub(super) asks: &'static str,
    /// What the reason for it is called.
    pub(super) why: &'static str,
    /// What whoever notes the risk should think of.
    pub(super) risk: &'static str,
    /// How it goes under a policy.
    pub(super) terms: fn(&Policy) -> Terms,
    /// Whether somebody can ask for it under a policy.
    pub(super) is_offered: fn(&Policy) -> bool,
    /// What stands in the records, as what is asked for.
    pub(super) read: fn(&'static Self, String) -> Option<AskedFor>,
    /// The page on which somebody asks.
    pub(super) routes: fn(&'static str) -> [Route; 2],
}

impl Kind {
    pub(super) fn from_key(key: &str) -> Option<&'static Self> {
        KINDS.iter().copied().find(|kind| kind.key == key)
    }
}

/// What is asked for, of whatever kind.
pub(super) trait Asked: Send + Sync + 'static {
    /// As a list names it: "Open example.org for pupils".
    fn title(&self) -> String;

    /// Line by line.
    fn rows(&self) -> Vec<SummaryRow>;

    /// What it writes into the filter.
    fn entries(&self, _: Between) -> Vec<NewEntry> {
        Vec::new()
    }

    /// What the filter must then answer.
    fn expects(&self) -> Vec<Expected> {
        Vec::new()
    }
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

/// What is asked for, with its kind and as it stands in the records.
pub(super) struct AskedFor {
    pub(super) kind: &'static Kind,
    pub(super) written: String,
    asked: Box<dyn Asked>,
}

impl std::ops::Deref for AskedFor {
    type Target = dyn Asked;

    fn deref(&self) -> &Self::Target {
        &*self.asked
    }
}

impl AskedFor {
    /// What somebody asks for now.
    pub(super) fn new(kind: &'static Kind, asked: impl Asked + Serialize) -> Result<Self, Fault> {
        let written = serde_json::to_string(&asked)
            .map_err(|error| Fault::at(format!("keeping a {}", kind.name), error))?;
        Ok(Self {
            kind,
            written,
            asked: Box::new(asked),
        })
    }

    /// Reads what was asked for back; each kind names this for its own type.
    pub(super) fn read<A: Asked + DeserializeOwned>(
        kind: &'static Kind,
        written: String,
    ) -> Option<Self> {
        let asked: A = serde_json::from_str(&written).ok()?;
        Some(Self {
            kind,
            written,
            asked: Box::new(asked),
        })
    }

    /// Whether it changes what the filter does.
    pub(super) fn sets_the_filter(&self, between: Between) -> bool {
        !self.entries(between).is_empty()
    }

    pub(super) async fn apply(
        &self,
        tx: &mut Tx,
        id: ApprovalId,
        reason: &str,
        between: Between,
    ) -> Result<(), Problem> {
        let entries = self.entries(between);
        if entries.is_empty() {
            return Ok(());
        }
        filter::set(tx, id, reason, &entries).await?;
        filter::ask(tx).await?;
        for at in [between.starts_at, between.ends_at].into_iter().flatten() {
            if at > tx.now() {
                filter::ask_at(tx, at).await?;
            }
        }
        Ok(())
    }
}
