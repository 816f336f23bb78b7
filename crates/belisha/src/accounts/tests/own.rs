//! A person's own account.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};

use super::owed::code_on;
use super::{arrive, change, type_in};
use crate::db::sql;
use crate::testing::{JUNIOR, PASSWORD, TestSchool, on_each_engine};

const CHOSEN: &str = "tram lemon quiet seven";

#[test]
fn a_new_password_ends_every_other_way_in() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        let mut ada = arrive(&app, "Ada Lark", person).await;
        let mut elsewhere = app.as_person(person).await;
        make_key(&mut ada).await;
        let page = ada.get("/account/password").await;
        let wrong = ada
            .submit(
                &page,
                "Change the password",
                &[("password", "not it"), ("new_password", CHOSEN)],
            )
            .await;
        assert_eq!(wrong.errors(), ["That is not your password now."]);
        let before = ada.cookie.clone();
        let page = ada
            .submit(
                &page,
                "Change the password",
                &[("password", PASSWORD), ("new_password", CHOSEN)],
            )
            .await;
        assert_eq!(page.heading(), "Your account");
        assert!(page.html().contains("Your password is changed"));
        assert_ne!(ada.cookie, before);
        assert!(elsewhere.get("/cover").await.location.is_some());
        let keys = app
            .count("select count(*) as count from token where revoked_at is null")
            .await;
        assert_eq!(keys, 0);
        let told = app
            .count("select count(*) as count from notice where kind = 'account-changed'")
            .await;
        assert_eq!(told, 1);
        assert_eq!(
            type_in(&mut app.nobody(), "Ada Lark", CHOSEN)
                .await
                .heading(),
            "Your second factor"
        );
    });
}

/// Makes a key for a program through its page.
async fn make_key(ada: &mut crate::testing::Client) {
    let page = ada.get("/account/keys/new").await;
    let page = ada
        .submit(
            &page,
            "Make the key",
            &[
                ("name", "The timetable"),
                ("scopes", "register"),
                ("ends-on-day", "1"),
                ("ends-on-month", "12"),
                ("ends-on-year", "2026"),
            ],
        )
        .await;
    page.says("belisha_");
}

#[test]
fn a_new_factor_takes_the_place_of_the_old() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        let mut ada = arrive(&app, "Ada Lark", person).await;
        app.clock.advance_ms(6 * 60 * 1000);
        let page = ada.get("/account").await;
        let page = ada.get(&page.link("second factor")).await;
        assert!(page.location.expect("a way").starts_with("/step-up"));
        let page = ada.get("/step-up?then=/account/second-factor").await;
        let old = super::code_of(&app, person).await;
        let page = ada.submit(&page, "Continue", &[("code", &old)]).await;
        let new = code_on(&app, &page);
        assert_ne!(old, new);
        let codes = ada.submit(&page, "Confirm", &[("code", &new)]).await;
        assert_eq!(codes.heading(), "Your recovery codes");
        assert_eq!(codes.html().matches("<code>").count(), 10);
        ada.get("/account").await.says("10 of 10 not used yet");

        let page = ada.get("/account").await;
        let codes_again = ada.submit(&page, "Make new recovery codes", &[]).await;
        assert_eq!(codes_again.html().matches("<code>").count(), 10);
        assert_eq!(
            app.count("select count(*) as count from account_recovery_code")
                .await,
            10
        );
        assert_eq!(
            app.journal().await.last().unwrap(),
            "account.recovery-codes-made"
        );
    });
}

