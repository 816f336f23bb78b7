//! Makes a clause the advice that stands on the page for reporting. Enforced by
//! `incidents`, which shows the clause's own words.

use crate::control::{Assurance, Control};
use crate::kind::OneOf;
use crate::param::Required;
use crate::policy::{Clause, Policy};
use crate::words::{Audience, Post, Word};

/// Who is shown the clause.
pub static TO: Required<OneOf<Audience>> = Required::new(
    &CONTROL,
    "to",
    "Who is shown this clause before they report.",
);

pub static CONTROL: Control = Control {
    key: "reporting-advice",
    title: "Advice to whoever reports",
    about: "The words of the clause stand on the page on which these people report: what to do \
            first, what to keep, what not to pass on. When the clause changes, the page changes.",
    params: &[&TO],
    repeats_by: Some(&TO),
    sentence: |set| {
        format!(
            "This advice stands on the page on which {} report.",
            set.get(&TO).name()
        )
    },
    objections: None,
    needs: None,
    owner: Post::OnlineSafetyCoordinator,
    feature: "incidents",
    assurance: Assurance::Enforced,
    source: None,
};

impl Policy {
    /// The clause that is the advice for these people, where there is one.
    pub fn reporting_advice(&self, to: Audience) -> Option<&Clause> {
        self.clauses.iter().find(|clause| {
            clause
                .controls
                .iter()
                .any(|bound| bound.control() == &CONTROL && bound.get(&TO) == to)
        })
    }
}
