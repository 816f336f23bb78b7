use jiff::civil::date;

use super::*;
use crate::testing::policy_with;

const REPORTER: PersonId = PersonId::new(1);
const LEAD: PersonId = PersonId::new(2);

fn strict() -> ClosureRule {
    ClosureRule {
        parents_required: true,
        external_record: Some("the safeguarding log".to_owned()),
        reporter_confirms: true,
        someone_else_closes: true,
        sanctions_decided: true,
        support_decided: true,
        lesson_written: true,
    }
}

fn lenient() -> ClosureRule {
    ClosureRule {
        parents_required: false,
        external_record: None,
        reporter_confirms: false,
        someone_else_closes: false,
        sanctions_decided: false,
        support_decided: false,
        lesson_written: false,
    }
}

fn reported() -> Incident {
    Incident::reported(Kind::PupilWelfare, vec![REPORTER])
}

const CALM: Triage = Triage {
    child_at_risk: false,
    police_question: false,
};

fn triaged() -> Incident {
    Incident {
        acknowledged: true,
        triage: Some(CALM),
        ..reported()
    }
}

fn complete() -> Incident {
    Incident {
        responded: true,
        parents: Parents::Informed,
        lesson: true,
        external_reference: Some("A-17".to_owned()),
        confirmed_by_a_reporter: true,
        ..triaged()
    }
}

fn ended(ending: Ending) -> Incident {
    Incident {
        ending: Some(ending),
        ..complete()
    }
}

fn reopened() -> Incident {
    Incident {
        triage: None,
        ..ended(Ending::Reopened)
    }
}

/// Each state, with what may be done in it.
#[test]
fn each_state_allows_its_acts_and_no_others() {
    let check = |incident: Incident, state: State, allowed: &[Act]| {
        assert_eq!(incident.state(), state);
        let lead = Identity::of(LEAD);
        let acts = [
            (Act::Acknowledge, acknowledge(&incident).is_ok()),
            (Act::Triage, triage(&incident).is_ok()),
            (Act::Respond, respond(&incident).is_ok()),
            (
                Act::Close,
                !matches!(
                    close(&incident, &lenient(), &lead),
                    Err(CloseRefused::WrongState(_))
                ),
            ),
            (
                Act::NoFurtherAction,
                no_further_action(&incident, &lenient(), &lead, true, "a mistake").is_ok(),
            ),
            (Act::Reopen, reopen(&incident, "a new report").is_ok()),
        ];
        for (act, is_allowed) in acts {
            assert_eq!(is_allowed, allowed.contains(&act), "{act:?} when {state:?}");
        }
    };
    check(reported(), State::Reported, &[Act::Acknowledge, Act::Close]);
    check(
        Incident {
            acknowledged: true,
            ..reported()
        },
        State::Acknowledged,
        &[Act::Triage, Act::Respond, Act::Close],
    );
    check(
        triaged(),
        State::Triaged,
        &[Act::Triage, Act::Respond, Act::Close, Act::NoFurtherAction],
    );
    check(
        Incident {
            open_actions: 2,
            ..triaged()
        },
        State::Responding,
        &[Act::Triage, Act::Respond, Act::Close],
    );
    check(
        complete(),
        State::Responding,
        &[Act::Triage, Act::Respond, Act::Close],
    );
    check(ended(Ending::Closed), State::Closed, &[Act::Reopen]);
    check(
        ended(Ending::NoFurtherAction),
        State::NoFurtherAction,
        &[Act::Reopen],
    );
    check(
        reopened(),
        State::Reopened,
        &[Act::Triage, Act::Respond, Act::Close],
    );
    check(
        ended(Ending::Reopened),
        State::Responding,
        &[Act::Triage, Act::Respond, Act::Close],
    );
}

