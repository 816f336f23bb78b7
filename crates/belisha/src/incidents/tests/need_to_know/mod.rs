//! Who may see a case, for how long and by whose act.

mod emergency_sight;
mod passing_on;
mod subjects;

use axum::http::StatusCode;
use belisha_policy::{Post, Word as _};
use belisha_rules::ids::PersonId;

use super::{cast, newest, report};
use crate::actor::Actor;
use crate::db::{Statement, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::testing::{Client, JUNIOR, Page, TestSchool, on_each_engine};

const REASON: &str = "The child has not come home and nobody of the school answers.";

/// Runs statements that the test's story needs and no act of a case makes.
async fn told(app: &TestSchool, statements: Vec<Statement>) {
    let mut tx = app
        .school
        .write(Actor::School("set-up"))
        .await
        .expect("a transaction");
    for statement in statements {
        tx.run(statement).await.expect("a change");
    }
    let entry = Entry::of(EntryKind::PersonChanged, Object::new("school", "test"));
    tx.commit(entry).await.expect("a commit");
}

async fn appointed(app: &TestSchool, person: PersonId, post: Post) {
    let statement = sql(
        "insert into post_holding (id, post, person, deputy, from_on, until_on)
         values ($1, $2, $3, false, $4, null)",
    )
    .bind(app.school.new_row_id())
    .bind(post.key())
    .bind(person.to_string())
    .bind(app.school.date_of(app.school.clock.now()));
    told(app, vec![statement]).await;
}

/// Somebody's last day was yesterday.
async fn left(app: &TestSchool, person: PersonId) {
    let yesterday = app
        .school
        .date_of(app.school.clock.now())
        .yesterday()
        .expect("a day");
    let statement = sql("update person set ends_on = $2 where id = $1")
        .bind(person.to_string())
        .bind(yesterday);
    let post =
        sql("update post_holding set from_on = '2026-01-01', until_on = $2 where person = $1")
            .bind(person.to_string())
            .bind(yesterday);
    told(app, vec![statement, post]).await;
}

async fn asked(app: &TestSchool, client: &mut Client, reference: &str, reason: &str) -> Page {
    let code = crate::accounts::tests::code_of(app, client.id()).await;
    let form = client.get("/incidents/emergency-sight").await;
    client
        .submit(
            &form,
            "Alert them and open the case",
            &[
                ("reference", reference),
                ("category", "danger-now"),
                ("reason", reason),
                ("code", &code),
            ],
        )
        .await
}

async fn notices_of(app: &TestSchool, kind: &str, person: PersonId) -> i64 {
    let mut records = app.school.database.read().await.expect("records");
    sql("select count(*) as count from notice where kind = $1 and person = $2")
        .bind(kind)
        .bind(person.to_string())
        .one(&mut records)
        .await
        .expect("a count")
        .get("count")
        .expect("a number")
}

#[test]
fn opening_what_is_restricted_asks_again_who_one_is_and_reporting_never_does() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let sealed = newest(&app).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let pupils = newest(&app).await;
        let later = |minutes: i64| app.clock.advance_ms(minutes * 60_000);
        let mut head = app.as_person(cast.head.id()).await;
        for _ in 0..7 {
            later(9);
            assert_eq!(head.get("/").await.status, StatusCode::OK);
        }
        assert_eq!(head.get(&pupils).await.status, StatusCode::OK);
        assert_eq!(head.get("/reports/new").await.status, StatusCode::OK);
        let before = app.journal().await.len();
        let asked = head.get(&sealed).await;
        let to = asked.location.expect("somewhere to go");
        assert!(to.starts_with("/step-up"), "{to}");
        assert_eq!(app.journal().await.len(), before, "nothing was opened yet");
        let form = head.get(&to).await;
        let code = crate::accounts::tests::code_of(&app, cast.head.id()).await;
        let case = head.submit(&form, "Continue", &[("code", &code)]).await;
        case.says("Something upsetting was sent round.");
    });
}

#[test]
fn low_level_concerns_have_a_list_of_their_own_and_a_pattern_for_the_head_alone() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let mut urls = Vec::new();
        for about in ["Oscar Other", "Oscar Other", "Nils Network"] {
            app.clock.advance_ms(1);
            report(&mut cast.teacher, &[(about, "alleged")], "no").await;
            let url = newest(&app).await;
            let id = url.rsplit('/').next().expect("an id").to_owned();
            let lowered =
                sql("update incident set kind = 'low-level-concern' where id = $1").bind(id);
            told(&app, vec![lowered]).await;
            urls.push(url);
        }
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let everything = cast.head.get("/incidents").await;
        let own = cast.head.get("/incidents?show=low-level").await;
        for url in &urls {
            assert!(
                !everything.html().contains(url.as_str()),
                "mixed with pupils’ cases"
            );
            assert!(own.html().contains(url.as_str()));
        }
        assert!(!own.text().contains("Pupil’s welfare"));
        let pattern = cast.head.get("/incidents/low-level").await;
        pattern
            .says("One adult has more than one low-level concern")
            .says("Oscar Other");
        for client in [
            &mut cast.lead,
            &mut cast.chair,
            &mut cast.other,
            &mut cast.technician,
            &mut cast.coordinator,
        ] {
            let page = client.get("/incidents/low-level").await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
            let list = client.get("/incidents?show=low-level").await;
            assert!(urls.iter().all(|url| !list.html().contains(url.as_str())));
        }
    });
}
