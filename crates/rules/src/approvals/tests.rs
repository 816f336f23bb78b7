//! The machine of approvals as tables: every state with every event, and every guard.

use belisha_policy::Standing;

use super::*;

const ASKER: PersonId = PersonId::new(1);
const HEAD: PersonId = PersonId::new(2);
const OFFICER: PersonId = PersonId::new(3);
const MANAGER: PersonId = PersonId::new(4);
const COORDINATOR: PersonId = PersonId::new(5);

fn at(hour: i8) -> Timestamp {
    jiff::civil::date(2026, 9, 23)
        .at(hour, 0, 0, 0)
        .in_tz("UTC")
        .expect("an instant")
        .timestamp()
}

fn hats(posts: &[Post]) -> Hats {
    Hats::new([Standing::Staff], posts.iter().copied())
}

/// The kinds that differ most, as policies set them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    FilterChange,
    SensitiveLesson,
    /// A permission: nothing is set by it, and nobody looks at it afterwards.
    Permission,
}

fn terms(kind: Kind) -> Terms {
    let all = kind == Kind::SensitiveLesson;
    let is_set = kind != Kind::Permission;
    Terms {
        deciders: if all {
            vec![Post::Headteacher, Post::DataProtectionOfficer]
        } else {
            vec![Post::Headteacher, Post::NetworkManager]
        },
        all,
        second_person: true,
        managers: vec![Post::NetworkManager],
        applies_itself: kind != Kind::FilterChange,
        can_be_stopped: all,
        tested: is_set,
        reviewed_within: is_set.then_some(Days(30)),
    }
}

/// One that opens something from nine to eleven.
fn approval(state: State) -> Approval {
    Approval {
        state,
        asked_by: ASKER,
        opens: true,
        agreed: Vec::new(),
        applied_by: state.is_set().then_some(MANAGER),
        starts_at: Some(at(9)),
        ends_at: Some(at(11)),
        reviewed: false,
    }
}

/// Somebody for whom every guard of the event holds, at an hour at which it does.
fn able(event: Event) -> (PersonId, Hats, i8) {
    match event {
        Event::Preview | Event::NoteRisk | Event::Agree | Event::Refuse => {
            (HEAD, hats(&[Post::Headteacher]), 8)
        }
        Event::Withdraw => (ASKER, hats(&[]), 8),
        Event::Apply | Event::RollBack => (MANAGER, hats(&[Post::NetworkManager]), 8),
        Event::Pass | Event::Fail => (MANAGER, hats(&[]), 8),
        Event::Start => (MANAGER, hats(&[]), 9),
        Event::End => (MANAGER, hats(&[]), 11),
        Event::Review => (COORDINATOR, hats(&[Post::OnlineSafetyCoordinator]), 12),
    }
}

#[test]
fn each_event_leads_from_each_state_where_the_table_says() {
    use Event as E;
    use State as S;
    // What is not listed does not fit.
    let both: &[(State, Event, State)] = &[
        (S::Requested, E::Preview, S::Previewed),
        (S::Requested, E::Refuse, S::Refused),
        (S::Requested, E::Withdraw, S::Withdrawn),
        (S::Previewed, E::NoteRisk, S::RiskNoted),
        (S::Previewed, E::Refuse, S::Refused),
        (S::Previewed, E::Withdraw, S::Withdrawn),
        (S::RiskNoted, E::Refuse, S::Refused),
        (S::RiskNoted, E::Withdraw, S::Withdrawn),
        (S::PartAgreed, E::Refuse, S::Refused),
        (S::PartAgreed, E::Withdraw, S::Withdrawn),
        (S::Agreed, E::Withdraw, S::Withdrawn),
        (S::Agreed, E::Apply, S::Applied),
        (S::Applied, E::End, S::Ended),
        (S::Applied, E::RollBack, S::RolledBack),
        (S::Tested, E::Start, S::Active),
        (S::Tested, E::End, S::Ended),
        (S::Tested, E::RollBack, S::RolledBack),
        (S::Active, E::End, S::Ended),
        (S::Active, E::RollBack, S::RolledBack),
    ];
    let set = &[
        (S::Applied, E::Pass, S::Tested),
        (S::Applied, E::Fail, S::Applied),
        (S::Active, E::Review, S::Active),
        (S::Ended, E::Review, S::Reviewed),
        (S::RolledBack, E::Review, S::Reviewed),
    ];
    let change = &[
        (S::RiskNoted, E::Agree, S::Agreed),
        (S::PartAgreed, E::Agree, S::Agreed),
    ];
    // The headteacher is one of two.
    let lesson = &[
        (S::RiskNoted, E::Agree, S::PartAgreed),
        (S::PartAgreed, E::Agree, S::PartAgreed),
        (S::Applied, E::Withdraw, S::Withdrawn),
        (S::Tested, E::Withdraw, S::Withdrawn),
        (S::Active, E::Withdraw, S::Withdrawn),
        (S::Withdrawn, E::Review, S::Reviewed),
    ];
    let permission = &[
        (S::RiskNoted, E::Agree, S::Agreed),
        (S::PartAgreed, E::Agree, S::Agreed),
        (S::Applied, E::Start, S::Active),
    ];
    for (kind, own) in [
        (Kind::FilterChange, [&set[..], &change[..]].concat()),
        (Kind::SensitiveLesson, [&set[..], &lesson[..]].concat()),
        (Kind::Permission, permission.to_vec()),
    ] {
        for state in State::all() {
            for event in Event::all() {
                let expected = both
                    .iter()
                    .chain(&own)
                    .find(|(from, on, _)| *from == state && *on == event)
                    .map_or(Err(Refusal::NotNow(state)), |(.., to)| Ok(*to));
                let (person, hats, hour) = able(event);
                let by = By::Person(person, &hats);
                let found = after(&approval(state), &terms(kind), event, by, at(hour));
                assert_eq!(found, expected, "{kind:?} {state:?} {event:?}");
            }
        }
    }
}

