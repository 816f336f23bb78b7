//! An alert of the filter becomes a report by one press of whoever it was given to.

use axum::http::StatusCode;

use super::{cast, newest};
use crate::actor::Actor;
use crate::entries::{Entry, EntryKind, Object};
use crate::incidents::reports::alert::{AlertFacts, from_alert};
use crate::testing::{JUNIOR, TestSchool, on_each_engine};

async fn alert(app: &TestSchool, to: belisha_rules::ids::PersonId) -> String {
    let mut tx = app
        .school
        .write(Actor::School("filter"))
        .await
        .expect("a transaction");
    let facts = AlertFacts {
        device: "Tablet 14".into(),
        group: "Year 5".into(),
        at_ms: "2026-09-23T08:40:00+01:00"
            .parse::<jiff::Timestamp>()
            .expect("an instant")
            .as_millisecond(),
        name: "games.example".into(),
        category: "gambling".into(),
    };
    let url = from_alert(&mut tx, &facts, to).await.expect("an alert");
    tx.commit(Entry::of(
        EntryKind::AccessRefused,
        Object::new("filter-alert", "test"),
    ))
    .await
    .expect("a commit");
    url
}

#[test]
fn an_alert_is_filled_in_checked_and_sent_once() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = alert(&app, cast.technician.id()).await;
        // It is for one person; to everybody else there is nothing.
        assert_eq!(cast.teacher.get(&url).await.status, StatusCode::NOT_FOUND);
        let page = cast.technician.get(&url).await;
        page.says("The filter stopped games.example (gambling) on Tablet 14");
        assert_eq!(page.field("on-time"), "8:40");
        let checked = cast
            .technician
            .submit(&page, "Continue", &[("at-risk", "no")])
            .await;
        checked.says("This will go to the online safety co-ordinator");
        let sent = cast
            .technician
            .submit(&checked, "Send the report", &[])
            .await;
        sent.says("Report sent");
        let case = newest(&app).await;
        cast.coordinator
            .get(&case)
            .await
            .says("An alert of the filter");
        // The alert leads to the report now, and cannot be sent again.
        let again = cast.technician.get(&url).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_eq!(app.count("select count(*) as count from report").await, 1);
    });
}
