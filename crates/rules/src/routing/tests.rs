use belisha_policy::Standing;
use proptest::prelude::*;

use super::*;
use crate::access;
use crate::testing::policy_with;

// The people of a made-up school.
const HEAD: u128 = 1;
const LEAD: u128 = 2;
const DEPUTY_LEAD: u128 = 3;
const COORDINATOR: u128 = 4;
const CHAIR: u128 = 5;
const VICE: u128 = 6;
const NETWORK: u128 = 7;
const TEACHER: u128 = 8;
const PUPIL: u128 = 9;

fn id(n: u128) -> PersonId {
    PersonId::new(n)
}

fn holder(n: u128, post: Post) -> Holder {
    Holder {
        identity: Identity::of(id(n)),
        held: Held::holder(post),
        away: false,
    }
}

fn deputy(n: u128, post: Post) -> Holder {
    Holder {
        identity: Identity::of(id(n)),
        held: Held::deputy(post),
        away: false,
    }
}

fn school() -> Vec<Holder> {
    vec![
        holder(HEAD, Post::Headteacher),
        holder(LEAD, Post::DesignatedSafeguardingLead),
        holder(DEPUTY_LEAD, Post::DeputyDesignatedSafeguardingLead),
        holder(COORDINATOR, Post::OnlineSafetyCoordinator),
        holder(CHAIR, Post::ChairOfGovernors),
        holder(VICE, Post::ViceChairOfGovernors),
        holder(NETWORK, Post::NetworkManager),
    ]
}

fn route(about: About, first: &[Post], copies: &[Post], next: &[Post], officer: bool) -> Route {
    Route {
        about,
        first: first.to_vec(),
        within: Measure::SameDay,
        copies: copies.to_vec(),
        next: next.to_vec(),
        moves_on_after: Measure::Hours(1),
        contact_within: officer.then_some(Measure::WorkingDays(1)),
    }
}

/// Co-ordinator first; staff to the headteacher; the headteacher to the chair.
fn routes_of_h() -> Vec<Route> {
    use Post::*;
    let lead = [DesignatedSafeguardingLead];
    vec![
        route(About::Pupil, &[OnlineSafetyCoordinator], &[], &lead, false),
        route(
            About::PupilAtRisk,
            &lead,
            &[OnlineSafetyCoordinator],
            &[Headteacher],
            false,
        ),
        route(
            About::Staff,
            &[Headteacher],
            &[],
            &[ChairOfGovernors],
            false,
        ),
        route(
            About::DesignatedSafeguardingLead,
            &[Headteacher],
            &[],
            &[ChairOfGovernors],
            false,
        ),
        route(
            About::Headteacher,
            &[ChairOfGovernors],
            &[],
            &[ViceChairOfGovernors],
            true,
        ),
        route(
            About::ChairOfGovernors,
            &[ViceChairOfGovernors],
            &[],
            &[],
            true,
        ),
    ]
}

/// Headteacher, and the lead as well when a child is at risk.
fn routes_of_c() -> Vec<Route> {
    use Post::*;
    vec![
        route(
            About::Pupil,
            &[Headteacher],
            &[],
            &[DeputyDesignatedSafeguardingLead],
            false,
        ),
        route(
            About::PupilAtRisk,
            &[Headteacher, DesignatedSafeguardingLead],
            &[],
            &[DeputyDesignatedSafeguardingLead],
            false,
        ),
        route(About::Staff, &[Headteacher], &[], &[ChairOfGovernors], true),
        route(
            About::DesignatedSafeguardingLead,
            &[ChairOfGovernors],
            &[],
            &[],
            true,
        ),
        route(About::Headteacher, &[ChairOfGovernors], &[], &[], true),
        route(
            About::ChairOfGovernors,
            &[ViceChairOfGovernors],
            &[],
            &[],
            true,
        ),
    ]
}

fn hats_in(holders: &[Holder], n: u128) -> Hats {
    let standing = if n == PUPIL {
        Standing::Pupil
    } else {
        Standing::Staff
    };
    let mut hats = Hats::new([standing], []);
    hats.posts.extend(
        holders
            .iter()
            .filter(|h| h.identity.person == id(n))
            .map(|h| h.held),
    );
    hats
}

