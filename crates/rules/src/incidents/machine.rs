//! The life of a case as one table: every state, every event, and under each policy that
//! comes with the program what must be done before it may close.

use std::fmt::Write as _;

use super::*;

const JUNIOR: &str = include_str!("../../../../packs/junior.md");
const PRIMARY: &str = include_str!("../../../../packs/primary.md");

const REPORTER: PersonId = PersonId::new(1);
const LEAD: PersonId = PersonId::new(2);

fn in_state_of(state: State) -> Incident {
    let reported = Incident::reported(Kind::PupilWelfare, vec![REPORTER]);
    let acknowledged = Incident {
        acknowledged: true,
        ..reported.clone()
    };
    let triaged = Incident {
        triage: Some(Triage {
            child_at_risk: false,
            police_question: false,
        }),
        ..acknowledged.clone()
    };
    let ended = |ending| Incident {
        ending: Some(ending),
        ..triaged.clone()
    };
    match state {
        State::Reported => reported,
        State::Acknowledged => acknowledged,
        State::Triaged => triaged,
        State::InReview => Incident {
            reviews: vec![OpenReview {
                title: "Grooming or sexual exploitation",
                lacks: Vec::new(),
                signed: false,
                bars_imagery: false,
            }],
            ..triaged
        },
        State::Investigating => Incident {
            investigation: Investigation::UnderWay,
            ..triaged
        },
        State::Responding => Incident {
            responded: true,
            ..triaged
        },
        State::Closed => ended(Ending::Closed),
        State::Reopened => Incident {
            triage: None,
            ..ended(Ending::Reopened)
        },
        State::NoFurtherAction => ended(Ending::NoFurtherAction),
        State::Merged => ended(Ending::Merged),
    }
}

/// Every act, each named after the one before: a new act has no place until it is given one.
fn every_act() -> Vec<Act> {
    let next = |act| match act {
        None => Some(Act::Acknowledge),
        Some(Act::Acknowledge) => Some(Act::Triage),
        Some(Act::Triage) => Some(Act::Respond),
        Some(Act::Respond) => Some(Act::Investigate),
        Some(Act::Investigate) => Some(Act::NoteEvidence),
        Some(Act::NoteEvidence) => Some(Act::Lower),
        Some(Act::Lower) => Some(Act::Merge),
        Some(Act::Merge) => Some(Act::Separate),
        Some(Act::Separate) => Some(Act::NoFurtherAction),
        Some(Act::NoFurtherAction) => Some(Act::Close),
        Some(Act::Close) => Some(Act::Reopen),
        Some(Act::Reopen) => None,
    };
    let mut acts = Vec::new();
    while let Some(act) = next(acts.last().copied()) {
        acts.push(act);
    }
    acts
}

fn name(act: Act) -> &'static str {
    match act {
        Act::Acknowledge => "acknowledge",
        Act::Triage => "triage",
        Act::Respond => "respond",
        Act::Investigate => "find",
        Act::NoteEvidence => "evidence",
        Act::Lower => "lower",
        Act::Merge => "merge",
        Act::Separate => "separate",
        Act::NoFurtherAction => "nothing to it",
        Act::Close => "close",
        Act::Reopen => "reopen",
    }
}

/// Whether the event fits the state: its other guards are tables of their own.
fn fits(incident: &Incident, act: Act) -> bool {
    let nothing = ClosureRule {
        parents_required: false,
        external_record: None,
        reporter_confirms: false,
        someone_else_closes: false,
        sanctions_decided: false,
        support_decided: false,
        lesson_written: false,
    };
    let other = Other {
        kind: incident.kind,
        state: State::Acknowledged,
        is_same: false,
    };
    let lead = Identity::of(LEAD);
    match act {
        Act::Acknowledge => acknowledge(incident).is_ok(),
        Act::Triage => triage(incident).is_ok(),
        Act::Respond => respond(incident).is_ok(),
        Act::Investigate => investigate(incident).is_ok(),
        Act::NoteEvidence => note_evidence(incident, Imagery::NotExpected).is_ok(),
        Act::Lower => lower(
            &Incident {
                kind: Kind::AllegationStaff,
                ..incident.clone()
            },
            "why",
            "",
        )
        .is_ok(),
        Act::Close => !matches!(
            close(incident, &nothing, &lead),
            Err(CloseRefused::WrongState(_))
        ),
        Act::NoFurtherAction => !matches!(
            no_further_action(incident, &nothing, &lead, true, "why"),
            Err(NoFurtherActionRefused::WrongState(_))
        ),
        Act::Reopen => reopen(incident, "why").is_ok(),
        Act::Merge => merge(incident, other, "why").is_ok(),
        Act::Separate => separate(incident, "why").is_ok(),
    }
}

