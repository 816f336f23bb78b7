//! A nude or semi-nude image of a child, reviewed by the safeguarding lead. Follows the
//! advice "Sharing nudes and semi-nudes" (UKCIS, 2024, once "Sexting in schools and
//! colleges"): nine groups of questions, five criteria that force a referral, and two
//! statements without which nothing is dealt with in school.

use belisha_policy::controls::nude_image_review::{self, Mode, Viewing};
use belisha_policy::{Matter, Measure, Post};

use super::question::{Ask, CRITERION, Group, Options, Question, Reason, YES_NO, YES_NO_UNKNOWN};
use super::{Guide, Known, LedBy, Need, Occasion, Way, always, imagery, lasting};

pub(super) const POLICE: &str = "police";
pub(super) const SOCIAL_CARE: &str = "children-social-care";

const SPREAD: Options = &[
    ("one", "To one person"),
    ("few", "To a few people"),
    ("widely", "Widely"),
    ("unknown", "We do not know"),
];
const REFERRAL: Options = &[
    (POLICE, "To the police"),
    (SOCIAL_CARE, "To children’s social care"),
    ("both", "To both"),
    ("neither", "To neither"),
];

const fn group(
    key: &'static str,
    title: &'static str,
    then: &'static str,
    questions: &'static [Question],
) -> Group {
    Group {
        key,
        title,
        says: "",
        by: LedBy::TheLead,
        then,
        opens: always,
        questions,
    }
}

