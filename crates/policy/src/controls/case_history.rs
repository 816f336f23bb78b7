//! Asks people to prove again who they are before they open what is most private.
//! Reporting never asks. Enforced by `incidents`.

use crate::control::{Assurance, Control};
use crate::count::Minutes;
use crate::kind::OneOf;
use crate::param::Param;
use crate::words::{Post, Word};

/// Which cases ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepUp {
    Never,
    Restricted,
    EveryCase,
}

impl Word for StepUp {
    const KIND: &'static str = "a choice of cases";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Never, "never", "no case"),
        (
            Self::Restricted,
            "restricted",
            "a child protection case or a concern about an adult",
        ),
        (Self::EveryCase, "every-case", "any case"),
    ];
}

pub static STEP_UP: Param<OneOf<StepUp>> = Param::new(
    &CONTROL,
    "step_up",
    "For which cases people prove again who they are.",
    StepUp::Restricted,
);

/// How long one proof serves.
pub static LASTS: Param<Minutes> = Param::new(
    &CONTROL,
    "lasts",
    "How long one proof serves, so that somebody at work on cases is not asked at each of them.",
    Minutes(60),
)
.between(5, 240);

pub static CONTROL: Control = Control {
    key: "case-history",
    title: "Opening case histories",
    about: "A screen that was left open for two minutes must not show a child protection file. \
            Reporting a concern never asks for it.",
    params: &[&STEP_UP, &LASTS],
    repeats_by: None,
    sentence: |set| match set.get(&STEP_UP) {
        StepUp::Never => {
            "A case opens without proving again who you are; the session’s own lock holds."
                .to_owned()
        }
        which @ (StepUp::Restricted | StepUp::EveryCase) => format!(
            "Whoever opens {} proves again who they are, and is then not asked for {}. \
             Reporting never asks.",
            which.name(),
            set.get(&LASTS)
        ),
    },
    objections: None,
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "incidents",
    assurance: Assurance::Enforced,
    source: None,
};
