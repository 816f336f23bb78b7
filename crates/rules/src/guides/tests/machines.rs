//! Machines 2, 3 and 4 as tables: each state of a review, by the name that the policies'
//! machines give it, with every event that may befall it and what comes of it. Events are
//! answering each page, signing in each way, escalating, and closing the case.

use std::fmt::Write as _;

use super::*;
use crate::incidents::{CloseRefused, ClosureRule, Incident, Missing, OpenReview, Triage, close};
use crate::people::Identity;

/// What comes of a signature.
fn signed(result: Result<(), SignRefused>) -> &'static str {
    match result {
        Ok(()) => "signed",
        Err(SignRefused::CaseHasEnded) => "case has ended",
        Err(SignRefused::AlreadySigned) => "signed already",
        Err(SignRefused::OnlyTheLead) => "only the lead",
        Err(SignRefused::Unanswered(_)) => "unanswered",
        Err(SignRefused::NotOffered(_)) => "not open",
        Err(SignRefused::StatementMissing(_)) => "statement missing",
        Err(SignRefused::WordsMissing(_)) => "words missing",
    }
}

/// What comes of an escalation.
fn escalated(result: Result<(), EscalateRefused>) -> &'static str {
    match result {
        Ok(()) => "escalated",
        Err(EscalateRefused::NotThisGuide) => "not this guide",
        Err(EscalateRefused::OnlyTheLead) => "only the lead",
        Err(EscalateRefused::ReferralIsDue) => "referral is due",
        Err(EscalateRefused::ReasonMissing) => "reason missing",
    }
}

/// The number of a state: a new one has none until it is given one, and then a row is due.
fn number(state: State) -> usize {
    match state {
        State::Reported => 0,
        State::At(_) => 1,
        State::Open => 2,
        State::ToSign => 3,
        State::ReferralDue => 4,
        State::Referred => 5,
        State::InSchool => 6,
        State::Escalated => 7,
        State::FollowUp => 8,
        State::Closed => 9,
    }
}
const STATES: usize = 10;

impl Bench {
    /// Which pages can be answered: by whoever has the case, by the lead.
    fn open_to(&self, is_the_lead: bool) -> Vec<&'static str> {
        self.guide
            .groups
            .iter()
            .filter(|group| group.exists(&self.known()))
            .filter(|group| {
                group_may_be_answered(group, &self.known(), &self.standing, is_the_lead).is_ok()
            })
            .map(|group| group.key)
            .collect()
    }

    /// What comes of closing the case with this review in it.
    fn closed(&self) -> &'static str {
        let incident = Incident {
            acknowledged: true,
            triage: Some(Triage {
                child_at_risk: false,
                police_question: false,
            }),
            reviews: vec![OpenReview {
                title: self.guide.title,
                lacks: self.lacks(),
                signed: self.standing.signed.is_some(),
                bars_imagery: self.guide.bars_imagery,
            }],
            referrals_due: self.standing.referrals_due,
            open_actions: self.standing.tasks_open,
            ending: (!self.standing.case_is_open).then_some(crate::incidents::Ending::Closed),
            ..Incident::reported(self.kind, Vec::new())
        };
        let rule = ClosureRule {
            parents_required: false,
            external_record: None,
            reporter_confirms: false,
            someone_else_closes: false,
            sanctions_decided: false,
            support_decided: false,
            lesson_written: false,
        };
        match close(&incident, &rule, &Identity::of(PersonId::new(1))) {
            Ok(()) => "closed",
            Err(CloseRefused::WrongState(_)) => "case has ended",
            Err(CloseRefused::OwnReport) => "own report",
            Err(CloseRefused::Missing(missing)) => match missing.first() {
                Some(Missing::Review { .. }) => "sign the review first",
                Some(Missing::Referrals { .. }) => "send the referral first",
                Some(Missing::OpenActions { .. }) => "complete the actions first",
                _ => "something else first",
            },
        }
    }

    /// One row of the table.
    fn row(&self, called: &str) -> String {
        let mut row = format!("{called} ({})\n", self.state().name());
        let all = |bench: &Bench, lead| {
            let open = bench.open_to(lead);
            let every = bench
                .guide
                .groups
                .iter()
                .filter(|group| group.exists(&bench.known()))
                .count();
            if open.len() == every {
                "every page".to_owned()
            } else if open.is_empty() {
                "none".to_owned()
            } else {
                open.join(", ")
            }
        };
        let _ = writeln!(row, "  answer: {}", all(self, true));
        if self.guide.led_by == LedBy::TheLead {
            let _ = writeln!(row, "  answer, not the lead: {}", all(self, false));
        }
        for way in self.guide.ways {
            let _ = writeln!(row, "  sign {}: {}", way.key, signed(self.sign(way.key)));
        }
        let escalation = may_escalate(self.guide, &self.standing, true, "New.");
        let _ = writeln!(row, "  escalate: {}", escalated(escalation));
        let _ = writeln!(row, "  close: {}", self.closed());
        row
    }
}

