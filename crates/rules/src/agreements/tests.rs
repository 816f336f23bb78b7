use jiff::civil::date;

use super::*;
use crate::testing::policy_with;

fn clauses(marks: &[(&str, &str)]) -> Clauses {
    marks
        .iter()
        .map(|(id, mark)| ((*id).to_owned(), (*mark).to_owned()))
        .collect()
}

fn staff_agreement() -> Agreement {
    Agreement {
        of: "staff".to_owned(),
        title: "Staff agreement".to_owned(),
        signed_by: vec![Standing::Staff, Standing::Governor],
        gate: Gate::Account,
        within: Measure::Weeks(2),
        again: Some(Period::Months(12)),
        asks: vec![Asks::FullName, Asks::Post, Asks::Date],
        clauses: clauses(&[("phones", "a"), ("pictures", "b")]),
        in_force_on: date(2025, 9, 1),
    }
}

fn teacher() -> Signer {
    Signer {
        standings: [Standing::Staff].into(),
        starts_on: date(2025, 9, 8),
        ends_on: None,
    }
}

fn signed(on: Date, marks: &[(&str, &str)]) -> Signature {
    Signature {
        signed_on: on,
        clauses: clauses(marks),
    }
}

const BOTH: &[(&str, &str)] = &[("phones", "a"), ("pictures", "b")];

fn check(
    agreement: &Agreement,
    signer: &Signer,
    signatures: &[Signature],
    today: Date,
    expected: Signing,
) {
    let calendar = SchoolCalendar::of_england_and_wales();
    assert_eq!(
        standing(agreement, signer, signatures, today, &calendar),
        expected,
        "on {today}"
    );
}

#[test]
fn a_signature_is_owed_from_the_start_and_holds_for_its_period() {
    let agreement = staff_agreement();
    let never = |overdue| Signing::Due {
        on: date(2025, 9, 22),
        overdue,
        why: DueBecause::NeverSigned,
    };
    check(&agreement, &teacher(), &[], date(2025, 9, 1), never(false));
    check(&agreement, &teacher(), &[], date(2025, 9, 22), never(false));
    check(&agreement, &teacher(), &[], date(2025, 9, 23), never(true));

    let once = [signed(date(2025, 9, 10), BOTH)];
    let holds = Signing::Signed {
        on: date(2025, 9, 10),
        until: Some(date(2026, 9, 10)),
    };
    check(
        &agreement,
        &teacher(),
        &once,
        date(2025, 9, 10),
        holds.clone(),
    );
    check(&agreement, &teacher(), &once, date(2026, 9, 10), holds);
    check(
        &agreement,
        &teacher(),
        &once,
        date(2026, 9, 11),
        Signing::Due {
            on: date(2026, 9, 24),
            overdue: false,
            why: DueBecause::RunOut {
                on: date(2026, 9, 10),
            },
        },
    );
    let for_ever = Agreement {
        again: None,
        ..agreement
    };
    check(
        &for_ever,
        &teacher(),
        &once,
        date(2040, 1, 1),
        Signing::Signed {
            on: date(2025, 9, 10),
            until: None,
        },
    );
}

#[test]
fn whoever_was_there_before_the_agreement_owes_it_from_its_first_day() {
    let old_hand = Signer {
        starts_on: date(2010, 9, 1),
        ..teacher()
    };
    check(
        &staff_agreement(),
        &old_hand,
        &[],
        date(2025, 9, 2),
        Signing::Due {
            on: date(2025, 9, 15),
            overdue: false,
            why: DueBecause::NeverSigned,
        },
    );
}

#[test]
fn signing_anew_has_two_weeks_even_where_newcomers_sign_at_once() {
    let at_once = Agreement {
        within: Measure::AtOnce,
        ..staff_agreement()
    };
    check(
        &at_once,
        &teacher(),
        &[],
        date(2025, 9, 9),
        Signing::Due {
            on: date(2025, 9, 8),
            overdue: true,
            why: DueBecause::NeverSigned,
        },
    );
    check(
        &at_once,
        &teacher(),
        &[signed(date(2025, 9, 8), BOTH)],
        date(2026, 9, 22),
        Signing::Due {
            on: date(2026, 9, 22),
            overdue: false,
            why: DueBecause::RunOut {
                on: date(2026, 9, 8),
            },
        },
    );
    let patient = Agreement {
        within: Measure::Months(1),
        ..staff_agreement()
    };
    check(
        &patient,
        &teacher(),
        &[signed(date(2025, 9, 8), BOTH)],
        date(2026, 9, 22),
        Signing::Due {
            on: date(2026, 10, 8),
            overdue: false,
            why: DueBecause::RunOut {
                on: date(2026, 9, 8),
            },
        },
    );
}

