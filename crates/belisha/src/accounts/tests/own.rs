//! A person's own account.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};

use super::owed::code_on;
use super::{arrive, type_in};
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
        let page = ada
            .submit(&page, "Continue", &[("password", PASSWORD)])
            .await;
        let old = super::code_of(&app, person).await;
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
