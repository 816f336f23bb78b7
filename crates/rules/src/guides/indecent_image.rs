//! An indecent image of a child where the policy puts the police first: they are told at
//! once, whoever was shown it says how that came about, and then the lead reviews it.

use belisha_policy::controls::nude_image_review::{self, Mode};
use belisha_policy::{Measure, Post};

use super::nude_image::{POLICE, SOCIAL_CARE, imagery_case};
use super::question::{Ask, Group, Options, Question, Reason, YES_NO, YES_NO_UNKNOWN};
use super::{Guide, LedBy, Need, Way, always, imagery, lasting, no_objections, nothing_computed};

const DEVICE: Options = &[
    ("yes", "Yes"),
    ("no", "No, not yet"),
    ("none", "There is none at school"),
];
const TOLD: Options = &[
    ("yes", "Yes"),
    ("no", "Not yet"),
    ("no-parent", "No parent knows of it"),
];

pub(super) static GUIDE: Guide = Guide {
    key: "indecent-image",
    title: "Indecent image of a child: police first",
    about: "The police are told before anything else. Then it is written down how anybody came to be shown the picture, and the safeguarding lead reviews the case.",
    warnings: &imagery::WARNINGS,
    led_by: LedBy::TheLead,
    bars_imagery: true,
    applies: |occasion| imagery_case(occasion, Mode::PoliceFirst),
    groups: &[
        Group {
            key: "first-steps",
            title: "First steps",
            says: "The referral to the police does not wait for these answers.",
            by: LedBy::WhoeverHasIt,
            then: "first steps taken",
            opens: always,
            questions: &[
                Question::new(
                    "asked-to-see",
                    "Has anybody at school asked to see it, printed it or sent it on?",
                    Ask::One(YES_NO_UNKNOWN),
                )
                .because(Reason::On(&["yes"])),
                Question::new("device", "Has the device been set aside?", Ask::One(DEVICE))
                    .hint("Record its custody in the case.")
                    .because(Reason::On(&["no"])),
                Question::new(
                    "parent-told",
                    "Has the parent who knows of it been told to go to the police as well?",
                    Ask::One(TOLD),
                ),
            ],
        },
        Group {
            key: "shown",
            title: "If somebody was shown it",
            says: "Write this down the same day. Never the picture itself.",
            by: LedBy::WhoeverHasIt,
            then: "circumstances recorded",
            opens: always,
            questions: &[
                Question::new(
                    "shown",
                    "Was anybody at school shown the picture?",
                    Ask::One(YES_NO),
                ),
                Question::new("shown-who", "Who was shown it, and by whom?", Ask::Words)
                    .follows("shown", &["yes"]),
                Question::new("shown-when", "When was that?", Ask::Moment)
                    .follows("shown", &["yes"]),
                Question::new("shown-where", "Where?", Ask::Line).follows("shown", &["yes"]),
                Question::new(
                    "shown-how",
                    "How did it come about, and what was done then?",
                    Ask::Words,
                )
                .follows("shown", &["yes"]),
            ],
        },
        Group {
            key: "review",
            title: "The lead’s review",
            says: "",
            by: LedBy::TheLead,
            then: "reviewed",
            opens: |known| {
                if known.is_sent("police") {
                    Ok(())
                } else {
                    Err("The police are told first. Record the referral to them.")
                }
            },
            questions: &[
                Question::new(
                    "at-risk",
                    "Is any child at risk right now?",
                    Ask::One(YES_NO_UNKNOWN),
                )
                .because(Reason::Always),
                Question::new(
                    "social-care",
                    "Is it referred to children’s social care?",
                    Ask::One(YES_NO),
                )
                .because(Reason::Always),
                Question::new("parents", "Are the parents told?", Ask::One(YES_NO))
                    .hint("Ask the police first what may be said.")
                    .because(Reason::On(&["no"])),
                Question::new(
                    "support",
                    "How are the children supported, and by whom?",
                    Ask::Words,
                ),
            ],
        },
    ],
    objections: no_objections,
    needs: |known| {
        let within = lasting(known.policy.get(&nude_image_review::REFERRED_WITHIN));
        let mut needs = vec![Need::Referral {
            key: "police",
            to: vec![POLICE],
            why: "The policy puts the police first.".to_owned(),
            within,
            since: None,
        }];
        if known.yes("social-care") {
            needs.push(Need::Referral {
                key: "social-care",
                to: vec![SOCIAL_CARE],
                why: "The review decided so.".to_owned(),
                within: Measure::SameDay,
                since: None,
            });
        }
        if known.is("device", "no") {
            needs.push(Need::Task {
                key: "device",
                words: "Set the device aside as it is, and record its custody in the case."
                    .to_owned(),
                within: Measure::SameDay,
            });
        }
        if known.is("parent-told", "no") {
            needs.push(Need::Task {
                key: "parent-told",
                words: "Tell the parent who knows of it to go to the police at once as well."
                    .to_owned(),
                within: Measure::SameDay,
            });
        }
        if known.yes_or_unknown("at-risk") {
            needs.push(Need::Tell {
                key: "danger",
                posts: &[Post::Headteacher, Post::DeputyDesignatedSafeguardingLead],
            });
        }
        needs
    },
    computed: nothing_computed,
    ways: &[Way {
        key: "police",
        name: "The police have it; the school supports the children",
        statements: &["I have reviewed what is known, and these answers are mine."],
        asks: "",
        offered: |known| {
            if known.is_sent("police") {
                Ok(())
            } else {
                Err("The police are told first.")
            }
        },
    }],
    escalates_to: &[POLICE, SOCIAL_CARE],
    signed_within: |policy| Some(policy.get(&nude_image_review::SIGNED_WITHIN)),
    source: "The school’s policy; Protection of Children Act 1978, section 1",
    source_at: "",
};
