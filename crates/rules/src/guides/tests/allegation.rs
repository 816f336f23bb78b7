//! Machine 4: an allegation against an adult.

use super::*;

const LIMBS: [&str; 4] = ["harmed", "offence", "risk", "unsuitable"];

#[test]
fn any_limb_that_is_not_no_brings_the_designated_officer_in() {
    for pack in [JUNIOR, PRIMARY] {
        for limb in LIMBS {
            for answer in ["yes", "unknown"] {
                let mut bench = Bench::of("allegation", pack);
                bench.kind = Kind::AllegationStaff;
                bench.fill("threshold").answer(limb, answer);
                assert_eq!(
                    bench.referrals(),
                    [("officer", vec!["lado"])],
                    "{limb} {answer}"
                );
                assert!(!bench.opens("officer"), "before the officer was asked");
                bench.send("officer");
                assert!(bench.opens("officer"));
            }
        }
        let mut bench = Bench::of("allegation", pack);
        bench.kind = Kind::AllegationStaff;
        bench.fill("threshold");
        assert!(bench.referrals().is_empty());
        assert!(bench.opens("officer"));
        // Not contacting is a decision with a reason, and contacting all the same is one too.
        bench.answer("contact", "yes");
        assert_eq!(bench.referrals(), [("officer", vec!["lado"])]);
        // About the headteacher, always.
        let mut bench = Bench::of("allegation", pack);
        bench.kind = Kind::AllegationHead;
        assert_eq!(bench.referrals(), [("officer", vec!["lado"])]);
        bench.fill("threshold");
        assert!(!bench.opens("officer"));
    }
}

#[test]
fn each_step_waits_for_the_one_before() {
    let mut bench = Bench::of("allegation", JUNIOR);
    bench.kind = Kind::AllegationStaff;
    let check = |bench: &Bench, open: &[&str]| {
        for group in bench.guide.groups {
            assert_eq!(
                bench.opens(group.key),
                open.contains(&group.key),
                "{}",
                group.key
            );
        }
    };
    check(&bench, &["threshold"]);
    bench.fill("threshold").answer("harmed", "yes");
    assert_eq!(bench.state(), State::At("assessed"));
    check(&bench, &["threshold"]);
    bench.send("officer");
    check(&bench, &["threshold", "officer"]);
    bench.fill("officer");
    assert_eq!(bench.state(), State::At("designated officer asked"));
    check(
        &bench,
        &["threshold", "officer", "telling", "investigation"],
    );
    bench.fill("telling");
    assert_eq!(bench.state(), State::At("telling decided"));
    bench.fill("investigation");
    assert_eq!(bench.state(), State::At("investigated"));
    check(
        &bench,
        &[
            "threshold",
            "officer",
            "telling",
            "investigation",
            "outcome",
        ],
    );
    bench.fill("outcome");
    assert_eq!(bench.state(), State::ToSign);
    assert_eq!(bench.sign("outcome"), Ok(()));
}

#[test]
fn what_was_decided_without_the_officer_stands_only_below_the_threshold() {
    let mut bench = Bench::of("allegation", JUNIOR);
    bench.kind = Kind::AllegationStaff;
    bench.fill_all().answer("told", "below");
    assert!(bench.lacks().is_empty());
    bench
        .answer("harmed", "unknown")
        .answer("advice", "Wait.")
        .send("officer");
    assert_eq!(bench.lacks(), ["telling"]);
}

#[test]
fn an_adult_who_is_cleared_gets_the_extract_that_clears_them() {
    let check = |outcome: &str, clears: bool| {
        let mut bench = Bench::of("allegation", JUNIOR);
        bench.answer("outcome", outcome);
        let clearing = bench.guide.question("clearing").unwrap();
        assert_eq!(clearing.is_asked(&bench.known()), clears, "{outcome}");
        let computed = (bench.guide.computed)(&bench.known());
        assert!(
            computed
                .iter()
                .any(|(label, _)| *label == "How long the record is kept"),
            "{outcome}"
        );
    };
    check("substantiated", false);
    check("unsubstantiated", false);
    check("unfounded", true);
    check("malicious", true);
    check("false", true);
}
