//! A child, or an adult, who may be drawn into extremism. The Prevent duty asks for a
//! referral where there is a concern; advice can be had before.

use belisha_policy::Measure;

use super::nude_image::SOCIAL_CARE;
use super::question::{Ask, CRITERION, Group, Options, Question, Reason, YES_NO, YES_NO_UNKNOWN};
use super::{AT_ONCE, Guide, LedBy, Need, Way, always, no_objections, no_time, nothing_computed};

const PREVENT: &str = "prevent-local";

const DECISION: Options = &[
    ("refer", "It is referred"),
    ("advice", "We ask for advice first"),
    ("no", "It is not referred"),
];

pub(super) static GUIDE: Guide = Guide {
    key: "radicalisation",
    title: "Extremism or radicalisation",
    about: "Notice, check with somebody, then share: most concerns turn out to have another cause, and a referral is a way to support.",
    warnings: &[
        "If there is a threat to life, or an attack may be near, ring 999, or the Anti-Terrorist Hotline.",
    ],
    led_by: LedBy::TheLead,
    bars_imagery: false,
    applies: |occasion| {
        matches!(
            occasion.category,
            "contact/radicalisation" | "content/extremism"
        ) && !occasion.kind.is_sealed()
    },
    groups: &[
        Group {
            key: "concern",
            title: "The concern",
            says: "",
            by: LedBy::TheLead,
            then: "concern described",
            opens: always,
            questions: &[
                Question::new(
                    "danger",
                    "May anybody be in danger now?",
                    Ask::One(CRITERION),
                )
                .because(Reason::Always),
                Question::new(
                    "noticed",
                    "What was noticed: words, contacts, sites, changes?",
                    Ask::Words,
                ),
                Question::new(
                    "contact",
                    "Is somebody drawing the child in?",
                    Ask::One(YES_NO_UNKNOWN),
                )
                .because(Reason::On(&["yes"])),
                Question::new(
                    "vulnerable",
                    "What makes the child vulnerable to it?",
                    Ask::Words,
                ),
            ],
        },
        Group {
            key: "decision",
            title: "Prevent",
            says: "",
            by: LedBy::TheLead,
            then: "Prevent decided",
            opens: always,
            questions: &[
                Question::new("prevent", "Is it referred to Prevent?", Ask::One(DECISION))
                    .because(Reason::Always),
                Question::new(
                    "social-care",
                    "Is it referred to children’s social care?",
                    Ask::One(YES_NO),
                )
                .because(Reason::Always),
                Question::new("parents", "Are the parents told?", Ask::One(YES_NO))
                    .because(Reason::On(&["no"])),
                Question::new(
                    "support",
                    "How is the child supported in school?",
                    Ask::Words,
                ),
            ],
        },
    ],
    objections: no_objections,
    needs: |known| {
        let mut needs = Vec::new();
        let mut refer = |key, to: &[&'static str], why: &str, within| {
            needs.push(Need::Referral {
                key,
                to: to.to_vec(),
                why: why.to_owned(),
                within,
                since: None,
            });
        };
        if known.yes_or_unknown("danger") {
            refer(
                "police",
                &["police", "anti-terrorist-hotline"],
                "Somebody may be in danger now.",
                AT_ONCE,
            );
        }
        if known.is("prevent", "refer") {
            refer(
                "prevent",
                &[PREVENT],
                "The review decided so.",
                Measure::WorkingDays(1),
            );
        }
        if known.is("prevent", "advice") {
            refer(
                "advice",
                &[PREVENT, "act-early", "dfe-counter-extremism"],
                "Advice before deciding.",
                Measure::WorkingDays(1),
            );
        }
        if known.yes("social-care") {
            refer(
                "social-care",
                &[SOCIAL_CARE],
                "The review decided so.",
                Measure::SameDay,
            );
        }
        needs
    },
    computed: nothing_computed,
    ways: &[Way {
        key: "reviewed",
        name: "Reviewed",
        statements: &["I have weighed what is known, and these answers are mine."],
        asks: "",
        offered: |known| {
            if known.is("prevent", "advice") {
                Err("Advice was asked for. Once it has come, decide, and change that answer.")
            } else {
                Ok(())
            }
        },
    }],
    escalates_to: &[PREVENT, "police", SOCIAL_CARE],
    signed_within: no_time,
    source: "Prevent duty guidance: England and Wales (2023)",
    source_at: "https://www.gov.uk/government/publications/prevent-duty-guidance",
};