#[test]
fn closing_lists_exactly_what_is_missing() {
    let log = || Missing::ExternalReference {
        log: "the safeguarding log".to_owned(),
    };
    let check = |incident: Incident, rule: ClosureRule, expected: &[Missing]| {
        assert_eq!(close_check(&incident, &rule), expected);
        let closed = close(&incident, &rule, &Identity::of(LEAD));
        assert_eq!(closed.is_ok(), expected.is_empty());
    };
    check(complete(), strict(), &[]);
    check(triaged(), lenient(), &[]);
    check(
        reported(),
        strict(),
        &[
            Missing::Triage,
            Missing::Parents,
            Missing::Lesson,
            log(),
            Missing::ReporterConfirmation,
        ],
    );
    check(
        Incident {
            open_actions: 2,
            ..complete()
        },
        strict(),
        &[Missing::OpenActions { count: 2 }],
    );
    check(
        Incident {
            parents: Parents::NotYet,
            ..complete()
        },
        strict(),
        &[Missing::Parents],
    );
    check(
        Incident {
            parents: Parents::Withheld,
            ..complete()
        },
        strict(),
        &[],
    );
    check(
        Incident {
            external_reference: Some("  ".to_owned()),
            ..complete()
        },
        strict(),
        &[log()],
    );
    check(
        Incident {
            confirmed_by_a_reporter: false,
            ..complete()
        },
        strict(),
        &[Missing::ReporterConfirmation],
    );
    check(reopened(), strict(), &[Missing::Triage]);
    // What the triage asked must be answered, whatever the policy says.
    let police = Incident {
        triage: Some(Triage {
            police_question: true,
            ..CALM
        }),
        ..complete()
    };
    check(police.clone(), lenient(), &[Missing::PoliceDecision]);
    check(
        Incident {
            police: Some(PoliceDecision::NotTold),
            ..police
        },
        lenient(),
        &[],
    );
    // An anonymous report has no reporter who could confirm it.
    check(
        Incident {
            reporters: vec![],
            confirmed_by_a_reporter: false,
            ..complete()
        },
        strict(),
        &[],
    );
}

#[test]
fn the_rule_is_read_from_the_policy() {
    let stated = policy_with(
        "```control incident-closure\nparents = \"optional\"\nexternal_record = \"CareLog\"\n\
         reporter_confirms = true\nown_report = \"may-close\"\n```\n",
    );
    assert_eq!(
        ClosureRule::of(&stated),
        ClosureRule {
            parents_required: false,
            external_record: Some("CareLog".to_owned()),
            reporter_confirms: true,
            someone_else_closes: false,
            sanctions_decided: false,
            support_decided: false,
            lesson_written: false,
        }
    );
    let silent = ClosureRule::of(&policy_with(""));
    assert!(silent.parents_required && silent.someone_else_closes);
    assert_eq!(silent.external_record, None);
}

#[test]
fn an_allegation_closes_after_contact_with_the_designated_officer() {
    let due = Deadline::EndOf(date(2026, 1, 15));
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let allegation = |made_at| Incident {
        kind: Kind::AllegationHead,
        parents: Parents::NotYet,
        external_reference: None,
        officer: Some(OfficerContact { due, made_at }),
        ..complete()
    };
    // Neither the parents nor the school's open log belong to a sealed case.
    assert_eq!(
        close_check(&allegation(None), &strict()),
        [Missing::DesignatedOfficer]
    );
    assert_eq!(
        close_check(&allegation(Some(at("2026-01-14T12:00:00Z"))), &strict()),
        []
    );

    let calendar = SchoolCalendar::of_england_and_wales();
    let check = |made_at: Option<&str>, now: &str, expected| {
        let contact = OfficerContact {
            due,
            made_at: made_at.map(at),
        };
        assert_eq!(
            officer_standing(contact, at(now), &calendar),
            expected,
            "{now}"
        );
    };
    check(None, "2026-01-15T23:59:59Z", OfficerStanding::Due(due));
    check(None, "2026-01-16T00:00:00Z", OfficerStanding::Overdue(due));
    check(
        Some("2026-01-15T20:00:00Z"),
        "2026-01-20T00:00:00Z",
        OfficerStanding::InTime,
    );
    check(
        Some("2026-01-16T09:00:00Z"),
        "2026-01-20T00:00:00Z",
        OfficerStanding::Late,
    );
}

#[test]
fn a_reporter_does_not_close_their_own_case_where_the_policy_says_so() {
    let merged = Identity {
        person: LEAD,
        aliases: [REPORTER].into(),
    };
    let check = |who: &Identity, rule: &ClosureRule, expected| {
        assert_eq!(close(&complete(), rule, who), expected);
    };
    check(
        &Identity::of(REPORTER),
        &strict(),
        Err(CloseRefused::OwnReport),
    );
    check(&merged, &strict(), Err(CloseRefused::OwnReport));
    check(&Identity::of(REPORTER), &lenient(), Ok(()));
    check(&Identity::of(LEAD), &strict(), Ok(()));
}

