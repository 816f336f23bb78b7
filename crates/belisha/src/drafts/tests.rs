//! Drafts are kept, are one person's own, and leave no readable trace.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::testing::{Client, JUNIOR, Page, TestSchool, on_each_engine};

async fn keep(client: &mut Client, form: &str, body: &str) -> Page {
    let request = Request::post(super::url(form))
        .header("sec-fetch-site", "same-origin")
        .header("x-belisha-background", "1")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    client.send(request, Body::from(body.to_owned())).await
}

#[test]
fn a_draft_is_kept_for_its_writer_alone_and_dropped_with_the_act() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut ada = app.signed_in("Ada Lark", &[]).await;
        let bob = app.signed_in("Bob Finch", &[]).await;
        for words in ["first", "a+second+one"] {
            let page = keep(&mut ada, "report", &format!("words={words}&place=hall")).await;
            assert_eq!(page.status, StatusCode::NO_CONTENT);
        }
        let read = async |person| {
            let mut records = app.school.database.read().await.expect("records");
            super::kept(&mut records, &app.school, person, "report")
                .await
                .expect("a draft")
        };
        let typed = vec![
            ("words".to_owned(), "a second one".to_owned()),
            ("place".to_owned(), "hall".to_owned()),
        ];
        assert_eq!(read(ada.id()).await, Some(typed));
        assert_eq!(read(bob.id()).await, None);
        let readable = app
            .count("select count(*) as count from draft where cast(sealed as text) like '%second%'")
            .await;
        assert_eq!(readable, 0);

        let dropped = crate::upkeep::Upkeep::DraftDropped {
            person: ada.id(),
            form: "report",
        };
        crate::upkeep::keep(&app.school.database, dropped)
            .await
            .expect("gone");
        assert_eq!(read(ada.id()).await, None);
    });
}

#[test]
fn names_and_sizes_have_bounds() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut ada = app.signed_in("Ada Lark", &[]).await;
        let mut check = async |form: &str, length: usize, expected: u16| {
            let page = keep(&mut ada, form, &"a".repeat(length)).await;
            assert_eq!(page.status.as_u16(), expected, "{form} {length}");
        };
        check("entry-0b5c", 10, 204).await;
        check("a%2Fb", 10, 404).await;
        check(&"a".repeat(81), 10, 404).await;
        check("report", 256 * 1024 + 1, 403).await;
    });
}
