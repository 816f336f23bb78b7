//! A version comes into force: today, on a day to come, and never over another.

use belisha_policy::Post;

use super::{approve, draft_with};
use crate::jobs;
use crate::testing::{Client, JUNIOR, Page, TestSchool, on_each_engine};

/// A version that says this of the idle lock, approved by everybody.
async fn approved(app: &TestSchool, lock: &str) -> (Client, Page) {
    let mut head = app
        .signed_in(&format!("Head {lock}"), &[Post::Headteacher])
        .await;
    let mut chair = app
        .signed_in(&format!("Chair {lock}"), &[Post::ChairOfGovernors])
        .await;
    let shown = draft_with(
        &mut head,
        "after = \"10 minutes\"",
        &format!("after = \"{lock}\""),
    )
    .await;
    head.submit(&shown, "Put forward for approval", &[]).await;
    approve(&mut head, &shown.path, "SLT 9").await;
    let page = approve(&mut chair, &shown.path, "FGB 4").await;
    (chair, page)
}

async fn bring(client: &mut Client, version: &Page, day: &str, month: &str) -> Page {
    let form = client.get(&format!("{}/commencement", version.path)).await;
    client
        .submit(
            &form,
            "Bring into force",
            &[
                ("from-day", day),
                ("from-month", month),
                ("from-year", "2026"),
            ],
        )
        .await
}

#[test]
fn from_today_the_version_before_is_superseded_and_all_staff_are_told() {
    on_each_engine(JUNIOR, async |app| {
        app.signed_in("Tom Teacher", &[]).await;
        let (mut chair, version) = approved(&app, "5 minutes").await;
        let wrong = bring(&mut chair, &version, "22", "9").await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.errors()[0].contains("days gone by"));
        bring(&mut chair, &version, "23", "9")
            .await
            .says("in force");
        chair
            .get("/policy")
            .await
            .says("2, in force since 23 September 2026");
        chair.get("/policy/versions").await.says("superseded");
        assert_eq!(
            app.count("select count(*) as count from notice where kind = 'policy-in-force'")
                .await,
            3
        );
        chair
            .get("/policy/clauses/leaving-a-computer")
            .await
            .says("What version 2 changed here")
            .says("The screen locks after 10 minutes")
            .says("The screen locks after 5 minutes");
        // The clause that says how often the policy is reviewed counts the new version.
        let again = chair.get(&format!("{}/commencement", version.path)).await;
        assert_eq!(again.status, 403, "done once");
    });
}

#[test]
fn on_a_day_to_come_it_begins_with_that_day() {
    on_each_engine(JUNIOR, async |app| {
        let (mut chair, version) = approved(&app, "5 minutes").await;
        // The queue learns of the duty on the day before.
        jobs::work_until_idle(&app.school).await.expect("work");
        bring(&mut chair, &version, "25", "9")
            .await
            .says("comes into force on 25 September 2026");
        app.at("2026-09-24T00:00:30+01:00");
        jobs::work_until_idle(&app.school).await.expect("work");
        let in_force = "select number as count from policy_version where state = 'in-force'";
        assert_eq!(app.count(in_force).await, 1);
        app.at("2026-09-24T23:59:59+01:00");
        jobs::work_until_idle(&app.school).await.expect("work");
        assert_eq!(app.count(in_force).await, 1);
        app.at("2026-09-25T00:00:01+01:00");
        jobs::work_until_idle(&app.school).await.expect("work");
        assert_eq!(app.count(in_force).await, 2);
        // A past day still has the policy of its time.
        let mut chair = app.as_person(chair.id()).await;
        chair
            .get("/policy/clauses/leaving-a-computer?on-day=24&on-month=9&on-year=2026")
            .await
            .says("of version 1")
            .says("after 10 minutes");
    });
}

#[test]
fn a_version_does_not_undo_what_came_into_force_meanwhile() {
    on_each_engine(JUNIOR, async |app| {
        let (_, late) = approved(&app, "15 minutes").await;
        let (mut chair, first) = approved(&app, "5 minutes").await;
        bring(&mut chair, &first, "23", "9").await.says("in force");
        let refused = chair.get(&format!("{}/commencement", late.path)).await;
        assert_eq!(refused.status, 403);
        refused.says("Another version came into force since this one was begun");
        // Taken back and brought up to it, the difference is told anew.
        let mut lead = app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await;
        let open = lead.get(&late.path).await;
        let back = lead.submit(&open, "Take back to change it", &[]).await;
        assert!(!back.has_button("Put forward for approval"));
        let difference = lead
            .submit(&back, "Bring up to the version in force", &[])
            .await;
        difference
            .says("Against version 3")
            .says("5 minutes → 15 minutes");
        assert!(
            lead.get(&late.path)
                .await
                .has_button("Put forward for approval")
        );
    });
}

#[test]
fn two_versions_do_not_wait_for_their_days_at_once() {
    on_each_engine(JUNIOR, async |app| {
        let (mut first_chair, first) = approved(&app, "5 minutes").await;
        let (mut chair, second) = approved(&app, "6 minutes").await;
        bring(&mut first_chair, &first, "25", "9").await;
        let refused = bring(&mut chair, &second, "26", "9").await;
        assert_eq!(refused.status, 403);
        refused
            .says("Another version waits for its day")
            .says("Version 2");
    });
}
