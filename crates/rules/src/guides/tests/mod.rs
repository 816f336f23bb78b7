//! Decision tables: every state, event and guard of the guided reviews, both packs.

mod allegation;
mod cyberbullying;
mod imagery;
mod indecent_image;
mod machines;
mod nude_image;
mod shorter;

use std::collections::{BTreeMap, BTreeSet};

use belisha_policy::{Policy, parse};
use jiff::civil::{Date, date};

use super::*;
use crate::ids::PersonId;

const JUNIOR: &str = include_str!("../../../../../packs/junior.md");
const PRIMARY: &str = include_str!("../../../../../packs/primary.md");

fn policy(text: &str) -> Policy {
    parse(text).expect("the pack is a policy")
}

/// A pupil who was ten on the day, and one who had just turned thirteen.
const TEN: PersonId = PersonId::new(10);
const THIRTEEN: PersonId = PersonId::new(13);
/// A person whose date of birth is not on the register.
const UNBORN: PersonId = PersonId::new(99);
const DAY: Date = date(2026, 9, 23);

/// A review on the bench: answers are given to it, and rules are asked.
struct Bench {
    guide: &'static Guide,
    policy: Policy,
    kind: Kind,
    answers: Answers,
    born: BTreeMap<PersonId, Option<Date>>,
    sent: BTreeSet<String>,
    device_set_aside: bool,
    evidence_noted: bool,
    standing: Standing,
}

impl Bench {
    fn of(key: &str, pack: &str) -> Self {
        Self {
            guide: guide(key).expect("a guide"),
            policy: policy(pack),
            kind: Kind::PupilWelfare,
            answers: Answers::new(),
            born: [
                (TEN, Some(date(2016, 1, 5))),
                (THIRTEEN, Some(date(2013, 9, 23))),
                (UNBORN, None),
            ]
            .into(),
            sent: BTreeSet::new(),
            device_set_aside: true,
            evidence_noted: true,
            standing: Standing {
                case_is_open: true,
                ..Standing::default()
            },
        }
    }

    fn known(&self) -> Known<'_> {
        Known {
            answers: &self.answers,
            policy: &self.policy,
            kind: self.kind,
            happened_on: DAY,
            born: &self.born,
            sent: &self.sent,
            device_set_aside: self.device_set_aside,
            evidence_noted: self.evidence_noted,
        }
    }

    fn answer(&mut self, question: &str, value: &str) -> &mut Self {
        let answer = Answer {
            value: value.to_owned(),
            reason: "For this reason.".to_owned(),
        };
        assert!(
            self.guide.question(question).is_some(),
            "no question {question}"
        );
        self.answers.insert(question.to_owned(), answer);
        self
    }

    fn send(&mut self, need: &str) -> &mut Self {
        self.sent.insert(need.to_owned());
        self.standing.referrals_sent = self.sent.len();
        self
    }

    /// Answers whatever is still asked in a group, harmlessly.
    fn fill(&mut self, group: &str) -> &mut Self {
        let group = self.guide.group(group).expect("a group");
        // Twice, because an answer may ask another question.
        for _ in 0..2 {
            for question in group.questions {
                let asked = question.is_asked(&self.known());
                if asked && !question.is_answered(&self.known()) {
                    let value = match question.ask {
                        Ask::One(options) => {
                            if options.iter().any(|(key, _)| *key == "no") {
                                "no"
                            } else {
                                options[0].0
                            }
                        }
                        Ask::Any(options) => options[options.len() - 1].0,
                        Ask::Line | Ask::Words => "Words.",
                        Ask::Moment => "2026-09-23T09:30",
                        Ask::People => "00000000-0000-0000-0000-00000000000a",
                        Ask::Post => "headteacher",
                    };
                    self.answer(question.key, value);
                }
            }
        }
        self
    }

    fn fill_all(&mut self) -> &mut Self {
        for group in self.guide.groups {
            self.fill(group.key);
        }
        self
    }

    fn state(&self) -> State {
        state(self.guide, &self.known(), &self.standing)
    }

    fn needs(&self) -> Vec<Need> {
        (self.guide.needs)(&self.known())
    }

    /// The agencies of each referral that is needed, by its name.
    fn referrals(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        self.needs()
            .into_iter()
            .filter_map(|need| match need {
                Need::Referral { key, to, .. } => Some((key, to)),
                Need::Task { .. } | Need::Tell { .. } => None,
            })
            .collect()
    }

    fn keys(&self) -> Vec<&'static str> {
        self.needs().iter().map(Need::key).collect()
    }

    fn lacks(&self) -> Vec<&'static str> {
        lacks(self.guide, &self.known())
            .iter()
            .map(|group| group.key)
            .collect()
    }

    fn opens(&self, group: &str) -> bool {
        let group = self.guide.group(group).expect("a group");
        group_may_be_answered(group, &self.known(), &self.standing, true).is_ok()
    }

    fn sign(&self, way: &str) -> Result<(), SignRefused> {
        let way = self.guide.way(way).expect("a way");
        let all = vec![true; way.statements.len()];
        may_sign(
            self.guide,
            &self.known(),
            &self.standing,
            true,
            way,
            &all,
            "Words.",
        )
    }
}

