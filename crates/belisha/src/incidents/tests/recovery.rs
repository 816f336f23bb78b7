//! A forgotten password and a case that only a few can open.

use axum::http::StatusCode;

use super::{cast, newest, report};
use crate::accounts::recovery;
use crate::accounts::tests::code_of;
use crate::testing::{Client, JUNIOR, TestSchool, on_each_engine};

const CHOSEN: &str = "tram lemon quiet seven";

/// Follows a code in a new browser, and gives the second factor that stayed.
async fn follow(app: &TestSchool, code: &str, whose: &Client) -> Client {
    let mut browser = app.nobody();
    let page = browser.get("/invitation").await;
    let page = browser
        .submit(
            &page,
            "Continue",
            &[("code", code), ("new_password", CHOSEN)],
        )
        .await;
    assert_eq!(page.heading(), "Your second factor");
    let factor = code_of(app, whose.id()).await;
    browser
        .submit(&page, "Continue", &[("code", &factor)])
        .await;
    browser.person = whose.person;
    browser
}

#[test]
fn a_case_sealed_to_a_person_opens_again_after_their_key_was_recovered() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        app.keep_key_for_kit(cast.chair.id()).await;
        report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        let url = newest(&app).await;
        cast.chair
            .get(&url)
            .await
            .says("Something upsetting was sent round.");
        let of_the_chair = app
            .count("select count(*) as count from record_key_reader")
            .await;

        let name = TestSchool::sign_in_name("Charles Chair");
        let found = recovery::find(&app.school, &name).await;
        let recovered = found
            .expect("the chair")
            .recover(&app.school, &app.kit())
            .await;
        let code = recovered.expect("a code").code.shown();
        let mut chair = follow(&app, &code, &cast.chair).await;
        chair
            .get(&url)
            .await
            .says("Something upsetting was sent round.");
        assert_eq!(
            app.count("select count(*) as count from record_key_reader")
                .await,
            of_the_chair,
            "no wrapped key was lost or added"
        );
        assert_eq!(
            cast.head.get(&url).await.status,
            StatusCode::NOT_FOUND,
            "its subject stays blind to it"
        );
        let keys = app
            .count("select count(*) as count from journal_entry where action = 'account.password-changed' and line like '%\"new-key\":\"false\"%'")
            .await;
        assert_eq!(keys, 1);
    });
}

#[test]
fn without_the_kit_a_forgotten_password_closes_the_case_to_its_reader() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let url = newest(&app).await;
        cast.head.get(&url).await.says("Something upsetting");
        let account = cast
            .technician
            .get(&format!("/accounts/{}", cast.head.id()))
            .await;
        let shown = cast
            .technician
            .submit(&account, "Start a new password", &[])
            .await;
        shown.says("belisha account recover");
        let text = shown.text();
        let code = text.split("The code is made Code").nth(1).expect("a code");
        let code: String = code.trim_start().chars().take(19).collect();
        let mut head = follow(&app, &code, &cast.head).await;
        assert_ne!(head.get(&url).await.status, StatusCode::OK);
    });
}
