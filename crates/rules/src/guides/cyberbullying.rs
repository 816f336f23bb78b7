//! Cyberbullying, step by step: first whether an indecent picture is in it, then the
//! first steps and the evidence, the meeting, the law, the investigation, the finding,
//! taking the material down once the evidence is safe, and support for both sides.

use belisha_policy::controls::cyberbullying_steps;
use belisha_policy::{Matter, Measure};

use super::nude_image::{POLICE, SOCIAL_CARE};
use super::question::{Ask, CRITERION, Group, Options, Question, Reason, When, YES_NO};
use super::{Guide, Known, LedBy, Need, Way, always, no_time, nothing_computed};

const MET: Options = &[
    ("yes", "Yes"),
    ("same", "It is the same person"),
    ("no", "No, for a reason"),
];
const BLOCKED: Options = &[
    ("yes", "Yes"),
    ("no", "No, not yet"),
    ("cannot", "It cannot be done there"),
];
const NOTED: Options = &[
    ("yes", "Yes, each as an entry of the evidence log"),
    ("none", "There is nothing that could be kept"),
];
/// Each may be against the law.
const FLAGS: Options = &[
    ("threatening", "Threatening"),
    ("abusive", "Abusive"),
    ("sexist", "Sexist"),
    ("sexual", "Sexual"),
    ("hate-crime", "A hate crime"),
    ("libellous", "Libellous"),
    ("harassment", "Harassment"),
    ("stalking", "Stalking"),
    ("none", "None of these"),
];
const FINDING: Options = &[
    ("not-proved", "It is not shown"),
    (
        "school",
        "It is shown, and the person belongs to our school",
    ),
    ("outside", "It is shown, and the person is from outside"),
    ("nobody", "It is shown, and nobody knows who did it"),
];
const ROUTE: Options = &[("mediation", "Mediation"), ("discipline", "Discipline")];
const REMOVAL: Options = &[
    ("nothing", "There is nothing to remove"),
    ("waiting", "It was asked for, and we wait"),
    ("removed", "It has been removed"),
    ("refused", "It was refused"),
];

