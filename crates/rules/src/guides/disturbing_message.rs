//! A message that is especially disturbing or may break the law: whether the police are
//! told is decided each time, with the reason.

use belisha_policy::{Matter, Measure};

use super::nude_image::POLICE;
use super::question::{Ask, CRITERION, Group, Question, Reason, YES_NO};
use super::{AT_ONCE, Guide, LedBy, Need, Way, always, no_objections, no_time, nothing_computed};

pub(super) static GUIDE: Guide = Guide {
    key: "disturbing-message",
    title: "Disturbing or threatening message",
    about: "Whether anybody is in danger, whether the police are told, and how whoever received it is looked after.",
    warnings: &["Nobody answers it or sends it on. It is kept where it arrived."],
    led_by: LedBy::WhoeverHasIt,
    bars_imagery: false,
    applies: |occasion| {
        (occasion.category == "contact/disturbing" || occasion.disturbing)
            && !occasion.is(&["content/illegal"], &[Matter::IllegalMaterial])
            && !occasion.imagery
            && !occasion.kind.is_sealed()
    },
    groups: &[
        Group {
            key: "message",
            title: "The message",
            says: "",
            by: LedBy::WhoeverHasIt,
            then: "message described",
            opens: always,
            questions: &[
                Question::new("danger", "May anybody be in danger?", Ask::One(CRITERION))
                    .because(Reason::Always),
                Question::new("received", "Who received it, how and when?", Ask::Words),
                Question::new("kept", "Where is it kept, and by whom?", Ask::Line),
            ],
        },
        Group {
            key: "police",
            title: "The police",
            says: "",
            by: LedBy::WhoeverHasIt,
            then: "police decided",
            opens: always,
            questions: &[
                Question::new("police", "Are the police told?", Ask::One(YES_NO))
                    .because(Reason::Always),
            ],
        },
        Group {
            key: "after",
            title: "Afterwards",
            says: "",
            by: LedBy::WhoeverHasIt,
            then: "support decided",
            opens: always,
            questions: &[
                Question::new(
                    "blocked",
                    "Has the sender been blocked or reported to the service?",
                    Ask::One(YES_NO),
                )
                .because(Reason::On(&["no"])),
                Question::new(
                    "support",
                    "How is whoever received it supported?",
                    Ask::Words,
                ),
            ],
        },
    ],
    objections: no_objections,
    needs: |known| {
        let danger = known.yes_or_unknown("danger");
        if danger || known.yes("police") {
            vec![Need::Referral {
                key: "police",
                to: vec![POLICE],
                why: if danger {
                    "Somebody may be in danger."
                } else {
                    "The message may break the law."
                }
                .to_owned(),
                within: if danger { AT_ONCE } else { Measure::SameDay },
                since: None,
            }]
        } else {
            Vec::new()
        }
    },
    computed: nothing_computed,
    ways: &[Way {
        key: "decided",
        name: "Decided",
        statements: &["The decision about the police and its reason stand here."],
        asks: "",
        offered: |known| {
            if known.yes_or_unknown("danger") && known.no("police") {
                Err(
                    "Somebody may be in danger, so the police are told. Change one of the two answers.",
                )
            } else {
                Ok(())
            }
        },
    }],
    escalates_to: &[POLICE],
    signed_within: no_time,
    source: "The school’s policy",
    source_at: "",
};
