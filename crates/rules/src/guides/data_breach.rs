//! A breach of personal data: the Information Commissioner hears of one that is likely to
//! put people at risk within 72 hours of the school knowing, weekends and holidays
//! included (UK GDPR, article 33), and the people themselves where the risk is high.

use belisha_policy::{Matter, Measure};

use super::question::{Ask, CRITERION, Group, Question, Reason, YES_NO};
use super::{Guide, LedBy, Need, Way, always, no_objections, no_time, nothing_computed};

pub(super) static GUIDE: Guide = Guide {
    key: "data-breach",
    title: "Breach of personal data",
    about: "What was lost or seen, how to contain it, and whether the Information Commissioner and the people concerned are told.",
    warnings: &["The 72 hours run from when anybody at school knew, and do not stop for weekends or holidays."],
    led_by: LedBy::WhoeverHasIt,
    bars_imagery: false,
    applies: |occasion| {
        occasion.is(
            &["conduct/data-breach", "conduct/privacy", "contact/identity"],
            &[Matter::DataBreach],
        ) && !occasion.kind.is_sealed()
    },
    groups: &[
        Group {
            key: "what",
            title: "What happened",
            says: "",
            by: LedBy::WhoeverHasIt,
            then: "breach described",
            opens: always,
            questions: &[
                Question::new("personal", "Was personal data that the school holds lost, changed, or seen by somebody who may not?", Ask::One(CRITERION))
                    .because(Reason::Always),
                Question::new("aware", "When did somebody at school first know?", Ask::Moment)
                    .follows("personal", &["yes", "unknown"]),
                Question::new("data", "Which data, and of how many people?", Ask::Words)
                    .follows("personal", &["yes", "unknown"]),
                Question::new("contained", "What has been done to contain it?", Ask::Words)
                    .follows("personal", &["yes", "unknown"]),
            ],
        },
        Group {
            key: "risk",
            title: "The risk to people",
            says: "",
            by: LedBy::WhoeverHasIt,
            then: "risk weighed",
            opens: always,
            questions: &[
                Question::new("risk", "Is it likely to put people at risk?", Ask::One(CRITERION))
                    .hint("Identity theft, harm, loss of confidence, a child who could be found.")
                    .because(Reason::Always)
                    .asked_if(|known| known.yes_or_unknown("personal")),
                Question::new("high", "Is the risk high?", Ask::One(CRITERION))
                    .because(Reason::Always)
                    .asked_if(|known| known.yes_or_unknown("personal")),
                Question::new("officer", "What does the data protection officer advise?", Ask::Words)
                    .asked_if(|known| known.yes_or_unknown("personal")),
            ],
        },
        Group {
            key: "people",
            title: "The people concerned",
            says: "",
            by: LedBy::WhoeverHasIt,
            then: "people told",
            opens: always,
            questions: &[
                Question::new("told", "Have the people concerned been told?", Ask::One(YES_NO))
                    .because(Reason::Always)
                    .asked_if(|known| known.yes_or_unknown("personal")),
                Question::new("lesson", "What prevents it from happening again?", Ask::Words),
            ],
        },
    ],
    objections: no_objections,
    needs: |known| {
        let mut needs = Vec::new();
        if !known.yes_or_unknown("personal") {
            return needs;
        }
        needs.push(Need::Task {
            key: "officer",
            words: "Tell the data protection officer, and write down the advice in the review.".to_owned(),
            within: Measure::SameDay,
        });
        // Until the risk is weighed the clock runs.
        if !known.no("risk") {
            needs.push(Need::Referral {
                key: "commissioner",
                to: vec!["ico-breach"],
                why: "A breach that may put people at risk.".to_owned(),
                within: Measure::Hours(72),
                since: Some("aware"),
            });
        }
        if known.yes_or_unknown("high") && known.no("told") {
            needs.push(Need::Task {
                key: "tell-people",
                words: "Tell the people concerned: the risk to them is high.".to_owned(),
                within: Measure::SchoolDays(1),
            });
        }
        needs
    },
    computed: nothing_computed,
    ways: &[Way {
        key: "dealt-with",
        name: "Dealt with",
        statements: &["What happened, its effect and what was done are recorded here."],
        asks: "",
        offered: always,
    }],
    escalates_to: &["ico-breach"],
    signed_within: no_time,
    source: "UK GDPR, articles 33 and 34",
    source_at: "https://ico.org.uk/for-organisations/report-a-breach/personal-data-breach/",
};