fn concern(holders: &[Holder], subjects: &[u128], at_risk: bool) -> Concern {
    Concern {
        subjects: subjects
            .iter()
            .map(|n| Subject::Known {
                identity: Identity::of(id(*n)),
                hats: hats_in(holders, *n),
            })
            .collect(),
        at_risk,
        close_to_subjects: BTreeSet::new(),
        sent_at: "2026-01-14T10:00:00Z".parse().unwrap(),
    }
}

fn people(told: &[Told]) -> Vec<u128> {
    told.iter().map(|told| told.person.bits()).collect()
}

fn planned(concern: &Concern, routes: &[Route], holders: &[Holder]) -> Plan {
    plan(
        concern,
        routes,
        holders,
        &SchoolCalendar::of_england_and_wales(),
    )
    .expect("a plan")
}

#[test]
fn concerns_go_where_each_policy_says() {
    let school = school();
    let check =
        |routes: &[Route], subjects: &[u128], at_risk, kind, first: &[u128], then: &[u128]| {
            let plan = planned(&concern(&school, subjects, at_risk), routes, &school);
            let escalation: Vec<u128> = plan
                .escalation
                .iter()
                .flat_map(|s| people(&s.tell))
                .collect();
            assert_eq!(plan.kind, kind, "{subjects:?}");
            assert_eq!(people(&plan.first), first, "first about {subjects:?}");
            assert_eq!(escalation, then, "then about {subjects:?}");
        };
    let (h, c) = (routes_of_h(), routes_of_c());
    check(
        &h,
        &[PUPIL],
        false,
        Kind::PupilWelfare,
        &[COORDINATOR],
        &[LEAD, DEPUTY_LEAD, HEAD, CHAIR, VICE],
    );
    check(
        &h,
        &[PUPIL],
        true,
        Kind::ChildProtection,
        &[LEAD],
        &[HEAD, DEPUTY_LEAD, CHAIR, VICE],
    );
    check(
        &c,
        &[PUPIL],
        false,
        Kind::PupilWelfare,
        &[HEAD],
        &[DEPUTY_LEAD, LEAD, CHAIR, VICE],
    );
    check(
        &c,
        &[PUPIL],
        true,
        Kind::ChildProtection,
        &[HEAD, LEAD],
        &[DEPUTY_LEAD, CHAIR, VICE],
    );
    // Staff override every other route, whatever the risk and whoever else is in it.
    check(
        &h,
        &[TEACHER],
        false,
        Kind::AllegationStaff,
        &[HEAD],
        &[CHAIR, VICE],
    );
    check(
        &h,
        &[PUPIL, TEACHER],
        true,
        Kind::AllegationStaff,
        &[HEAD],
        &[CHAIR, VICE],
    );
    check(
        &h,
        &[COORDINATOR],
        false,
        Kind::AllegationStaff,
        &[HEAD],
        &[CHAIR, VICE],
    );
    check(
        &h,
        &[NETWORK],
        false,
        Kind::AllegationStaff,
        &[HEAD],
        &[CHAIR, VICE],
    );
    check(
        &h,
        &[LEAD],
        false,
        Kind::AllegationStaff,
        &[HEAD],
        &[CHAIR, VICE],
    );
    check(&h, &[HEAD], false, Kind::AllegationHead, &[CHAIR], &[VICE]);
    check(
        &h,
        &[HEAD, LEAD, PUPIL],
        true,
        Kind::AllegationHead,
        &[CHAIR],
        &[VICE],
    );
    check(&h, &[CHAIR], false, Kind::AllegationChair, &[VICE], &[HEAD]);
    check(
        &h,
        &[CHAIR, HEAD],
        false,
        Kind::AllegationChair,
        &[VICE],
        &[],
    );
    // Nobody named at all is about a pupil until triage says otherwise.
    check(
        &h,
        &[],
        false,
        Kind::PupilWelfare,
        &[COORDINATOR],
        &[LEAD, DEPUTY_LEAD, HEAD, CHAIR, VICE],
    );
}

