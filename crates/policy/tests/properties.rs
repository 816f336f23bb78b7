//! No text whatever upsets the reader, and what it has read it can write and
//! read again.

use belisha_policy::{Control, Form, Term, catalogue, check_report, difference, parse};
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

const PACKS: [&str; 2] = [
    include_str!("../../../packs/junior.md"),
    include_str!("../../../packs/primary.md"),
];

/// One mark that means something in a policy, to be put into it where it does not belong.
fn mark() -> impl Strategy<Value = &'static str> {
    select(&[
        "\n",
        "\r",
        "\t",
        "\0",
        "#",
        "\n# ",
        "\n## ",
        "\n### X {#x}\n",
        "\n##### ",
        "```",
        "~~~",
        "`",
        "\n```control idle-lock\n",
        "control ",
        "{#",
        "}",
        "\"",
        "'",
        "\"\"\"",
        "[",
        "]",
        "=",
        " = [",
        "0",
        "-1",
        "1e9",
        "\u{feff}",
        "é",
        "\u{202e}",
        "<",
        "<!--",
        "> ",
        "- ",
        "|",
        "\\",
        "&",
        "2026-01-01",
    ])
}

/// What a parameter of this form may take, as an editor writes it.
fn written(form: Form) -> BoxedStrategy<String> {
    let quoted = |word: &str| format!("\"{word}\"");
    let keys =
        |terms: Vec<Term>| -> Vec<&'static str> { terms.iter().map(|term| term.key).collect() };
    match form {
        Form::Number { least, most } => {
            (least..=most).prop_map(|number| number.to_string()).boxed()
        }
        Form::YesNo => any::<bool>().prop_map(|yes| yes.to_string()).boxed(),
        Form::Text => "[A-Za-z“é][A-Za-z .'“é#]{0,30}"
            .prop_map(move |text| quoted(&text))
            .boxed(),
        Form::Slug => "[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,3}"
            .prop_map(move |text| quoted(&text))
            .boxed(),
        Form::OneOf { terms, .. } => select(keys(terms())).prop_map(quoted).boxed(),
        Form::ListOf { terms, .. } => {
            let keys = keys(terms());
            let most = keys.len();
            subsequence(keys, 1..=most)
                .prop_shuffle()
                .prop_map(move |some| {
                    format!(
                        "[{}]",
                        some.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
                    )
                })
                .boxed()
        }
        Form::Count { unit, least, most } => (least..=most)
            .prop_map(move |number| format!("\"{number} {}\"", unit.name()))
            .boxed(),
        Form::Measure { units, .. } => (1_u32..4, select(units))
            .prop_map(move |(number, unit)| match unit.name() {
                word @ ("at once" | "same day") => quoted(word),
                unit => format!("\"{number} {unit}\""),
            })
            .boxed(),
        Form::Period { or_never, .. } => (1_u32..12, any::<bool>())
            .prop_map(move |(number, never)| {
                if never && or_never {
                    quoted("never")
                } else {
                    format!("\"{number} months\"")
                }
            })
            .boxed(),
        Form::Time => (0..24, 0..60)
            .prop_map(|(hour, minute)| format!("\"{hour:02}:{minute:02}\""))
            .boxed(),
    }
}

/// A block that sets every parameter of a control to something it takes.
fn block(control: &'static Control) -> impl Strategy<Value = String> {
    let lines: Vec<_> = control
        .params
        .iter()
        .map(|param| {
            written(param.form()).prop_map(|value| format!("{} = {value}\n", param.name()))
        })
        .collect();
    lines.prop_map(|lines| format!("```control {}\n{}```\n", control.key, lines.concat()))
}

fn policy_of(block: &str) -> String {
    format!("# P\n\n## S {{#s}}\n\n### C {{#c}}\n\nw\n\n{block}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        check_report(&text);
    }

    #[test]
    fn any_text_of_marks_is_read_or_refused(marks in prop::collection::vec(mark(), 0..40)) {
        check_report(&marks.concat());
        check_report(&policy_of(&marks.concat()));
    }

    #[test]
    fn what_is_read_is_written_and_read_again(
        block in select(catalogue()).prop_flat_map(block),
    ) {
        // Some combinations are refused for their sense; the rest must come back the same.
        if let Ok(policy) = parse(&policy_of(&block)) {
            let settings = &policy.controls().next().expect("one control is set").settings;
            let again = parse(&policy_of(&settings.block())).expect("what was written can be read");
            prop_assert_eq!(&again.controls().next().expect("one control is set").settings, settings);
            prop_assert!(settings.sentence().ends_with('.'));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_real_policy_with_slips_is_read_or_refused_at_places_in_it(
        pack in select(&PACKS),
        slips in prop::collection::vec((any::<Index>(), mark(), 0_usize..3), 1..6),
    ) {
        let mut letters: Vec<char> = pack.chars().collect();
        for (at, mark, takes) in slips {
            let at = at.index(letters.len());
            let until = (at + takes).min(letters.len());
            letters.splice(at..until, mark.chars());
        }
        let text: String = letters.into_iter().collect();
        match parse(&text) {
            Err(faults) => {
                let lines = text.replace("\r\n", "\n").replace('\r', "\n");
                let lines: Vec<&str> = lines.split('\n').collect();
                prop_assert!(!faults.is_empty() && faults.is_sorted());
                for fault in faults {
                    let line = lines.get(fault.line - 1);
                    prop_assert!(line.is_some_and(|line| fault.column <= line.chars().count() + 1), "{fault}");
                }
            }
            Ok(policy) => {
                let original = parse(pack).expect("the pack has no faults");
                // A slip in the words or in the values shows, and nothing shows without one.
                let difference = difference(&original, &policy);
                prop_assert!(original != policy || difference.is_empty());
                prop_assert!(belisha_policy::difference(&policy, &policy).is_empty());
            }
        }
    }
}
