//! Machine 2 under the first policy: the lead's review.

use super::*;

/// A review in which everything is answered and nothing speaks for a referral.
fn harmless() -> Bench {
    let mut bench = Bench::of("nude-image", JUNIOR);
    bench.fill_all().answer("refer", "neither");
    bench
}

#[test]
fn any_criterion_that_is_not_no_forces_a_referral_and_shuts_the_school_out() {
    let both = vec!["police", "children-social-care"];
    for criterion in ["adult-involved", "coerced", "unusual", "danger"] {
        for answer in ["yes", "unknown"] {
            let mut bench = Bench::of("nude-image", JUNIOR);
            bench.answer(criterion, answer);
            assert!(criteria(&bench.known()), "{criterion} {answer}");
            // At once, before anything else is answered.
            assert_eq!(
                bench.referrals(),
                [("refer", both.clone())],
                "{criterion} {answer}"
            );
            let mut bench = harmless();
            bench.answer(criterion, answer);
            assert_eq!(
                bench.lacks(),
                ["referral"],
                "“neither” contradicts {criterion}"
            );
            bench.answer("refer", "police");
            assert!(bench.lacks().is_empty());
            assert_eq!(bench.referrals(), [("refer", vec!["police"])]);
            assert_eq!(bench.sign("refer"), Ok(()));
            assert!(matches!(
                bench.sign("in-school"),
                Err(SignRefused::NotOffered(_))
            ));
        }
        let mut bench = harmless();
        bench.answer(criterion, "no");
        assert!(bench.referrals().is_empty(), "{criterion}");
        assert_eq!(bench.sign("in-school"), Ok(()));
    }
}

#[test]
fn the_fourth_criterion_is_worked_out_from_dates_of_birth_on_the_day() {
    let check = |acts: &str, pictured: &[PersonId], expected: bool| {
        let people: Vec<String> = pictured.iter().map(PersonId::to_string).collect();
        let mut bench = Bench::of("nude-image", JUNIOR);
        bench
            .answer("sexual-acts", acts)
            .answer("pictured", &people.join(" "));
        assert_eq!(criteria(&bench.known()), expected, "{acts} {pictured:?}");
    };
    check("yes", &[TEN], true);
    check("yes", &[THIRTEEN], false);
    check("yes", &[THIRTEEN, TEN], true);
    check("yes", &[UNBORN], true);
    check("yes", &[THIRTEEN, UNBORN], true);
    check("unknown", &[TEN], true);
    check("unknown", &[THIRTEEN], false);
    check("no", &[TEN], false);
    check("no", &[UNBORN], false);
    let mut bench = Bench::of("nude-image", JUNIOR);
    bench
        .answer("sexual-acts", "yes")
        .answer("pictured", NOT_ON_REGISTER);
    assert!(criteria(&bench.known()));
    // The day before the birthday, thirteen is twelve.
    bench.answer("pictured", &THIRTEEN.to_string());
    let known = Known {
        happened_on: date(2026, 9, 22),
        ..bench.known()
    };
    assert!(criteria(&known));
}

#[test]
fn the_referral_goes_where_the_lead_decides() {
    let check = |refer: &str, expected: &[(&'static str, Vec<&'static str>)]| {
        let mut bench = harmless();
        bench.answer("refer", refer);
        assert_eq!(bench.referrals(), expected, "{refer}");
    };
    check("neither", &[]);
    check("police", &[("refer", vec!["police"])]);
    check(
        "children-social-care",
        &[("refer", vec!["children-social-care"])],
    );
    check(
        "both",
        &[
            ("refer", vec!["police"]),
            ("refer-too", vec!["children-social-care"]),
        ],
    );
}

