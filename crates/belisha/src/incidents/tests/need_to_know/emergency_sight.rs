//! Emergency sight: for an hour, after others were alerted, and judged by somebody else.

use axum::http::StatusCode;

use super::super::{cast, newest, reference, report};
use super::{REASON, asked, left, notices_of, told};
use crate::db::sql;
use crate::jobs;
use crate::testing::{JUNIOR, PRIMARY, on_each_engine};

#[test]
fn emergency_sight_opens_a_case_for_an_hour_after_others_were_alerted() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let reference = reference(&app, &url).await;
        let chair = &mut cast.chair;
        assert_eq!(chair.get(&url).await.status, StatusCode::NOT_FOUND);
        for client in [&mut cast.teacher, &mut cast.technician, &mut cast.vice] {
            let page = client.get("/incidents/emergency-sight").await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
        }
        let short = asked(&app, chair, &reference, "Please.").await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        short.says("Say in 30 letters or more");
        assert_eq!(short.field("reference"), reference);
        assert_eq!(chair.get(&url).await.status, StatusCode::NOT_FOUND);

        let case = asked(&app, chair, &reference.to_lowercase(), REASON).await;
        case.says("Something upsetting was sent round.");
        for act in [
            "Triage",
            "Write in the chronology",
            "Share the case",
            "Close the case",
        ] {
            assert!(!case.has_link(act) && !case.has_button(act), "{act}");
        }
        let form = chair.get(&format!("{url}/entries/new")).await;
        assert_eq!(form.status, StatusCode::FORBIDDEN);
        // Told before the case was opened, and never whoever asked.
        let journal = app.journal().await;
        let place = |action: &str| journal.iter().rposition(|kind| kind == action);
        assert!(place("incident.sight-taken") < place("incident.opened"));
        for (person, expected) in [
            (cast.lead.id(), 1),
            (cast.head.id(), 1),
            (cast.chair.id(), 0),
            (cast.deputy.id(), 0),
        ] {
            assert_eq!(
                notices_of(&app, "incident-sight-taken", person).await,
                expected
            );
        }
        let readers = cast.lead.get(&format!("{url}/readers")).await;
        readers.says("has emergency sight, until 23 September 2026 at 9:55am");
        let opened = cast.lead.get(&url).await;
        opened.says("Took emergency sight of the case");

        // Another person judges it, once.
        let list = cast.chair.get("/incidents/emergency-sights").await;
        let own = cast.chair.get(&list.link("23 September 2026")).await;
        assert!(!own.has_button("Save the judgement"));
        let path = own.path.clone();
        let refused = cast
            .chair
            .post_only(
                &path,
                &[("submission", "1"), ("finding", "right"), ("reason", "x")],
            )
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        for client in [
            &mut cast.teacher,
            &mut cast.coordinator,
            &mut cast.technician,
        ] {
            assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND);
        }
        let form = cast.lead.get(&path).await;
        form.says(REASON).says("30 September 2026");
        let nothing = cast.lead.submit(&form, "Save the judgement", &[]).await;
        nothing.says("Say whether it was right");
        let judged = cast
            .lead
            .submit(
                &form,
                "Save the judgement",
                &[("finding", "right"), ("reason", "It could not wait.")],
            )
            .await;
        judged
            .says("by Lena Lead: it was right")
            .says("It could not wait.");
        assert_eq!(
            notices_of(&app, "incident-sight-judged", cast.chair.id()).await,
            1
        );
        let again = cast
            .head
            .post_only(
                &path,
                &[
                    ("submission", "2"),
                    ("finding", "not-right"),
                    ("reason", "x"),
                ],
            )
            .await;
        assert_eq!(again.status, StatusCode::FORBIDDEN);

        app.at("2026-09-23T09:55:01+01:00");
        let mut chair = app.as_person(cast.chair.id()).await;
        assert_eq!(chair.get(&url).await.status, StatusCode::NOT_FOUND);
        assert!(!chair.get("/incidents").await.html().contains(&url));
    });
}

#[test]
fn emergency_sight_is_refused_a_fourth_time_and_when_nobody_can_be_alerted() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let mut urls = Vec::new();
        for _ in 0..4 {
            app.clock.advance_ms(31_000);
            let mut teacher = app.as_person(cast.teacher.id()).await;
            report(&mut teacher, &[("Quin Pupil", "harmed")], "no").await;
            urls.push(newest(&app).await);
        }
        for (index, url) in urls.iter().enumerate() {
            app.clock.advance_ms(31_000);
            let mut chair = app.as_person(cast.chair.id()).await;
            let page = asked(&app, &mut chair, &reference(&app, url).await, REASON).await;
            if index < 3 {
                assert_eq!(page.status, StatusCode::OK, "{index}");
            } else {
                assert_eq!(page.status, StatusCode::FORBIDDEN);
                page.says("3 times within 24 hours");
                assert_eq!(chair.get(url).await.status, StatusCode::NOT_FOUND);
            }
        }
        for person in [cast.head.id(), cast.lead.id()] {
            left(&app, person).await;
        }
        app.at("2026-09-25T09:00:00+01:00");
        let mut chair = app.as_person(cast.chair.id()).await;
        let page = asked(&app, &mut chair, &reference(&app, &urls[3]).await, REASON).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        page.says("nobody who could be alerted");
        cast.chair = chair;
    });
}

#[test]
fn what_may_not_be_seen_in_an_emergency_looks_like_what_does_not_exist() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        let about_head = reference(&app, &newest(&app).await).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Charles Chair", "alleged")], "no").await;
        let about_chair = reference(&app, &newest(&app).await).await;
        for (mut client, reference) in [
            (cast.head.clone(), &about_head),
            (cast.chair.clone(), &about_chair),
            (cast.head.clone(), &about_chair),
        ] {
            let client = &mut client;
            let mut pages = Vec::new();
            for typed in [reference.as_str(), "ZZZZ-ZZZZ"] {
                let page = asked(&app, client, typed, REASON).await;
                assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
                pages.push(page.html().replace(typed, ""));
            }
            assert_eq!(pages[0], pages[1]);
        }
        let taken = app
            .count("select count(*) as count from incident_sight")
            .await;
        assert_eq!(taken, 0);
    });
}

#[test]
fn an_emergency_sight_that_nobody_judges_is_brought_to_mind_and_is_a_gap() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let reference = reference(&app, &url).await;
        asked(&app, &mut cast.chair, &reference, REASON).await;
        told(
            &app,
            vec![sql(
                "update notice set read_at = made_at where kind = 'incident-sight-taken'",
            )],
        )
        .await;
        app.at("2026-10-01T10:00:00+01:00");
        jobs::work_until_idle(&app.school).await.expect("the duty");
        jobs::work_until_idle(&app.school).await.expect("the duty");
        let unread = app
            .count("select count(*) as count from notice where kind = 'incident-sight-taken' and read_at is null")
            .await;
        assert_eq!(unread, 2, "the lead and the head, once");
        let mut head = app.as_person(cast.head.id()).await;
        head.get("/policy/clauses/emergency-sight")
            .await
            .says("Not met");
    });
}
