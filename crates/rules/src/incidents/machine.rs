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

/// Whether the event fits the state: the guards of a closure are a table of their own.
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
        Act::Close => !matches!(
            close(incident, &nothing, &lead),
            Err(CloseRefused::WrongState(_))
        ),
        Act::NoFurtherAction => no_further_action(incident, &nothing, &lead, true, "why").is_ok(),
        Act::Reopen => reopen(incident, "why").is_ok(),
        // Of concerns about adults alone; its own table stands beside it.
        Act::Lower => false,
        Act::Merge => merge(incident, other, "why").is_ok(),
        Act::Separate => separate(incident, "why").is_ok(),
    }
}

#[test]
fn every_state_takes_the_events_of_the_machine_and_no_others() {
    let acts = [
        (Act::Acknowledge, "acknowledge"),
        (Act::Triage, "triage"),
        (Act::Respond, "respond"),
        (Act::Merge, "merge"),
        (Act::Separate, "separate"),
        (Act::NoFurtherAction, "nothing to it"),
        (Act::Close, "close"),
        (Act::Reopen, "reopen"),
    ];
    let mut table = String::new();
    for state in State::ALL {
        let incident = in_state_of(state);
        assert_eq!(incident.state(), state);
        let taken: Vec<&str> = acts
            .iter()
            .filter(|(act, _)| fits(&incident, *act))
            .map(|(_, name)| *name)
            .collect();
        let _ = writeln!(table, "{}: {}", state.name(), taken.join(", "));
    }
    assert_eq!(
        table,
        "reported: acknowledge, close\n\
         acknowledged: triage, respond, merge, close\n\
         triaged: triage, respond, merge, nothing to it, close\n\
         being dealt with: triage, respond, close\n\
         closed: reopen\n\
         reopened: triage, respond, merge, close\n\
         no further action: reopen\n\
         merged into another case: separate\n"
    );
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