#[test]
fn a_matter_has_its_own_first_person_and_a_shut_school_one_more() {
    use Post::*;
    let school = school();
    let calendar = SchoolCalendar::of_england_and_wales();
    let besides = |first: &[Post], shut: &[Post]| Besides {
        first: first.to_vec(),
        shut: shut.to_vec(),
        ..Besides::default()
    };
    let check = |subjects: &[u128], at_risk, besides: Besides, first: &[u128], next: &[u128]| {
        let concern = concern(&school, subjects, at_risk);
        let plan =
            plan_with(&concern, &routes_of_h(), &besides, &school, &calendar).expect("a plan");
        assert_eq!(people(&plan.first), first, "{subjects:?} {besides:?}");
        let then: Vec<u128> = plan
            .escalation
            .iter()
            .take(next.len())
            .flat_map(|step| people(&step.tell))
            .collect();
        assert_eq!(then, next, "{subjects:?} {besides:?}");
    };
    // Whoever would have heard first is next.
    check(
        &[PUPIL],
        false,
        besides(&[Headteacher], &[]),
        &[HEAD],
        &[COORDINATOR, LEAD],
    );
    check(
        &[],
        false,
        besides(&[Headteacher], &[]),
        &[HEAD],
        &[COORDINATOR, LEAD],
    );
    // A child at risk keeps their own route, and the matter's comes to it.
    check(
        &[PUPIL],
        true,
        besides(&[Headteacher], &[]),
        &[LEAD, HEAD],
        &[],
    );
    check(
        &[PUPIL],
        false,
        besides(&[], &[DesignatedSafeguardingLead]),
        &[COORDINATOR, LEAD],
        &[],
    );
    // Nothing is added to a concern about an adult.
    check(
        &[TEACHER],
        true,
        besides(&[DesignatedSafeguardingLead], &[DesignatedSafeguardingLead]),
        &[HEAD],
        &[CHAIR, VICE],
    );
    check(
        &[HEAD],
        false,
        besides(&[DesignatedSafeguardingLead], &[Headteacher]),
        &[CHAIR],
        &[VICE],
    );
    // The technician never takes a report, whatever a matter's route says.
    check(
        &[PUPIL],
        false,
        besides(&[Headteacher, NetworkManager], &[]),
        &[HEAD],
        &[COORDINATOR],
    );
}

#[test]
fn a_head_who_is_also_the_lead_is_a_head() {
    let holders = vec![
        holder(HEAD, Post::Headteacher),
        holder(HEAD, Post::DesignatedSafeguardingLead),
        holder(DEPUTY_LEAD, Post::DeputyDesignatedSafeguardingLead),
        holder(CHAIR, Post::ChairOfGovernors),
    ];
    let about_head = planned(&concern(&holders, &[HEAD], false), &routes_of_c(), &holders);
    assert_eq!(about_head.about, About::Headteacher);
    assert_eq!(people(&about_head.first), [CHAIR]);
    let at_risk = planned(&concern(&holders, &[PUPIL], true), &routes_of_c(), &holders);
    assert_eq!(people(&at_risk.first), [HEAD], "one person is told once");
    assert_eq!(at_risk.gaps, []);
}

#[test]
fn an_unnamed_adult_is_staff() {
    let mut unnamed = concern(&school(), &[PUPIL], true);
    unnamed.subjects.push(Subject::UnnamedAdult);
    assert_eq!(about(&unnamed), About::Staff);
}

#[test]
fn a_parent_is_no_allegation_but_a_governor_who_is_a_parent_is() {
    let check = |standings: &[Standing], expected| {
        let mut concern = concern(&school(), &[], false);
        concern.subjects.push(Subject::Known {
            identity: Identity::of(id(40)),
            hats: Hats::new(standings.iter().copied(), []),
        });
        assert_eq!(about(&concern), expected, "{standings:?}");
    };
    check(&[Standing::Parent], About::Pupil);
    check(&[Standing::Parent, Standing::Governor], About::Staff);
    check(&[Standing::Volunteer], About::Staff);
}

