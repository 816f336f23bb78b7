//! Signing in, the second factor, locking, unlocking and signing out.

use axum::http::{StatusCode, header};
use belisha_policy::{Post, Standing};

use super::{arrive, change, code_of, type_in};
use crate::db::sql;
use crate::testing::{JUNIOR, PASSWORD, TestSchool, covers, on_each_engine};

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
    covers(&["H-275"]);
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

#[test]
fn accounts_that_are_not_open_reach_nothing_and_look_like_none() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        let mut ada = app.as_person(person).await;
        let id = person.to_string();
        let check = async |ada: &mut crate::testing::Client, statement, lets_in: bool| {
            change(&app, statement).await;
            let open = ada.get("/cover").await.status == StatusCode::OK;
            assert_eq!(open, lets_in, "the open session");
            let mut browser = app.nobody();
            let page = type_in(&mut browser, "Ada Lark", PASSWORD).await;
            assert_eq!(browser.cookie.is_some(), lets_in, "a new session");
            if !lets_in {
                assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
                assert!(page.errors()[0].contains("is not right"));
            }
        };
        let state = |state: &str| {
            sql("update account set state = $2 where person = $1")
                .bind(id.as_str())
                .bind(state)
        };
        check(&mut ada, state("disabled"), false).await;
        check(&mut ada, state("active"), true).await;
        let last_day = |day: Option<&str>| {
            sql("update person set ends_on = $2 where id = $1")
                .bind(id.as_str())
                .bind(day)
        };
        check(&mut ada, last_day(Some("2026-09-22")), false).await;
        check(&mut ada, last_day(Some("2026-09-23")), true).await;
        check(&mut ada, last_day(None), true).await;
        let begins = |day: &str| {
            sql("update person set starts_on = $2 where id = $1")
                .bind(id.as_str())
                .bind(day)
        };
        check(&mut ada, begins("2026-09-24"), false).await;
        check(&mut ada, begins("2026-09-23"), true).await;
        let ends = |at: &str| {
            sql("update account set ends_at = $2 where person = $1")
                .bind(id.as_str())
                .bind(at.parse::<jiff::Timestamp>().unwrap())
        };
        check(&mut ada, ends("2026-09-22T23:00:00Z"), false).await;
        check(&mut ada, ends("2026-09-23T23:00:00Z"), true).await;
        let known = |at: Option<i64>| {
            sql("update account set password_known_at = $2 where person = $1")
                .bind(id.as_str())
                .bind(at)
        };
        check(&mut ada, known(Some(1)), false).await;
        check(&mut ada, known(None), true).await;
    });
}

#[test]
fn a_sign_in_ends_after_twelve_hours_and_the_oldest_gives_way_to_a_fourth() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        let mut first = app.as_person(person).await;
        for _ in 0..3 {
            assert_eq!(first.get("/cover").await.status, StatusCode::OK);
            app.clock.advance_ms(1000);
            app.as_person(person).await;
        }
        let sent = first.get("/cover").await.location.expect("a way");
        assert!(sent.starts_with("/sign-in"), "{sent}");

        let mut busy = app.as_person(person).await;
        for _ in 0..(12 * 60 / 5 - 1) {
            app.clock.advance_ms(5 * 60 * 1000);
            assert_eq!(busy.get("/cover").await.status, StatusCode::OK);
        }
        app.clock.advance_ms(5 * 60 * 1000);
        let sent = busy.get("/cover").await.location.expect("a way");
        assert!(sent.starts_with("/sign-in"), "{sent}");
    });
}

#[test]
fn every_elevation_gives_a_new_token() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        let mut browser = app.nobody();
        let page = type_in(&mut browser, "Ada Lark", PASSWORD).await;
        let half_way = browser.clone();
        let code = code_of(&app, person).await;
        browser.submit(&page, "Continue", &[("code", &code)]).await;
        assert_ne!(browser.cookie, half_way.cookie);
        let mut old = half_way;
        assert!(
            old.get("/cover")
                .await
                .location
                .is_some_and(|to| to.starts_with("/sign-in?"))
        );
        let before = browser.cookie.clone();
        let page = browser.get("/step-up?then=/cover").await;
        app.clock.advance_ms(30_000);
        let code = code_of(&app, person).await;
        let page = browser.submit(&page, "Continue", &[("code", &code)]).await;
        assert_eq!(page.heading(), "This screen is covered");
        assert_ne!(browser.cookie, before);
    });
}

#[test]
fn five_wrong_codes_and_the_second_factor_waits() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        let mut browser = app.nobody();
        let page = type_in(&mut browser, "Ada Lark", PASSWORD).await;
        for _ in 0..5 {
            let wrong = browser
                .submit(&page, "Continue", &[("code", "000000")])
                .await;
            assert!(wrong.errors()[0].contains("That code is not right"));
        }
        let code = code_of(&app, person).await;
        let waits = browser.submit(&page, "Continue", &[("code", &code)]).await;
        assert!(waits.errors()[0].contains("too many wrong attempts"));
        app.clock.advance_ms(5 * 60 * 1000);
        let code = code_of(&app, person).await;
        let page = browser.submit(&page, "Continue", &[("code", &code)]).await;
        assert_eq!(page.heading(), "This screen is covered");
    });
}

#[test]
fn a_demonstration_school_shows_the_code_and_no_other_does() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        let code = code_of(&app, person).await;
        let mut browser = app.nobody();
        let page = type_in(&mut browser, "Ada Lark", PASSWORD).await;
        assert!(!page.text().contains(&code));
        change(&app, sql("update school set demonstration = true")).await;
        app.school.settings_changed().await.expect("settings");
        browser
            .get("/sign-in/second-factor")
            .await
            .says("Demonstration school.")
            .says(&code);
        let mut ada = arrive(&app, "Ada Lark", person).await;
        // The code that was used is not shown again, because it would not work.
        let page = ada.get("/step-up").await;
        assert!(!page.text().contains(&code));
    });
}