/// Prints the rows of one machine, and notes which states came up.
fn table(stages: Vec<(&str, Bench)>, seen: &mut BTreeSet<usize>) -> String {
    let mut table = String::new();
    for (called, bench) in stages {
        seen.insert(number(bench.state()));
        table.push_str(&bench.row(called));
    }
    table
}

fn bench(key: &str, pack: &str, kind: Kind, change: impl FnOnce(&mut Bench)) -> Bench {
    let mut bench = Bench::of(key, pack);
    bench.kind = kind;
    change(&mut bench);
    bench
}

/// Machine 2 under the first policy: the lead's review of a nude image.
fn of_a_review() -> Vec<(&'static str, Bench)> {
    let at = |change: fn(&mut Bench)| bench("nude-image", JUNIOR, Kind::PupilWelfare, change);
    let harmless = |bench: &mut Bench| {
        bench.fill_all().answer("refer", "neither");
    };
    let signed = |way: &'static str, change: fn(&mut Standing)| {
        bench("nude-image", JUNIOR, Kind::PupilWelfare, |bench| {
            harmless(bench);
            if way == "refer" {
                bench.answer("refer", "police");
            }
            bench.standing.signed = Some(way);
            change(&mut bench.standing);
        })
    };
    vec![
        ("REPORTED", at(|_| {})),
        (
            "REVIEW_OPEN, a page begun",
            at(|bench| {
                bench.answer("why-shared", "A dare.");
            }),
        ),
        (
            "REVIEW_OPEN, a page answered",
            at(|bench| {
                bench.fill("immediate-risk");
            }),
        ),
        (
            "REVIEW_OPEN, all answered, no criterion holds",
            at(|bench| {
                bench.fill_all().answer("refer", "neither");
            }),
        ),
        (
            "REVIEW_OPEN, all answered, a criterion holds, kept in school",
            at(|bench| {
                bench
                    .fill_all()
                    .answer("refer", "neither")
                    .answer("coerced", "unknown");
            }),
        ),
        (
            "REVIEW_OPEN, all answered, a criterion holds, referred",
            at(|bench| {
                bench
                    .fill_all()
                    .answer("refer", "both")
                    .answer("coerced", "yes");
            }),
        ),
        (
            "REVIEW_SIGNED, referral due",
            signed("refer", |standing| standing.referrals_due = 1),
        ),
        (
            "REFERRED",
            signed("refer", |standing| standing.referrals_sent = 1),
        ),
        ("MANAGED_IN_SCHOOL", signed("in-school", |_| {})),
        (
            "ESCALATED",
            signed("in-school", |standing| {
                standing.escalated = true;
                standing.referrals_due = 1;
            }),
        ),
        (
            "ESCALATED, then referred",
            signed("in-school", |standing| {
                standing.escalated = true;
                standing.referrals_sent = 1;
            }),
        ),
        (
            "FOLLOW_UP",
            signed("in-school", |standing| standing.tasks_open = 1),
        ),
        (
            "CLOSED",
            signed("in-school", |standing| standing.case_is_open = false),
        ),
    ]
}