#[test]
fn people_see_and_end_their_own_sessions_and_nobody_elses() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut ada = app.signed_in("Ada Lark", &[]).await;
        let mut other = app.as_person(ada.id()).await;
        let mut bob = app.signed_in("Bob Finch", &[]).await;
        let page = ada.get("/account").await;
        page.says("This is where you are now");
        let (end, _) = page.form_with("End");
        let page = bob.post(&end, &[]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert_eq!(other.get("/cover").await.status, StatusCode::OK);
        ada.post(&end, &[]).await;
        assert!(other.get("/cover").await.location.is_some());
        assert_eq!(
            ada.post(&end, &[]).await.status,
            StatusCode::NOT_FOUND,
            "done twice"
        );

        let mut third = app.as_person(ada.id()).await;
        let page = ada.get("/account").await;
        ada.submit(&page, "Sign out everywhere else", &[]).await;
        assert!(third.get("/cover").await.location.is_some());
        assert_eq!(ada.get("/cover").await.status, StatusCode::OK);
    });
}

#[test]
fn whoever_says_that_the_password_is_known_is_out_until_a_reset() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut ada = app.signed_in("Ada Lark", &[]).await;
        let page = ada.get("/account/password-known").await;
        ada.submit(&page, "Close my account for now", &[]).await;
        assert!(ada.cookie.is_none());
        assert_eq!(
            app.journal().await.last().unwrap(),
            "account.password-known"
        );
        let page = type_in(&mut app.nobody(), "Ada Lark", PASSWORD).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn a_password_steps_nobody_up_who_has_a_second_factor() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        let mut ada = arrive(&app, "Ada Lark", person).await;
        app.clock.advance_ms(6 * 60 * 1000);
        let form = ada.get("/step-up?then=/account/second-factor").await;
        assert!(!form.html().contains("name=\"password\""));
        let nothing = ada.submit(&form, "Continue", &[("code", " ")]).await;
        assert_eq!(nothing.errors(), ["Enter the code that your app shows now"]);
        let refused = ada
            .post_only("/step-up", &[("password", PASSWORD), ("then", "/")])
            .await;
        assert!(!refused.status.is_success() && !refused.status.is_redirection());
        let wrong = ada.submit(&form, "Continue", &[("code", PASSWORD)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

        // Nor does a change of the password, which asks for nothing else.
        let page = ada.get("/account/password").await;
        ada.submit(
            &page,
            "Change the password",
            &[("password", PASSWORD), ("new_password", CHOSEN)],
        )
        .await;
        let page = ada.get("/account/second-factor").await;
        assert!(page.location.expect("a way").starts_with("/step-up"));

        let form = ada.get("/step-up?then=/account").await;
        let code = super::code_of(&app, person).await;
        let page = ada.submit(&form, "Continue", &[("code", &code)]).await;
        assert_eq!(page.path, "/account");
        assert_eq!(app.journal().await.last().unwrap(), "session.stepped-up");
    });
}

#[test]
fn whoever_has_no_second_factor_is_told_to_set_one_up_and_goes_on() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        app.person("Bob Finch", Standing::Staff, &[]).await;
        change(
            &app,
            sql("update account set totp_sealed = null, second_factor_at = null"),
        )
        .await;
        let mut bob = app.nobody();
        let page = type_in(&mut bob, "Bob Finch", PASSWORD).await;
        assert_eq!(page.heading(), "This screen is covered");

        // Though he has signed in this very moment.
        let page = bob.get("/step-up?then=/cover").await;
        page.says("you have none yet");
        let posted = bob
            .post_only("/step-up", &[("code", "123456"), ("then", "/cover")])
            .await;
        assert_eq!(posted.location.as_deref(), Some("/step-up?then=%2Fcover"));
        let form = bob.get(&page.link("Set up a second factor")).await;
        let code = code_on(&app, &form);
        let wrong = bob
            .submit(&form, "Confirm", &[("code", &code), ("password", "not it")])
            .await;
        assert_eq!(wrong.errors(), ["That password is not right."]);
        let codes = bob
            .submit(&form, "Confirm", &[("code", &code), ("password", PASSWORD)])
            .await;
        assert_eq!(codes.heading(), "Your recovery codes");
        assert_eq!(codes.link("Continue"), "/cover");
        let again = bob.get("/account/second-factor").await;
        assert_eq!(again.status, StatusCode::OK, "he has just proved it");
    });
}