#[test]
fn parents_are_told_or_held_back_by_the_lead_with_a_reason() {
    let check = |incident: &Incident, by_the_lead, reason, expected| {
        assert_eq!(
            withhold_from_parents(incident, by_the_lead, reason),
            expected
        );
    };
    check(&triaged(), true, "could hinder the police", Ok(()));
    check(&triaged(), true, " ", Err(ParentsRefused::ReasonMissing));
    check(
        &triaged(),
        false,
        "a reason",
        Err(ParentsRefused::OnlyTheLeadWithholds),
    );
    check(
        &complete(),
        true,
        "a reason",
        Err(ParentsRefused::AlreadyInformed),
    );
    check(
        &ended(Ending::Closed),
        true,
        "a reason",
        Err(ParentsRefused::CaseHasEnded),
    );
    let sealed = Incident {
        kind: Kind::AllegationStaff,
        ..triaged()
    };
    check(
        &sealed,
        true,
        "a reason",
        Err(ParentsRefused::NotAPupilsCase),
    );
    assert_eq!(inform_parents(&triaged()), Ok(()));
    assert_eq!(
        inform_parents(&Incident {
            parents: Parents::Withheld,
            ..triaged()
        }),
        Ok(())
    );
    assert_eq!(inform_parents(&sealed), Err(ParentsRefused::NotAPupilsCase));
}

#[test]
fn only_a_reporter_confirms_and_only_once() {
    let check = |incident: &Incident, who, expected| {
        assert_eq!(confirm_record(incident, &Identity::of(who)), expected);
    };
    check(&triaged(), REPORTER, Ok(()));
    check(&triaged(), LEAD, Err(ConfirmRefused::NotAReporter));
    check(&complete(), REPORTER, Err(ConfirmRefused::AlreadyConfirmed));
}

#[test]
fn an_action_is_ticked_off_once_while_the_case_is_open() {
    assert_eq!(complete_action(&triaged(), false), Ok(()));
    assert_eq!(
        complete_action(&triaged(), true),
        Err(CompleteActionRefused::AlreadyDone)
    );
    assert_eq!(
        complete_action(&ended(Ending::Closed), false),
        Err(CompleteActionRefused::CaseHasEnded)
    );
}

#[test]
fn no_further_action_is_the_leads_and_never_against_the_triage() {
    let check = |incident: &Incident, who, by_the_lead, reason, expected| {
        let ended = no_further_action(incident, &strict(), &Identity::of(who), by_the_lead, reason);
        assert_eq!(ended, expected);
    };
    check(&triaged(), LEAD, true, "a misreading", Ok(()));
    check(
        &triaged(),
        LEAD,
        true,
        "",
        Err(NoFurtherActionRefused::ReasonMissing),
    );
    check(
        &triaged(),
        LEAD,
        false,
        "a reason",
        Err(NoFurtherActionRefused::OnlyTheLead),
    );
    check(
        &triaged(),
        REPORTER,
        true,
        "a reason",
        Err(NoFurtherActionRefused::OwnReport),
    );
    let at_risk = Incident {
        triage: Some(Triage {
            child_at_risk: true,
            ..CALM
        }),
        ..triaged()
    };
    check(
        &at_risk,
        LEAD,
        true,
        "a reason",
        Err(NoFurtherActionRefused::TriageSaysOtherwise),
    );
    let officer = OfficerContact {
        due: Deadline::EndOf(date(2026, 1, 15)),
        made_at: None,
    };
    let sealed = Incident {
        kind: Kind::AllegationHead,
        officer: Some(officer),
        ..triaged()
    };
    check(
        &sealed,
        LEAD,
        false,
        "a reason",
        Err(NoFurtherActionRefused::DesignatedOfficer),
    );
}

#[test]
fn a_triage_sets_in_motion_what_it_found() {
    let check = |kind, child_at_risk, police_question, expected: &[FollowUp]| {
        assert_eq!(
            follow_ups(
                kind,
                Triage {
                    child_at_risk,
                    police_question
                },
                &[]
            ),
            expected
        );
    };
    check(Kind::PupilWelfare, false, false, &[]);
    check(
        Kind::PupilWelfare,
        true,
        true,
        &[FollowUp::TellTheLead, FollowUp::DecideOnPolice],
    );
    check(Kind::ChildProtection, true, false, &[]);
    check(
        Kind::AllegationHead,
        true,
        true,
        &[FollowUp::DecideOnPolice],
    );
    // A review that the lead conducts waits for the lead; one about an adult does not.
    let triage = Triage {
        child_at_risk: false,
        police_question: false,
    };
    let review = crate::guides::guide("nude-image").unwrap();
    assert_eq!(
        follow_ups(Kind::PupilWelfare, triage, &[review]),
        [FollowUp::TellTheLead]
    );
    assert_eq!(follow_ups(Kind::AllegationStaff, triage, &[review]), []);
    let anybodys = crate::guides::guide("cyberbullying").unwrap();
    assert_eq!(follow_ups(Kind::PupilWelfare, triage, &[anybodys]), []);
}

#[test]
fn reopening_needs_a_reason() {
    assert_eq!(
        reopen(&ended(Ending::Closed), "\t"),
        Err(ReopenRefused::ReasonMissing)
    );
}