#[test]
fn it_stays_in_school_only_with_both_statements_and_the_support_named() {
    let bench = harmless();
    let way = bench.guide.way("in-school").unwrap();
    assert_eq!(way.statements.len(), 2);
    let sign = |statements: &[bool], words: &str| {
        may_sign(
            bench.guide,
            &bench.known(),
            &bench.standing,
            true,
            way,
            statements,
            words,
        )
    };
    assert_eq!(sign(&[true, true], "Mentor, weekly."), Ok(()));
    assert_eq!(
        sign(&[true, false], "Mentor."),
        Err(SignRefused::StatementMissing(way.statements[1]))
    );
    assert_eq!(
        sign(&[false, true], "Mentor."),
        Err(SignRefused::StatementMissing(way.statements[0]))
    );
    assert_eq!(
        sign(&[], "Mentor."),
        Err(SignRefused::StatementMissing(way.statements[0]))
    );
    assert_eq!(
        sign(&[true, true], " "),
        Err(SignRefused::WordsMissing(way.asks))
    );
    let refer = bench.guide.way("refer").unwrap();
    assert!(matches!(
        may_sign(
            bench.guide,
            &bench.known(),
            &bench.standing,
            true,
            refer,
            &[true],
            ""
        ),
        Err(SignRefused::NotOffered(_))
    ));
    assert_eq!(
        may_sign(
            bench.guide,
            &bench.known(),
            &bench.standing,
            false,
            way,
            &[true, true],
            "M."
        ),
        Err(SignRefused::OnlyTheLead)
    );
}

#[test]
fn nothing_is_signed_before_every_page_is_answered() {
    for group in Bench::of("nude-image", JUNIOR).guide.groups {
        let mut bench = harmless();
        for question in group.questions {
            bench.answers.remove(question.key);
        }
        assert_eq!(
            bench.sign("in-school"),
            Err(SignRefused::Unanswered(vec![group.title])),
            "{}",
            group.key
        );
    }
    let mut bench = harmless();
    bench.standing.signed = Some("in-school");
    assert_eq!(bench.sign("in-school"), Err(SignRefused::AlreadySigned));
}

#[test]
fn looking_is_asked_only_where_the_policy_leaves_it_open_and_never_alone() {
    let bench = Bench::of("nude-image", JUNIOR);
    let group = bench.guide.group("viewing").unwrap();
    assert!(group.exists(&bench.known()));
    let silent = Bench {
        policy: policy(&JUNIOR.replace("viewing = \"rarely\"", "viewing = \"never\"")),
        ..Bench::of("nude-image", JUNIOR)
    };
    assert!(!group.exists(&silent.known()));
    assert_eq!(bench.guide.question("view").unwrap().normally, "no");
    let mut bench = harmless();
    bench
        .answer("view", "yes")
        .answer("viewed-by", "The lead")
        .answer("viewed-with", "The lead");
    assert_eq!(bench.lacks(), ["viewing"]);
    bench.answer("viewed-with", "The deputy");
    assert!(bench.lacks().is_empty());
}

#[test]
fn answers_set_their_actions_in_motion() {
    let check = |answers: &[(&str, &str)], expected: &[&str]| {
        let mut bench = Bench::of("nude-image", JUNIOR);
        for (question, value) in answers {
            bench.answer(question, value);
        }
        assert_eq!(bench.keys(), expected, "{answers:?}");
    };
    check(
        &[("find-out", "yes"), ("find-out-what", "Who else.")],
        &["find-out"],
    );
    check(&[("find-out", "no")], &[]);
    check(
        &[("remove", "yes"), ("remove-what", "An app.")],
        &["take-down"],
    );
    check(&[("remove", "no")], &[]);
    check(
        &[("contact", "yes"), ("contact-whom", "The school.")],
        &["contact"],
    );
    check(&[("parents", "yes")], &["parents"]);
    check(&[("parents", "no")], &[]);
    check(&[("danger", "yes")], &["refer", "danger"]);
    check(&[("danger", "unknown")], &["refer", "danger"]);
    check(&[("danger", "no")], &[]);
}
