//! Both packs that come with the program, carried out: every concern finds its
//! way in a school whose posts are held, and where the packs differ they differ.

use std::collections::BTreeSet;
use std::path::Path;

use belisha_policy::controls::agreement::Gate;
use belisha_policy::{About, Policy, Post, Standing, Word};
use belisha_rules::PersonId;
use belisha_rules::agreements::Agreement;
use belisha_rules::calendar::SchoolCalendar;
use belisha_rules::incidents::ClosureRule;
use belisha_rules::people::{Hats, Held, Identity};
use belisha_rules::routing::{Concern, Holder, Plan, Route, Subject, plan};

fn pack(name: &str) -> Policy {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../packs")
        .join(name);
    let text = std::fs::read_to_string(&path).expect("the pack is there");
    belisha_policy::parse(&text).expect("the pack has no faults")
}

/// One person for each post.
fn holders() -> Vec<Holder> {
    Post::all()
        .enumerate()
        .map(|(n, post)| Holder {
            identity: Identity::of(PersonId::new(n as u128 + 1)),
            held: Held::holder(post),
            away: false,
        })
        .collect()
}

fn holder_of(post: Post) -> PersonId {
    holders()
        .into_iter()
        .find(|holder| holder.held.post == post)
        .expect("every post is held")
        .identity
        .person
}

fn planned(policy: &Policy, about: About) -> Plan {
    let subject = match (about, about.post()) {
        (_, Some(post)) => Subject::Known {
            identity: Identity::of(holder_of(post)),
            hats: Hats::new([Standing::Staff], [post]),
        },
        (About::Staff, None) => Subject::UnnamedAdult,
        (_, None) => Subject::Known {
            identity: Identity::of(PersonId::new(1000)),
            hats: Hats::new([Standing::Pupil], []),
        },
    };
    let concern = Concern {
        subjects: vec![subject],
        at_risk: about == About::PupilAtRisk,
        close_to_subjects: BTreeSet::new(),
        sent_at: "2026-01-14T10:00:00Z".parse().expect("an instant"),
    };
    let calendar = SchoolCalendar::of_england_and_wales();
    plan(&concern, &Route::all(policy), &holders(), &calendar).expect("a plan")
}

fn first(policy: &Policy, about: About) -> Vec<Post> {
    planned(policy, about)
        .first
        .iter()
        .map(|told| told.held.post)
        .collect()
}

#[test]
fn in_a_school_whose_posts_are_held_every_concern_finds_its_way() {
    for name in ["junior.md", "primary.md"] {
        let policy = pack(name);
        policy.ready().expect("the pack may come into force");
        for about in About::all() {
            let plan = planned(&policy, about);
            assert_eq!(plan.about, about, "{name}");
            assert_eq!(plan.gaps, [], "{name}: {about:?}");
            if let Some(post) = about.post() {
                let subject = holder_of(post);
                assert!(
                    plan.everybody().all(|told| told.person != subject),
                    "{name}: {about:?}"
                );
            }
        }
    }
}

#[test]
fn the_packs_differ_where_the_policies_do() {
    let (junior, primary) = (pack("junior.md"), pack("primary.md"));
    let check = |about, in_junior: &[Post], in_primary: &[Post]| {
        assert_eq!(first(&junior, about), in_junior, "junior: {about:?}");
        assert_eq!(first(&primary, about), in_primary, "primary: {about:?}");
    };
    use Post::*;
    check(About::Pupil, &[OnlineSafetyCoordinator], &[Headteacher]);
    check(
        About::PupilAtRisk,
        &[DesignatedSafeguardingLead],
        &[Headteacher, DesignatedSafeguardingLead],
    );
    check(About::Staff, &[Headteacher], &[Headteacher]);
    check(
        About::DesignatedSafeguardingLead,
        &[Headteacher],
        &[ChairOfGovernors],
    );
    check(About::Headteacher, &[ChairOfGovernors], &[ChairOfGovernors]);
    check(
        About::ChairOfGovernors,
        &[ViceChairOfGovernors],
        &[ViceChairOfGovernors],
    );

    for policy in [&junior, &primary] {
        assert!(planned(policy, About::Headteacher).contact_due.is_some());
    }
    // The primary school keeps its cases in an outside log as well, and its reporters confirm.
    assert!(ClosureRule::of(&primary).external_record.is_some());
    assert!(ClosureRule::of(&primary).reporter_confirms);
    assert!(ClosureRule::of(&junior).parents_required);

    let staff_gate = |policy: &Policy| {
        Agreement::all(policy, "2026-01-01".parse().expect("a date"))
            .into_iter()
            .find(|agreement| agreement.signed_by.contains(&Standing::Staff))
            .expect("an agreement for staff")
            .gate
    };
    assert_eq!(staff_gate(&junior), Gate::Account);
    assert_eq!(staff_gate(&primary), Gate::ContactWithPupils);
}