pub(super) static GUIDE: Guide = Guide {
    key: "cyberbullying",
    title: "Cyberbullying",
    about: "Every case is investigated and answered by a senior member of staff.",
    warnings: &[
        "Nobody answers the sender. Block them where you can, and use the service’s own report.",
        "Keep the evidence and send it on to nobody. If a nude picture of a child may be part of it, stop here and answer the first question.",
    ],
    led_by: LedBy::WhoeverHasIt,
    bars_imagery: false,
    applies: |occasion| {
        occasion.is(&["conduct/bullying"], &[Matter::Bullying])
            && !occasion.kind.is_sealed()
            && occasion.policy.get(&cyberbullying_steps::GUIDED)
    },
    groups: &[
        step("image", "Is an indecent picture part of it?", "picture question answered", always, &[
            Question::new("indecent", "May a nude or indecent picture of a child be part of it?", Ask::One(CRITERION))
                .hint("If so, or if it is not known, the review of such pictures opens as well, and comes first.")
                .because(Reason::Always),
        ]),
        step("first-steps", "First steps", "first steps taken", always, &[
            Question::new("not-answered", "Has the person who is bullied been told not to answer?", Ask::One(YES_NO))
                .hint("An answer is what the sender hopes for, and makes it worse.")
                .because(Reason::On(&["no"])),
            Question::new("blocked", "Has whoever sends it been blocked?", Ask::One(BLOCKED))
                .because(Reason::On(&["no"])),
            Question::new("site-told", "Was it reported to the service, by its own report?", Ask::One(BLOCKED))
                .because(Reason::On(&["no"])),
        ]),
        step("evidence", "The evidence", "evidence noted", |known| {
            if known.value("indecent").is_empty() {
                Err("Answer first whether an indecent picture of a child may be part of it.")
            } else {
                Ok(())
            }
        }, &[
            Question::new("noted", "Is everything that there is noted in the evidence log of the case?", Ask::One(NOTED))
                .hint("Each message, post or screenshot is an entry of its own, on the page of the case: what it is, where it is, when it was saved, who keeps it.")
                .because(Reason::On(&["none"]))
                .asked_if(|known| known.no("indecent")),
            // What was asked before the case had a log. The answers stay readable.
            retired("what", "What is there?", Ask::Words),
            retired("where", "On which service or device?", Ask::Line),
            retired("captured", "When was it saved?", Ask::Moment),
            retired("keeper", "Who keeps it?", Ask::Line),
            retired("forwarded", "Has it been sent on to anybody?", Ask::One(YES_NO)),
            Question::new("police-know", "Do the police know of the picture?", Ask::One(YES_NO))
                .hint("Such a picture is never kept. The evidence is safe when the police know and the device has been set aside.")
                .asked_if(|known| known.yes_or_unknown("indecent")),
            Question::new("device-aside", "Has the device been set aside?", Ask::One(YES_NO))
                .hint("Record its custody in the case.")
                .asked_if(|known| known.yes_or_unknown("indecent")),
        ]),
        Group {
            says: "Have the evidence log of the case at hand. Whoever keeps an item brings it, and sends it to nobody.",
            ..step("meeting", "The meeting", "meeting held", |known| {
            if known.value("noted").is_empty() && known.value("police-know").is_empty() {
                Err("Note the evidence first, so that it is at the meeting.")
            } else {
                Ok(())
            }
        }, &[
            Question::new("met-when", "When was the meeting?", Ask::Moment),
            Question::new("met-reporter", "Did you meet the person who reported it?", Ask::One(YES_NO))
                .because(Reason::On(&["no"])),
            Question::new("met-target", "Did you meet the person who is bullied?", Ask::One(MET))
                .because(Reason::On(&["no"])),
            Question::new("met-facts", "What are the facts?", Ask::Words)
                .hint("Listen, reassure, support. Write down all that matters."),
        ])
        },
        step("law", "What the law says", "law weighed", met, &[
            Question::new("flags", "Is what was said any of these?", Ask::Any(FLAGS))
                .hint("Choose all that fit. Each may be against the law."),
            Question::new("police", "Are the police brought in?", Ask::One(YES_NO))
                .hint("It is decided each time, with the reason. If one of these fits, it may be a crime.")
                .because(Reason::Always),
        ]),
        step("investigation", "The investigation", "investigated", met, &[
            Question::new("investigator", "Which senior member of staff investigates?", Ask::Line),
            Question::new("investigated", "What was done to find out?", Ask::Words),
        ]),
        step("finding", "The finding", "finding made", |known| {
            if known.value("investigated").is_empty() {
                Err("Investigate first.")
            } else {
                Ok(())
            }
        }, &[
            Question::new("finding", "What is the finding?", Ask::One(FINDING)).because(Reason::Always),
            Question::new("seriousness", "How was the person who bullies made to understand how serious it is?", Ask::Words)
                .follows("finding", &["school"]),
            Question::new("route", "How is it put right?", Ask::Any(ROUTE))
                .because(Reason::Always)
                .follows("finding", &["school"]),
            Question::new("outside", "Who outside was told: the service, the other school, the police?", Ask::Words)
                .follows("finding", &["outside", "nobody"]),
        ]),
        step("removal", "Taking it down", "removal dealt with", |known| {
            if known.value("finding").is_empty() {
                Err("The finding comes first.")
            } else if secured(known) {
                Ok(())
            } else if known.yes_or_unknown("indecent") {
                Err("The evidence is not safe yet: the police must know of the picture, and the device must have been set aside.")
            } else {
                Err("The evidence is not safe yet: note in the evidence log what there is, when it was saved and who keeps it.")
            }
        }, &[
            Question::new("removal", "Was the removal of the material asked for?", Ask::One(REMOVAL))
                .because(Reason::On(&["waiting", "removed", "refused"])),
            Question::new("sanctions", "Which more severe sanction follows the refusal?", Ask::Words)
                .follows("removal", &["refused"]),
        ]),
        step("support", "Support for both sides", "supported", |known| {
            if known.value("finding").is_empty() {
                Err("The finding comes first.")
            } else {
                Ok(())
            }
        }, &[
            Question::new("support-target", "How is the person who is bullied supported, and by whom?", Ask::Words),
            Question::new("support-other", "How is the person who bullied, or was said to, supported?", Ask::Words),
            Question::new("answered", "What was the person who reported it told?", Ask::Words),
        ]),
    ],
    objections: |known| {
        let mut objections = Vec::new();
        if known.yes("noted") && !known.evidence_noted {
            objections.push(("noted", "The evidence log of the case is empty. Note each item there first"));
        }
        if known.is("noted", "none") && known.any_of("removal", &["waiting", "removed", "refused"]) {
            objections.push(("removal", "You answered that there is nothing that could be kept. Note what is to be removed in the evidence log first"));
        }
        if known.yes("device-aside") && !known.device_set_aside {
            objections.push(("device-aside", "Record in the case who has the device and where it is kept, then answer yes"));
        }
        if known.is("removal", "waiting") {
            objections.push(("removal", "Wait until it is removed or refused, then change this answer"));
        }
        objections
    },
    needs: |known| {
        let mut needs = Vec::new();
        if known.yes("police") {
            needs.push(Need::Referral {
                key: "police",
                to: vec![POLICE],
                why: "It may be against the law.".to_owned(),
                within: Measure::SameDay,
                since: None,
            });
        }
        if known.is("removal", "waiting") {
            needs.push(Need::Task {
                key: "removal",
                words: "See whether the material has been removed; if it is refused, the sanction becomes more severe.".to_owned(),
                within: Measure::SchoolDays(2),
            });
        }
        needs
    },
    computed: nothing_computed,
    ways: &[Way {
        key: "answered",
        name: "Investigated and answered",
        statements: &["The case was investigated, and those who reported it have an answer."],
        asks: "",
        offered: always,
    }],
    escalates_to: &[POLICE, SOCIAL_CARE],
    signed_within: no_time,
    source: "The school’s policy on cyberbullying",
    source_at: "",
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

fn met(known: &Known<'_>) -> Result<(), &'static str> {
    if known.value("met-facts").is_empty() {
        Err("The meeting comes first.")
    } else {
        Ok(())
    }
}

/// A question that is asked no more.
const fn retired(key: &'static str, asks: &'static str, ask: Ask) -> Question {
    Question {
        when: When::If(|_| false),
        ..Question::new(key, asks, ask)
    }
}

/// Whether nothing is lost when the material is taken down. An indecent picture is never
/// kept: it is safe when the police know of it and the device has been set aside.
fn secured(known: &Known<'_>) -> bool {
    if known.no("indecent") {
        known.is("noted", "none") || (known.yes("noted") && known.evidence_noted)
    } else {
        known.yes("police-know") && known.yes("device-aside") && known.device_set_aside
    }
}
