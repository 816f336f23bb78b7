//! Signing, declining, and what stays shut until then.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};

use super::{evidence, sign_as, somebody, teacher};
use crate::testing::{JUNIOR, PRIMARY, covers, on_each_engine};

#[test]
fn an_account_opens_when_its_agreement_is_signed() {
    covers(&["H-083", "H-085", "H-207", "H-168", "H-111"]);
    on_each_engine(JUNIOR, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        let held = ann.get("/").await;
        assert!(
            held.location
                .is_some_and(|to| to.starts_with("/agreements")),
            "{}",
            held.path
        );
        assert_eq!(evidence(&app).await, ["due"]);
        let list = ann.get("/agreements").await;
        list.says("Your account opens when you have signed")
            .says("not signed yet");
        let page = ann.get(&list.link("Sign: Staff agreement")).await;
        page.says("I report the same day");

        let signed = sign_as(&mut ann, "Ann Lee").await;
        assert_eq!(signed.heading(), "Agreement signed");
        signed
            .says("Ann Lee")
            .says("Class teacher")
            .says("contract of employment");
        assert_eq!(evidence(&app).await, ["met"]);
        assert_eq!(ann.get("/").await.status, StatusCode::OK);
        assert!(app.journal().await.contains(&"agreement.signed".to_owned()));
        ann.get("/agreements").await.says("23 September 2027");
        assert_eq!(
            app.count("select count(*) as count from notice where read_at is null")
                .await,
            0
        );
    });
}

#[test]
fn contact_with_pupils_waits_and_the_account_does_not() {
    covers(&["C-106", "C-128"]);
    on_each_engine(PRIMARY, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        assert_eq!(ann.get("/").await.status, StatusCode::OK);
        let today = app.school.today();
        let held = async || {
            let mut records = app.school.database.read().await.expect("records");
            let one = super::super::holds_contact(&mut records, ann.id(), today)
                .await
                .expect("an answer");
            let all = super::super::not_cleared(&mut records, today)
                .await
                .expect("an answer");
            assert_eq!(all.contains(&ann.id()), one);
            one
        };
        assert!(held().await);
        let signed = sign_as(&mut ann.clone(), "Ann Lee").await;
        signed.says("It is replaced");
        assert!(!held().await);
        // Signed once and for all: years later it still holds.
        app.at("2031-05-06T09:00:00+01:00");
        assert_eq!(evidence(&app).await, ["met"]);
    });
}

#[test]
fn each_part_of_a_signature_is_asked_for() {
    covers(&["C-158", "C-127", "C-156"]);
    on_each_engine(PRIMARY, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        let page = ann.get("/agreements/staff/sign").await;
        let mut check = async |fields: &[(&str, &str)], expected: &[&str]| {
            let mut sent = vec![
                ("full-name", "Ann Lee"),
                ("post", "Class teacher"),
                ("policy-read", "yes"),
                ("agree", "yes"),
            ];
            sent.retain(|(name, _)| !fields.iter().any(|(given, _)| given == name));
            sent.extend_from_slice(fields);
            let answer = ann.submit(&page, "Sign the agreement", &sent).await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{expected:?}"
            );
            assert_eq!(answer.errors(), expected);
            answer
        };
        check(
            &[("full-name", "Ann")],
            &["Enter your full name, first name and surname."],
        )
        .await;
        check(
            &[("post", "  ")],
            &["Enter your post, such as class teacher."],
        )
        .await;
        check(
            &[("policy-read", "")],
            &["Open the policy and read it before you sign."],
        )
        .await;
        check(
            &[("agree", "")],
            &["Tick the statement if you agree to it."],
        )
        .await;
        check(
            &[("full-name", ""), ("post", ""), ("agree", "")],
            &[
                "Enter your full name, first name and surname.",
                "Enter your post, such as class teacher.",
                "Tick the statement if you agree to it.",
            ],
        )
        .await;
        check(
            &[("date", "2026-09-22")],
            &["The day has changed since you opened this page. Sign again with today’s date."],
        )
        .await;
        check(
            &[("shown", "staff-agreement=0")],
            &["The agreement has changed since you opened this page. Read it again, then sign."],
        )
        .await;
        assert_eq!(
            app.count("select count(*) as count from agreement_signature")
                .await,
            0
        );
    });
}

#[test]
fn another_name_is_asked_about_once_and_then_taken() {
    on_each_engine(PRIMARY, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        let asked = sign_as(&mut ann, "Anna Lee-Marsh").await;
        assert_eq!(
            asked.errors(),
            [
                "The school knows you as Ann Lee. If Anna Lee-Marsh is your full name, sign again; otherwise correct it."
            ]
        );
        let signed = ann.submit(&asked, "Sign the agreement", &[]).await;
        assert_eq!(signed.heading(), "Agreement signed");
        signed.says("Anna Lee-Marsh").says("On the register as");
        // Another spelling of case and spaces is the same name.
        let mut bo = teacher(&app, "Bo Field").await;
        assert_eq!(
            sign_as(&mut bo, " bo  FIELD ").await.heading(),
            "Agreement signed"
        );
    });
}

