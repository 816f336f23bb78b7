//! The shorter guides: which agencies, how fast.

use belisha_policy::Measure;

use super::*;

#[test]
fn grooming_goes_to_the_police_and_to_ceop_while_an_adult_cannot_be_ruled_out() {
    let police_and_ceop = [("police", vec!["police"]), ("ceop", vec!["ceop"])];
    for question in ["danger", "adult"] {
        for answer in ["yes", "unknown"] {
            let mut bench = Bench::of("grooming", JUNIOR);
            bench.answer(question, answer);
            assert_eq!(bench.referrals(), police_and_ceop, "{question} {answer}");
        }
    }
    let mut bench = Bench::of("grooming", JUNIOR);
    bench.fill_all();
    assert!(bench.referrals().is_empty());
    assert_eq!(bench.sign("reviewed"), Ok(()));
    bench.answer("social-care", "yes");
    assert_eq!(
        bench.referrals(),
        [("social-care", vec!["children-social-care"])]
    );
}

#[test]
fn prevent_is_decided_and_asking_for_advice_does_not_end_it() {
    let mut bench = Bench::of("radicalisation", PRIMARY);
    bench.fill_all().answer("prevent", "no");
    assert!(bench.referrals().is_empty());
    assert_eq!(bench.sign("reviewed"), Ok(()));
    bench.answer("prevent", "refer");
    assert_eq!(bench.referrals(), [("prevent", vec!["prevent-local"])]);
    assert_eq!(bench.sign("reviewed"), Ok(()));
    bench.answer("prevent", "advice");
    assert_eq!(bench.keys(), ["advice"]);
    assert!(matches!(
        bench.sign("reviewed"),
        Err(SignRefused::NotOffered(_))
    ));
    bench.answer("danger", "unknown");
    assert_eq!(bench.keys(), ["police", "advice"]);
}

#[test]
fn illegal_material_goes_to_those_whom_the_policy_names() {
    let to = |pack| Bench::of("illegal-content", pack).referrals();
    assert_eq!(
        to(JUNIOR),
        [
            ("police", vec!["police"]),
            ("iwf", vec!["iwf"]),
            ("local-authority", vec!["local-authority"]),
        ]
    );
    assert_eq!(to(PRIMARY), [("police", vec!["police"])]);
}

#[test]
fn a_disturbing_message_asks_for_the_police_decision_each_time() {
    let mut bench = Bench::of("disturbing-message", JUNIOR);
    bench.fill_all();
    assert!(bench.referrals().is_empty());
    assert_eq!(bench.sign("decided"), Ok(()));
    bench.answers.remove("police");
    assert_eq!(bench.lacks(), ["police"]);
    bench.answer("police", "yes");
    assert_eq!(bench.referrals(), [("police", vec!["police"])]);
    for danger in ["yes", "unknown"] {
        bench.answer("danger", danger).answer("police", "no");
        assert_eq!(bench.referrals(), [("police", vec!["police"])], "{danger}");
        assert!(matches!(
            bench.sign("decided"),
            Err(SignRefused::NotOffered(_))
        ));
    }
}

#[test]
fn a_breach_has_72_hours_of_the_clock_from_when_somebody_knew() {
    let mut bench = Bench::of("data-breach", JUNIOR);
    assert!(bench.needs().is_empty());
    bench.answer("personal", "no");
    assert!(bench.needs().is_empty());
    for personal in ["yes", "unknown"] {
        bench.answer("personal", personal);
        bench.answers.remove("risk");
        for risk in ["", "yes", "unknown"] {
            if !risk.is_empty() {
                bench.answer("risk", risk);
            }
            let referral = bench
                .needs()
                .into_iter()
                .find(|need| need.key() == "commissioner");
            let Some(Need::Referral {
                to, within, since, ..
            }) = referral
            else {
                panic!("no clock for {personal} {risk}");
            };
            assert_eq!(to, ["ico-breach"]);
            assert_eq!(within, Measure::Hours(72));
            assert_eq!(since, Some("aware"));
        }
        bench.answer("risk", "no");
        assert_eq!(bench.keys(), ["officer"]);
    }
    bench.answer("high", "yes").answer("told", "no");
    assert_eq!(bench.keys(), ["officer", "tell-people"]);
    // Seventy-two hours are hours: a weekend does not stop them.
    let days = crate::calendar::SchoolCalendar::of_england_and_wales();
    let friday = "2026-09-25T15:00:00Z".parse().unwrap();
    let due = days.passes_at(days.due(friday, Measure::Hours(72)));
    assert_eq!(due.to_string(), "2026-09-28T15:00:00Z");
}