pub(super) static GUIDE: Guide = Guide {
    key: "nude-image",
    title: "Nude or semi-nude image",
    about: "The initial review: what is known so far, what the risk is, and whether the matter goes to the police or to children’s social care.",
    warnings: &imagery::WARNINGS,
    led_by: LedBy::TheLead,
    bars_imagery: true,
    applies: |occasion| imagery_case(occasion, Mode::Review),
    groups: &[
        group("immediate-risk", "Immediate risk", "immediate risk weighed", &[
            Question::new("at-risk", "Is any young person at risk right now?", Ask::One(YES_NO_UNKNOWN))
                .because(Reason::Always),
        ]),
        Group {
            says: "Write what is known. “We do not know” is a fair answer.",
            ..group("how-it-came-about", "How it came about", "how it came about known", &[
                Question::new("why-shared", "Why was the picture shared?", Ask::Words),
                Question::new("pressed", "Was the child forced or pressed to make it?", Ask::One(YES_NO_UNKNOWN))
                    .because(Reason::On(&["yes"])),
                Question::new("who-shared", "Who has shared it?", Ask::People)
                    .hint("Choose everybody who did, as far as is known.")
                    .because(Reason::Always),
                Question::new("where-shared", "Where has it been shared?", Ask::Words)
                    .hint("Services, apps, groups, places."),
                Question::new("knew", "Did the child in the picture know that it was being shared, and with whom?", Ask::One(YES_NO_UNKNOWN)),
            ])
        },
        group("the-children", "The children concerned", "effect on the children known", &[
            Question::new("adults", "Did any adult take part in the sharing?", Ask::One(YES_NO_UNKNOWN))
                .because(Reason::On(&["yes"])),
            Question::new("effect", "How are the children concerned affected?", Ask::Words),
            Question::new("vulnerable", "Is any of them vulnerable in other ways?", Ask::One(YES_NO_UNKNOWN))
                .because(Reason::On(&["yes"])),
            Question::new("consent", "Does the child understand what consent means?", Ask::One(YES_NO_UNKNOWN))
                .because(Reason::On(&["no"])),
            Question::new("before", "Has the child done this before?", Ask::One(YES_NO_UNKNOWN))
                .because(Reason::On(&["yes"])),
        ]),
        Group {
            says: "If one of these is yes, or cannot be answered yet, the matter goes to the police or to children’s social care at once.",
            ..group("criteria", "The five criteria", "criteria weighed", &[
                Question::new("adult-involved", "Is an adult involved?", Ask::One(CRITERION))
                    .because(Reason::Always),
                Question::new("coerced", "Was a child forced, blackmailed or groomed, or is it in doubt whether the child was able to consent?", Ask::One(CRITERION))
                    .hint("Special educational needs, for instance, can put it in doubt.")
                    .because(Reason::Always),
                Question::new("unusual", "Does what you know suggest violence, or acts that are not usual for the child’s stage of development?", Ask::One(CRITERION))
                    .because(Reason::Always),
                Question::new("sexual-acts", "Does what you were told suggest sexual acts?", Ask::One(CRITERION))
                    .hint("Go by what you were told. Nobody looks.")
                    .because(Reason::Always),
                Question::new("pictured", "Who is in the picture?", Ask::People)
                    .hint("Their ages on the day are worked out from the register."),
                Question::new("danger", "Does the sharing put a pupil in present danger?", Ask::One(CRITERION))
                    .hint("Self-harm or suicide, for instance. If so, the headteacher and the deputy lead are told too.")
                    .because(Reason::Always),
            ])
        },
        group("referral", "Referral", "referral decided", &[
            Question::new("refer", "Where does it go?", Ask::One(REFERRAL)).because(Reason::Always),
        ]),
        group("viewing", "Looking at the picture", "viewing decided", &[
            Question::new("view", "Must the picture be seen in order to keep a child safe?", Ask::One(YES_NO))
                .hint("The answer is nearly always no.")
                .because(Reason::On(&["yes"]))
                .normally("no")
                .asked_if(may_be_viewed),
            Question::new("viewed-by", "Who looks, or looked?", Ask::Line)
                .follows("view", &["yes"]),
            Question::new("viewed-with", "Who is with them?", Ask::Line)
                .hint("Nobody looks alone.")
                .follows("view", &["yes"]),
        ]),
        group("more-information", "What else we need to know", "questions listed", &[
            Question::new("find-out", "Must something more be found out to choose the best response?", Ask::One(YES_NO)),
            Question::new("find-out-what", "What, and from whom?", Ask::Words)
                .hint("It becomes an action of this case.")
                .follows("find-out", &["yes"]),
        ]),
        group("spread", "How far it has gone", "spread known", &[
            Question::new("spread", "How widely has it been shared?", Ask::One(SPREAD)),
            Question::new("services", "On which services or devices?", Ask::Words)
                .hint("Write that it is not known, if so."),
        ]),
        group("take-down", "Taking it down", "taking down decided", &[
            Question::new("remove", "Must pictures be deleted or taken down straight away?", Ask::One(YES_NO))
                .hint("Not before the police agree, where it goes to them. Children under 18 can use Report Remove."),
            Question::new("remove-what", "From which devices or services, and who sees to it?", Ask::Words)
                .hint("It becomes an action of this case.")
                .follows("remove", &["yes"]),
        ]),
        group("facts", "Facts about the children", "facts noted", &[
            Question::new("facts", "What do we know about the children that makes the risk greater or smaller?", Ask::Words),
        ]),
        group("others", "Other schools and people", "contacts decided", &[
            Question::new("contact", "Must another school, college, setting or person be contacted?", Ask::One(YES_NO)),
            Question::new("contact-whom", "Whom, about what, and by whom?", Ask::Words)
                .hint("It becomes an action of this case.")
                .follows("contact", &["yes"]),
        ]),
        group("parents", "Parents", "parents decided", &[
            Question::new("parents", "Are the parents told?", Ask::One(YES_NO))
                .hint("Normally they are, early, unless that puts a child at risk.")
                .because(Reason::On(&["no"]))
                .normally("yes"),
        ]),
    ],
    objections: |known| {
        let mut objections = Vec::new();
        if criteria(known) && known.is("refer", "neither") {
            objections.push((
                "refer",
                "One of the five criteria holds or cannot be ruled out, so it goes to the police, to children’s social care or to both",
            ));
        }
        if known.yes("view") && known.value("viewed-by").trim() == known.value("viewed-with").trim() {
            objections.push(("viewed-with", "Name a second person: nobody looks alone"));
        }
        objections
    },
    needs,
    computed: |known| {
        let (label, under) = ("A pupil in the picture was under 13 on the day", under_13(known));
        let words = match under {
            "yes" => "yes, by the date of birth",
            "no" => "no, by the dates of birth",
            "unknown" => "not known: somebody is not on the register, or has no date of birth there. It is treated as yes until it is known",
            _ => return Vec::new(),
        };
        let fourth = match fourth(known) {
            Some("no") => "does not hold",
            Some("yes") => "holds",
            Some(_) => "cannot be ruled out, so it counts",
            None => return vec![(label, words.to_owned())],
        };
        vec![
            (label, words.to_owned()),
            ("Sexual acts and a child under 13", fourth.to_owned()),
        ]
    },
    ways: &[
        Way {
            key: "refer",
            name: "It goes to the police or to children’s social care",
            statements: &["I have weighed what is known, and these answers are mine."],
            asks: "",
            offered: |known| {
                if known.is("refer", "neither") {
                    Err("You answered that it goes to neither. Change that answer first.")
                } else {
                    Ok(())
                }
            },
        },
        Way {
            key: "in-school",
            name: "We deal with it in school",
            statements: &[
                "I know enough to judge the risks.",
                "Our pastoral support, our discipline and the help available locally can hold these risks.",
            ],
            asks: "Which support holds the risk?",
            offered: |known| {
                if criteria(known) {
                    Err("One of the five criteria holds or cannot be ruled out, so it cannot stay in school.")
                } else if !known.is("refer", "neither") {
                    Err("You answered that it is referred. Change that answer first.")
                } else {
                    Ok(())
                }
            },
        },
    ],
    escalates_to: &[POLICE, SOCIAL_CARE],
    signed_within: |policy| Some(policy.get(&nude_image_review::SIGNED_WITHIN)),
    source: "Sharing nudes and semi-nudes: advice for education settings (UKCIS, 2024)",
    source_at: "https://www.gov.uk/government/publications/sharing-nudes-and-semi-nudes-advice-for-education-settings-working-with-children-and-young-people",
};

