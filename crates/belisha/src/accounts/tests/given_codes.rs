//! Codes from the school: invitations and new passwords.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};
use belisha_rules::ids::PersonId;

use super::{arrive, change, shown_code, type_in};
use crate::db::sql;
use crate::entries::Object;
use crate::records::{self, Tier};
use crate::testing::{Client, JUNIOR, PASSWORD, Page, TestSchool, on_each_engine};

const CHOSEN: &str = "tram lemon quiet seven";

/// Somebody in the register who has no account.
async fn newcomer(app: &TestSchool, name: &str) -> PersonId {
    let person = app.person(name, Standing::Staff, &[]).await;
    change(
        app,
        sql("delete from account where person = $1").bind(person.to_string()),
    )
    .await;
    person
}

async fn invite(head: &mut Client, person: PersonId) -> Page {
    let page = head.get("/accounts/invitations/new").await;
    let id = person.to_string();
    head.submit(&page, "Make the code", &[("person", &id)])
        .await
}

async fn follow(app: &TestSchool, code: &str, password: &str) -> (Client, Page) {
    let mut browser = app.nobody();
    let page = browser.get("/invitation").await;
    let page = browser
        .submit(
            &page,
            "Continue",
            &[("code", code), ("new_password", password)],
        )
        .await;
    (browser, page)
}

#[test]
fn an_invitation_opens_an_account_once_and_what_was_sealed_before_reaches_its_person() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut head = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let person = newcomer(&app, "Bob Finch").await;
        let page = invite(&mut head, person).await;
        page.says("A code for Bob Finch").says("seven days");
        let code = shown_code(&page);
        assert!(
            !type_in(&mut app.nobody(), "Bob Finch", PASSWORD)
                .await
                .status
                .is_success()
        );

        // Sealed to somebody who has not signed in yet.
        let mut tx = app
            .school
            .write(crate::actor::Actor::School("test"))
            .await
            .expect("a transaction");
        let object = Object::new("incident", "7");
        let (_, without) = records::create(&mut tx, &object, &Tier::Persons(vec![person]))
            .await
            .expect("a record");
        assert!(without.is_empty());
        tx.commit(crate::entries::Entry::of(
            crate::entries::EntryKind::IncidentReported,
            object.clone(),
        ))
        .await
        .expect("a commit");

        let (mut bob, refused) = follow(&app, &code, "short").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bob.cookie.is_none());
        let typed = code.to_lowercase();
        let (opened, _) = follow(&app, &typed, CHOSEN).await;
        bob.cookie = opened.cookie;
        assert!(app.journal().await.contains(&"account.opened".to_owned()));
        assert_eq!(bob.get("/cover").await.status, StatusCode::OK);
        let token = belisha_vault::SessionToken::read(bob.cookie.as_ref().expect("a session"))
            .expect("a token");
        let mut connection = app.school.database.read().await.expect("records");
        let found = crate::accounts::sessions::find(&mut connection, &token)
            .await
            .expect("records")
            .expect("a session");
        assert!(
            found
                .open_key(&app.school, &token)
                .expect("a key")
                .is_some()
        );

        let (_, again) = follow(&app, &code, CHOSEN).await;
        assert!(again.errors()[0].contains("does not work any longer"));
        let readable = app
            .count("select count(*) as count from account_invitation where private_key_by_code is not null")
            .await;
        assert_eq!(readable, 0, "the key no longer waits under the code");
    });
}

#[test]
fn codes_that_do_not_open_all_look_the_same() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut head = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let person = newcomer(&app, "Bob Finch").await;
        let first = shown_code(&invite(&mut head, person).await);
        let page = head.get(&format!("/accounts/{person}")).await;
        let second = shown_code(&head.submit(&page, "Make a new code", &[]).await);
        assert_ne!(first, second);
        let check = async |code: &str| {
            let (browser, page) = follow(&app, code, CHOSEN).await;
            assert!(browser.cookie.is_none());
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            page.html().replace(code, "***")
        };
        let withdrawn = check(&first).await;
        assert_eq!(withdrawn, check("AAAA AAAA AAAA AAAA").await);
        assert_eq!(withdrawn, check("no code at all..").await);
        app.clock.advance_ms(7 * 24 * 60 * 60 * 1000);
        assert_eq!(withdrawn, check(&second).await);
    });
}

#[test]
fn a_leaver_or_a_closed_account_follows_no_code() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut head = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let bob = newcomer(&app, "Bob Finch").await;
        let code = shown_code(&invite(&mut head, bob).await);
        let page = head.get(&format!("/accounts/{bob}")).await;
        head.submit(&page, "Close the account", &[]).await;
        assert!(follow(&app, &code, CHOSEN).await.0.cookie.is_none());
        let page = head.get(&format!("/accounts/{bob}")).await;
        let page = head.submit(&page, "Open the account again", &[]).await;
        page.says("Invited");
        assert!(
            follow(&app, &code, CHOSEN).await.0.cookie.is_none(),
            "stays withdrawn"
        );

        let tess = newcomer(&app, "Tess Wren").await;
        let code = shown_code(&invite(&mut head, tess).await);
        change(
            &app,
            sql("update person set ends_on = '2026-09-22' where id = $1").bind(tess.to_string()),
        )
        .await;
        assert!(follow(&app, &code, CHOSEN).await.0.cookie.is_none());
    });
}

#[test]
fn a_forgotten_password_is_replaced_by_its_owner_and_the_second_factor_stays() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut head = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let person = app
            .person("Bob Finch", Standing::Staff, &[Post::NetworkManager])
            .await;
        let mut before = arrive(&app, "Bob Finch", person).await;
        let page = head.get(&format!("/accounts/{person}")).await;
        let page = head.submit(&page, "Start a new password", &[]).await;
        page.says("one hour").says("sealed to this person alone");
        let code = shown_code(&page);
        assert_eq!(
            app.journal().await.last().unwrap(),
            "account.password-reset"
        );

        let (mut bob, page) = follow(&app, &code, CHOSEN).await;
        assert_eq!(
            page.heading(),
            "Your second factor",
            "it is still asked for"
        );
        assert!(bob.get("/cover").await.location.is_some());
        assert!(
            before.get("/cover").await.location.is_some(),
            "signed out elsewhere"
        );
        assert_eq!(
            type_in(&mut app.nobody(), "Bob Finch", PASSWORD)
                .await
                .status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let facts = app
            .count("select count(*) as count from journal_entry where action = 'account.password-changed' and line like '%\"new-key\":\"true\"%'")
            .await;
        assert_eq!(facts, 1);
    });
}

#[test]
fn a_new_password_lasts_an_hour_and_is_never_started_for_oneself() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut head = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let person = app.person("Bob Finch", Standing::Staff, &[]).await;
        let page = head.get(&format!("/accounts/{person}")).await;
        let code = shown_code(&head.submit(&page, "Start a new password", &[]).await);
        app.clock.advance_ms(60 * 60 * 1000);
        assert!(follow(&app, &code, CHOSEN).await.0.cookie.is_none());

        let mut head = app.as_person(head.id()).await;
        let own = head.id();
        assert!(
            !head
                .get(&format!("/accounts/{own}"))
                .await
                .has_button("Start a new password")
        );
        for act in ["password-reset", "factor-reset", "closure"] {
            let page = head
                .post(&format!("/accounts/{own}/{act}"), &[("submission", act)])
                .await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{act}");
            page.says("Not your own account");
        }
    });
}
