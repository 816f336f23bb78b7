//! A form that was sent from a screen that had locked is not lost.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use belisha_policy::{Post, Standing};

use super::{code_of, type_in};
use crate::testing::{Client, JUNIOR, PASSWORD, TestSchool, on_each_engine};

/// A page that takes a form and keeps nothing secret in it.
const FORM: &str = "/accounts/guests/new";

const FIELDS: &[(&str, &str)] = &[
    ("submission", "7"),
    ("name", "Tess <b>Wren</b>"),
    ("email", "tess@example.org"),
    ("ends-on-day", "30"),
    ("ends-on-month", "9"),
    ("ends-on-year", "2026"),
];

#[test]
fn what_was_sent_from_a_locked_screen_is_shown_and_sent_by_one_button() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut ada = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        app.clock.advance_ms(11 * 60 * 1000);
        let page = ada.post(FORM, FIELDS).await;
        assert_eq!(page.heading(), "This screen is locked");
        assert!(!page.html().contains("Wren"), "nothing of it is readable");
        let readable = app
            .count("select count(*) as count from session_held_form where cast(sealed as text) like '%Wren%'")
            .await;
        assert_eq!(readable, 0);

        let page = ada.submit(&page, "Unlock", &[("password", PASSWORD)]).await;
        assert_eq!(page.heading(), "Your form was kept");
        page.says("Tess <b>Wren</b>").says("Ends on day");
        carry_on(&app, &mut ada).await;
    });
}

#[test]
fn the_same_after_twelve_hours_for_the_same_person_only() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        app.person("Bob Finch", Standing::Staff, &[]).await;
        let mut ada = app.as_person(person).await;
        app.clock.advance_ms(13 * 60 * 60 * 1000);
        let page = ada.post(FORM, FIELDS).await;
        assert_eq!(page.heading(), "Sign in");

        let mut bob = app.nobody();
        let page = type_in(&mut bob, "Bob Finch", PASSWORD).await;
        assert!(!page.html().contains("kept"));

        let page = type_in(&mut ada, "Ada Lark", PASSWORD).await;
        let code = code_of(&app, person).await;
        let page = ada.submit(&page, "Continue", &[("code", &code)]).await;
        assert_eq!(page.heading(), "Your form was kept");
        carry_on(&app, &mut ada).await;
    });
}

/// Presses the button and repeats the POST, as a browser does for the answer 307.
async fn carry_on(app: &TestSchool, ada: &mut Client) {
    let sent = ada.post_only("/kept-form", FIELDS).await;
    assert_eq!(sent.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(sent.location.as_deref(), Some(FORM));
    let page = ada.post(FORM, FIELDS).await;
    page.says("A code for Tess <b>Wren</b>");
    assert_eq!(app.journal().await.last().unwrap(), "account.invited");
    let left = app
        .count("select count(*) as count from session_held_form")
        .await;
    assert_eq!(left, 0);
}

#[test]
fn a_kept_form_can_be_let_go() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut ada = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        app.clock.advance_ms(11 * 60 * 1000);
        let page = ada.post(FORM, FIELDS).await;
        let page = ada.submit(&page, "Unlock", &[("password", PASSWORD)]).await;
        ada.submit(&page, "Do not send it", &[]).await;
        assert_eq!(
            app.count("select count(*) as count from session_held_form")
                .await,
            0
        );
    });
}

#[test]
fn passwords_files_and_drafts_are_not_kept() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut ada = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        app.clock.advance_ms(11 * 60 * 1000);
        let check = async |ada: &mut Client, path: &str, kind: &str, background: bool| {
            let mut request = Request::post(path)
                .header("sec-fetch-site", "same-origin")
                .header(header::CONTENT_TYPE, kind);
            if background {
                request = request.header("x-belisha-background", "1");
            }
            ada.send(request, Body::from("password=x")).await;
            let kept = app
                .count("select count(*) as count from session_held_form")
                .await;
            assert_eq!(kept, 0, "{path} {kind}");
        };
        let form = "application/x-www-form-urlencoded";
        check(&mut ada, "/account/password", form, false).await;
        check(&mut ada, "/step-up", form, false).await;
        check(&mut ada, "/drafts/report", form, true).await;
        check(&mut ada, FORM, form, true).await;
        check(&mut ada, FORM, "multipart/form-data; boundary=x", false).await;
    });
}
