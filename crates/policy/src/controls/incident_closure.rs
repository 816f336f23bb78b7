//! Says what must be done before a case may close. Enforced by `incidents`.

use crate::control::{Assurance, Control};
use crate::kind::{OneOf, Text, YesNo};
use crate::param::Param;
use crate::prose;
use crate::words::{Post, Word};

/// Whether parents must have been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parents {
    Required,
    Optional,
}

impl Word for Parents {
    const KIND: &'static str = "a rule on telling parents";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Required, "required", "required"),
        (Self::Optional, "optional", "optional"),
    ];
}

/// Who may close a case that they reported themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnReport {
    SomeoneElseCloses,
    MayClose,
}

impl Word for OwnReport {
    const KIND: &'static str = "a rule on one's own report";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::SomeoneElseCloses,
            "someone-else-closes",
            "someone else closes it",
        ),
        (
            Self::MayClose,
            "may-close",
            "the person who reported it may close it",
        ),
    ];
}

pub static PARENTS: Param<OneOf<Parents>> = Param::new(
    &CONTROL,
    "parents",
    "Whether the parents of each child must have been told, or a reason given why not.",
    Parents::Required,
);

/// The outside log whose reference is needed; empty where there is none.
pub static EXTERNAL_RECORD: Param<Text> = Param::new(
    &CONTROL,
    "external_record",
    "The name of the outside log whose reference must be noted; empty where there is none.",
    "",
);

pub static REPORTER_CONFIRMS: Param<YesNo> = Param::new(
    &CONTROL,
    "reporter_confirms",
    "Whether the person who reported it must say that the matter is dealt with.",
    false,
);

pub static OWN_REPORT: Param<OneOf<OwnReport>> = Param::new(
    &CONTROL,
    "own_report",
    "Who closes a case that they reported themselves.",
    OwnReport::SomeoneElseCloses,
);

pub static SANCTIONS: Param<YesNo> = Param::new(
    &CONTROL,
    "sanctions",
    "Whether a sanction, or that there is none, must be decided for each pupil who is said to have done it.",
    false,
);

pub static SUPPORT: Param<YesNo> = Param::new(
    &CONTROL,
    "support",
    "Whether support must be planned, or declined, for each person harmed and each pupil who is said to have done it.",
    false,
);

pub static LESSON: Param<YesNo> = Param::new(
    &CONTROL,
    "lesson",
    "Whether what was learnt must be written down, even if it is nothing.",
    false,
);

pub static CONTROL: Control = Control {
    key: "incident-closure",
    title: "Closing a case",
    about: "A case that is closed too soon is a child forgotten. These are the conditions that \
            hold before anybody can close one.",
    params: &[
        &PARENTS,
        &EXTERNAL_RECORD,
        &REPORTER_CONFIRMS,
        &OWN_REPORT,
        &SANCTIONS,
        &SUPPORT,
        &LESSON,
    ],
    repeats_by: None,
    sentence: |set| {
        let mut conditions = Vec::new();
        match set.get(&PARENTS) {
            Parents::Required => conditions.push(
                "the parents of each child have been told (or it is recorded why not)".to_owned(),
            ),
            Parents::Optional => {}
        }
        let record = set.get(&EXTERNAL_RECORD);
        if !record.is_empty() {
            conditions.push(format!("its reference in {record} is noted"));
        }
        if set.get(&REPORTER_CONFIRMS) {
            conditions
                .push("the person who reported it has confirmed that it is dealt with".to_owned());
        }
        if set.get(&SANCTIONS) {
            conditions.push("sanctions have been decided".to_owned());
        }
        if set.get(&SUPPORT) {
            conditions.push("support has been planned or declined for each person".to_owned());
        }
        if set.get(&LESSON) {
            conditions.push("what was learnt is written down".to_owned());
        }
        let closes = match (set.get(&OWN_REPORT), conditions.is_empty()) {
            (OwnReport::SomeoneElseCloses, true) => {
                "A case is closed by somebody other than the person who reported it"
            }
            (OwnReport::SomeoneElseCloses, false) => {
                "A case is closed by somebody other than the person who reported it, and only when "
            }
            (OwnReport::MayClose, true) => "A case may be closed by the person who reported it",
            (OwnReport::MayClose, false) => {
                "A case may be closed by the person who reported it, but only when "
            }
        };
        format!("{closes}{}.", prose::and(&conditions))
    },
    objections: None,
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "incidents",
    assurance: Assurance::Enforced,
    source: None,
};
