//! Messages, blocks of text, lists and tables.

use super::{check, fixture, normal};
use crate::{
    Column, Details, ErrorMessage, ErrorSummary, FieldError, Fieldset, Html, InsetText, Label,
    NotificationBanner, Panel, RowAction, SummaryList, SummaryRow, Table, Tag, TagColour, Task,
    TaskList, TaskStatus, WarningText,
};

#[test]
fn messages() {
    check(
        "error-message",
        "default",
        &ErrorMessage::new("Error message about full name goes here"),
    );
    check(
        "error-message",
        "id",
        &ErrorMessage {
            id: Some("my-error-message-id".into()),
            ..ErrorMessage::new("This is an error message")
        },
    );
    check(
        "error-summary",
        "default",
        &ErrorSummary::new(vec![
            FieldError::new(
                "example-error-1",
                "The date your passport was issued must be in the past",
            ),
            FieldError::new("example-error-2", "Enter a postcode, like AA1 1AA"),
        ]),
    );
    check(
        "notification-banner",
        "default",
        &NotificationBanner::important("This publication was withdrawn on 7 March 2014."),
    );
    check(
        "notification-banner",
        "with type as success",
        &NotificationBanner::success("Email sent to example@email.com"),
    );
    check(
        "warning-text",
        "default",
        &WarningText::new("You can be fined up to £5,000 if you don’t register."),
    );
    check(
        "panel",
        "title with no body text",
        &Panel::new("Application complete"),
    );
    check(
        "panel",
        "default",
        &Panel::with_reference("Application complete", "Your reference number", "HDJ2123F"),
    );
    for (name, colour, text) in [
        ("default", TagColour::Plain, "Alpha"),
        ("grey", TagColour::Grey, "Grey"),
        ("red", TagColour::Red, "Red"),
        ("green", TagColour::Green, "Green"),
    ] {
        check(
            "tag",
            name,
            &Tag {
                colour,
                ..Tag::new(text)
            },
        );
    }
}

#[test]
fn text_blocks() {
    let power = "It can take up to 8 weeks to register a lasting power of attorney if there are no mistakes in the application.";
    check("inset-text", "default", &InsetText::new(power));
    let elections = "We need to know your nationality so we can work out which elections you’re entitled to vote in. \
        If you can’t provide your nationality, you’ll have to send copies of identity documents through the post.";
    check(
        "details",
        "default",
        &Details::new("Help with nationality", elections),
    );
    check(
        "fieldset",
        "default",
        &Fieldset::new("What is your address?", Html::default()),
    );
    check(
        "fieldset",
        "as page heading l",
        &Fieldset::new(
            Label::page_heading("What is your address?"),
            Html::default(),
        ),
    );
    check(
        "fieldset",
        "with describedBy",
        &Fieldset {
            described_by: "test-target-element".into(),
            ..Fieldset::new("Which option?", Html::default())
        },
    );
}

#[test]
fn lists_and_tables() {
    let address = Html::trusted(
        r#"<p class="govuk-body">email@email.com</p><p class="govuk-body">Address line 1<br>Address line 2<br>
        Address line 3<br>Address line 4<br>Address line 5</p>"#,
    );
    let action = |text: &str, of_what: &str| RowAction {
        text: text.into(),
        ..RowAction::change(of_what, "#")
    };
    let rows = vec![
        SummaryRow::new("Name", "Firstname Lastname"),
        SummaryRow::new("Date of birth", "13/08/1980"),
        SummaryRow::new("Contact information", address),
    ];
    check("summary-list", "default", &SummaryList::new(rows.clone()));
    let actions = [
        vec![action("Edit", "name"), action("Delete", "name")],
        vec![action("Change", "date of birth")],
        vec![
            action("Edit", "contact information"),
            action("Change", "contact information"),
        ],
    ];
    let with_actions = rows
        .into_iter()
        .zip(actions)
        .map(|(row, actions)| SummaryRow { actions, ..row });
    check(
        "summary-list",
        "with actions",
        &SummaryList::new(with_actions.collect()),
    );

    let columns = vec![
        Column::new("Month you apply"),
        Column::numeric("Rate for bicycles"),
        Column::numeric("Rate for vehicles"),
    ];
    let row = |cells: [&str; 3]| cells.map(Html::from).to_vec();
    let months = vec![
        row(["January", "£85", "£95"]),
        row(["February", "£75", "£55"]),
        row(["March", "£165", "£125"]),
    ];
    check(
        "table",
        "with head and caption",
        &Table::new("Caption 1: Months and rates", columns, months),
    );

    let tasks = TaskList::new(
        "task-list",
        vec![
            Task::new("Company Directors", "#", TaskStatus::Completed),
            Task::new("Registered company details", "#", TaskStatus::Incomplete),
            Task::new("Business plan", "#", TaskStatus::Incomplete),
        ],
    );
    let expected = fixture("task-list", "default").replace(" govuk-tag--blue", "");
    assert_eq!(normal(&tasks.to_string()), normal(&expected));
}