#[test]
fn a_form_sent_twice_signs_once() {
    on_each_engine(PRIMARY, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        let page = ann.get("/agreements/staff/sign").await;
        let fields = [
            ("full-name", "Ann Lee"),
            ("post", "Class teacher"),
            ("policy-read", "yes"),
            ("agree", "yes"),
        ];
        let first = ann.submit(&page, "Sign the agreement", &fields).await;
        let second = ann.submit(&page, "Sign the agreement", &fields).await;
        assert_eq!(first.path, second.path);
        assert_eq!(
            app.count("select count(*) as count from agreement_signature")
                .await,
            1
        );
        // Signed, the page leads back to the list.
        let again = ann.get("/agreements/staff/sign").await;
        assert_eq!(again.location.as_deref(), Some("/agreements"));
    });
}

#[test]
fn nobody_signs_what_is_not_asked_of_them() {
    on_each_engine(JUNIOR, async |app| {
        let mut governor = somebody(&app, "Gil Grove", Standing::Governor).await;
        governor
            .get("/agreements")
            .await
            .says("No agreements are asked of you");
        let page = governor.get("/agreements/staff/sign").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert_eq!(
            governor.get("/agreements/phones/sign").await.status,
            StatusCode::NOT_FOUND
        );
    });
}

#[test]
fn whoever_declines_is_heard_by_the_headteacher_alone() {
    on_each_engine(PRIMARY, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        let mut head = app.signed_in("Hal Head", &[Post::Headteacher]).await;
        let mut office = app.signed_in("Olu Office", &[Post::SchoolOffice]).await;
        super::owe(&app).await;
        let page = ann.get("/agreements/staff/decline").await;
        let empty = ann
            .submit(&page, "Decline to sign", &[("reason", " ")])
            .await;
        assert_eq!(
            empty.errors(),
            ["Say in a few words why you will not sign."]
        );
        ann.submit(&page, "Decline to sign", &[("reason", "I own no phone.")])
            .await
            .says("Sign:");
        let list = head.get("/agreements/staff").await;
        let why = list.link("Declined: read why");
        head.get(&why).await.says("I own no phone.").says("Ann Lee");
        assert!(
            app.journal()
                .await
                .contains(&"agreement.decline-read".to_owned())
        );
        assert!(
            !office
                .get("/agreements/staff")
                .await
                .has_link("Declined: read why")
        );
        assert_eq!(office.get(&why).await.status, StatusCode::NOT_FOUND);
        // The notice leads there too.
        let notices = head.get("/notices").await;
        let opened = head.get(&notices.link("Somebody has declined")).await;
        assert_eq!(opened.location, Some(why));
        // The words are nowhere in the records in the clear.
        let mut records = app.school.database.read().await.expect("records");
        let row = crate::db::sql("select sealed_reason from agreement_decline")
            .one(&mut records)
            .await
            .expect("a row");
        let sealed: Vec<u8> = row.get("sealed_reason").expect("bytes");
        assert!(!String::from_utf8_lossy(&sealed).contains("phone"));
        // They can still sign.
        assert_eq!(
            sign_as(&mut ann, "Ann Lee").await.heading(),
            "Agreement signed"
        );
    });
}

#[test]
fn what_the_policy_tells_everyone_is_signed_with_the_agreement_and_told_at_sign_in() {
    covers(&["H-012", "H-113", "H-171", "H-191"]);
    on_each_engine(JUNIOR, async |app| {
        app.nobody()
            .get("/sign-in")
            .await
            .says("can lead to discipline, and it can lead to the law")
            .says("we monitor internet and email use");
        let mut ann = teacher(&app, "Ann Lee").await;
        let table = "Step 1 for pupils: a talk with the class teacher.";
        ann.get("/agreements/staff/sign")
            .await
            .says("can lead to discipline, and it can lead to the law")
            .says("what counts as breaking the rules")
            .says(table)
            .says("Step 2 for adults: the disciplinary procedure")
            .says("we monitor internet and email use");
        sign_as(&mut ann, "Ann Lee").await;
        // The words were signed, not only shown.
        let mut records = app.school.database.read().await.expect("records");
        let clauses = crate::db::sql(
            "select count(*) as signed from agreement_signature_clause
             where clause in ('consequences', 'sanctions', 'monitoring')",
        )
        .one(&mut records)
        .await
        .expect("a count");
        assert_eq!(clauses.get::<i64>("signed").expect("a number"), 3);
    });
    on_each_engine(PRIMARY, async |app| {
        covers(&["C-123", "C-138"]);
        let mut ann = teacher(&app, "Ann Lee").await;
        ann.get("/agreements/staff/sign")
            .await
            .says("can end in a criminal case or a civil one")
            .says("can be traced");
        let signed = sign_as(&mut ann, "Ann Lee").await;
        assert_eq!(signed.heading(), "Agreement signed");
        app.nobody().get("/sign-in").await.says("can be traced");
    });
}
