//! Keys for programs: made, shown once, used, ended.

use axum::http::StatusCode;
use belisha_policy::Post;

use crate::testing::{Client, JUNIOR, Page, TestSchool, on_each_engine};

async fn make(client: &mut Client, name: &str, scopes: &[&str], date: [&str; 3]) -> Page {
    let page = client.get("/account/keys/new").await;
    let mut fields = vec![
        ("name", name),
        ("ends-on-day", date[0]),
        ("ends-on-month", date[1]),
        ("ends-on-year", date[2]),
    ];
    fields.extend(scopes.iter().map(|scope| ("scopes", *scope)));
    client.submit(&page, "Make the key", &fields).await
}

fn key_on(page: &Page) -> String {
    let text = page.text();
    let start = text.find("belisha_").expect("a key");
    text[start..].chars().take(8 + 43).collect()
}

/// Whether a key opens what asks for this scope.
async fn opens(app: &TestSchool, key: &str, scope: &'static str) -> bool {
    let mut headers = axum::http::HeaderMap::new();
    headers.insert(
        axum::http::header::AUTHORIZATION,
        format!("Bearer {key}").parse().expect("a header"),
    );
    super::admit(
        &app.school,
        &headers,
        scope,
        [127, 0, 0, 1].into(),
        "/api/v1/test",
    )
    .await
    .is_ok()
}

#[test]
fn a_key_is_shown_once_opens_its_scopes_and_ends() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut head = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let page = make(
            &mut head,
            "The timetable",
            &["register"],
            ["1", "12", "2026"],
        )
        .await;
        let key = key_on(&page);
        assert_eq!(app.journal().await.last().unwrap(), "token.made");
        let list = head.get("/account/keys").await;
        list.says("The timetable").says("1 December 2026");
        assert!(!list.html().contains(&key));
        assert!(opens(&app, &key, "register").await);
        assert!(!opens(&app, &key, "report").await);
        assert!(!opens(&app, "belisha_other", "register").await);

        let mut technician = app.signed_in("Bob Finch", &[Post::NetworkManager]).await;
        let (revoke, _) = list.form_with("Revoke");
        let page = technician.post(&revoke, &[]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "somebody else's key");
        assert!(opens(&app, &key, "register").await);
        head.submit(&list, "Revoke", &[]).await;
        assert!(!opens(&app, &key, "register").await);

        let key = key_on(&make(&mut head, "Another", &["policy"], ["23", "9", "2026"]).await);
        app.at("2026-09-23T23:59:59+01:00");
        assert!(opens(&app, &key, "policy").await);
        app.at("2026-09-24T00:00:00+01:00");
        assert!(!opens(&app, &key, "policy").await);
    });
}

#[test]
fn a_key_needs_a_name_a_scope_and_an_end_within_a_year() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut head = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let soon = ["1", "12", "2026"];
        for (name, scopes, date) in [
            ("", &["register"][..], soon),
            ("x", &[][..], soon),
            ("x", &["everything"][..], soon),
            ("x", &["register"][..], ["22", "9", "2026"]),
            ("x", &["register"][..], ["25", "9", "2027"]),
            ("x", &["register"][..], ["31", "11", "2026"]),
        ] {
            let page = make(&mut head, name, scopes, date).await;
            assert_eq!(
                page.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{name} {scopes:?} {date:?}"
            );
            assert_eq!(page.errors().len(), 1);
        }
        assert_eq!(app.count("select count(*) as count from token").await, 0);
    });
}

#[test]
fn making_a_key_is_for_few_and_asks_again_who_they_are() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut teacher = app.signed_in("Tess Wren", &[]).await;
        assert_eq!(
            teacher.get("/account/keys").await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            teacher.get("/account/keys/new").await.status,
            StatusCode::NOT_FOUND
        );
        let mut head = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        app.clock.advance_ms(5 * 60 * 1000);
        let sent = head.get("/account/keys/new").await;
        assert_eq!(
            sent.location.as_deref(),
            Some("/step-up?then=%2Faccount%2Fkeys%2Fnew")
        );
    });
}