fn applies(
    pack: &str,
    kind: Kind,
    category: &str,
    imagery: bool,
    disturbing: bool,
) -> Vec<&'static str> {
    let policy = policy(pack);
    applicable(&Occasion {
        policy: &policy,
        kind,
        category,
        imagery,
        disturbing,
    })
    .iter()
    .map(|guide| guide.key)
    .collect()
}

#[test]
fn each_triage_opens_its_reviews_under_each_policy() {
    let check = |category, imagery, disturbing, junior: &[&str], primary: &[&str]| {
        let kind = Kind::PupilWelfare;
        assert_eq!(
            applies(JUNIOR, kind, category, imagery, disturbing),
            junior,
            "{category}"
        );
        assert_eq!(
            applies(PRIMARY, kind, category, imagery, disturbing),
            primary,
            "{category}"
        );
    };
    check("conduct/rules", false, false, &[], &[]);
    check(
        "conduct/nude-image",
        false,
        false,
        &["nude-image"],
        &["indecent-image"],
    );
    check(
        "conduct/rules",
        true,
        false,
        &["nude-image"],
        &["indecent-image"],
    );
    // The steps of cyberbullying are a choice of each policy.
    check("conduct/bullying", false, false, &[], &["cyberbullying"]);
    check(
        "conduct/bullying",
        true,
        false,
        &["nude-image"],
        &["indecent-image", "cyberbullying"],
    );
    check(
        "contact/grooming",
        false,
        false,
        &["grooming"],
        &["grooming"],
    );
    check(
        "contact/radicalisation",
        false,
        false,
        &["radicalisation"],
        &["radicalisation"],
    );
    check(
        "content/extremism",
        false,
        false,
        &["radicalisation"],
        &["radicalisation"],
    );
    check(
        "content/illegal",
        false,
        false,
        &["illegal-content"],
        &["illegal-content"],
    );
    check(
        "contact/disturbing",
        false,
        false,
        &["disturbing-message"],
        &["disturbing-message"],
    );
    check(
        "conduct/rules",
        false,
        true,
        &["disturbing-message"],
        &["disturbing-message"],
    );
    check(
        "conduct/privacy",
        false,
        false,
        &["data-breach"],
        &["data-breach"],
    );
    for kind in [
        Kind::AllegationStaff,
        Kind::AllegationHead,
        Kind::AllegationChair,
    ] {
        assert_eq!(
            applies(JUNIOR, kind, "conduct/rules", false, true),
            ["allegation"]
        );
        assert_eq!(
            applies(PRIMARY, kind, "conduct/bullying", false, false),
            ["allegation"]
        );
    }
    assert!(applies(JUNIOR, Kind::LowLevelConcern, "conduct/rules", false, true).is_empty());
}