#[test]
fn empty_posts_and_excluded_persons_are_passed_over() {
    let school = school();
    let without = |post: Post| -> Vec<Holder> {
        school
            .iter()
            .filter(|h| h.held.post != post)
            .cloned()
            .collect()
    };
    let check =
        |holders: &[Holder], concern: &Concern, first: &[u128], gaps: &[(Post, GapReason)]| {
            let plan = planned(concern, &routes_of_h(), holders);
            assert_eq!(people(&plan.first), first);
            let found: Vec<_> = plan.gaps.iter().map(|gap| (gap.post, gap.why)).collect();
            assert_eq!(found, gaps);
        };
    let pupil = concern(&school, &[PUPIL], false);
    let teacher = concern(&school, &[TEACHER], false);
    check(
        &without(Post::OnlineSafetyCoordinator),
        &pupil,
        &[LEAD],
        &[(Post::OnlineSafetyCoordinator, GapReason::Empty)],
    );
    check(
        &without(Post::Headteacher),
        &teacher,
        &[CHAIR],
        &[(Post::Headteacher, GapReason::Empty)],
    );
    check(
        &without(Post::ChairOfGovernors),
        &concern(&school, &[HEAD], false),
        &[VICE],
        &[(Post::ChairOfGovernors, GapReason::Empty)],
    );
    // The headteacher is married to the teacher.
    let mut close = teacher.clone();
    close.close_to_subjects.insert(id(HEAD));
    check(
        &school,
        &close,
        &[CHAIR],
        &[(Post::Headteacher, GapReason::Excluded)],
    );
    // So is the deputy head no way round: they answer to the headteacher.
    let mut with_deputy = school.clone();
    with_deputy.push(deputy(50, Post::Headteacher));
    check(
        &with_deputy,
        &close,
        &[CHAIR],
        &[(Post::Headteacher, GapReason::Excluded)],
    );
    // The lead's own child.
    let mut own_child = concern(&school, &[PUPIL], true);
    own_child.close_to_subjects.insert(id(LEAD));
    check(
        &school,
        &own_child,
        &[HEAD],
        &[(Post::DesignatedSafeguardingLead, GapReason::Excluded)],
    );
}

#[test]
fn the_deputy_of_an_excluded_holder_does_not_stand_in_for_adults() {
    let holders = vec![
        holder(CHAIR, Post::ChairOfGovernors),
        deputy(52, Post::ChairOfGovernors),
        holder(VICE, Post::ViceChairOfGovernors),
    ];
    let mut about_teacher = concern(&holders, &[TEACHER], false);
    assert_eq!(
        people(&planned(&about_teacher, &routes_of_h(), &holders).first),
        [CHAIR]
    );
    about_teacher.close_to_subjects.insert(id(CHAIR));
    let plan = planned(&about_teacher, &routes_of_h(), &holders);
    assert_eq!(people(&plan.first), [VICE]);
    assert!(plan.everybody().all(|told| told.person != id(52)));
}

#[test]
fn two_records_of_one_person_are_one_person() {
    // Both the report and the post name ids that were merged with a third.
    let old = id(77);
    let mut holders = school();
    holders[0].identity.aliases.insert(old);
    let mut about_teacher = concern(&holders, &[TEACHER], false);
    about_teacher.subjects.push(Subject::Known {
        identity: Identity {
            person: id(78),
            aliases: [old].into(),
        },
        hats: Hats::new([Standing::Staff], []),
    });
    assert_eq!(
        people(&planned(&about_teacher, &routes_of_h(), &holders).first),
        [CHAIR]
    );
}

#[test]
fn a_deputy_stands_in_and_is_told_before_the_next_post() {
    let mut holders = school();
    holders.push(deputy(51, Post::OnlineSafetyCoordinator));
    let pupil = concern(&holders, &[PUPIL], false);
    let plan = planned(&pupil, &routes_of_h(), &holders);
    assert_eq!(people(&plan.first), [COORDINATOR]);
    assert_eq!(people(&plan.escalation[0].tell), [51]);

    for holder in &mut holders {
        holder.away = holder.identity.person == id(COORDINATOR);
    }
    let plan = planned(&pupil, &routes_of_h(), &holders);
    assert_eq!(people(&plan.first), [51]);
    assert_eq!(people(&plan.escalation[0].tell), [LEAD]);
}

#[test]
fn a_post_that_may_never_read_is_reported_as_a_gap() {
    let routes = vec![route(
        About::Pupil,
        &[Post::NetworkManager, Post::OnlineSafetyCoordinator],
        &[],
        &[],
        false,
    )];
    let school = school();
    let plan = planned(&concern(&school, &[PUPIL], false), &routes, &school);
    assert_eq!(people(&plan.first), [COORDINATOR]);
    assert_eq!(
        plan.gaps,
        [Gap {
            post: Post::NetworkManager,
            why: GapReason::NeverReads
        }]
    );
}