#[test]
fn only_the_standings_named_sign_and_only_while_they_are_there() {
    let parent = Signer {
        standings: [Standing::Parent].into(),
        ..teacher()
    };
    check(
        &staff_agreement(),
        &parent,
        &[],
        date(2025, 10, 1),
        Signing::NotRequired,
    );
    let governor_too = Signer {
        standings: [Standing::Parent, Standing::Governor].into(),
        ..teacher()
    };
    check(
        &staff_agreement(),
        &governor_too,
        &[],
        date(2025, 10, 1),
        Signing::Due {
            on: date(2025, 9, 22),
            overdue: true,
            why: DueBecause::NeverSigned,
        },
    );
    let leaver = Signer {
        ends_on: Some(date(2025, 12, 19)),
        ..teacher()
    };
    check(
        &staff_agreement(),
        &leaver,
        &[],
        date(2025, 12, 19),
        Signing::Due {
            on: date(2025, 9, 22),
            overdue: true,
            why: DueBecause::NeverSigned,
        },
    );
    check(
        &staff_agreement(),
        &leaver,
        &[],
        date(2025, 12, 20),
        Signing::NotRequired,
    );
}

#[test]
fn a_new_version_asks_only_for_what_changed() {
    let next = Agreement {
        clauses: clauses(&[("phones", "a2"), ("pictures", "b")]),
        in_force_on: date(2026, 1, 12),
        ..staff_agreement()
    };
    let first = signed(date(2025, 9, 10), BOTH);
    let owed = Signing::Due {
        on: date(2026, 1, 26),
        overdue: false,
        why: DueBecause::Changed {
            clauses: vec!["phones".to_owned()],
        },
    };
    check(
        &next,
        &teacher(),
        std::slice::from_ref(&first),
        date(2026, 1, 12),
        owed,
    );
    // The rest of the first signature still counts, and runs out first.
    let both = [
        first.clone(),
        signed(date(2026, 1, 13), &[("phones", "a2")]),
    ];
    check(
        &next,
        &teacher(),
        &both,
        date(2026, 1, 14),
        Signing::Signed {
            on: date(2025, 9, 10),
            until: Some(date(2026, 9, 10)),
        },
    );
    // A clause that went away asks nobody.
    let shorter = Agreement {
        clauses: clauses(&[("pictures", "b")]),
        ..next
    };
    check(
        &shorter,
        &teacher(),
        &[first],
        date(2026, 1, 14),
        Signing::Signed {
            on: date(2025, 9, 10),
            until: Some(date(2026, 9, 10)),
        },
    );
}

#[test]
fn a_gate_holds_newcomers_at_once_and_others_when_they_are_late() {
    let check = |gate, why: DueBecause, overdue, expected| {
        let agreement = Agreement {
            gate,
            ..staff_agreement()
        };
        let signing = Signing::Due {
            on: date(2025, 9, 22),
            overdue,
            why,
        };
        assert_eq!(shut(&agreement, &signing), expected, "{gate:?} {signing:?}");
    };
    let never = || DueBecause::NeverSigned;
    let changed = || DueBecause::Changed {
        clauses: vec!["phones".to_owned()],
    };
    let run_out = || DueBecause::RunOut {
        on: date(2025, 9, 8),
    };
    check(Gate::Account, never(), false, Some(Shut::Account));
    check(
        Gate::ContactWithPupils,
        never(),
        false,
        Some(Shut::ContactWithPupils),
    );
    check(Gate::None, never(), true, None);
    check(Gate::Account, changed(), false, None);
    check(Gate::Account, changed(), true, Some(Shut::Account));
    check(Gate::ContactWithPupils, run_out(), false, None);
    check(
        Gate::ContactWithPupils,
        run_out(),
        true,
        Some(Shut::ContactWithPupils),
    );
    assert_eq!(shut(&staff_agreement(), &Signing::NotRequired), None);
    let signed = Signing::Signed {
        on: date(2025, 9, 8),
        until: None,
    };
    assert_eq!(shut(&staff_agreement(), &signed), None);
}

