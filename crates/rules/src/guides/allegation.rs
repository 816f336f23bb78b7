//! An allegation against an adult who works or helps at the school ("Keeping children
//! safe in education", part four, section one): the harm threshold, the designated
//! officer, who may be told, the investigation, and five outcomes.

use belisha_policy::Measure;

use super::nude_image::{POLICE, SOCIAL_CARE};
use super::question::{Ask, CRITERION, Group, Options, Question, Reason, YES_NO};
use super::{Guide, Known, LedBy, Need, Way, always, no_time};
use crate::access::Kind;

pub(super) const OFFICER: &str = "lado";

const LIMBS: [&str; 4] = ["harmed", "offence", "risk", "unsuitable"];
const TOLD: Options = &[
    ("told", "Yes, as the designated officer advised"),
    ("later", "Not yet: the designated officer advised to wait"),
    ("below", "The officer was not contacted; we decided"),
];
const LED: Options = &[
    ("agency", "The police or children’s social care"),
    ("school", "The school"),
];
const OUTCOMES: Options = &[
    (
        "substantiated",
        "Substantiated: there is enough evidence to show it",
    ),
    (
        "unsubstantiated",
        "Unsubstantiated: there is not enough evidence either way",
    ),
    ("unfounded", "Unfounded: nothing supports it"),
    (
        "malicious",
        "Malicious: it is shown to be false and meant to deceive",
    ),
    ("false", "False: it is shown not to be so"),
];

/// The five outcomes, as they are kept and as the page calls them.
pub fn outcomes() -> Options {
    OUTCOMES
}

