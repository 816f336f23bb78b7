//! Whole pages, so that the frame and the parts are seen together: an overview, a form that needs
//! correcting, and a page for families.

use askama::Template;

use super::GalleryPage;
use crate::{
    BackLink, BigNumber, Button, Column, DateInput, DatePart, EmptyState, ErrorSummary,
    EvidenceMark, ExitThisPage, FieldError, FooterLink, Frame, HideScreen, Html, Label, Leaving,
    NavigationItem, Notices, NotificationBanner, SignedIn, Status, StatusTag, Table, Task,
    TaskList, TaskStatus, Textarea, WarningText,
};

pub(super) fn pages() -> Vec<GalleryPage> {
    let page = |slug, title, html| GalleryPage { slug, title, html };
    vec![
        page(
            "page-overview",
            "An overview for staff",
            overview().to_string(),
        ),
        page(
            "page-form",
            "A form that needs correcting",
            form().to_string(),
        ),
        page("page-family", "A page for families", family().to_string()),
    ]
}

#[derive(Template)]
#[template(path = "gallery/overview.html")]
struct OverviewPage {
    frame: Frame,
    report: Button,
    numbers: Vec<BigNumber>,
    tasks: TaskList,
    promises: Table,
    queue: EmptyState,
}

#[derive(Template)]
#[template(path = "gallery/form.html")]
struct FormPage {
    frame: Frame,
    back: BackLink,
    summary: ErrorSummary,
    what_happened: Textarea,
    seen_on: DateInput,
    send: Button,
    discard: Button,
}

#[derive(Template)]
#[template(path = "gallery/family.html")]
struct FamilyPage {
    frame: Frame,
    warning: WarningText,
    sign: Button,
}

fn overview() -> OverviewPage {
    let to_act_on = BigNumber {
        needs_action: true,
        href: Some("#queue".into()),
        ..BigNumber::new(2, "waiting for you")
    };
    let promise = |clause: &str, status: Status, detail: Option<&str>, evidence: &EvidenceMark| {
        let tag = StatusTag {
            detail: detail.map(str::to_owned),
            ..StatusTag::new(status)
        };
        vec![
            Html::link(clause, "#queue"),
            Html::of(&tag),
            Html::of(evidence),
        ]
    };
    let measured = EvidenceMark::measured();
    OverviewPage {
        frame: staff_frame(),
        report: Button::link("Report a concern", "#queue"),
        numbers: vec![
            to_act_on,
            BigNumber::new(23, "have signed"),
            BigNumber::new(0, "overdue"),
        ],
        tasks: TaskList::new(
            "owed",
            vec![
                Task {
                    hint: Some("Three clauses changed since you signed".into()),
                    ..Task::new(
                        "Confirm the new version of the policy",
                        "#queue",
                        TaskStatus::Incomplete,
                    )
                },
                Task::new(
                    "Finish your report of 16 June",
                    "#queue",
                    TaskStatus::InProgress,
                ),
                Task::new("Sign the staff agreement", "#queue", TaskStatus::Completed),
            ],
        ),
        promises: Table {
            caption_hidden: true,
            ..Table::new(
                "What the policy promises",
                vec![
                    Column::new("Clause"),
                    Column::new("Status"),
                    Column::new("Evidence"),
                ],
                vec![
                    promise("Leaving a computer", Status::Enforced, None, &measured),
                    promise(
                        "Signing the agreement",
                        Status::NotMet,
                        Some("7 people"),
                        &measured,
                    ),
                    promise(
                        "Checking the filter",
                        Status::DueSoon,
                        Some("by 30 June"),
                        &measured,
                    ),
                    promise(
                        "Phones put away",
                        Status::Attested,
                        None,
                        &EvidenceMark::attested("Ann Lee", "3 June 2026"),
                    ),
                ],
            )
        },
        queue: EmptyState::new(
            "Nothing is new",
            "Reports by others will be listed here as they come in.",
        ),
    }
}

fn form() -> FormPage {
    let too_short = "Say what happened, in a sentence or two";
    let no_month = "The month must be a number from 1 to 12";
    FormPage {
        frame: Frame {
            has_errors: true,
            banner: None,
            ..staff_frame()
        },
        back: BackLink::to("#main"),
        summary: ErrorSummary::new(vec![
            FieldError::new("what-happened", too_short),
            FieldError::new("seen-on-month", no_month),
        ]),
        what_happened: Textarea {
            hint: Some("What was seen and heard, in the words that were used".into()),
            error: Some(too_short.into()),
            ..Textarea::new("what-happened", "What happened?")
        },
        seen_on: DateInput {
            hint: Some("For example, 27 3 2026".into()),
            day: "16".into(),
            month: "13".into(),
            year: "2026".into(),
            error: Some(no_month.into()),
            wrong: vec![DatePart::Month],
            ..DateInput::new("seen-on", Label::from("When was it seen?"))
        },
        send: Button::submit("Send your report"),
        discard: Button::like_link("Discard this report"),
    }
}

fn family() -> FamilyPage {
    FamilyPage {
        frame: Frame {
            place: Some("Any School".into()),
            leaving: Leaving::ExitThisPage(ExitThisPage::new("#main")),
            ..Frame::new("Belisha")
        },
        warning: WarningText::new(
            "Leaving this page does not remove it from the browser's history.",
        ),
        sign: Button::link("Read and sign together", "#main"),
    }
}

fn staff_frame() -> Frame {
    let link = |text: &str| FooterLink {
        text: text.into(),
        href: "#main".into(),
    };
    Frame {
        place: Some("Any School".into()),
        person: Some(SignedIn {
            name: "Ann Lee".into(),
            post: "Co-ordinator".into(),
            account: "#main".into(),
            sign_out: "/sign-out".into(),
        }),
        navigation: vec![
            NavigationItem::current("Today", "#main"),
            NavigationItem::new("Cases", "#main"),
            NavigationItem::new("Policy", "#main"),
            NavigationItem::new("People", "#main"),
        ],
        notices: Some(Notices {
            count: 2,
            href: "#queue".into(),
        }),
        banner: Some(NotificationBanner::success(
            "Your report was sent. Its reference is K7M2 Q4.",
        )),
        leaving: Leaving::HideScreen(HideScreen::new("#main")),
        footer: vec![link("Help"), link("Accessibility"), link("Cookies")],
        ..Frame::new("Belisha")
    }
}