#[test]
fn every_state_takes_the_events_of_the_machine_and_no_others() {
    let mut table = String::new();
    for state in State::ALL {
        let incident = in_state_of(state);
        assert_eq!(incident.state(), state);
        let taken: Vec<&str> = every_act()
            .into_iter()
            .filter(|act| fits(&incident, *act))
            .map(name)
            .collect();
        let _ = writeln!(table, "{}: {}", state.name(), taken.join(", "));
    }
    assert_eq!(
        table,
        "reported: acknowledge, close\n\
         acknowledged: triage, respond, merge, close\n\
         triaged: triage, respond, find, evidence, lower, merge, nothing to it, close\n\
         in a guided review: triage, respond, find, evidence, lower, merge, nothing to it, close\n\
         being investigated: triage, respond, find, evidence, lower, merge, nothing to it, close\n\
         being dealt with: triage, respond, find, evidence, lower, close\n\
         closed: reopen\n\
         reopened: triage, respond, merge, close\n\
         no further action: reopen\n\
         merged into another case: separate\n"
    );
}

/// The events that lead from state to state, each from every state that takes it.
#[test]
fn every_event_leads_where_the_machine_says() {
    let check = |from: State, change: &dyn Fn(&mut Incident), to: State| {
        let mut incident = in_state_of(from);
        change(&mut incident);
        assert_eq!(incident.state(), to, "from {from:?}");
    };
    let triaged: &dyn Fn(&mut Incident) = &|one| one.triage = in_state_of(State::Triaged).triage;
    check(
        State::Reported,
        &|one| one.acknowledged = true,
        State::Acknowledged,
    );
    check(State::Acknowledged, triaged, State::Triaged);
    check(State::Reopened, triaged, State::Triaged);
    let review = in_state_of(State::InReview).reviews;
    let investigation = |to| move |one: &mut Incident| one.investigation = to;
    for from in [State::Triaged, State::Investigating, State::Responding] {
        let opened = review.clone();
        check(
            from,
            &move |one| one.reviews.clone_from(&opened),
            State::InReview,
        );
    }
    check(
        State::InReview,
        &|one| one.reviews[0].signed = true,
        State::Triaged,
    );
    check(
        State::Triaged,
        &investigation(Investigation::UnderWay),
        State::Investigating,
    );
    check(
        State::Investigating,
        &investigation(Investigation::Found),
        State::Responding,
    );
    check(
        State::Triaged,
        &|one| one.responded = true,
        State::Responding,
    );
    check(
        State::Triaged,
        &|one| one.open_actions = 1,
        State::Responding,
    );
    for from in State::ALL.into_iter().filter(|state| state.is_open()) {
        check(
            from,
            &|one| one.ending = Some(Ending::Closed),
            State::Closed,
        );
        check(
            from,
            &|one| one.ending = Some(Ending::NoFurtherAction),
            State::NoFurtherAction,
        );
        check(
            from,
            &|one| one.ending = Some(Ending::Merged),
            State::Merged,
        );
    }
    for from in [State::Closed, State::NoFurtherAction] {
        check(
            from,
            &|one| {
                one.ending = Some(Ending::Reopened);
                one.triage = None;
            },
            State::Reopened,
        );
    }
}

/// The number of each guard of a closure: a new one has none until it is given one.
fn number(missing: &Missing) -> usize {
    match missing {
        Missing::Triage => 0,
        Missing::PoliceDecision => 1,
        Missing::OpenActions { .. } => 2,
        Missing::Investigation => 3,
        Missing::Review { .. } => 4,
        Missing::Referrals { .. } => 5,
        Missing::Parents => 6,
        Missing::ParentsOfMore { .. } => 7,
        Missing::Sanctions { .. } => 8,
        Missing::Support { .. } => 9,
        Missing::Lesson => 10,
        Missing::DesignatedOfficer => 11,
        Missing::ExternalReference { .. } => 12,
        Missing::ReporterConfirmation => 13,
    }
}

