//! Material that may be illegal: those whom the policy names are told at once, and nobody
//! copies, prints, saves or passes it on.

use belisha_policy::controls::illegal_material::{self, Notify};
use belisha_policy::{Matter, Word as _};

use super::nude_image::POLICE;
use super::question::{Ask, Group, Options, Question, Reason, YES_NO, YES_NO_UNKNOWN};
use super::{Guide, LedBy, Need, Way, always, lasting, no_objections, no_time, nothing_computed};

const CHILD: Options = YES_NO_UNKNOWN;

pub(super) static GUIDE: Guide = Guide {
    key: "illegal-content",
    title: "Material that may be illegal",
    about: "Those whom the policy names are told at once. Nothing of it is kept.",
    warnings: &[
        "Do not look further, copy, print, save or send it on. Leave the device as it is, and let nobody use it.",
    ],
    led_by: LedBy::WhoeverHasIt,
    bars_imagery: true,
    applies: |occasion| {
        occasion.is(&["content/illegal"], &[Matter::IllegalMaterial]) && !occasion.kind.is_sealed()
    },
    groups: &[
        Group {
            key: "material",
            title: "The material",
            says: "In words only.",
            by: LedBy::WhoeverHasIt,
            then: "material described",
            opens: always,
            questions: &[
                Question::new(
                    "child",
                    "May it show the sexual abuse of a child?",
                    Ask::One(CHILD),
                )
                .because(Reason::On(&["no"])),
                Question::new(
                    "where",
                    "Where was it found: which device, which service?",
                    Ask::Words,
                )
                .hint("An address may be written down; it is never opened again."),
                Question::new("seen", "Who has seen it?", Ask::Words),
                Question::new("device", "Has the device been set aside?", Ask::One(YES_NO))
                    .hint("Record its custody in the case.")
                    .because(Reason::On(&["no"])),
            ],
        },
        Group {
            key: "after",
            title: "Afterwards",
            says: "",
            by: LedBy::WhoeverHasIt,
            then: "follow-up decided",
            opens: always,
            questions: &[
                Question::new("filter", "Must the filter be changed?", Ask::One(YES_NO))
                    .because(Reason::Always),
                Question::new(
                    "support",
                    "Who is affected by having seen it, and how are they supported?",
                    Ask::Words,
                ),
            ],
        },
    ],
    objections: no_objections,
    needs: |known| {
        let within = lasting(known.policy.get(&illegal_material::WITHIN));
        known
            .policy
            .get(&illegal_material::NOTIFY)
            .into_iter()
            .map(|notify| {
                let to = match notify {
                    Notify::Police => POLICE,
                    Notify::InternetWatchFoundation => "iwf",
                    Notify::LocalAuthority => "local-authority",
                };
                Need::Referral {
                    key: notify.key(),
                    to: vec![to],
                    why: "The material may be illegal.".to_owned(),
                    within,
                    since: None,
                }
            })
            .collect()
    },
    computed: nothing_computed,
    ways: &[Way {
        key: "reported",
        name: "Reported",
        statements: &[
            "Nothing of the material is kept by the school, save on a device that was set aside.",
        ],
        asks: "",
        offered: always,
    }],
    escalates_to: &[POLICE],
    signed_within: no_time,
    source: "The school’s policy; Keeping children safe in education, part two",
    source_at: "https://www.gov.uk/government/publications/keeping-children-safe-in-education--2",
};
