//! One step of the school's graded table of sanctions. Offered by `incidents` when a
//! sanction is decided; anything else needs a reason.

use crate::control::{Assurance, Control};
use crate::kind::{Number, OneOf, Slug, Text};
use crate::param::{Param, Required};
use crate::words::{Post, Word};

/// For whom a step is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum For {
    Pupils,
    Adults,
}

impl Word for For {
    const KIND: &'static str = "a group of people";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Pupils, "pupils", "pupils"),
        (Self::Adults, "adults", "adults"),
    ];
}

/// Who must agree before a step is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AgreedBy {
    WhoeverHandlesIt,
    SafeguardingLead,
    Headteacher,
}

impl Word for AgreedBy {
    const KIND: &'static str = "somebody who agrees";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::WhoeverHandlesIt,
            "whoever-handles-it",
            "whoever handles the case",
        ),
        (
            Self::SafeguardingLead,
            "designated-safeguarding-lead",
            "the designated safeguarding lead",
        ),
        (Self::Headteacher, "headteacher", "the headteacher"),
    ];
}

pub static STEP: Required<Slug> = Required::new(
    &CONTROL,
    "step",
    "The short name of the step. Cases keep it, so it stays the same.",
);

pub static TITLE: Required<Text> =
    Required::new(&CONTROL, "title", "What is done, in a few words.");

pub static GRADE: Param<Number> = Param::new(
    &CONTROL,
    "grade",
    "How hard it is: 1 for the mildest. Steps are offered in this order.",
    1,
)
.between(1, 9);

pub static FOR: Param<OneOf<For>> = Param::new(
    &CONTROL,
    "for",
    "Whether the step is for pupils or for adults.",
    For::Pupils,
);

pub static AGREED_BY: Param<OneOf<AgreedBy>> = Param::new(
    &CONTROL,
    "agreed_by",
    "Who must agree to it.",
    AgreedBy::WhoeverHandlesIt,
);

pub static CONTROL: Control = Control {
    key: "sanction",
    title: "Sanction",
    about: "One step of the graded table of sanctions. Each step has a block of its own. What is \
            not in the table can still be decided, with a reason.",
    params: &[&STEP, &TITLE, &GRADE, &FOR, &AGREED_BY],
    repeats_by: Some(&STEP),
    sentence: |set| {
        let agreed = match set.get(&AGREED_BY) {
            AgreedBy::WhoeverHandlesIt => String::new(),
            who @ (AgreedBy::SafeguardingLead | AgreedBy::Headteacher) => {
                format!(", if {} agrees", who.name())
            }
        };
        format!(
            "Step {} for {}: {}{agreed}.",
            set.get(&GRADE),
            set.get(&FOR).name(),
            set.get(&TITLE)
        )
    },
    objections: None,
    needs: None,
    owner: Post::Headteacher,
    feature: "incidents",
    assurance: Assurance::Enforced,
    source: None,
};
