//! Whatever happens, and in whatever order, a subject finds no trace of their own case.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};
use belisha_rules::ids::PersonId;

use super::super::{Cast, cast, newest, reference, report};
use super::{REASON, appointed, asked, told};
use crate::db::sql;
use crate::jobs;
use crate::testing::{JUNIOR, TestSchool, on_each_engine};

/// What the subject reaches of their own case: nothing, by any address or list.
async fn is_blind(app: &TestSchool, person: PersonId, url: &str, after: &str) {
    let mut client = app.as_person(person).await;
    let id = url.rsplit('/').next().expect("an id");
    for route in crate::routes::routes() {
        if !route.path.starts_with("/incidents/{id}") {
            continue;
        }
        let path = route
            .path
            .replace("{id}", id)
            .replace("{person}", &person.to_string())
            .replace("{entry}", id)
            .replace("{action}", id);
        let page = if route.method == "GET" {
            client.get(&path).await
        } else {
            client.post_only(&path, &[("submission", "blind")]).await
        };
        // The last step asks people for their signatures first: that says nothing either.
        let is_led_away = page.location.is_some_and(|to| !to.contains(id));
        assert!(
            page.status == StatusCode::NOT_FOUND || is_led_away,
            "{path} after {after}: {}",
            page.status
        );
    }
    for list in [
        "/",
        "/notices",
        "/incidents",
        "/incidents?show=mine",
        "/incidents?show=overdue",
        "/incidents?show=closed",
        "/incidents?show=low-level",
        "/incidents/low-level",
        "/incidents/handing-over",
        "/incidents/emergency-sights",
        "/journal",
        "/patterns",
        "/patterns/cases?grid=all&row=every",
    ] {
        let page = client.get(list).await;
        assert!(!page.html().contains(id), "{list} after {after}");
    }
    let found = client
        .post_only("/incidents/search", &[("words", "upsetting")])
        .await;
    assert!(
        found.status == StatusCode::OK || found.location.is_some(),
        "no search after {after}: {}",
        found.status
    );
    assert!(!found.html().contains(id), "search after {after}");
    assert_eq!(
        notices_about(app, person).await,
        0,
        "a notice after {after}"
    );
}

async fn notices_about(app: &TestSchool, person: PersonId) -> i64 {
    let mut records = app.school.database.read().await.expect("records");
    sql("select count(*) as count from notice where person = $1 and object like 'incident%'")
        .bind(person.to_string())
        .one(&mut records)
        .await
        .expect("a count")
        .get("count")
        .expect("a number")
}

/// One thing that may happen while there is a case about Oscar.
async fn happens(app: &TestSchool, cast: &mut Cast, url: &str, step: usize) -> &'static str {
    let oscar = cast.other.id();
    // Each acts in a session of this moment.
    app.clock.advance_ms(31_000);
    let mut head = app.as_person(cast.head.id()).await;
    let mut chair = app.as_person(cast.chair.id()).await;
    match step {
        0 => {
            for to in [oscar, cast.lead.id()] {
                let to = to.to_string();
                let fields = [
                    ("submission", to.as_str()),
                    ("person", &to),
                    ("reason", "Look."),
                ];
                head.post_only(&format!("{url}/sharing"), &fields).await;
            }
            "shares"
        }
        1 => {
            for to in [oscar, cast.lead.id()] {
                let to = to.to_string();
                let fields = [
                    ("submission", to.as_str()),
                    ("person", &to),
                    ("until-day", "1"),
                    ("until-month", "10"),
                    ("until-year", "2026"),
                    ("reason", "Look."),
                ];
                head.post_only(&format!("{url}/delegation"), &fields).await;
            }
            "delegations"
        }
        2 => {
            let to = oscar.to_string();
            let fields = [
                ("submission", "hand"),
                ("person", to.as_str()),
                ("note", "Yours."),
            ];
            head.post_only(&format!("{url}/handing-over"), &fields)
                .await;
            "handing over"
        }
        3 => {
            let reference = reference(app, url).await;
            asked(app, &mut chair, &reference, REASON).await;
            "emergency sight"
        }
        4 => {
            for post in [Post::Headteacher, Post::DesignatedSafeguardingLead] {
                appointed(app, oscar, post).await;
            }
            appointed(app, oscar, Post::ChairOfGovernors).await;
            "promotions"
        }
        5 => {
            let twin = app
                .person("Oscar O. Other", Standing::Staff, &[Post::Headteacher])
                .await;
            let merge = sql("update person set merged_into = $2 where id = $1")
                .bind(twin.to_string())
                .bind(oscar.to_string());
            told(app, vec![merge]).await;
            cast.other = app.as_person(twin).await;
            "a merge"
        }
        6 => {
            let case = head.get(url).await;
            if case.has_button("Acknowledge: I have this") {
                head.submit(&case, "Acknowledge: I have this", &[]).await;
            }
            let fields = [("submission", "reopen"), ("reason", "Something new.")];
            head.post_only(&format!("{url}/reopening"), &fields).await;
            "handling"
        }
        _ => {
            let reference = reference(app, url).await;
            let mut oscar = app.as_person(oscar).await;
            if oscar.get("/incidents/emergency-sight").await.status == StatusCode::OK {
                asked(app, &mut oscar, &reference, REASON).await;
            }
            jobs::work_until_idle(&app.school)
                .await
                .expect("the duties");
            "asking and duties"
        }
    }
}

#[test]
fn no_sequence_of_acts_lets_a_subject_see_their_own_case() {
    // Orders drawn once, so that each kind of step comes early in one and late in another.
    for order in [
        [0, 1, 2, 3, 4, 5, 6, 7],
        [4, 5, 3, 2, 1, 0, 6, 7],
        [5, 4, 6, 0, 2, 3, 1, 7],
    ] {
        on_each_engine(JUNIOR, async |app| {
            let mut cast = cast(&app).await;
            report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
            let url = newest(&app).await;
            cast.head
                .get(&url)
                .await
                .says("Concern about a member of staff");
            for step in order {
                let after = happens(&app, &mut cast, &url, step).await;
                is_blind(&app, cast.other.id(), &url, after).await;
            }
        });
    }
}