/// Whether the case has a nude image in it and the policy deals with it so.
pub(super) fn imagery_case(occasion: &Occasion<'_>, mode: Mode) -> bool {
    (occasion.imagery || occasion.is(&["conduct/nude-image"], &[Matter::NudeImage]))
        && occasion.policy.get(&nude_image_review::MODE) == mode
}

fn may_be_viewed(known: &Known<'_>) -> bool {
    match known.policy.get(&nude_image_review::VIEWING) {
        Viewing::Rarely => true,
        Viewing::Never => false,
    }
}

fn under_13(known: &Known<'_>) -> &'static str {
    known.any_under("pictured", 13)
}

/// The fourth criterion, worked out: sexual acts, and a pupil in the picture under 13
/// (who cannot consent: Sexual Offences Act 2003). None while it is not answered.
fn fourth(known: &Known<'_>) -> Option<&'static str> {
    match (known.value("sexual-acts"), under_13(known)) {
        ("", _) | (_, "") => None,
        ("no", _) | (_, "no") => Some("no"),
        ("yes", "yes") => Some("yes"),
        _ => Some("unknown"),
    }
}

/// Whether one of the five criteria holds, or cannot be ruled out yet.
pub fn criteria(known: &Known<'_>) -> bool {
    ["adult-involved", "coerced", "unusual", "danger"]
        .iter()
        .any(|criterion| known.yes_or_unknown(criterion))
        || matches!(fourth(known), Some("yes" | "unknown"))
}

fn needs(known: &Known<'_>) -> Vec<Need> {
    let mut needs = Vec::new();
    let within = lasting(known.policy.get(&nude_image_review::REFERRED_WITHIN));
    let forced = criteria(known);
    let why = if forced {
        "One of the five criteria holds or cannot be ruled out."
    } else {
        "The review decided so."
    };
    let referral = |key, to: &[&'static str]| Need::Referral {
        key,
        to: to.to_vec(),
        why: why.to_owned(),
        within,
        since: None,
    };
    match known.value("refer") {
        POLICE => needs.push(referral("refer", &[POLICE])),
        SOCIAL_CARE => needs.push(referral("refer", &[SOCIAL_CARE])),
        "both" => {
            needs.push(referral("refer", &[POLICE]));
            needs.push(referral("refer-too", &[SOCIAL_CARE]));
        }
        _ if forced => needs.push(referral("refer", &[POLICE, SOCIAL_CARE])),
        _ => {}
    }
    let day = Measure::SchoolDays(1);
    for (question, asks, key, begins) in [
        ("find-out", "find-out-what", "find-out", "Find out"),
        ("remove", "remove-what", "take-down", "Have it taken down"),
        ("contact", "contact-whom", "contact", "Contact"),
    ] {
        if known.yes(question) {
            needs.push(Need::Task {
                key,
                words: format!("{begins}: {}", known.value(asks).trim()),
                within: day,
            });
        }
    }
    if known.yes("parents") {
        needs.push(Need::Task {
            key: "parents",
            words: "Tell the parents, and record it in the case.".to_owned(),
            within: day,
        });
    }
    if known.yes_or_unknown("danger") {
        needs.push(Need::Tell {
            key: "danger",
            posts: &[Post::Headteacher, Post::DeputyDesignatedSafeguardingLead],
        });
    }
    needs
}