#[test]
fn each_guard_alone_holds_a_closure_up_whoever_closes() {
    let strict = ClosureRule {
        parents_required: true,
        external_record: Some("the log".to_owned()),
        reporter_confirms: true,
        someone_else_closes: true,
        sanctions_decided: true,
        support_decided: true,
        lesson_written: true,
    };
    let done = Incident {
        parents: Parents::Informed,
        lesson: true,
        external_reference: Some("L-1".to_owned()),
        confirmed_by_a_reporter: true,
        ..in_state_of(State::Responding)
    };
    let lead = Identity::of(LEAD);
    assert_eq!(close(&done, &strict, &lead), Ok(()));
    let owed = |parents, sanctions, support| Owed {
        parents,
        sanctions,
        support,
    };
    type Change = Box<dyn Fn(&mut Incident)>;
    let rows: [(usize, Change); 14] = [
        (0, Box::new(|one| one.triage = None)),
        (
            1,
            Box::new(|one| {
                one.triage = Some(Triage {
                    child_at_risk: false,
                    police_question: true,
                });
            }),
        ),
        (2, Box::new(|one| one.open_actions = 1)),
        (
            3,
            Box::new(|one| one.investigation = Investigation::UnderWay),
        ),
        (
            4,
            Box::new(|one| one.reviews = in_state_of(State::InReview).reviews),
        ),
        (5, Box::new(|one| one.referrals_due = 1)),
        (6, Box::new(|one| one.parents = Parents::NotYet)),
        (7, Box::new(move |one| one.owed = owed(1, 0, 0))),
        (8, Box::new(move |one| one.owed = owed(0, 1, 0))),
        (9, Box::new(move |one| one.owed = owed(0, 0, 1))),
        (10, Box::new(|one| one.lesson = false)),
        (
            11,
            Box::new(|one| {
                one.officer = Some(OfficerContact {
                    due: Deadline::EndOf(jiff::civil::date(2026, 9, 24)),
                    made_at: None,
                });
            }),
        ),
        (12, Box::new(|one| one.external_reference = None)),
        (13, Box::new(|one| one.confirmed_by_a_reporter = false)),
    ];
    for (row, (guard, change)) in rows.iter().enumerate() {
        assert_eq!(row, *guard);
        let mut incident = done.clone();
        change(&mut incident);
        let Err(CloseRefused::Missing(missing)) = close(&incident, &strict, &lead) else {
            panic!("guard {guard} let the closure through");
        };
        let numbers: Vec<usize> = missing.iter().map(number).collect();
        assert_eq!(numbers, [*guard]);
        assert!(!missing[0].sentence().is_empty());
    }
    assert_eq!(
        close(&done, &strict, &Identity::of(REPORTER)),
        Err(CloseRefused::OwnReport)
    );
}

#[test]
fn each_guard_of_an_ending_with_nothing_done_has_its_own_answer() {
    use NoFurtherActionRefused as No;
    let rule = ClosureRule {
        someone_else_closes: true,
        ..ClosureRule::of(&belisha_policy::parse(JUNIOR).expect("a pack"))
    };
    let check = |incident: &Incident, who, by_the_lead, reason, expected: Result<(), No>| {
        let ended = no_further_action(incident, &rule, &Identity::of(who), by_the_lead, reason);
        match ended {
            Ok(())
            | Err(
                No::WrongState(_)
                | No::ReasonMissing
                | No::OnlyTheLead
                | No::TriageSaysOtherwise
                | No::DesignatedOfficer
                | No::ReviewOpen
                | No::InvestigationOpen
                | No::OwnReport,
            ) => assert_eq!(ended, expected),
        }
    };
    let triaged = in_state_of(State::Triaged);
    let with = |child_at_risk, police_question| Incident {
        triage: Some(Triage {
            child_at_risk,
            police_question,
        }),
        ..triaged.clone()
    };
    check(&triaged, LEAD, true, "why", Ok(()));
    check(&triaged, LEAD, true, " ", Err(No::ReasonMissing));
    check(&triaged, LEAD, false, "why", Err(No::OnlyTheLead));
    check(&triaged, REPORTER, true, "why", Err(No::OwnReport));
    check(
        &with(true, false),
        LEAD,
        true,
        "why",
        Err(No::TriageSaysOtherwise),
    );
    check(
        &with(false, true),
        LEAD,
        true,
        "why",
        Err(No::TriageSaysOtherwise),
    );
    let answered = Incident {
        police: Some(PoliceDecision::NotTold),
        ..with(false, true)
    };
    check(&answered, LEAD, true, "why", Ok(()));
    let owes_officer = Incident {
        kind: Kind::AllegationStaff,
        officer: Some(OfficerContact {
            due: Deadline::EndOf(jiff::civil::date(2026, 9, 24)),
            made_at: None,
        }),
        ..triaged.clone()
    };
    check(
        &owes_officer,
        LEAD,
        false,
        "why",
        Err(No::DesignatedOfficer),
    );
    check(
        &in_state_of(State::InReview),
        LEAD,
        true,
        "why",
        Err(No::ReviewOpen),
    );
    let referral = Incident {
        referrals_due: 1,
        ..triaged.clone()
    };
    check(&referral, LEAD, true, "why", Err(No::ReviewOpen));
    let investigated = in_state_of(State::Investigating);
    check(&investigated, LEAD, true, "why", Err(No::InvestigationOpen));
    // It was found out that there was nothing to it.
    let found = Incident {
        investigation: Investigation::Found,
        ..investigated
    };
    check(&found, LEAD, true, "why", Ok(()));
    let busy = in_state_of(State::Responding);
    let wrong = WrongState {
        state: State::Responding,
        act: Act::NoFurtherAction,
    };
    check(&busy, LEAD, true, "why", Err(No::WrongState(wrong)));
}

