//! Policies for tests: one clause with the control blocks that a test is about.

use belisha_policy::Policy;

/// A policy whose only clause carries these control blocks.
pub(crate) fn policy_with(blocks: &str) -> Policy {
    let text = format!(
        "# Online safety policy\n\n## Part {{#part}}\n\n### Clause {{#clause}}\n\nWords.\n\n{blocks}"
    );
    belisha_policy::parse(&text).expect("a policy without faults")
}