#[test]
fn copies_go_to_those_who_may_read_and_gaps_in_them_are_reported() {
    use Post::*;
    let check = |copies: &[Post], told: &[u128], gaps: &[(Post, GapReason)]| {
        let routes = [route(
            About::DesignatedSafeguardingLead,
            &[ChairOfGovernors],
            copies,
            &[],
            false,
        )];
        let school = school();
        let plan = planned(&concern(&school, &[LEAD], false), &routes, &school);
        assert_eq!(people(&plan.copies), told, "{copies:?}");
        let found: Vec<_> = plan.gaps.iter().map(|gap| (gap.post, gap.why)).collect();
        assert_eq!(found, gaps, "{copies:?}");
    };
    check(&[Headteacher], &[HEAD], &[]);
    check(&[DeputyDesignatedSafeguardingLead], &[DEPUTY_LEAD], &[]);
    check(
        &[NetworkManager],
        &[],
        &[(NetworkManager, GapReason::NeverReads)],
    );
    check(
        &[SafeguardingGovernor],
        &[],
        &[(SafeguardingGovernor, GapReason::Empty)],
    );
    check(
        &[DesignatedSafeguardingLead],
        &[],
        &[(DesignatedSafeguardingLead, GapReason::Excluded)],
    );
}

#[test]
fn whoever_is_next_in_line_still_gets_a_copy_at_once() {
    let routes = [route(
        About::Pupil,
        &[Post::OnlineSafetyCoordinator],
        &[Post::Headteacher, Post::OnlineSafetyCoordinator],
        &[Post::DesignatedSafeguardingLead, Post::Headteacher],
        false,
    )];
    let school = school();
    let plan = planned(&concern(&school, &[PUPIL], false), &routes, &school);
    assert_eq!(people(&plan.copies), [HEAD]);
    assert_eq!(people(&plan.escalation[1].tell), [HEAD]);
    assert_eq!(plan.gaps, []);
}

#[test]
fn unanswered_alerts_move_on_at_stated_times() {
    let school = school();
    let plan = planned(&concern(&school, &[HEAD], false), &routes_of_h(), &school);
    let times: Vec<String> = plan
        .escalation
        .iter()
        .map(|step| step.at.to_string())
        .collect();
    assert_eq!(times, ["2026-01-14T11:00:00Z"]);
    assert_eq!(
        plan.contact_due,
        Some(Deadline::EndOf(jiff::civil::date(2026, 1, 15)))
    );
    assert_eq!(plan.tier, Tier::Sealed);
}

#[test]
fn the_reporter_is_told_who_will_receive_it() {
    let school = school();
    let check = |holders: &[Holder], subjects: &[u128], at_risk, expected: &str| {
        let plan = planned(
            &concern(&school, subjects, at_risk),
            &routes_of_h(),
            holders,
        );
        assert_eq!(plan.sentence(), expected);
    };
    check(
        &school,
        &[HEAD],
        false,
        "This will go to the chair of governors. Nobody else in school can open it; only if \
         nobody answers does it also go to the vice-chair of governors.",
    );
    let no_vice: Vec<Holder> = school
        .iter()
        .filter(|h| h.held.post != Post::ViceChairOfGovernors)
        .cloned()
        .collect();
    check(
        &no_vice,
        &[HEAD],
        false,
        "This will go to the chair of governors. Nobody else in school can open it.",
    );
    check(
        &school,
        &[PUPIL],
        true,
        "This will go to the designated safeguarding lead, and to the online safety co-ordinator \
         for information. Only those who look after the safety of pupils, and those they share \
         it with, can open it.",
    );
}

#[test]
fn where_nobody_is_left_it_is_said_loudly() {
    let holders = vec![holder(HEAD, Post::Headteacher)];
    let refused = plan(
        &concern(&holders, &[HEAD], false),
        &routes_of_h(),
        &holders,
        &SchoolCalendar::of_england_and_wales(),
    )
    .expect_err("nobody is left");
    assert_eq!(refused.about, About::Headteacher);
    assert_eq!(
        refused.gaps[0],
        Gap {
            post: Post::ChairOfGovernors,
            why: GapReason::Empty
        }
    );
    assert!(refused.sentence().contains("designated officer"));
}

#[test]
fn routes_are_read_from_the_policy() {
    let policy = policy_with(
        "```control incident-route\nabout = \"headteacher\"\nfirst = [\"chair-of-governors\"]\n\
         within = \"at once\"\nnext = [\"vice-chair-of-governors\"]\n\
         contact = \"designated-officer\"\n```\n\n\
         ```control incident-route\nabout = \"pupil\"\nfirst = [\"online-safety-co-ordinator\"]\n```\n",
    );
    let about_head = Route {
        within: Measure::AtOnce,
        ..route(
            About::Headteacher,
            &[Post::ChairOfGovernors],
            &[],
            &[Post::ViceChairOfGovernors],
            true,
        )
    };
    let about_pupil = route(
        About::Pupil,
        &[Post::OnlineSafetyCoordinator],
        &[],
        &[],
        false,
    );
    assert_eq!(Route::all(&policy), [about_head, about_pupil]);
}

