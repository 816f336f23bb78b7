//! Today and the pages behind the footer.

use axum::http::StatusCode;

use belisha_policy::Post;

use crate::testing::{PRIMARY, on_each_engine};

#[test]
fn today_begins_with_the_way_to_report() {
    on_each_engine(PRIMARY, async |app| {
        let mut ann = app.signed_in("Ann Lee", &[]).await;
        let page = ann.get("/").await;
        assert_eq!(page.status, StatusCode::OK);
        page.says("23 September 2026")
            .says("Nothing waits for you today");
        assert!(page.has_link("Report a concern"));
        let mut nobody = app.nobody();
        assert_eq!(nobody.get("/").await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn today_says_what_is_owed_and_what_waits() {
    on_each_engine(PRIMARY, async |app| {
        let ann = app.signed_in("Ann Lee", &[]).await;
        assert!(
            !ann.clone()
                .get("/")
                .await
                .has_link("Sign: Agreement for staff")
        );
        crate::jobs::work_until_idle(&app.school)
            .await
            .expect("the work");
        app.at("2026-09-24T08:30:00+01:00");
        let mut ann = app.as_person(ann.id()).await;
        let page = ann.get("/").await;
        page.says("What you owe")
            .says("not signed yet, was due on 23 September 2026")
            .says("What waits for you")
            .says("An agreement waits for your signature");
        let sign = ann.get(&page.link("Sign: Agreement for staff")).await;
        assert_eq!(sign.status, StatusCode::OK);
    });
}

#[test]
fn those_who_answer_for_the_school_see_three_numbers() {
    on_each_engine(PRIMARY, async |app| {
        for post in [Post::Headteacher, Post::ChairOfGovernors] {
            let mut client = app.signed_in(&format!("Pat {post:?}"), &[post]).await;
            let page = client.get("/").await;
            page.says("clauses not met").says("due soon");
            let not_met = client.get(&page.link("clauses not met")).await;
            assert_eq!(not_met.status, StatusCode::OK);
        }
        let mut teacher = app.signed_in("Ann Lee", &[]).await;
        assert!(!teacher.get("/").await.text().contains("not met"));
    });
}

#[test]
fn help_is_open_to_everybody_and_linked_from_every_page() {
    on_each_engine(PRIMARY, async |app| {
        let mut nobody = app.nobody();
        let mut ann = app.signed_in("Ann Lee", &[]).await;
        for (link, heading) in [
            ("Help", "Today"),
            ("Accessibility", "Accessibility"),
            ("Cookies", "Cookies"),
        ] {
            let path = ann.get("/").await.link(link);
            for client in [&mut nobody, &mut ann] {
                let page = client.get(&path).await;
                assert_eq!(page.status, StatusCode::OK);
                assert_eq!(page.heading(), heading);
                assert!(page.has_link("Help") && page.has_link("Cookies"));
            }
            assert!(ann.get(&path).await.has_link("Today"));
        }
        let help = nobody.get("/help").await;
        assert_eq!(help.heading(), "Help");
        assert!(!help.has_link("What controls mean"));
        assert!(ann.get("/help").await.has_link("What controls mean"));
        let who = nobody.get(&help.link("Who can see what")).await;
        who.says("An allegation about the headteacher")
            .says("The chair of governors, the vice-chair of governors and the safeguarding governor if they were told first");
        assert_eq!(
            nobody.get("/help/nothing").await.status,
            StatusCode::NOT_FOUND
        );
    });
}
