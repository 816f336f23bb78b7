//! Says who agrees and approves a version of the policy before it comes into
//! force. Enforced by `policy`.

use crate::control::{Assurance, Control, Lack};
use crate::kind::{ListOf, YesNo};
use crate::param::{Param, Required};
use crate::policy::Policy;
use crate::prose;
use crate::words::{Post, Word};

/// Who has a say in a version of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Approver {
    SeniorLeaders,
    Governors,
    FullGoverningBody,
}

impl Word for Approver {
    const KIND: &'static str = "a body that approves";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::SeniorLeaders, "senior-leaders", "senior leaders"),
        (Self::Governors, "governors", "governors"),
        (
            Self::FullGoverningBody,
            "full-governing-body",
            "full governing body",
        ),
    ];
}

/// Who approves, in order.
pub static BY: Required<ListOf<Approver>> = Required::new(
    &CONTROL,
    "by",
    "Who approves a version, in this order. The last of them brings it into force.",
);

/// Whether the minute of the meeting is asked for.
pub static MINUTE: Param<YesNo> = Param::new(
    &CONTROL,
    "minute",
    "Whether each approval gives the reference of the minute that records it.",
    true,
);

pub static CONTROL: Control = Control {
    key: "policy-approval",
    title: "Approval of the policy",
    about: "A version of this policy comes into force only when everybody listed here has \
            approved it, one after the other. Until then the version before it holds.",
    params: &[&BY, &MINUTE],
    repeats_by: None,
    sentence: |set| {
        let by = set.get(&BY);
        let steps: Vec<String> = by
            .iter()
            .map(|approver| format!("the {}", approver.name()))
            .collect();
        let approved = format!(
            "A new version comes into force when {}{} approved it",
            prose::and(&steps),
            match by.as_slice() {
                [Approver::FullGoverningBody] => " has",
                [] | [_, ..] => " have",
            },
        );
        let in_turn = if by.len() > 1 { ", in that order" } else { "" };
        if set.get(&MINUTE) {
            format!("{approved}{in_turn}; the reference of the minute is recorded.")
        } else {
            format!("{approved}{in_turn}.")
        }
    },
    objections: None,
    needs: Some(needs),
    owner: Post::Headteacher,
    feature: "policy",
    assurance: Assurance::Enforced,
    source: None,
};

fn needs(policy: &Policy) -> Vec<Lack> {
    if policy.bound(&CONTROL).is_some() {
        return Vec::new();
    }
    vec![Lack {
        message: "no clause says who approves this policy.".to_owned(),
        help: "Add a “policy-approval” control, such as by = [\"senior-leaders\", \"governors\"]."
            .to_owned(),
    }]
}