#[test]
fn reports_are_late_by_the_policys_measure() {
    let calendar = SchoolCalendar::of_england_and_wales();
    let check = |within: Measure, sent: &str, expected: bool| {
        let route = Route {
            within,
            ..routes_of_h().remove(0)
        };
        let happened = "2026-01-14T10:00:00Z".parse().unwrap();
        assert_eq!(
            is_late(&route, happened, sent.parse().unwrap(), &calendar),
            expected,
            "{sent}"
        );
    };
    check(Measure::SameDay, "2026-01-14T23:59:00Z", false);
    check(Measure::SameDay, "2026-01-15T00:00:00Z", true);
    check(Measure::AtOnce, "2026-01-14T10:59:00Z", false);
    check(Measure::AtOnce, "2026-01-14T11:00:00Z", true);
}

#[test]
fn only_a_concern_about_whoever_keeps_the_logs_takes_the_logs_away() {
    for about in About::all() {
        assert_eq!(
            at_once(about).is_some(),
            about == About::NetworkManager,
            "{about:?}"
        );
    }
}

proptest! {
    /// Whoever is in it, and however the posts are held, no plan tells a subject
    /// or one close to a subject, everybody told could act, and nobody is told twice.
    #[test]
    fn no_plan_ever_contains_a_subject(
        holdings in prop::collection::vec((1_u128..12, 0_usize..14, any::<bool>(), any::<bool>()), 0..16),
        subjects in prop::collection::vec(1_u128..12, 0..4),
        close in prop::collection::btree_set((1_u128..12).prop_map(PersonId::new), 0..3),
        merged: bool,
        at_risk: bool,
        h: bool,
    ) {
        let posts: Vec<Post> = Post::all().collect();
        let holders: Vec<Holder> = holdings
            .into_iter()
            .map(|(n, post, deputy, away)| Holder {
                identity: Identity::of(id(n)),
                held: Held { post: posts[post], deputy },
                away,
            })
            .collect();
        let mut concern = concern(&holders, &subjects, at_risk);
        concern.close_to_subjects = close.clone();
        if merged {
            // The report names each subject by an id that a merge has since retired.
            for subject in &mut concern.subjects {
                if let Subject::Known { identity, .. } = subject {
                    let now = identity.person;
                    *identity = Identity { person: id(now.bits() + 1000), aliases: [now].into() };
                }
            }
        }
        let routes = if h { routes_of_h() } else { routes_of_c() };
        let planned = plan(&concern, &routes, &holders, &SchoolCalendar::of_england_and_wales());
        if let Ok(plan) = planned {
            let everybody: Vec<&Told> = plan.everybody().collect();
            prop_assert!(!plan.first.is_empty());
            for told in &everybody {
                prop_assert!(!subjects.contains(&told.person.bits()));
                prop_assert!(!close.contains(&told.person));
            }
            for told in plan.first.iter().chain(plan.escalation.iter().flat_map(|s| &s.tell)) {
                prop_assert!(access::may_take_charge(told.held, plan.kind));
            }
            let once = |told: Vec<&Told>| {
                let people: BTreeSet<PersonId> = told.iter().map(|told| told.person).collect();
                people.len() == told.len()
            };
            let to_act = plan.first.iter().chain(plan.escalation.iter().flat_map(|s| &s.tell));
            prop_assert!(once(to_act.collect()));
            prop_assert!(once(plan.first.iter().chain(&plan.copies).collect()));
            prop_assert!(plan.escalation.windows(2).all(|pair| pair[0].at < pair[1].at));
        }
    }

    /// With a chair and a vice-chair in post, and at most one of them concerned, there is always a way.
    #[test]
    fn a_chair_and_a_vice_chair_are_enough(
        subjects in prop::collection::vec(1_u128..6, 0..3),
        at_risk: bool,
        h: bool,
    ) {
        let holders = vec![holder(CHAIR, Post::ChairOfGovernors), holder(VICE, Post::ViceChairOfGovernors)];
        let concern = concern(&holders, &subjects, at_risk);
        let routes = if h { routes_of_h() } else { routes_of_c() };
        prop_assert!(plan(&concern, &routes, &holders, &SchoolCalendar::of_england_and_wales()).is_ok());
    }
}
