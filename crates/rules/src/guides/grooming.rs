//! Grooming, sexual exploitation, or an adult who poses as a child.

use belisha_policy::{Matter, Measure, Post};

use super::nude_image::{POLICE, SOCIAL_CARE};
use super::question::{Ask, CRITERION, Group, Question, Reason, YES_NO, YES_NO_UNKNOWN};
use super::{AT_ONCE, Guide, LedBy, Need, Way, always, no_objections, no_time, nothing_computed};

pub(super) static GUIDE: Guide = Guide {
    key: "grooming",
    title: "Grooming or sexual exploitation",
    about: "Somebody may be preparing a child for abuse, or abusing them already. The police and CEOP know what to do with what you were told.",
    warnings: &[
        "Do not answer the other person, block them or delete anything before the police have said so. Do not read through the child’s device.",
    ],
    led_by: LedBy::TheLead,
    bars_imagery: false,
    applies: |occasion| {
        occasion.is(
            &["contact/grooming", "contact/adult-posing"],
            &[Matter::StrangerContact, Matter::AskedToMeet],
        ) && !occasion.kind.is_sealed()
    },
    groups: &[
        Group {
            key: "danger",
            title: "Is the child safe now?",
            says: "",
            by: LedBy::TheLead,
            then: "danger weighed",
            opens: always,
            questions: &[
                Question::new(
                    "danger",
                    "Has a meeting been arranged, or is the child in danger now?",
                    Ask::One(CRITERION),
                )
                .hint("If so, ring the police at once.")
                .because(Reason::Always),
                Question::new(
                    "adult",
                    "Is the other person an adult, or may they be?",
                    Ask::One(CRITERION),
                )
                .because(Reason::Always),
                Question::new(
                    "images",
                    "Has the child been asked for pictures, or sent any?",
                    Ask::One(YES_NO_UNKNOWN),
                )
                .hint("If so, triage the case again and say so: its own review opens."),
            ],
        },
        Group {
            key: "contact",
            title: "The contact",
            says: "In the child’s words, as far as they told you. Do not question them further.",
            by: LedBy::TheLead,
            then: "contact described",
            opens: always,
            questions: &[
                Question::new(
                    "services",
                    "On which services, under which names?",
                    Ask::Words,
                ),
                Question::new("since", "Since when, and how far has it gone?", Ask::Words),
                Question::new(
                    "kept",
                    "Where are the messages now, and who keeps the device?",
                    Ask::Words,
                ),
                Question::new(
                    "others",
                    "May other children be in contact with the same person?",
                    Ask::One(YES_NO_UNKNOWN),
                )
                .because(Reason::On(&["yes"])),
            ],
        },
        Group {
            key: "next",
            title: "What happens next",
            says: "",
            by: LedBy::TheLead,
            then: "next steps decided",
            opens: always,
            questions: &[
                Question::new(
                    "social-care",
                    "Is it referred to children’s social care?",
                    Ask::One(YES_NO),
                )
                .because(Reason::Always),
                Question::new("parents", "Are the parents told?", Ask::One(YES_NO))
                    .because(Reason::On(&["no"]))
                    .normally("yes"),
                Question::new(
                    "support",
                    "How is the child supported, and by whom?",
                    Ask::Words,
                ),
            ],
        },
    ],
    objections: no_objections,
    needs: |known| {
        let mut needs = Vec::new();
        if known.yes_or_unknown("danger") || known.yes_or_unknown("adult") {
            needs.push(Need::Referral {
                key: "police",
                to: vec![POLICE],
                why: "An adult may be grooming a child, or a child may be in danger.".to_owned(),
                within: AT_ONCE,
                since: None,
            });
            needs.push(Need::Referral {
                key: "ceop",
                to: vec!["ceop"],
                why: "An adult may be grooming a child online.".to_owned(),
                within: Measure::SameDay,
                since: None,
            });
        }
        if known.yes("social-care") {
            needs.push(Need::Referral {
                key: "social-care",
                to: vec![SOCIAL_CARE],
                why: "The review decided so.".to_owned(),
                within: Measure::SameDay,
                since: None,
            });
        }
        if known.yes_or_unknown("danger") {
            needs.push(Need::Tell {
                key: "danger",
                posts: &[Post::Headteacher, Post::DeputyDesignatedSafeguardingLead],
            });
        }
        needs
    },
    computed: nothing_computed,
    ways: &[Way {
        key: "reviewed",
        name: "Reviewed",
        statements: &["I have weighed what is known, and these answers are mine."],
        asks: "",
        offered: always,
    }],
    escalates_to: &[POLICE, SOCIAL_CARE],
    signed_within: no_time,
    source: "Keeping children safe in education, part five and annex B",
    source_at: "https://www.gov.uk/government/publications/keeping-children-safe-in-education--2",
};
