//! While a holder is away, concerns and alerts go to whoever stands in.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing, Word as _};

use super::{Cast, cast, newest, report};
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::testing::{Client, JUNIOR, PRIMARY, Page, TestSchool, on_each_engine};

/// Makes somebody the deputy for a post, as an approved appointment does.
async fn deputise(app: &TestSchool, name: &str, post: Post) -> Client {
    let deputy = app.person(name, Standing::Staff, &[]).await;
    let mut tx = app
        .school
        .write(Actor::School("set-up"))
        .await
        .expect("a transaction");
    let row = app.school.new_row_id();
    tx.run(
        sql(
            "insert into post_holding (id, post, person, deputy, from_on, until_on)
             values ($1, $2, $3, true, '2026-09-01', null)",
        )
        .bind(&row)
        .bind(post.key())
        .bind(deputy.to_string()),
    )
    .await
    .expect("a deputy");
    tx.commit(Entry::of(
        EntryKind::PostAppointed,
        Object::new("post-holding", row),
    ))
    .await
    .expect("a commit");
    app.as_person(deputy).await
}

async fn declare(by: &mut Client, of: &Client, from: &str, until: &str) -> Page {
    let form = by
        .get(&format!("/people/posts/holders/{}/absence", of.id()))
        .await;
    let day = |text: &str| {
        let parts: Vec<String> = text.split('-').map(str::to_owned).collect();
        parts
    };
    let (from, until) = (day(from), day(until));
    by.submit(
        &form,
        "Save these days",
        &[
            ("from-on-day", &from[2]),
            ("from-on-month", &from[1]),
            ("from-on-year", &from[0]),
            ("until-on-day", &until[2]),
            ("until-on-month", &until[1]),
            ("until-on-year", &until[0]),
        ],
    )
    .await
}

async fn first(app: &TestSchool) -> Vec<String> {
    let mut records = app.school.database.read().await.expect("records");
    sql("select person.name from incident_reader
         join person on person.id = incident_reader.person
         join incident on incident.id = incident_reader.incident
         where incident_reader.why = 'first' and incident.opened_at = (select max(opened_at) from incident)
         order by person.name")
    .all(&mut records)
    .await
    .expect("readers")
    .iter()
    .map(|row| row.get("name").expect("a name"))
    .collect()
}

#[test]
fn a_concern_goes_to_the_deputy_while_the_holder_is_away_and_to_the_holder_again_after() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let mut deputy = deputise(&app, "Dee Standin", Post::OnlineSafetyCoordinator).await;
        let coordinator = cast.coordinator.id();
        let mut own = app.as_person(coordinator).await;
        // It is 23 September 2026.
        let posts = declare(&mut own, &cast.coordinator, "2026-09-23", "2026-09-25").await;
        assert_eq!(posts.path, "/people/posts", "{}", posts.text());
        posts.says("away from 23 September 2026 to 25 September 2026");
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        assert_eq!(first(&app).await, ["Dee Standin"]);
        let url = newest(&app).await;
        deputy
            .get(&url)
            .await
            .says("Something upsetting was sent round.");

        // Back before the last day.
        let back = own.get("/people/posts").await.link("Back");
        let form = own.get(&back).await;
        own.submit(&form, "They are back", &[]).await;
        app.clock.advance_ms(1000);
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        assert_eq!(first(&app).await, ["Cora Coordinator"]);
        assert_eq!(
            own.get(&back).await.status,
            StatusCode::NOT_FOUND,
            "an absence ends once"
        );
        let journal = app.journal().await;
        for kind in ["post.absence-declared", "post.absence-ended"] {
            assert!(journal.iter().any(|entry| entry == kind), "{kind}");
        }
    });
}