/// Machine 2 under the second policy: the police first.
fn of_police_first() -> Vec<(&'static str, Bench)> {
    let at =
        |change: fn(&mut Bench)| bench("indecent-image", PRIMARY, Kind::ChildProtection, change);
    vec![
        (
            "REPORTED and POLICE_DUE",
            at(|bench| {
                bench.standing.referrals_due = 1;
            }),
        ),
        (
            "POLICE_DUE, first steps taken",
            at(|bench| {
                bench.fill("first-steps").standing.referrals_due = 1;
            }),
        ),
        (
            "POLICE_TOLD",
            at(|bench| {
                bench.fill("first-steps").send("police");
            }),
        ),
        (
            "CIRCUMSTANCES_RECORDED",
            at(|bench| {
                bench.fill("first-steps").fill("shown").send("police");
            }),
        ),
        (
            "DSL_REVIEW",
            at(|bench| {
                bench.fill_all().send("police");
            }),
        ),
        (
            "DSL_REVIEW without the police",
            at(|bench| {
                bench.fill_all().standing.referrals_due = 1;
            }),
        ),
        (
            "DSL_REVIEW, signed",
            at(|bench| {
                bench.fill_all().send("police");
                bench.standing.signed = Some("police");
            }),
        ),
        (
            "CLOSED",
            at(|bench| {
                bench.fill_all().send("police");
                bench.standing.signed = Some("police");
                bench.standing.case_is_open = false;
            }),
        ),
    ]
}

/// Machine 3: cyberbullying, step by step.
fn of_cyberbullying() -> Vec<(&'static str, Bench)> {
    const STEPS: [&str; 9] = [
        "image",
        "first-steps",
        "evidence",
        "meeting",
        "law",
        "investigation",
        "finding",
        "removal",
        "support",
    ];
    let at = |steps: usize, change: fn(&mut Bench)| {
        bench("cyberbullying", PRIMARY, Kind::PupilWelfare, |bench| {
            for step in &STEPS[..steps] {
                bench.fill(step);
            }
            change(bench);
        })
    };
    let found = |finding: &'static str| {
        bench("cyberbullying", PRIMARY, Kind::PupilWelfare, |bench| {
            for step in &STEPS[..6] {
                bench.fill(step);
            }
            bench.answer("finding", finding).fill("finding");
        })
    };
    vec![
        ("REPORTED", at(0, |_| {})),
        ("IMAGE_CHECK, no picture", at(1, |_| {})),
        (
            "IMAGE_CHECK, a picture: machine 2 opens, and the police come first",
            at(0, |bench| {
                bench.answer("indecent", "yes").fill("image");
            }),
        ),
        ("IMAGE_CHECK, first steps taken", at(2, |_| {})),
        ("EVIDENCE_NOTED", at(3, |_| {})),
        (
            "EVIDENCE_NOTED in words, and the log is empty",
            at(3, |bench| bench.evidence_noted = false),
        ),
        ("MEETING_HELD", at(4, |_| {})),
        (
            "MEETING_HELD, POLICE decided",
            at(5, |bench| {
                bench.answer("flags", "threatening").answer("police", "yes");
                bench.standing.referrals_due = 1;
            }),
        ),
        ("INVESTIGATING", at(6, |_| {})),
        ("FINDING: not proved", found("not-proved")),
        ("FINDING: proved, ours", found("school")),
        ("FINDING: proved, outsider", found("outside")),
        ("FINDING: proved, nobody knows who", found("nobody")),
        (
            "FINDING, the evidence not secured",
            at(7, |bench| bench.evidence_noted = false),
        ),
        (
            "REMOVAL_REQUESTED",
            at(7, |bench| {
                bench
                    .answer("removal", "waiting")
                    .fill("removal")
                    .fill("support");
            }),
        ),
        (
            "REMOVED",
            at(7, |bench| {
                bench.answer("removal", "removed").fill("removal");
            }),
        ),
        (
            "REFUSED, no further sanction",
            at(7, |bench| {
                bench.answer("removal", "refused").fill("support");
            }),
        ),
        (
            "REFUSED, sanctions stepped up",
            at(7, |bench| {
                bench.answer("removal", "refused").fill("removal");
            }),
        ),
        (
            "SUPPORT",
            at(9, |bench| {
                bench.answer("removal", "nothing");
            }),
        ),
        (
            "signed, the POLICE not told yet",
            at(9, |bench| {
                bench.answer("removal", "removed").answer("police", "yes");
                bench.standing.signed = Some("answered");
                bench.standing.referrals_due = 1;
            }),
        ),
        (
            "signed",
            at(9, |bench| {
                bench.answer("removal", "removed");
                bench.standing.signed = Some("answered");
            }),
        ),
        (
            "CLOSED",
            at(9, |bench| {
                bench.answer("removal", "removed");
                bench.standing.signed = Some("answered");
                bench.standing.case_is_open = false;
            }),
        ),
    ]
}

