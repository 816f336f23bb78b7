//! Signing in, the second factor, locking, unlocking and signing out.

use axum::http::{StatusCode, header};
use belisha_policy::{Post, Standing};
use belisha_rules::ids::PersonId;

use crate::accounts::standing;
use crate::accounts::totp::{self, Seed};
use crate::testing::{JUNIOR, PASSWORD, TestSchool, on_each_engine};

/// The code that a person's app shows now.
pub(super) async fn code_of(app: &TestSchool, person: PersonId) -> String {
    let mut records = app.school.database.read().await.expect("records");
    let account = standing::of(&mut records, person)
        .await
        .expect("records")
        .expect("an account");
    let sealed = account.totp_sealed.expect("a second factor");
    Seed::open(&app.school, person, &sealed)
        .expect("a seed")
        .code_at(totp::step_at(app.school.clock.now()))
        .expect("a code")
}

#[test]
fn password_and_code_open_the_session() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        let email = TestSchool::sign_in_name("Ada Lark");
        let mut browser = app.nobody();

        let sent = browser.get("/cover?tab=one").await;
        assert_eq!(
            sent.location.as_deref(),
            Some("/sign-in?then=%2Fcover%3Ftab%3Done")
        );
        let page = browser.get(&sent.location.expect("a way in")).await;
        assert_eq!(page.heading(), "Sign in");
        let typed = format!("  {}", email.to_uppercase());
        let page = browser
            .submit(
                &page,
                "Sign in",
                &[("email", &typed), ("password", PASSWORD)],
            )
            .await;
        assert_eq!(page.heading(), "Your second factor");
        let code = code_of(&app, person).await;
        let (path, mut fields) = page.form_with("Continue");
        fields.retain(|(name, _)| name != "code");
        let then = fields[0].1.clone();
        let opened = browser
            .post_only(&path, &[("then", &then), ("code", &code)])
            .await;
        assert_eq!(opened.location.as_deref(), Some("/cover?tab=one"));
        assert!(
            app.journal()
                .await
                .ends_with(&["session.started".to_owned(), "session.started".to_owned()])
        );
    });
}

#[test]
fn a_code_works_once() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        let email = TestSchool::sign_in_name("Ada Lark");
        let code = code_of(&app, person).await;
        let arrive = async || {
            let mut browser = app.nobody();
            let page = browser.get("/sign-in?then=/cover").await;
            let page = browser
                .submit(
                    &page,
                    "Sign in",
                    &[("email", &email), ("password", PASSWORD)],
                )
                .await;
            browser.submit(&page, "Continue", &[("code", &code)]).await
        };
        assert_ne!(arrive().await.heading(), "Your second factor");
        let again = arrive().await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(again.heading(), "Your second factor");
        assert_eq!(again.errors().len(), 1);
    });
}

#[test]
fn whoever_is_refused_learns_nothing() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        app.person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        let mut browser = app.nobody();
        let page = browser.get("/sign-in").await;
        let mut refuse = async |email: &str| {
            browser
                .submit(
                    &page,
                    "Sign in",
                    &[("email", email), ("password", "not it at all")],
                )
                .await
        };
        let known = refuse("ada.lark@larkfield.example").await;
        let unknown = refuse("bob.lark@larkfield.example").await;
        assert_eq!(known.status, unknown.status);
        assert_eq!(
            known.html().replace("ada.lark", "***.lark"),
            unknown.html().replace("bob.lark", "***.lark")
        );
        let names = |headers: &axum::http::HeaderMap| -> Vec<String> {
            headers.keys().map(ToString::to_string).collect()
        };
        assert_eq!(names(&known.headers), names(&unknown.headers));
        assert!(!known.headers.contains_key(header::SET_COOKIE));
        let count = app
            .count("select count(*) as count from journal_entry where action = 'session.refused'")
            .await;
        assert_eq!(count, 2);
        let named = app
            .count("select count(*) as count from journal_entry where line like '%lark%'")
            .await;
        assert_eq!(named, 0);
    });
}

#[test]
fn ten_wrong_guesses_and_strangers_wait_but_a_known_browser_does_not() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        app.person("Ada Lark", Standing::Staff, &[]).await;
        let email = TestSchool::sign_in_name("Ada Lark");
        let guess = async |browser: &mut crate::testing::Client, password: &str| {
            let page = browser.get("/sign-in").await;
            browser
                .submit(
                    &page,
                    "Sign in",
                    &[("email", &email), ("password", password)],
                )
                .await
        };
        let mut own = app.nobody();
        guess(&mut own, PASSWORD).await;
        assert!(own.device.is_some());
        own.cookie = None;

        let mut stranger = app.nobody();
        for _ in 0..10 {
            guess(&mut stranger, "wrong").await.says("E-mail");
        }
        let waits = guess(&mut stranger, PASSWORD).await;
        assert_eq!(waits.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(waits.errors()[0].contains("too many wrong attempts"));
        assert!(stranger.cookie.is_none());

        guess(&mut own, PASSWORD).await;
        assert!(own.cookie.is_some());

        app.clock.advance_ms(5 * 60 * 1000);
        guess(&mut stranger, PASSWORD).await;
        assert!(stranger.cookie.is_some());
    });
}

#[test]
fn an_idle_screen_locks_and_the_password_opens_it() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut ada = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let before = ada.cookie.clone();
        app.clock.advance_ms(10 * 60 * 1000);
        let sent = ada.get("/cover").await;
        assert_eq!(sent.location.as_deref(), Some("/unlock?then=%2Fcover"));
        let page = ada.get("/unlock?then=%2Fcover").await;
        page.says("Ada Lark was here");
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
        let wrong = ada.submit(&page, "Unlock", &[("password", "wrong")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let open = ada.submit(&page, "Unlock", &[("password", PASSWORD)]).await;
        assert_eq!(open.heading(), "This screen is covered");
        assert_ne!(ada.cookie, before, "a new token");
        let journal = app.journal().await;
        assert_eq!(
            journal[journal.len() - 3..],
            ["session.locked", "session.refused", "session.unlocked"]
        );
    });
}

#[test]
fn requests_of_the_page_itself_are_no_sign_of_life() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut ada = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let background = || axum::http::Request::get("/cover").header("x-belisha-background", "1");
        for _ in 0..3 {
            app.clock.advance_ms(3 * 60 * 1000);
            let page = ada.send(background(), axum::body::Body::empty()).await;
            assert_eq!(page.status, StatusCode::OK);
        }
        app.clock.advance_ms(60 * 1000);
        let page = ada.send(background(), axum::body::Body::empty()).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(ada.get("/cover").await.location.is_some());
    });
}

#[test]
fn signing_out_ends_the_session_on_the_server() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut ada = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let token = ada.cookie.clone();
        let sent = ada.post_only("/sign-out", &[]).await;
        assert_eq!(sent.headers["clear-site-data"], "\"cache\", \"storage\"");
        assert!(ada.cookie.is_none());
        ada.get(&sent.location.expect("a way"))
            .await
            .says("You are signed out");
        ada.cookie = token;
        let back = ada.get("/cover").await;
        assert_eq!(back.location.as_deref(), Some("/sign-in?then=%2Fcover"));
        assert_eq!(app.journal().await.last().unwrap(), "session.ended");
    });
}
