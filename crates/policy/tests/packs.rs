//! Both packs that come with the program can be read and could come into force.

use belisha_policy::controls::{agreement, idle_lock, incident_route, notice};
use belisha_policy::{About, Minutes, Policy, Post, Word, check_report, parse};

const JUNIOR: &str = include_str!("../../../packs/junior.md");
const PRIMARY: &str = include_str!("../../../packs/primary.md");

fn read(pack: &str) -> Policy {
    parse(pack).unwrap_or_else(|_| panic!("{}", check_report(pack)))
}

#[test]
fn both_packs_are_ready_for_approval() {
    for pack in [JUNIOR, PRIMARY] {
        assert_eq!(read(pack).ready(), Ok(()));
        let report = check_report(pack);
        assert!(report.starts_with("No faults. "), "{report}");
        assert!(
            !report.contains("Before it can come into force"),
            "{report}"
        );
    }
}

#[test]
fn the_same_question_has_each_schools_own_answer() {
    let (junior, primary) = (read(JUNIOR), read(PRIMARY));
    for (policy, first) in [
        (&junior, Post::OnlineSafetyCoordinator),
        (&primary, Post::Headteacher),
    ] {
        let route = policy.route(About::Pupil).unwrap();
        assert_eq!(route.get(&incident_route::FIRST), [first]);
        assert_eq!(policy.get(&idle_lock::AFTER), Minutes(10));
        let text = policy.agreement_text("staff");
        assert!(text.len() > 3, "an agreement has sub-clauses");
        let told: Vec<String> = policy
            .notices(notice::Place::Agreements)
            .map(|clause| clause.id)
            .collect();
        assert!(told.contains(&"consequences".to_owned()));
        assert!(text[1..].iter().all(|clause| {
            clause.parent.as_ref() == Some(&text[0].id) || told.contains(&clause.id)
        }));
        assert_eq!(text[0].controls[0].control(), &agreement::CONTROL);
    }
}

#[test]
fn every_subject_has_a_route_that_does_not_name_the_subject() {
    for policy in [read(JUNIOR), read(PRIMARY)] {
        for about in About::all() {
            let route = policy.route(about).unwrap();
            let told = [
                route.get(&incident_route::FIRST),
                route.get(&incident_route::COPIES),
                route.get(&incident_route::NEXT),
            ];
            assert!(
                about
                    .post()
                    .is_none_or(|post| !told.concat().contains(&post)),
                "{about:?}"
            );
        }
    }
}