/// Machine 4: an allegation against an adult.
fn of_an_allegation(pack: &str, kind: Kind) -> Vec<(&'static str, Bench)> {
    let at = |change: &dyn Fn(&mut Bench)| bench("allegation", pack, kind, |bench| change(bench));
    let assessed = |bench: &mut Bench| {
        bench.fill("threshold").answer("harmed", "yes");
    };
    let contacted = move |bench: &mut Bench| {
        assessed(bench);
        bench.send("officer").fill("officer");
    };
    let led = move |bench: &mut Bench, by: &str| {
        contacted(bench);
        bench
            .fill("telling")
            .answer("led", by)
            .fill("investigation");
    };
    vec![
        ("RECEIVED, ROUTED and RESTRICTED", at(&|_| {})),
        (
            "ASSESSED, the threshold met",
            at(&|bench| {
                assessed(bench);
                bench.standing.referrals_due = 1;
            }),
        ),
        (
            "ASSESSED, below the threshold",
            at(&|bench| {
                bench.fill("threshold");
            }),
        ),
        ("LADO_CONTACTED", at(&contacted)),
        ("AGENCY_LED", at(&|bench| led(bench, "agency"))),
        ("SCHOOL_INVESTIGATION", at(&|bench| led(bench, "school"))),
        (
            "OUTCOME",
            at(&|bench| {
                led(bench, "school");
                bench.fill("outcome");
            }),
        ),
        (
            "OUTCOME, signed",
            at(&|bench| {
                led(bench, "school");
                bench.fill("outcome").standing.signed = Some("outcome");
            }),
        ),
        (
            "CLOSED",
            at(&|bench| {
                led(bench, "school");
                bench.fill("outcome").standing.signed = Some("outcome");
                bench.standing.case_is_open = false;
            }),
        ),
    ]
}

#[test]
fn every_state_of_the_machines_takes_its_events_and_no_others() {
    let mut seen = BTreeSet::new();
    let mut printed = String::from(
        "Each state of the guided reviews, by the name in the machines of both policies and by\n\
         the name on the page, with every event and what comes of it. Printed by a test.\n",
    );
    for (title, stages) in [
        ("A nude image, reviewed by the lead", of_a_review()),
        ("An indecent image, the police first", of_police_first()),
        ("Cyberbullying, step by step", of_cyberbullying()),
        (
            "An allegation against a member of staff",
            of_an_allegation(JUNIOR, Kind::AllegationStaff),
        ),
        (
            "An allegation against the headteacher",
            of_an_allegation(JUNIOR, Kind::AllegationHead),
        ),
    ] {
        let _ = write!(printed, "\n# {title}\n\n{}", table(stages, &mut seen));
    }
    let every: BTreeSet<usize> = (0..STATES).collect();
    assert_eq!(seen, every, "a state has no row");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/machines.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &printed).expect("machines.txt can be written");
    }
    let reviewed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        printed == reviewed,
        "What the reviews allow has changed. Run the test with UPDATE=1 and read machines.txt line by line."
    );
}

#[test]
fn an_allegation_goes_the_same_way_under_each_policy() {
    for kind in [
        Kind::AllegationStaff,
        Kind::AllegationHead,
        Kind::AllegationChair,
    ] {
        let mut seen = BTreeSet::new();
        assert_eq!(
            table(of_an_allegation(JUNIOR, kind), &mut seen),
            table(of_an_allegation(PRIMARY, kind), &mut seen)
        );
    }
}
