//! An answer at sign-in costs the same whoever is named, so that its time tells nobody who has an
//! account (OWASP ASVS 5.0.0, 6.3.8). The work is counted where it is done, without a clock.

use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};
use belisha_vault::Cost;

use super::{change, type_in};
use crate::db::sql;
use crate::testing::{JUNIOR, PASSWORD, TestSchool, on_each_engine};

/// One pass over 64 MiB three times: what a guess must cost.
const A_GUESS: u64 = 64 * 1024 * 3;

/// The work, the answer and the entries of one wrong guess.
async fn guess(app: &TestSchool, name: &str) -> (u64, StatusCode, String, usize) {
    let entries = app.journal().await.len();
    let before = app.school.password_work.load(Ordering::Relaxed);
    let page = type_in(&mut app.nobody(), name, "not the password at all").await;
    let work = app.school.password_work.load(Ordering::Relaxed) - before;
    let typed = TestSchool::sign_in_name(name);
    (
        work,
        page.status,
        page.html().replace(&typed, "***"),
        app.journal().await.len() - entries,
    )
}

#[test]
fn an_unknown_name_costs_what_a_known_one_does() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        assert_eq!(Cost::FLOOR, Cost::of(64 * 1024, 3).expect("a cost"));
        let known = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        // Test accounts are cheap until their first sign-in raises their cost.
        type_in(&mut app.nobody(), "Ada Lark", PASSWORD).await;
        let invited = app.person("Ina Ford", Standing::Staff, &[]).await;
        let closed = app.person("Cleo Reed", Standing::Staff, &[]).await;
        type_in(&mut app.nobody(), "Cleo Reed", PASSWORD).await;
        change(
            &app,
            sql("update account set password_record = null, state = 'invited' where person = $1")
                .bind(invited.to_string()),
        )
        .await;
        change(
            &app,
            sql("update account set state = 'disabled' where person = $1").bind(closed.to_string()),
        )
        .await;
        let expected = guess(&app, "Ada Lark").await;
        assert_eq!(expected.0, A_GUESS, "person {known}");
        assert_eq!(expected.1, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(expected.3, 1, "one entry says that a sign-in was refused");
        for name in ["Nobody Known", "Ina Ford", "Cleo Reed"] {
            assert_eq!(guess(&app, name).await, expected, "{name}");
        }
    });
}

#[test]
fn a_right_password_of_a_closed_account_looks_like_a_wrong_one() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let closed = app.person("Cleo Reed", Standing::Staff, &[]).await;
        type_in(&mut app.nobody(), "Cleo Reed", PASSWORD).await;
        change(
            &app,
            sql("update account set state = 'disabled' where person = $1").bind(closed.to_string()),
        )
        .await;
        let before = app.school.password_work.load(Ordering::Relaxed);
        let right = type_in(&mut app.nobody(), "Cleo Reed", PASSWORD).await;
        let work = app.school.password_work.load(Ordering::Relaxed) - before;
        assert_eq!(work, A_GUESS);
        let wrong = guess(&app, "Cleo Reed").await;
        let typed = TestSchool::sign_in_name("Cleo Reed");
        assert_eq!(right.html().replace(&typed, "***"), wrong.2);
    });
}