#[test]
fn an_absence_that_is_over_or_still_to_come_changes_nothing() {
    on_each_engine(JUNIOR, async |app| {
        let Cast {
            mut teacher,
            coordinator,
            ..
        } = cast(&app).await;
        deputise(&app, "Dee Standin", Post::OnlineSafetyCoordinator).await;
        let mut own = app.as_person(coordinator.id()).await;
        declare(&mut own, &coordinator, "2026-09-24", "2026-09-25").await;
        report(&mut teacher, &[("Pip Pupil", "harmed")], "no").await;
        assert_eq!(first(&app).await, ["Cora Coordinator"]);
        let over = declare(&mut own, &coordinator, "2026-09-21", "2026-09-22").await;
        assert_eq!(over.status, StatusCode::UNPROCESSABLE_ENTITY);
        over.says("enter today or a later day");
        let turned = declare(&mut own, &coordinator, "2026-09-29", "2026-09-28").await;
        turned.says("it is before the first day");
        assert_eq!(turned.field_value("until-on-day"), "28");
    });
}

/// Deputising for the headteacher is not being the headteacher: a concern about a member
/// of staff still goes to the head, and an acting head is appointed to the post itself.
#[test]
fn a_concern_about_staff_goes_to_no_deputy_of_the_head_and_never_to_its_subject() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let mut deputy = deputise(&app, "Dee Standin", Post::Headteacher).await;
        let of_head = app.as_person(cast.head.id()).await;
        // The chair approves appointments of the head, and so may say it.
        let mut chair = app.as_person(cast.chair.id()).await;
        declare(&mut chair, &of_head, "2026-09-23", "2026-10-01").await;
        for subject in ["Oscar Other", "Dee Standin"] {
            app.clock.advance_ms(1000);
            report(&mut cast.teacher, &[(subject, "alleged")], "no").await;
            assert_eq!(first(&app).await, ["Hazel Head"], "{subject}");
            let url = newest(&app).await;
            assert_eq!(deputy.get(&url).await.status, StatusCode::NOT_FOUND);
        }
    });
}

#[test]
fn nobody_else_says_who_is_away() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = format!("/people/posts/holders/{}/absence", cast.head.id());
        for client in [
            &mut cast.technician,
            &mut cast.deputy,
            &mut cast.teacher,
            &mut cast.lead,
        ] {
            let page = client.get(&url).await;
            assert_ne!(page.status, StatusCode::OK);
            let posts = client.get("/people/posts").await;
            assert!(!posts.html().contains(&url));
        }
        let nobody = format!("/people/posts/holders/{}/absence", cast.other.id());
        assert_eq!(cast.head.get(&nobody).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            app.count("select count(*) as count from post_absence")
                .await,
            0
        );
    });
}

#[test]
fn an_alert_that_comes_to_somebody_away_moves_on_in_the_next_minute() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let stages = app
            .count("select max(stage) as count from incident_reader")
            .await;
        assert!(stages >= 2, "a line of {stages}");
        // Everybody of the second stage is away by the time it comes to them.
        let second = app
            .count("select count(*) as count from incident_reader where stage = 1 and why = 'next'")
            .await;
        assert!(second > 0);
        let mut tx = app
            .school
            .write(Actor::School("set-up"))
            .await
            .expect("a transaction");
        tx.run(sql(
            "insert into post_absence (id, person, from_on, until_on, declared_at, declared_by, ended_at, ended_by)
             select 'away-' || person, person, '2026-09-23', '2026-12-31', 0, 'system:test', null, null
             from incident_reader where stage = 1 and why = 'next'",
        ))
        .await
        .expect("absences");
        tx.commit(Entry::of(
            EntryKind::PostAbsenceDeclared,
            Object::new("person", cast.head.id()),
        ))
        .await
        .expect("a commit");
        let stage = "select stage as count from incident";
        for (minutes, expected) in [(180, 1), (1, 2)] {
            app.clock.advance_ms(minutes * 60_000);
            crate::jobs::work_until_idle(&app.school)
                .await
                .expect("the duty");
            assert_eq!(app.count(stage).await, expected);
        }
    });
}