#[test]
fn a_signature_gives_what_is_asked() {
    let today = date(2025, 9, 10);
    let good = || Given {
        full_name: "Ada Byron".to_owned(),
        post: "class teacher".to_owned(),
        date: Some(today),
        shown: clauses(BOTH),
        policy_opened: true,
    };
    let owed = Signing::Due {
        on: today,
        overdue: false,
        why: DueBecause::NeverSigned,
    };
    let check = |given: Given, expected| {
        assert_eq!(sign(&staff_agreement(), &owed, &given, today), expected);
    };
    check(good(), Ok(()));
    check(
        Given {
            full_name: " Ada ".to_owned(),
            ..good()
        },
        Err(SignRefused::FullNameMissing),
    );
    check(
        Given {
            post: String::new(),
            ..good()
        },
        Err(SignRefused::PostMissing),
    );
    check(
        Given {
            date: Some(date(2025, 9, 9)),
            ..good()
        },
        Err(SignRefused::DateIsNotToday),
    );
    check(
        Given {
            policy_opened: false,
            ..good()
        },
        Err(SignRefused::PolicyNotOpened),
    );
    check(
        Given {
            shown: clauses(&[("phones", "old")]),
            ..good()
        },
        Err(SignRefused::WordsHaveChanged),
    );
    let fewer = Agreement {
        asks: vec![Asks::FullName],
        ..staff_agreement()
    };
    let given = Given {
        post: String::new(),
        date: None,
        ..good()
    };
    assert_eq!(sign(&fewer, &owed, &given, today), Ok(()));
    assert_eq!(
        sign(&staff_agreement(), &Signing::NotRequired, &good(), today),
        Err(SignRefused::NotAsked)
    );
}

#[test]
fn agreements_are_read_from_the_policy_with_the_words_of_their_clauses() {
    let read = |words: &str| {
        let policy = policy_with(&format!(
            "```control agreement\nof = \"staff\"\ntitle = \"Staff agreement\"\n\
             signed_by = [\"staff\"]\ngate = \"account\"\nagain = \"12 months\"\n```\n\n\
             #### Phones {{#phones}}\n\n{words}\n\n#### Pictures {{#pictures}}\n\nNone at all.\n"
        ));
        Agreement::all(&policy, date(2025, 9, 1)).remove(0)
    };
    let agreement = read("Put away.");
    assert_eq!(agreement.gate, Gate::Account);
    assert_eq!(agreement.again, Some(Period::Months(12)));
    let ids: Vec<&str> = agreement.clauses.keys().map(String::as_str).collect();
    assert_eq!(ids, ["clause", "phones", "pictures"]);

    let signature = Signature {
        signed_on: date(2025, 9, 10),
        clauses: agreement.clauses.clone(),
    };
    let next = read("Put away and switched off.");
    let calendar = SchoolCalendar::of_england_and_wales();
    let standing = standing(
        &next,
        &teacher(),
        &[signature],
        date(2025, 9, 11),
        &calendar,
    );
    assert!(
        matches!(standing, Signing::Due { why: DueBecause::Changed { clauses }, .. } if clauses == ["phones"])
    );
}

#[test]
fn a_paper_counts_if_it_bears_the_words_in_force() {
    let agreement = staff_agreement();
    let today = date(2025, 10, 1);
    let due = Signing::Due {
        on: date(2025, 9, 22),
        overdue: true,
        why: DueBecause::NeverSigned,
    };
    let signed = Signing::Signed {
        on: today,
        until: None,
    };
    let check = |signing: &Signing, on, expected| {
        assert_eq!(record_paper(&agreement, signing, on, today), expected);
    };
    check(&due, date(2025, 9, 1), Ok(()));
    check(&due, today, Ok(()));
    check(&due, date(2025, 10, 2), Err(PaperRefused::NotYet));
    check(&due, date(2025, 8, 31), Err(PaperRefused::OtherWords));
    check(&signed, today, Err(PaperRefused::SignedAlready));
    check(&Signing::NotRequired, today, Err(PaperRefused::NotAsked));
}
