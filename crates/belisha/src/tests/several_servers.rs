//! Two servers of one school over the same PostgreSQL schema: whichever a browser reaches, it is the
//! same school. On SQLite a school has one server.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use belisha_policy::Post;

use crate::jobs;
use crate::policies::tests::{approve, draft_with};
use crate::school::School;
use crate::testing::{Client, PRIMARY, TestSchool, on_each_engine};

fn on_two_servers(test: impl AsyncFn(&TestSchool, (Arc<School>, Router))) {
    on_each_engine(PRIMARY, async |app| {
        if app.is_on_postgres() {
            let second = app.second_server().await;
            test(&app, second).await;
        }
    });
}

#[test]
fn a_session_begun_on_one_is_good_on_the_other_and_ends_on_both() {
    on_two_servers(async |app, (_, second)| {
        let mut head = app.signed_in("Ann Marsh", &[Post::Headteacher]).await;
        let mut there = head.at(&second);
        assert_eq!(there.get("/account").await.status, StatusCode::OK);
        there.post("/sign-out", &[]).await;
        assert_eq!(head.get("/account").await.status, StatusCode::SEE_OTHER);
        // Locked on one, locked on the other.
        let mut again = app.as_person(head.id()).await;
        let mut there = again.at(&second);
        app.clock.advance_ms(11 * 60 * 1000);
        assert_eq!(again.get("/account").await.status, StatusCode::SEE_OTHER);
        let locked = there.get("/account").await;
        assert!(locked.location.is_some_and(|to| to.contains("unlock")));
    });
}

#[test]
fn an_act_on_one_is_seen_on_the_other() {
    on_two_servers(async |app, (_, second)| {
        let mut head = app.signed_in("Ann Marsh", &[Post::Headteacher]).await;
        let mut there = head.at(&second);
        there.get("/school").await.says("Larkfield School");
        let details = [
            ("name", "Fernhill Primary School"),
            ("address", "1 Chalk Lane"),
            ("town", "Larkfield"),
            ("urn", "123456"),
            ("time_zone", "Europe/London"),
        ];
        head.post("/school", &details)
            .await
            .says("Fernhill Primary School");
        there.get("/school").await.says("Fernhill Primary School");
        // Half-written words too.
        let kept = head
            .post_only("/drafts/entry-1", &[("words", "half")])
            .await;
        assert_eq!(kept.status, StatusCode::NO_CONTENT);
        assert_eq!(app.count("select count(*) as count from draft").await, 1);
    });
}

#[test]
fn a_policy_brought_into_force_on_one_is_obeyed_on_the_other() {
    on_two_servers(async |app, (_, second)| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let mut chair = app
            .signed_in("Chris Chair", &[Post::ChairOfGovernors])
            .await;
        let teacher = app.signed_in("Tom Teacher", &[]).await;
        let mut there = teacher.at(&second);
        assert_eq!(there.get("/policy").await.status, StatusCode::OK);
        let shown = draft_with(&mut head, "after = \"10 minutes\"", "after = \"5 minutes\"").await;
        head.submit(&shown, "Put forward for approval", &[]).await;
        let approved = approve(&mut chair, &shown.path, "FGB 2026-09, item 7").await;
        let form = chair.get(&approved.link("Bring into force")).await;
        chair
            .submit(&form, "Bring into force", &[])
            .await
            .says("in force");
        assert_eq!(there.get("/policy").await.status, StatusCode::OK);
        app.clock.advance_ms(6 * 60 * 1000);
        let locked = there.get("/policy").await;
        assert!(locked.location.is_some_and(|to| to.contains("unlock")));
    });
}

#[test]
fn work_that_is_due_is_done_by_one_of_them() {
    on_two_servers(async |app, (other, _)| {
        for round in 1..=3 {
            app.clock.advance_ms(60 * 1000);
            jobs::ask_for(&app.school, crate::backups::BACKUP.key, "person:test")
                .await
                .expect("a request");
            let (one, two) = tokio::join!(
                jobs::work_until_idle(&app.school),
                jobs::work_until_idle(&other)
            );
            one.expect("the work");
            two.expect("the work");
            let asked = app
                .count("select count(*) as count from backup where why = 'asked'")
                .await;
            assert_eq!(asked, round);
            let unfinished = app
                .count("select count(*) as count from job where finished_at is null and leased_by is not null")
                .await;
            assert_eq!(unfinished, 0);
        }
        let failed = app
            .count("select count(*) as count from job where fault is not null")
            .await;
        assert_eq!(failed, 0);
    });
}

/// Fills the form for a new person; what it would send.
async fn filled(client: &mut Client) -> Vec<(String, String)> {
    let page = client.get("/people/add").await;
    let (_, mut fields) = page.form_with("Add the person");
    for (name, value) in &mut fields {
        match name.as_str() {
            "name" => *value = "Nora New".to_owned(),
            "standing" => *value = "staff".to_owned(),
            _ => {}
        }
    }
    fields
}

#[test]
fn two_posts_of_one_submission_at_the_same_time_act_once() {
    on_two_servers(async |app, (_, second)| {
        let mut office = app.signed_in("Olive Office", &[Post::SchoolOffice]).await;
        for round in 1..=5 {
            let fields = filled(&mut office).await;
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let mut there = office.at(&second);
            let (one, two) = tokio::join!(
                office.post_only("/people/add", &fields),
                there.post_only("/people/add", &fields)
            );
            assert_eq!(one.status, StatusCode::SEE_OTHER, "{}", one.text());
            assert_eq!(two.status, StatusCode::SEE_OTHER, "{}", two.text());
            assert_eq!(
                one.location, two.location,
                "both lead to the one that was added"
            );
            assert_eq!(
                app.count("select count(*) as count from person where name = 'Nora New'")
                    .await,
                round
            );
        }
    });
}
