//! Machine 3: step by step, each locked until what comes before it is known.

use super::*;

const ORDER: [(&str, &str); 9] = [
    ("image", "picture question answered"),
    ("first-steps", "first steps taken"),
    ("evidence", "evidence noted"),
    ("meeting", "meeting held"),
    ("law", "law weighed"),
    ("investigation", "investigated"),
    ("finding", "finding made"),
    ("removal", "removal dealt with"),
    ("support", "supported"),
];

#[test]
fn each_step_stays_locked_until_its_turn() {
    let mut bench = Bench::of("cyberbullying", PRIMARY);
    let open = |bench: &Bench| -> Vec<&'static str> {
        ORDER
            .iter()
            .map(|(group, _)| *group)
            .filter(|group| bench.opens(group))
            .collect()
    };
    assert_eq!(open(&bench), ["image", "first-steps"]);
    bench.fill("image").fill("first-steps");
    assert_eq!(open(&bench), ["image", "first-steps", "evidence"]);
    bench.fill("evidence");
    assert_eq!(
        open(&bench),
        ["image", "first-steps", "evidence", "meeting"]
    );
    bench.fill("meeting");
    assert_eq!(
        open(&bench),
        [
            "image",
            "first-steps",
            "evidence",
            "meeting",
            "law",
            "investigation"
        ]
    );
    bench.fill("law").fill("investigation");
    assert_eq!(
        open(&bench),
        [
            "image",
            "first-steps",
            "evidence",
            "meeting",
            "law",
            "investigation",
            "finding"
        ]
    );
    bench.fill("finding");
    assert_eq!(open(&bench).len(), 9);
}

#[test]
fn the_state_is_the_last_step_that_is_whole() {
    let mut bench = Bench::of("cyberbullying", PRIMARY);
    for (group, then) in ORDER {
        bench.fill(group);
        if group == "removal" {
            bench.answer("removal", "nothing");
        }
        let expected = if group == "support" {
            State::ToSign
        } else {
            State::At(then)
        };
        assert_eq!(bench.state(), expected, "{group}");
    }
    assert_eq!(bench.sign("answered"), Ok(()));
}

#[test]
fn nothing_is_taken_down_before_the_evidence_is_safe() {
    let mut bench = Bench::of("cyberbullying", PRIMARY);
    for (group, _) in &ORDER[..7] {
        bench.fill(group);
    }
    assert!(bench.opens("removal"));
    // Said to be noted, and nothing is: neither the step nor what follows it is done.
    bench.evidence_noted = false;
    assert!(!bench.opens("removal"));
    assert!(bench.lacks().contains(&"evidence"));
    bench.evidence_noted = true;
    bench.answers.remove("noted");
    assert!(!bench.opens("removal"), "without a word on the evidence");
    // Where nothing could be kept, there is nothing that is lost, and nothing to remove.
    bench.answer("noted", "none");
    bench.evidence_noted = false;
    assert!(bench.opens("removal"));
    for (answer, expected) in [("nothing", true), ("removed", false), ("refused", false)] {
        bench.answer("removal", answer).fill("removal");
        assert_eq!(!bench.lacks().contains(&"removal"), expected, "{answer}");
    }
    // An indecent picture is never kept: safe means the police know and the device is aside.
    for indecent in ["yes", "unknown"] {
        for (police, device, custody, expected) in [
            ("no", "no", true, false),
            ("yes", "no", true, false),
            ("no", "yes", true, false),
            ("yes", "yes", false, false),
            ("yes", "yes", true, true),
        ] {
            let mut bench = Bench::of("cyberbullying", PRIMARY);
            bench.device_set_aside = custody;
            bench.answer("indecent", indecent);
            for (group, _) in &ORDER[..7] {
                bench.fill(group);
            }
            bench
                .answer("police-know", police)
                .answer("device-aside", device);
            assert!(
                !bench.answers.contains_key("noted"),
                "no evidence is noted of it"
            );
            assert_eq!(
                bench.opens("removal"),
                expected,
                "{indecent} {police} {device} {custody}"
            );
        }
    }
}

#[test]
fn the_decision_on_the_police_is_made_each_time_with_its_reason() {
    let mut bench = Bench::of("cyberbullying", PRIMARY);
    let group = bench.guide.group("law").unwrap();
    for flag in [
        "none",
        "threatening",
        "abusive",
        "sexist",
        "sexual",
        "hate-crime",
        "libellous",
        "harassment",
        "stalking",
    ] {
        bench.answers.remove("police");
        bench.answer("flags", flag);
        assert!(!group.is_answered(&bench.known()), "{flag}");
        bench.answer("police", "no");
        assert!(group.is_answered(&bench.known()), "{flag}");
        assert!(bench.referrals().is_empty());
        bench.answers.insert(
            "police".into(),
            Answer {
                value: "no".into(),
                reason: String::new(),
            },
        );
        assert!(
            !group.is_answered(&bench.known()),
            "{flag} without a reason"
        );
        bench.answer("police", "yes");
        assert_eq!(bench.referrals(), [("police", vec!["police"])]);
    }
}

#[test]
fn whether_the_sender_was_blocked_and_reported_is_written_down() {
    let mut bench = Bench::of("cyberbullying", PRIMARY);
    let group = bench.guide.group("first-steps").unwrap();
    for question in ["not-answered", "blocked", "site-told"] {
        assert!(!group.is_answered(&bench.known()), "{question}");
        bench.answer(question, "no");
    }
    assert!(group.is_answered(&bench.known()));
    for question in ["not-answered", "blocked", "site-told"] {
        assert!(
            bench.guide.question(question).unwrap().needs_reason("no"),
            "{question}"
        );
    }
}

#[test]
fn the_finding_decides_what_follows() {
    let check = |finding: &str, asked: &[&str]| {
        let mut bench = Bench::of("cyberbullying", PRIMARY);
        bench.answer("finding", finding);
        let known = bench.known();
        let group = bench.guide.group("finding").unwrap();
        let follows: Vec<&str> = group.asked(&known).map(|one| one.key).skip(1).collect();
        assert_eq!(follows, asked, "{finding}");
    };
    check("not-proved", &[]);
    check("school", &["seriousness", "route"]);
    check("outside", &["outside"]);
    check("nobody", &["outside"]);
}

#[test]
fn a_refusal_steps_the_sanctions_up_and_waiting_does_not_end_it() {
    let mut bench = Bench::of("cyberbullying", PRIMARY);
    bench.fill_all().answer("removal", "waiting");
    assert_eq!(bench.lacks(), ["removal"]);
    assert_eq!(bench.keys(), ["removal"]);
    bench.answer("removal", "refused");
    bench.answers.remove("sanctions");
    assert_eq!(bench.lacks(), ["removal"]);
    bench.answer("sanctions", "Loses the tablet for a month.");
    assert!(bench.lacks().is_empty());
    for done in ["removed", "nothing"] {
        bench.answer("removal", done);
        assert!(bench.lacks().is_empty(), "{done}");
    }
}
