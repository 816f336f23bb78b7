//! Who has signed, reminders, paper, and the file for a spreadsheet.

use axum::http::{StatusCode, header};
use belisha_policy::{Post, Standing};

use super::{evidence, owe, sign_as, teacher};
use crate::testing::{PRIMARY, covers, on_each_engine};

#[test]
fn those_in_charge_see_who_has_not_signed() {
    covers(&["C-106"]);
    on_each_engine(PRIMARY, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        teacher(&app, "Bo Field").await;
        sign_as(&mut ann, "Ann Lee").await;
        let head = app.signed_in("Hal Head", &[Post::Headteacher]).await;
        owe(&app).await;
        app.at("2026-09-24T09:00:00+01:00");
        let mut head = app.as_person(head.id()).await;
        let page = head.get("/agreements/staff").await;
        assert_eq!(page.status, StatusCode::OK);
        page.says("shown as not cleared for contact with pupils");
        let text = page.text();
        let at = |name: &str| {
            text.find(name)
                .unwrap_or_else(|| panic!("{name} in {text}"))
        };
        assert!(at("Bo Field") < at("Ann Lee"), "the late come first");
        page.says("Late was due on 23 September 2026");
        page.says("Signed on 23 September 2026");
        let mut bo = app.signed_in("Cy Plain", &[]).await;
        assert_ne!(bo.get("/agreements/staff").await.status, StatusCode::OK);
        assert_eq!(
            head.get("/agreements/nothing").await.status,
            StatusCode::NOT_FOUND
        );
    });
}

#[test]
fn a_reminder_tells_each_person_once_while_unread() {
    on_each_engine(PRIMARY, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        let mut bo = teacher(&app, "Bo Field").await;
        sign_as(&mut ann, "Ann Lee").await;
        let mut head = app.signed_in("Hal Head", &[Post::Headteacher]).await;
        owe(&app).await;
        sign_as(&mut head, "Hal Head").await;
        let waiting = "select count(*) as count from notice where read_at is null";
        assert_eq!(app.count(waiting).await, 1);
        let notices = bo.get("/notices").await;
        bo.get(&notices.link("An agreement waits for your signature"))
            .await;
        assert_eq!(app.count(waiting).await, 0);
        let page = head.get("/agreements/staff").await;
        let button = "Remind those who have not signed";
        head.submit(&page, button, &[]).await;
        head.submit(&page, button, &[]).await;
        let page = head.get("/agreements/staff").await;
        head.submit(&page, button, &[]).await;
        assert_eq!(app.count(waiting).await, 1);
        let reminders = app.journal().await;
        assert_eq!(
            reminders
                .iter()
                .filter(|kind| *kind == "agreement.reminded")
                .count(),
            2,
            "the form sent twice reminded once"
        );
        assert_eq!(
            ann.post_only("/agreements/staff/remind", &[("submission", "1")])
                .await
                .status,
            StatusCode::NOT_FOUND
        );
    });
}

#[test]
fn the_office_records_a_signature_on_paper() {
    covers(&["C-157"]);
    on_each_engine(PRIMARY, async |app| {
        let gil = app.person("Gil Grove", Standing::Governor, &[]).await;
        let office = app.signed_in("Olu Office", &[Post::SchoolOffice]).await;
        owe(&app).await;
        app.at("2026-09-30T09:00:00+01:00");
        let mut office = app.as_person(office.id()).await;
        let path = format!("/agreements/staff/paper/{gil}");
        let page = office.get(&path).await;
        page.says("Gil Grove").says("since 23 September 2026");
        let good = [
            ("full-name", "Gil Grove"),
            ("post", "Governor"),
            ("signed-on-day", "24"),
            ("signed-on-month", "9"),
            ("signed-on-year", "2026"),
            ("place", "Office cabinet 2"),
        ];
        let mut check = async |field: &str, value: &str, expected: &str| {
            let mut sent = good;
            for pair in &mut sent {
                if pair.0 == field {
                    pair.1 = value;
                }
            }
            let answer = office.submit(&page, "Record the signature", &sent).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(answer.errors(), [expected]);
        };
        check("full-name", "", "Enter the name as it stands on the paper.").await;
        check("post", "", "Enter the post as it stands on the paper.").await;
        check("place", "", "Say where the signed paper is kept.").await;
        check(
            "signed-on-day",
            "31",
            "Enter the date on the paper, such as 23 9 2026.",
        )
        .await;
        check(
            "signed-on-month",
            "10",
            "The date on the paper is in the future. Check it.",
        )
        .await;
        check(
            "signed-on-day",
            "22",
            "The agreement has changed since that day. Ask for a signature on its present words.",
        )
        .await;
        let listed = office.submit(&page, "Record the signature", &good).await;
        listed.says("Signed on 24 September 2026");
        let signature = office.get(&listed.link("See the signature")).await;
        signature
            .says("Office cabinet 2")
            .says("duties of a governor");
        assert!(!signature.has_link("copy"));
        assert_eq!(
            evidence(&app)
                .await
                .iter()
                .filter(|is| *is == "met")
                .count(),
            1
        );
        assert_eq!(office.get(&path).await.status, StatusCode::FORBIDDEN);
        let mut ann = teacher(&app, "Ann Lee").await;
        assert_eq!(ann.get(&path).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn the_list_is_saved_by_the_headteacher_and_holds_no_formula() {
    on_each_engine(PRIMARY, async |app| {
        let mut head = app.signed_in("Hal Head", &[Post::Headteacher]).await;
        app.person("=HYPERLINK(1)", Standing::Staff, &[]).await;
        owe(&app).await;
        let page = head.get("/agreements/staff").await;
        let file = head.get(&page.link("Save this list")).await;
        assert_eq!(
            file.headers[header::CONTENT_TYPE],
            "text/csv; charset=utf-8"
        );
        let text = String::from_utf8(file.body).expect("text");
        assert!(
            text.starts_with("Name,Is,Stands,Due,Signed,Holds until\n"),
            "{text}"
        );
        assert!(text.contains("\n'=HYPERLINK(1),"), "{text}");
        assert!(
            app.journal()
                .await
                .contains(&"agreement.exported".to_owned())
        );
        let mut office = app.signed_in("Olu Office", &[Post::SchoolOffice]).await;
        assert_eq!(
            office.get("/agreements/staff/signatures.csv").await.status,
            StatusCode::FORBIDDEN
        );
    });
}
