//! Buttons and fields that are filled in.

use super::check;
use crate::{
    Button, ButtonStyle, DateInput, DatePart, FileUpload, InputWidth, Label, PasswordInput, Select,
    SelectOption, TextInput, TextLimit, Textarea,
};

#[test]
fn buttons() {
    let plain = |text: &str| Button {
        once: false,
        ..Button::submit(text)
    };
    check("button", "default", &plain("Save and continue"));
    check(
        "button",
        "secondary",
        &Button {
            name: Some("secondary".into()),
            style: ButtonStyle::Secondary,
            ..plain("Secondary button")
        },
    );
    check(
        "button",
        "warning",
        &Button {
            name: Some("Warning".into()),
            style: ButtonStyle::Warning,
            ..plain("Warning button")
        },
    );
    check("button", "link", &Button::link("Link button", "/"));
    check(
        "button",
        "name",
        &Button {
            name: Some("start-now".into()),
            ..plain("Submit")
        },
    );
    check(
        "button",
        "value",
        &Button {
            value: Some("start".into()),
            ..plain("Submit")
        },
    );
    check("button", "prevent double click", &Button::submit("Submit"));
}

const NATIONAL_INSURANCE: &str = "It’s on your National Insurance card, benefit letter, payslip or P60. For example, ‘QQ 12 34 56 C’.";

/// A text box with an id of its own that leaves the spelling alone, as the fixtures do.
fn text_input(id: &str, name: &str, label: impl Into<Label>) -> TextInput {
    TextInput {
        id: id.into(),
        spellcheck: None,
        ..TextInput::new(name, label)
    }
}

#[test]
fn text_inputs() {
    check(
        "input",
        "default",
        &text_input("test-name", "test-name", "National Insurance number"),
    );
    let hinted = TextInput {
        hint: Some(NATIONAL_INSURANCE.into()),
        ..text_input(
            "input-with-hint-text",
            "test-name-2",
            "National insurance number",
        )
    };
    check("input", "with hint text", &hinted);
    check(
        "input",
        "with error and hint",
        &TextInput {
            id: "with-error-hint".into(),
            name: "with-error-hint".into(),
            error: Some("Enter a National Insurance number in the correct format".into()),
            ..hinted.clone()
        },
    );
    check(
        "input",
        "with width-4 class",
        &TextInput {
            id: "input-width-4".into(),
            name: "test-width-4".into(),
            width: Some(InputWidth::Four),
            ..hinted
        },
    );
    check(
        "input",
        "with label as page heading",
        &text_input(
            "input-with-page-heading",
            "test-name",
            Label::page_heading("National Insurance number"),
        ),
    );
    check(
        "input",
        "with prefix",
        &TextInput {
            prefix: Some("£".into()),
            ..text_input("input-with-prefix", "amount", "Amount, in pounds")
        },
    );
    check(
        "input",
        "with suffix",
        &TextInput {
            suffix: Some("kg".into()),
            ..text_input("input-with-suffix", "weight", "Weight, in kilograms")
        },
    );
    check(
        "input",
        "with autocomplete attribute",
        &TextInput {
            autocomplete: Some("postal-code".into()),
            ..text_input("input-with-autocomplete-attribute", "postcode", "Postcode")
        },
    );
    check(
        "input",
        "value",
        &TextInput {
            value: "QQ 12 34 56 C".into(),
            ..text_input("with-value", "with-value", "With value")
        },
    );
}

#[test]
fn other_fields() {
    check(
        "textarea",
        "default",
        &Textarea::new("more-detail", "Can you provide more detail?"),
    );
    check(
        "textarea",
        "with hint and error message",
        &Textarea {
            hint: Some("Hint".into()),
            error: Some("Error message".into()),
            ..Textarea::new("with-hint-error", "With hint and error")
        },
    );
    let address = Textarea {
        id: "full-address".into(),
        ..Textarea::new("address", "Full address")
    };
    check(
        "textarea",
        "with custom rows",
        &Textarea {
            rows: 8,
            ..address.clone()
        },
    );
    check(
        "textarea",
        "with default value",
        &Textarea {
            value: "221B Baker Street\nLondon\nNW1 6XE\n".into(),
            ..address
        },
    );
    let counted = |name, label: &str, limit| Textarea {
        limit: Some(limit),
        ..Textarea::new(name, label)
    };
    let ten = TextLimit::Characters(10);
    check(
        "character-count",
        "default",
        &counted("more-detail", "Can you provide more detail?", ten),
    );
    check(
        "character-count",
        "with maxwords",
        &counted("maxwords", "Full address", TextLimit::Words(10)),
    );
    let personal = "Don't include personal or financial information, eg your National Insurance number or credit card details.";
    check(
        "character-count",
        "with hint and error",
        &Textarea {
            hint: Some(personal.into()),
            error: Some("Please provide more detail".into()),
            ..counted("with-error", "Can you provide more detail?", ten)
        },
    );
    check(
        "password-input",
        "default",
        &PasswordInput::current("password", "Password"),
    );
    check(
        "password-input",
        "with new-password autocomplete",
        &PasswordInput {
            id: "password-input-new-password".into(),
            ..PasswordInput::chosen("password", "Password")
        },
    );
    check(
        "password-input",
        "with error message",
        &PasswordInput {
            id: "password-input-with-error-message".into(),
            hint: Some(
                "It probably has some letters, numbers and maybe even some symbols in it.".into(),
            ),
            error: Some("Error message goes here".into()),
            ..PasswordInput::current("test-name-3", "Password")
        },
    );
    let option = |number: u8| {
        SelectOption::new(
            number.to_string(),
            format!("GOV.UK frontend option {number}"),
        )
    };
    check(
        "select",
        "with hint text and error message",
        &Select {
            hint: Some("Hint text goes here".into()),
            error: Some("Error message goes here".into()),
            ..Select::new(
                "select-2",
                "Label text goes here",
                vec![option(1), option(2), option(3)],
            )
        },
    );
    let upload = |name: &str| FileUpload {
        accept: None,
        hint: None,
        ..FileUpload::new(name, "Upload a file", "", "")
    };
    check(
        "file-upload",
        "allows multiple files",
        &FileUpload {
            multiple: true,
            ..upload("file-upload-1")
        },
    );
    let pictures = "Your photo may be in your Pictures, Photos, Downloads or Desktop folder. Or in an app like iPhoto.";
    check(
        "file-upload",
        "with error message and hint",
        &FileUpload {
            hint: Some(pictures.into()),
            error: Some("Error message goes here".into()),
            ..upload("file-upload-3")
        },
    );
}

#[test]
fn dates() {
    let birth = |id: &str| DateInput {
        name_prefix: None,
        hint: Some("For example, 31 3 1980".into()),
        ..DateInput::new(id, "What is your date of birth?")
    };
    check("date-input", "default", &birth("dob"));
    check(
        "date-input",
        "with values",
        &DateInput {
            day: "31".into(),
            month: "3".into(),
            year: "1980".into(),
            ..birth("with-values")
        },
    );
    let wrong = |id, wrong| DateInput {
        error: Some("Error message goes here".into()),
        wrong,
        ..birth(id)
    };
    check(
        "date-input",
        "with error message and hint",
        &wrong("dob-errors", vec![]),
    );
    check(
        "date-input",
        "with error on month input",
        &wrong("dob-month-error", vec![DatePart::Month]),
    );
}