#[test]
fn evidence_is_noted_only_once_the_question_about_a_picture_is_answered_with_no() {
    for state in State::ALL {
        let incident = in_state_of(state);
        for imagery in [
            Imagery::NotExpected,
            Imagery::NotYetKnown,
            Imagery::CouldBeIndecent,
        ] {
            let noted = note_evidence(&incident, imagery);
            let expected = match (fits(&incident, Act::NoteEvidence), imagery) {
                (false, _) => Err(NoteRefused::WrongState(WrongState {
                    state,
                    act: Act::NoteEvidence,
                })),
                (true, Imagery::NotExpected) => Ok(()),
                (true, Imagery::NotYetKnown) => Err(NoteRefused::PictureQuestionFirst),
                (true, Imagery::CouldBeIndecent) => Err(NoteRefused::CouldBeIndecent),
            };
            assert_eq!(noted, expected, "{state:?} {imagery:?}");
        }
    }
}

#[test]
fn each_policy_names_exactly_what_a_closure_still_lacks() {
    let check = |pack: &str, incident: &Incident, expected: &[&str]| {
        let rule = ClosureRule::of(&belisha_policy::parse(pack).expect("a pack"));
        let lines: Vec<String> = close_check(incident, &rule)
            .iter()
            .map(Missing::sentence)
            .collect();
        assert_eq!(lines, expected);
    };
    let owed = Owed {
        parents: 2,
        sanctions: 1,
        support: 2,
    };
    let open = Incident {
        triage: Some(Triage {
            child_at_risk: true,
            police_question: true,
        }),
        open_actions: 1,
        owed,
        ..in_state_of(State::Responding)
    };
    check(
        JUNIOR,
        &open,
        &[
            "Record whether the police were told, and why or why not.",
            "Complete the 1 action that is still open.",
            "Record that the parents were told, or let the lead hold it back with a reason.",
            "Decide on a sanction, or that there is none, for 1 person.",
            "Plan support, or record that it was declined, for 2 people.",
        ],
    );
    check(
        PRIMARY,
        &open,
        &[
            "Record whether the police were told, and why or why not.",
            "Complete the 1 action that is still open.",
            "Plan support, or record that it was declined, for 2 people.",
            "Enter the reference from CPOMS.",
            "Ask the reporter to confirm that the record is right.",
        ],
    );
    let one_parent_told = Incident {
        parents: Parents::Informed,
        owed: Owed {
            parents: 1,
            ..Owed::default()
        },
        ..in_state_of(State::Responding)
    };
    check(
        JUNIOR,
        &one_parent_told,
        &["Record the same for the parents of 1 child more."],
    );
    for pack in [JUNIOR, PRIMARY] {
        let done = Incident {
            parents: Parents::Withheld,
            external_reference: Some("C-1".to_owned()),
            confirmed_by_a_reporter: true,
            ..in_state_of(State::Responding)
        };
        check(pack, &done, &[]);
        let rule = ClosureRule::of(&belisha_policy::parse(pack).expect("a pack"));
        let own = close(&done, &rule, &Identity::of(REPORTER));
        assert_eq!(own, Err(CloseRefused::OwnReport));
        assert_eq!(close(&done, &rule, &Identity::of(LEAD)), Ok(()));
    }
}

#[test]
fn a_case_is_merged_into_an_open_one_of_its_kind() {
    let acknowledged = in_state_of(State::Acknowledged);
    let check =
        |incident: &Incident, other: Other, reason: &str, expected: Result<(), MergeRefused>| {
            assert_eq!(merge(incident, other, reason), expected);
        };
    let other = Other {
        kind: Kind::PupilWelfare,
        state: State::Responding,
        is_same: false,
    };
    check(&acknowledged, other, "The same evening.", Ok(()));
    check(&acknowledged, other, " ", Err(MergeRefused::ReasonMissing));
    let same = Other {
        is_same: true,
        ..other
    };
    check(&acknowledged, same, "x", Err(MergeRefused::SameCase));
    let adult = Other {
        kind: Kind::AllegationStaff,
        ..other
    };
    check(&acknowledged, adult, "x", Err(MergeRefused::AnotherKind));
    for state in [State::Closed, State::NoFurtherAction, State::Merged] {
        let ended = Other { state, ..other };
        check(&acknowledged, ended, "x", Err(MergeRefused::OtherHasEnded));
    }
    let busy = Incident {
        open_actions: 2,
        ..in_state_of(State::Triaged)
    };
    check(
        &busy,
        other,
        "x",
        Err(MergeRefused::ActionsStillOpen { count: 2 }),
    );
}