#[test]
fn every_guide_is_whole() {
    let mut keys = BTreeSet::new();
    for guide in catalogue() {
        assert!(keys.insert(guide.key), "{}", guide.key);
        assert!(
            !guide.ways.is_empty() && !guide.groups.is_empty(),
            "{}",
            guide.key
        );
        let mut questions = BTreeSet::new();
        for group in guide.groups {
            assert!(!group.questions.is_empty(), "{} {}", guide.key, group.key);
            for question in group.questions {
                assert!(
                    questions.insert(question.key),
                    "{} {}",
                    guide.key,
                    question.key
                );
                if let When::Follows { of, on } = question.when {
                    let parent = group
                        .questions
                        .iter()
                        .find(|one| one.key == of)
                        .unwrap_or_else(|| panic!("{} follows nothing on its page", question.key));
                    for value in on {
                        assert!(
                            parent.options().iter().any(|(option, _)| option == value),
                            "{} follows {value}, which {of} does not offer",
                            question.key
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_review_stands_where_its_answers_and_its_signature_say() {
    let mut bench = Bench::of("nude-image", JUNIOR);
    assert_eq!(bench.state(), State::Reported);
    bench.answer("why-shared", "A dare.");
    assert_eq!(bench.state(), State::Open);
    bench.fill("immediate-risk");
    assert_eq!(bench.state(), State::At("immediate risk weighed"));
    bench
        .fill_all()
        .answer("refer", "neither")
        .answer("sexual-acts", "no");
    assert_eq!(bench.state(), State::ToSign);
    let check = |standing: Standing, expected| {
        let mut bench = Bench::of("nude-image", JUNIOR);
        bench.fill_all();
        bench.standing = Standing {
            case_is_open: true,
            signed: Some("in-school"),
            ..standing
        };
        assert_eq!(bench.state(), expected);
    };
    let none = Standing::default();
    check(none, State::InSchool);
    check(
        Standing {
            tasks_open: 1,
            ..none
        },
        State::FollowUp,
    );
    check(
        Standing {
            referrals_sent: 1,
            ..none
        },
        State::Referred,
    );
    check(
        Standing {
            referrals_sent: 1,
            tasks_open: 1,
            ..none
        },
        State::FollowUp,
    );
    check(
        Standing {
            referrals_due: 1,
            ..none
        },
        State::ReferralDue,
    );
    check(
        Standing {
            referrals_due: 1,
            escalated: true,
            ..none
        },
        State::Escalated,
    );
    check(
        Standing {
            referrals_sent: 1,
            escalated: true,
            ..none
        },
        State::Referred,
    );
    bench.standing.case_is_open = false;
    assert_eq!(bench.state(), State::Closed);
}

#[test]
fn who_may_answer_sign_and_escalate_and_when() {
    let mut bench = Bench::of("nude-image", JUNIOR);
    let group = bench.guide.group("criteria").unwrap();
    let answer = |bench: &Bench, is_the_lead| {
        group_may_be_answered(group, &bench.known(), &bench.standing, is_the_lead)
    };
    assert_eq!(answer(&bench, true), Ok(()));
    assert_eq!(answer(&bench, false), Err(AnswerRefused::OnlyTheLead));
    let escalate = |bench: &Bench, is_the_lead, reason| {
        may_escalate(bench.guide, &bench.standing, is_the_lead, reason)
    };
    assert_eq!(escalate(&bench, true, "New."), Ok(()));
    assert_eq!(
        escalate(&bench, true, " "),
        Err(EscalateRefused::ReasonMissing)
    );
    assert_eq!(
        escalate(&bench, false, "New."),
        Err(EscalateRefused::OnlyTheLead)
    );
    bench.standing.referrals_due = 1;
    assert_eq!(
        escalate(&bench, true, "New."),
        Err(EscalateRefused::ReferralIsDue)
    );
    bench.standing.referrals_due = 0;
    // After the closure nothing is answered or signed, and escalation stays open.
    bench.standing.case_is_open = false;
    assert_eq!(answer(&bench, true), Err(AnswerRefused::CaseHasEnded));
    assert_eq!(bench.sign("refer"), Err(SignRefused::CaseHasEnded));
    assert_eq!(escalate(&bench, true, "New."), Ok(()));
}