pub(super) static GUIDE: Guide = Guide {
    key: "allegation",
    title: "Allegation against an adult",
    about: "Whether the harm threshold is met, what the designated officer advises, who may be told, and what came of it.",
    warnings: &[
        "Do not tell the adult, their colleagues or the parents before the designated officer has advised. Do not investigate before then either: it could spoil what the police find.",
        "If a child is in danger now, ring the police at once.",
    ],
    led_by: LedBy::WhoeverHasIt,
    bars_imagery: false,
    applies: |occasion| is_allegation(occasion.kind),
    groups: &[
        step("threshold", "The harm threshold", "assessed", always, &[
            Question::new("harmed", "Has the adult harmed a child, or may they have?", Ask::One(CRITERION)).because(Reason::Always),
            Question::new("offence", "May they have committed an offence against a child, or related to one?", Ask::One(CRITERION)).because(Reason::Always),
            Question::new("risk", "Did they behave towards a child in a way that suggests a risk to children?", Ask::One(CRITERION)).because(Reason::Always),
            Question::new("unsuitable", "Did they behave, or may they have, in a way that suggests they may not be suitable to work with children?", Ask::One(CRITERION)).because(Reason::Always),
        ]),
        step("officer", "The designated officer", "designated officer asked", |known| {
            if LIMBS.iter().any(|limb| known.value(limb).is_empty()) {
                Err("Answer the harm threshold first.")
            } else if must_contact(known) && !known.is_sent("officer") {
                Err("Contact the designated officer first, and record it as a referral.")
            } else {
                Ok(())
            }
        }, &[
            Question::new("contact", "Is the designated officer contacted all the same?", Ask::One(YES_NO))
                .because(Reason::Always)
                .asked_if(|known| !must_contact(known)),
            Question::new("advice", "What did the designated officer advise?", Ask::Words)
                .asked_if(must_contact),
        ]),
        step("telling", "Who may be told", "telling decided", asked_officer, &[
            Question::new("told", "May the adult be told?", Ask::One(TOLD)).because(Reason::Always),
            Question::new("told-who", "Who else may be told, what, and when?", Ask::Words)
                .hint("Parents, the chair of governors, human resources. The adult is never told who reported it."),
            Question::new("contact-pupils", "What is arranged meanwhile, so that children are safe and the adult is treated fairly?", Ask::Words)
                .hint("Who supports the adult, too."),
        ]),
        step("investigation", "The investigation", "investigated", asked_officer, &[
            Question::new("led", "Who investigates?", Ask::One(LED)),
            Question::new("investigator", "Name and post, or agency and reference", Ask::Line),
            Question::new("found", "What was found?", Ask::Words),
        ]),
        step("outcome", "The outcome", "outcome decided", |known| {
            if known.value("found").is_empty() {
                Err("The investigation comes first.")
            } else {
                Ok(())
            }
        }, &[
            Question::new("outcome", "What came of it?", Ask::One(OUTCOMES)).because(Reason::Always),
            Question::new("disciplinary", "Does disciplinary action follow?", Ask::One(YES_NO)).because(Reason::Always),
            Question::new("clearing", "Which entries of the school’s own records clear the adult?", Ask::Words)
                .hint("Sign-ins, permissions, authorised use of a device: say where the extract is kept. Write “none” if there are none.")
                .follows("outcome", &["unfounded", "malicious", "false"]),
            Question::new("copy", "Was the adult given a copy of the summary?", Ask::One(YES_NO)).because(Reason::On(&["no"])),
        ]),
    ],
    objections: |known| {
        if known.is("told", "below") && must_contact(known) {
            vec![("told", "The harm threshold may be met, so this follows the designated officer’s advice")]
        } else {
            Vec::new()
        }
    },
    needs: |known| {
        if must_contact(known) || known.yes("contact") {
            vec![Need::Referral {
                key: "officer",
                to: vec![OFFICER],
                why: if known.yes("contact") {
                    "Whoever has charge of the case decided so."
                } else {
                    "The harm threshold is met, may be met, or the policy asks for it."
                }
                .to_owned(),
                within: Measure::WorkingDays(1),
                since: None,
            }]
        } else {
            Vec::new()
        }
    },
    computed: |known| {
        let mut computed = Vec::new();
        if LIMBS.iter().all(|limb| !known.value(limb).is_empty()) {
            let words = if LIMBS.iter().any(|limb| known.yes(limb)) {
                "met"
            } else if LIMBS.iter().any(|limb| known.yes_or_unknown(limb)) {
                "may be met, so it is treated as met"
            } else {
                "not met: this can be lowered to a low-level concern"
            };
            computed.push(("Harm threshold", words.to_owned()));
        }
        if let Some(words) = super::retention::said(known.policy, known.value("outcome")) {
            computed.push(("How long the record is kept", words));
        }
        computed
    },
    ways: &[Way {
        key: "outcome",
        name: "The outcome stands",
        statements: &["The advice, the decisions and their reasons are recorded here."],
        asks: "",
        offered: always,
    }],
    escalates_to: &[OFFICER, POLICE, SOCIAL_CARE],
    signed_within: no_time,
    source: "Keeping children safe in education, part four",
    source_at: "https://www.gov.uk/government/publications/keeping-children-safe-in-education--2",
};

const fn step(
    key: &'static str,
    title: &'static str,
    then: &'static str,
    opens: fn(&Known<'_>) -> Result<(), &'static str>,
    questions: &'static [Question],
) -> Group {
    Group {
        key,
        title,
        says: "",
        by: LedBy::WhoeverHasIt,
        then,
        opens,
        questions,
    }
}

fn is_allegation(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::AllegationStaff | Kind::AllegationHead | Kind::AllegationChair
    )
}

/// The officer must hear of it when the threshold is met or may be, and always when the
/// headteacher is the subject.
fn must_contact(known: &Known<'_>) -> bool {
    known.kind == Kind::AllegationHead || LIMBS.iter().any(|limb| known.yes_or_unknown(limb))
}

fn asked_officer(known: &Known<'_>) -> Result<(), &'static str> {
    if known.value("advice").is_empty() && known.value("contact").is_empty() {
        Err("The designated officer’s advice comes first.")
    } else {
        Ok(())
    }
}
