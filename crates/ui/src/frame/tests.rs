use askama::Template;

use crate::{
    ExitThisPage, FooterLink, Frame, HideScreen, Leaving, NavigationItem, Notices,
    NotificationBanner, SignedIn,
};

#[derive(Template)]
#[template(
    source = r#"{% extends "frame.html" %}{% block title %}The queue{% endblock %}{% block before_main %}<p>above</p>{% endblock %}{% block main %}<h1>The queue</h1>{% endblock %}"#,
    ext = "html"
)]
struct QueuePage {
    frame: Frame,
}

fn check(frame: Frame, expected: &[&str], absent: &[&str]) {
    let html = QueuePage { frame }.to_string();
    for part in expected {
        assert!(html.contains(part), "{part} is missing from {html}");
    }
    for part in absent {
        assert!(!html.contains(part), "{part} should not be in {html}");
    }
}

#[test]
fn a_bare_page_shows_only_what_it_was_given() {
    check(
        Frame::new("Belisha"),
        &[
            "<title>The queue – Belisha</title>",
            r##"<a href="#main" class="govuk-skip-link""##,
            r#"lang="en""#,
            "<h1>The queue</h1>",
            "<p>above</p>",
        ],
        &[
            "<nav",
            "Sign out",
            "Hide screen",
            "Exit this page",
            "http-equiv",
            "Error:",
        ],
    );
}

#[test]
fn a_staff_page_names_place_and_person() {
    let frame = Frame {
        place: Some("Fernleigh & Oak".into()),
        person: Some(SignedIn {
            name: "Ann Lee".into(),
            post: "Headteacher".into(),
            account: "/account".into(),
            sign_out: "/sign-out".into(),
        }),
        navigation: vec![
            NavigationItem::new("Today", "/"),
            NavigationItem::current("Queue", "/queue"),
        ],
        notices: Some(Notices {
            count: 3,
            href: "/notices".into(),
        }),
        banner: Some(NotificationBanner::success("Saved.")),
        leaving: Leaving::HideScreen(HideScreen::new("/hidden")),
        has_errors: true,
        footer: vec![FooterLink {
            text: "Accessibility".into(),
            href: "/accessibility".into(),
        }],
        ..Frame::new("Belisha")
    };
    check(
        frame,
        &[
            "<title>Error: The queue",
            "Fernleigh &#38; Oak",
            "Ann Lee",
            "Headteacher",
            r#"href="/queue" aria-current="page""#,
            r#"method="post" action="/sign-out""#,
            "Hide screen",
            r#"<span class="belisha-person__count">3</span>"#,
            "Saved.",
            "Accessibility",
        ],
        &["Exit this page"],
    );
}

#[test]
fn a_page_for_families_can_be_left_and_one_with_progress_asks_again() {
    let frame = Frame {
        language: "cy".into(),
        body_class: Some("belisha-large".into()),
        leaving: Leaving::ExitThisPage(ExitThisPage::new("/leave")),
        refresh_after_seconds: Some(5),
        notices: Some(Notices {
            count: 0,
            href: "/notices".into(),
        }),
        ..Frame::new("Belisha")
    };
    check(
        frame,
        &[
            r#"lang="cy""#,
            "belisha-large",
            r#"<meta http-equiv="refresh" content="5">"#,
            "Exit this page",
            r#"href="/leave""#,
        ],
        &["Hide screen", "/notices"],
    );
}
