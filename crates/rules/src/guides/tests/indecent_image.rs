//! Machine 2 under the second policy: the police first.

use super::*;

#[test]
fn the_police_are_due_before_anything_is_answered_and_the_lead_reviews_only_after() {
    let mut bench = Bench::of("indecent-image", PRIMARY);
    assert_eq!(bench.referrals(), [("police", vec!["police"])]);
    assert_eq!(bench.state(), State::Reported);
    assert!(bench.opens("first-steps") && bench.opens("shown"));
    assert!(!bench.opens("review"));
    bench.fill("first-steps");
    assert_eq!(bench.state(), State::At("first steps taken"));
    bench.fill("shown");
    assert_eq!(bench.state(), State::At("circumstances recorded"));
    bench.fill("review");
    assert_eq!(bench.lacks(), ["review"], "answered out of turn");
    assert!(matches!(
        bench.sign("police"),
        Err(SignRefused::Unanswered(_))
    ));
    bench.send("police");
    assert!(bench.opens("review"));
    assert_eq!(bench.state(), State::ToSign);
    assert_eq!(bench.sign("police"), Ok(()));
}

#[test]
fn staff_take_the_first_steps_and_only_the_lead_reviews() {
    let mut bench = Bench::of("indecent-image", PRIMARY);
    bench.send("police");
    for (group, for_others) in [("first-steps", true), ("shown", true), ("review", false)] {
        let group = bench.guide.group(group).unwrap();
        let answer = group_may_be_answered(group, &bench.known(), &bench.standing, false);
        assert_eq!(answer.is_ok(), for_others, "{}", group.key);
    }
}

#[test]
fn whoever_was_shown_it_says_how_that_came_about() {
    let mut bench = Bench::of("indecent-image", PRIMARY);
    let group = bench.guide.group("shown").unwrap();
    bench.answer("shown", "no");
    assert!(group.is_answered(&bench.known()));
    bench.answer("shown", "yes");
    for question in ["shown-who", "shown-when", "shown-where", "shown-how"] {
        assert!(!group.is_answered(&bench.known()), "{question}");
        bench.answer(question, "Words.");
    }
    assert!(group.is_answered(&bench.known()));
}

#[test]
fn answers_set_their_actions_in_motion() {
    let check = |answers: &[(&str, &str)], expected: &[&str]| {
        let mut bench = Bench::of("indecent-image", PRIMARY);
        for (question, value) in answers {
            bench.answer(question, value);
        }
        assert_eq!(bench.keys(), expected, "{answers:?}");
    };
    check(&[("device", "no")], &["police", "device"]);
    check(&[("device", "yes")], &["police"]);
    check(&[("parent-told", "no")], &["police", "parent-told"]);
    check(&[("social-care", "yes")], &["police", "social-care"]);
    check(&[("at-risk", "yes")], &["police", "danger"]);
    check(&[("at-risk", "unknown")], &["police", "danger"]);
    check(&[("at-risk", "no")], &["police"]);
}