#[test]
fn a_lesson_needs_each_decider_and_each_a_person_of_their_own() {
    let kind = Kind::SensitiveLesson;
    let (head, officer) = (
        hats(&[Post::Headteacher]),
        hats(&[Post::DataProtectionOfficer]),
    );
    let both = hats(&[Post::Headteacher, Post::DataProtectionOfficer]);
    let agree = |agreed: &[(Post, PersonId)], person, hats: &Hats| {
        let approval = Approval {
            agreed: agreed.to_vec(),
            ..approval(State::RiskNoted)
        };
        let by = By::Person(person, hats);
        after(&approval, &terms(kind), Event::Agree, by, at(8))
    };
    assert_eq!(agree(&[], HEAD, &head), Ok(State::PartAgreed));
    assert_eq!(agree(&[], OFFICER, &officer), Ok(State::PartAgreed));
    let by_head = [(Post::Headteacher, HEAD)];
    assert_eq!(agree(&by_head, OFFICER, &officer), Ok(State::Agreed));
    let by_officer = [(Post::DataProtectionOfficer, OFFICER)];
    assert_eq!(agree(&by_officer, HEAD, &head), Ok(State::Agreed));
    // Whoever holds both posts agrees once; somebody else must too.
    assert_eq!(agree(&by_head, HEAD, &both), Err(Refusal::AgreedAlready));
    // A deputy stands in, but not for what is already said.
    assert_eq!(
        agree(&by_head, MANAGER, &head),
        Err(Refusal::NotTheirs(vec![Post::DataProtectionOfficer]))
    );
    assert_eq!(agree(&[], ASKER, &head), Err(Refusal::OwnRequest));
}

#[test]
fn nobody_agrees_to_what_they_asked_to_open_unless_the_policy_says_so() {
    let kind = Kind::FilterChange;
    let manager = hats(&[Post::NetworkManager]);
    let check = |second_person, opens, expected| {
        let terms = Terms {
            second_person,
            ..terms(kind)
        };
        let approval = Approval {
            opens,
            asked_by: MANAGER,
            ..approval(State::RiskNoted)
        };
        let by = By::Person(MANAGER, &manager);
        assert_eq!(after(&approval, &terms, Event::Agree, by, at(8)), expected);
    };
    check(true, true, Err(Refusal::OwnRequest));
    check(false, true, Ok(State::Agreed));
    // To shut a site must not wait for anybody.
    check(true, false, Ok(State::Agreed));
}

