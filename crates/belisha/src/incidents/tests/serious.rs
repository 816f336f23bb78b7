//! The steps for a serious incident, and that somebody knows them.

use axum::http::StatusCode;

use super::cast;
use crate::testing::{JUNIOR, PRIMARY, covers, on_each_engine};

#[test]
fn the_steps_name_whom_each_policy_names() {
    for (pack, first) in [(JUNIOR, "Lena Lead"), (PRIMARY, "Hazel Head")] {
        on_each_engine(pack, async |app| {
            let mut cast = cast(&app).await;
            let today = cast.other.get("/").await;
            let page = cast
                .other
                .get(&today.link("What to do in a serious incident"))
                .await;
            assert_eq!(page.status, StatusCode::OK);
            page.says("Ring 999")
                .says(first)
                .says("Do not look at it again, copy it, print it")
                .says("the headteacher (Hazel Head)")
                .says("the chair of governors (Charles Chair)");
            assert!(page.has_button("Report a concern") || page.has_link("Report a concern"));
        });
    }
}

#[test]
fn the_headteacher_confirms_every_year_that_they_know_them() {
    covers(&["H-035"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let clause = "/policy/clauses/headteacher-serious-incident";
        let page = cast.head.get(clause).await;
        page.says("nobody has given their word yet");
        let form = cast
            .head
            .get(&page.link("Give your word for this clause"))
            .await;
        let fields = [
            ("says", "I read the steps and rang the numbers."),
            ("until-day", "1"),
            ("until-month", "9"),
            ("until-year", "2027"),
        ];
        cast.head
            .submit(&form, "Give my word", &fields)
            .await
            .says("Attested by Hazel Head on 23 September 2026");
        app.at("2027-10-02T09:00:00+01:00");
        let mut head = app.as_person(cast.head.id()).await;
        head.get(clause).await.says("Not met");
    });
}
