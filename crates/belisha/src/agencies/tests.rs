//! What a school needs to trust of its directory of agencies.

use axum::http::StatusCode;
use belisha_policy::Post;

use super::{agency, all};
use crate::testing::{JUNIOR, on_each_engine};

#[test]
fn the_directory_has_a_source_for_each_national_number_and_every_agency_that_a_guide_names() {
    for agency in &all().agencies {
        assert!(
            !agency.purpose.is_empty() && !agency.when.is_empty(),
            "{}",
            agency.key
        );
        if !agency.is_local {
            assert!(
                !agency.phone.is_empty() || !agency.web.is_empty(),
                "{}",
                agency.key
            );
            assert!(!agency.sources.is_empty(), "{}", agency.key);
        }
    }
    for guide in belisha_rules::guides::catalogue() {
        for key in guide.escalates_to {
            assert!(agency(key).is_some(), "{key}");
        }
    }
}

#[test]
fn a_contact_that_nobody_filled_in_is_a_gap_until_somebody_does() {
    on_each_engine(JUNIOR, async |app| {
        let mut lead = app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await;
        let mut head = app.signed_in("Hazel Head", &[Post::Headteacher]).await;
        let mut teacher = app.signed_in("Tessa Teacher", &[]).await;
        lead.get("/agencies")
            .await
            .says("Local authority designated officer Not filled in")
            .says("0303 123 1113");
        head.get("/policy/clauses/co-ordinator-agencies")
            .await
            .says("4 of 4 are missing or were not checked in time");
        // Every member of staff may look; few may change.
        let page = teacher.get("/agencies").await;
        page.says("If somebody is in danger now, ring 999");
        assert!(!page.has_link("Fill in"));
        let refused = teacher.get("/agencies/lado/contact").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(
            lead.get("/agencies/ceop/contact").await.status,
            StatusCode::NOT_FOUND
        );

        let form = lead.get("/agencies/lado/contact").await;
        let button = "Save: I have checked this today";
        let wrong = lead
            .submit(
                &form,
                button,
                &[("web", "council"), ("note", "Within 24 hours.")],
            )
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.errors().len(), 2);
        assert_eq!(wrong.field("note"), "Within 24 hours.");
        let saved = lead
            .submit(&form, button, &[("phone", "01707 555 0101")])
            .await;
        saved
            .says("01707 555 0101")
            .says("Checked on 23 September 2026");
        head.get("/policy/clauses/co-ordinator-agencies")
            .await
            .says("3 of 4 are missing or were not checked in time");
        assert!(app.journal().await.contains(&"agency.changed".to_owned()));
    });
}