#[test]
fn each_event_is_somebodys() {
    let kind = Kind::FilterChange;
    let deciders = terms(kind).deciders;
    let managers = terms(kind).managers;
    let (nobody, head, manager) = (
        hats(&[]),
        hats(&[Post::Headteacher]),
        hats(&[Post::NetworkManager]),
    );
    let check = |state, event, person, hats: &Hats, hour, expected: Result<State, Refusal>| {
        let by = By::Person(person, hats);
        let found = after(&approval(state), &terms(kind), event, by, at(hour));
        assert_eq!(found, expected, "{state:?} {event:?} {person:?}");
        let by_clock = after(&approval(state), &terms(kind), event, By::Clock, at(hour));
        let runs_by_itself = matches!(event, Event::Pass | Event::Fail | Event::Start | Event::End);
        assert!(runs_by_itself || by_clock.is_err(), "{event:?}");
    };
    let not_theirs = |posts: &[Post]| Err(Refusal::NotTheirs(posts.to_vec()));
    for (state, event) in [
        (State::Requested, Event::Preview),
        (State::Previewed, Event::NoteRisk),
        (State::RiskNoted, Event::Agree),
        (State::Requested, Event::Refuse),
    ] {
        check(state, event, COORDINATOR, &nobody, 8, not_theirs(&deciders));
    }
    // To decide is not to apply.
    check(
        State::Agreed,
        Event::Apply,
        HEAD,
        &head,
        8,
        not_theirs(&managers),
    );
    check(
        State::Active,
        Event::RollBack,
        HEAD,
        &head,
        8,
        not_theirs(&managers),
    );
    check(
        State::Requested,
        Event::Withdraw,
        HEAD,
        &head,
        8,
        Err(Refusal::NotTheAsker),
    );
    check(
        State::Active,
        Event::Review,
        MANAGER,
        &manager,
        8,
        Err(Refusal::OwnWork),
    );
    check(
        State::Active,
        Event::Review,
        ASKER,
        &nobody,
        8,
        Err(Refusal::OwnWork),
    );
}

#[test]
fn a_lesson_is_stopped_by_whoever_had_to_agree_to_it() {
    let kind = Kind::SensitiveLesson;
    let check = |person, posts: &[Post], expected| {
        let hats = hats(posts);
        let by = By::Person(person, &hats);
        let found = after(
            &approval(State::Active),
            &terms(kind),
            Event::Withdraw,
            by,
            at(10),
        );
        assert_eq!(found, expected, "{posts:?}");
    };
    check(HEAD, &[Post::Headteacher], Ok(State::Withdrawn));
    check(
        OFFICER,
        &[Post::DataProtectionOfficer],
        Ok(State::Withdrawn),
    );
    check(ASKER, &[], Ok(State::Withdrawn));
    check(
        COORDINATOR,
        &[Post::OnlineSafetyCoordinator],
        Err(Refusal::NotTheAsker),
    );
}

#[test]
fn the_clock_opens_and_shuts_at_its_time_and_not_before() {
    let check = |state, event, hour, expected| {
        let approval = approval(state);
        let terms = terms(Kind::SensitiveLesson);
        let found = after(&approval, &terms, event, By::Clock, at(hour));
        assert_eq!(found, expected, "{event:?} at {hour}");
    };
    check(State::Tested, Event::Start, 8, Err(Refusal::TooEarly));
    check(State::Tested, Event::Start, 9, Ok(State::Active));
    check(State::Active, Event::End, 10, Err(Refusal::TooEarly));
    check(State::Active, Event::End, 11, Ok(State::Ended));
    check(State::Agreed, Event::Apply, 11, Err(Refusal::TooLate));
    let endless = Approval {
        ends_at: None,
        starts_at: None,
        ..approval(State::Active)
    };
    let end = after(
        &endless,
        &terms(Kind::FilterChange),
        Event::End,
        By::Clock,
        at(11),
    );
    assert_eq!(end, Err(Refusal::TooEarly));
}

#[test]
fn every_refusal_says_what_to_do() {
    for state in State::all() {
        assert!(Refusal::NotNow(state).sentence().ends_with('.'));
    }
    for refusal in [
        Refusal::OwnRequest,
        Refusal::AgreedAlready,
        Refusal::NotTheirs(vec![Post::Headteacher]),
        Refusal::NotTheAsker,
        Refusal::OwnWork,
        Refusal::TooLate,
        Refusal::TooEarly,
        Refusal::ReviewedAlready,
    ] {
        assert!(refusal.sentence().ends_with('.'), "{refusal:?}");
    }
}

#[test]
fn a_look_is_asked_for_a_week_before_its_time_is_over() {
    let check = |within: u32, hours: i64, expected| {
        let applied = Timestamp::UNIX_EPOCH;
        let now = applied + SignedDuration::from_hours(hours);
        assert_eq!(
            review_is_due(applied, Days(within), now),
            expected,
            "{within} {hours}"
        );
    };
    check(30, 23 * 24 - 1, false);
    check(30, 23 * 24, true);
    check(30, 60 * 24, true);
    // A short time is halved.
    check(2, 23, false);
    check(2, 24, true);
    check(10, 5 * 24 - 1, false);
    check(10, 5 * 24, true);
}
