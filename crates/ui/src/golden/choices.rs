//! Radios and checkboxes.

use super::check;
use crate::{Checkboxes, Choice, Html, Radios};

/// The further question of the fixtures about how to make contact.
fn contact(label: &str, id: &str) -> Option<Html> {
    let input = format!(
        r#"<input class="govuk-input govuk-!-width-one-third" name="{id}" type="text" id="{id}">"#
    );
    Some(Html::trusted(format!(
        r#"<label class="govuk-label" for="{id}">{label}</label>{input}"#
    )))
}

fn ways_of_contact(email_label: &str) -> Vec<Choice> {
    let choice = |value: &str, text: &str, reveals| Choice {
        reveals,
        ..Choice::new(value, text)
    };
    vec![
        choice("email", "Email", contact(email_label, "context-email")),
        choice("phone", "Phone", contact("Phone number", "contact-phone")),
        choice(
            "text",
            "Text message",
            contact("Mobile phone number", "contact-text-message"),
        ),
    ]
}

#[test]
fn one_choice() {
    let yes_no = || vec![Choice::new("yes", "Yes"), Choice::new("no", "No")];
    let changed = |name| Radios::new(name, "Have you changed your name?", yes_no());
    let includes =
        Some("This includes changing your last name or spelling your name differently.".to_owned());
    check(
        "radios",
        "with hint",
        &Radios {
            hint: includes.clone(),
            ..changed("example-with-hint")
        },
    );
    check(
        "radios",
        "inline",
        &Radios {
            hint: includes,
            inline: true,
            chosen: Some("no".into()),
            ..changed("example")
        },
    );
    check(
        "radios",
        "with fieldset and error message",
        &Radios {
            error: Some("Please select an option".into()),
            chosen: Some("no".into()),
            ..changed("example")
        },
    );
    let ways = vec![
        Choice::new("government-gateway", "Use Government Gateway"),
        Choice::new("govuk-verify", "Use GOV.UK Verify"),
        Choice {
            divider: Some("or".into()),
            ..Choice::new("create-account", "Create an account")
        },
    ];
    check(
        "radios",
        "with a divider",
        &Radios {
            id: "example-divider".into(),
            ..Radios::new("example", "How do you want to sign in?", ways)
        },
    );
    check(
        "radios",
        "with conditional item checked",
        &Radios {
            chosen: Some("email".into()),
            ..Radios::new(
                "how-contacted-checked",
                "How do you want to be contacted?",
                ways_of_contact("Email"),
            )
        },
    );
}

#[test]
fn several_choices() {
    let nationalities = vec![
        Choice::new("british", "British"),
        Choice::new("irish", "Irish"),
        Choice::new("other", "Citizen of another country"),
    ];
    check(
        "checkboxes",
        "with hint",
        &Checkboxes {
            hint: Some("Select all that apply".into()),
            ..Checkboxes::new("nationality", "What is your nationality?", nationalities)
        },
    );
    let waste = |hint: Option<&str>| -> Vec<Choice> {
        let choice = |value: &str, text: &str| Choice {
            hint: hint.map(str::to_owned),
            ..Choice::new(value, text)
        };
        vec![
            choice("animal", "Waste from animal carcasses"),
            choice("mines", "Waste from mines or quarries"),
            choice("farm", "Farm or agricultural waste"),
        ]
    };
    let question = "Which types of waste do you transport regularly?";
    check(
        "checkboxes",
        "with error message",
        &Checkboxes {
            error: Some("Please select an option".into()),
            ..Checkboxes::new(
                "waste",
                question,
                waste(Some(
                    "Nullam id dolor id nibh ultricies vehicula ut id elit.",
                )),
            )
        },
    );
    let none = Choice {
        divider: Some("or".into()),
        exclusive: true,
        ..Choice::new("none", "None of these")
    };
    let with_none = [waste(None), vec![none]].concat();
    check(
        "checkboxes",
        "with divider and None",
        &Checkboxes::new("with-divider-and-none", question, with_none),
    );
    check(
        "checkboxes",
        "with pre-checked values",
        &Checkboxes {
            chosen: vec!["email".into(), "text".into()],
            ..Checkboxes::new(
                "how-contacted-checked",
                "How do you want to be contacted?",
                ways_of_contact("Email address"),
            )
        },
    );
}
