//! What somebody owes between the password and an open session.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};
use belisha_rules::ids::PersonId;

use super::{change, type_in};
use crate::accounts::totp::{self, Seed};
use crate::db::sql;
use crate::testing::{JUNIOR, PASSWORD, Page, TestSchool, covers, on_each_engine};

async fn without_factor(app: &TestSchool, person: PersonId) {
    change(
        app,
        sql("update account set totp_sealed = null, second_factor_at = null where person = $1")
            .bind(person.to_string()),
    )
    .await;
}

/// The code of the seed that an enrolment page offers, as an app would read it.
pub(crate) fn code_on(app: &TestSchool, page: &Page) -> String {
    let text = page.text();
    let typed: String = text
        .split("type this key into the app: ")
        .nth(1)
        .expect("a key to type")
        .chars()
        .take(39)
        .filter(|letter| *letter != ' ')
        .collect();
    let seed = data_encoding::BASE32_NOPAD
        .decode(typed.as_bytes())
        .expect("base 32");
    let seed = Seed::from(seed);
    seed.code_at(totp::step_at(app.school.clock.now()))
        .expect("a code")
}

#[test]
fn those_who_read_records_enrol_before_anything_else() {
    covers(&["H-231"]);
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app
            .person("Ada Lark", Standing::Staff, &[Post::Headteacher])
            .await;
        without_factor(&app, person).await;
        let mut ada = app.nobody();
        let page = type_in(&mut ada, "Ada Lark", PASSWORD).await;
        assert_eq!(page.heading(), "Set up your second factor");
        assert!(page.html().contains("<svg role=\"img\""));
        for elsewhere in ["/cover", "/account", "/accounts", "/step-up"] {
            let sent = ada.get(elsewhere).await.location.expect("a way");
            assert!(
                sent.starts_with("/sign-in/enrolment"),
                "{elsewhere}: {sent}"
            );
        }
        let wrong = ada.submit(&page, "Confirm", &[("code", "12345")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        // The same seed again, so that what was scanned still holds.
        let code = code_on(&app, &page);
        assert_eq!(code, code_on(&app, &wrong));
        let codes = ada.submit(&wrong, "Confirm", &[("code", &code)]).await;
        assert_eq!(codes.heading(), "Your recovery codes");
        assert_eq!(codes.link("Continue"), "/cover");
        assert_eq!(ada.get("/cover").await.status, StatusCode::OK);
        assert_eq!(
            app.journal().await.last().unwrap(),
            "account.second-factor-set"
        );

        // A recovery code signs in, once.
        let recovery = codes.html();
        let recovery = recovery.split("<code>").nth(1).expect("a code");
        let recovery: String = recovery.chars().take(19).collect();
        let mut again = app.nobody();
        let page = type_in(&mut again, "Ada Lark", PASSWORD).await;
        let typed = recovery.to_lowercase().replace(' ', "-");
        let page = again.submit(&page, "Continue", &[("code", &typed)]).await;
        assert_eq!(page.heading(), "This screen is covered");
        let mut third = app.nobody();
        let page = type_in(&mut third, "Ada Lark", PASSWORD).await;
        let page = third.submit(&page, "Continue", &[("code", &typed)]).await;
        assert_eq!(page.heading(), "Your second factor");
        let readable = app
            .count("select count(*) as count from account where cast(totp_sealed as text) like '%JBSW%'")
            .await;
        assert_eq!(readable, 0);
    });
}

#[test]
fn whoever_need_not_enrol_is_let_in() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app.person("Bob Finch", Standing::Staff, &[]).await;
        without_factor(&app, person).await;
        let mut bob = app.nobody();
        let page = type_in(&mut bob, "Bob Finch", PASSWORD).await;
        assert_eq!(page.heading(), "This screen is covered");
    });
}

#[test]
fn another_persons_seed_cannot_be_put_in() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let (ada, bob) = (
            app.person("Ada Lark", Standing::Staff, &[Post::Headteacher])
                .await,
            app.person("Bob Finch", Standing::Staff, &[Post::NetworkManager])
                .await,
        );
        without_factor(&app, ada).await;
        without_factor(&app, bob).await;
        let mut first = app.nobody();
        let page = type_in(&mut first, "Ada Lark", PASSWORD).await;
        let (_, fields) = page.form_with("Confirm");
        let seed = fields
            .iter()
            .find(|(name, _)| name == "seed")
            .map(|(_, value)| value.clone())
            .expect("a seed");
        let code = code_on(&app, &page);
        let mut second = app.nobody();
        let page = type_in(&mut second, "Bob Finch", PASSWORD).await;
        let page = second
            .submit(&page, "Confirm", &[("seed", &seed), ("code", &code)])
            .await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_password_that_was_handed_over_is_replaced_first() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let person = app.person("Bob Finch", Standing::Staff, &[]).await;
        without_factor(&app, person).await;
        change(
            &app,
            sql("update account set must_change_password = true where person = $1")
                .bind(person.to_string()),
        )
        .await;
        let mut bob = app.nobody();
        let page = type_in(&mut bob, "Bob Finch", PASSWORD).await;
        assert_eq!(page.heading(), "Choose a new password");
        for refused in ["short", "larkfieldschool", "password1234", "BobFinchBob1"] {
            let page = bob
                .submit(&page, "Save the new password", &[("new_password", refused)])
                .await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
            assert!(!page.html().contains(refused), "never shown again");
        }
        let chosen = "tram lemon quiet seven";
        let page = bob
            .submit(&page, "Save the new password", &[("new_password", chosen)])
            .await;
        assert_eq!(page.heading(), "This screen is covered");
        let mut again = app.nobody();
        let page = type_in(&mut again, "Bob Finch", PASSWORD).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            type_in(&mut again, "Bob Finch", chosen).await.status,
            StatusCode::OK
        );
    });
}
