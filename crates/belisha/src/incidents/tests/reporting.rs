//! Sending a report, and what its reporter may know of it.

use axum::http::StatusCode;

use super::{cast, check, newest, report, typed};
use crate::testing::{JUNIOR, PRIMARY, covers, on_each_engine};

#[test]
fn a_report_shows_who_receives_it_and_arrives_there() {
    covers(&["H-114", "H-042", "C-010", "C-115", "C-117"]);
    for (pack, receives) in [
        (JUNIOR, "the online safety co-ordinator"),
        (PRIMARY, "the headteacher"),
    ] {
        on_each_engine(pack, async |app| {
            let mut cast = cast(&app).await;
            let people = [("Pip Pupil", "harmed"), ("Quin Pupil", "alleged")];
            let checked = check(&mut cast.teacher, &people, "no").await;
            checked.says(&format!("This will go to {receives}"));
            checked.says("Pip Pupil was harmed or upset");
            let sent = cast.teacher.submit(&checked, "Send the report", &[]).await;
            sent.says("Report sent").says("ring 999");
            sent.says(&format!("We have told {receives}."));
            let url = newest(&app).await;
            let receiver = if pack == JUNIOR {
                &mut cast.coordinator
            } else {
                &mut cast.head
            };
            let case = receiver.get(&url).await;
            case.says("Something upsetting was sent round.");
            case.says("The library");
            assert!(case.has_button("Acknowledge: I have this"));
            let queue = receiver.get("/incidents?show=new").await;
            queue.says("acknowledge by");
            assert_eq!(cast.teacher.get(&url).await.status, StatusCode::NOT_FOUND);
            assert_eq!(
                app.count("select count(*) as count from notice where kind = 'incident-for-you'")
                    .await,
                1
            );
        });
    }
}

#[test]
fn whoever_may_take_a_new_case_up_finds_it_among_the_new_ones_told_of_it_or_not() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let sealed = newest(&app).await;
        // The co-ordinator was told of the first, the head of the second; nobody else of any.
        for (client, takes_up, holds) in [
            (&mut cast.coordinator, true, false),
            (&mut cast.deputy, true, false),
            (&mut cast.lead, true, false),
            // The headteacher reads it and does not work on it.
            (&mut cast.head, false, true),
            (&mut cast.chair, false, false),
            (&mut cast.technician, false, false),
            (&mut cast.other, false, false),
        ] {
            let queue = client.get("/incidents?show=new").await;
            assert_eq!(queue.html().contains(&url), takes_up);
            assert_eq!(queue.html().contains(&sealed), holds);
        }
        cast.deputy.get("/").await.says("1 new, to acknowledge");
        let case = cast.deputy.get(&url).await;
        cast.deputy
            .submit(&case, "Acknowledge: I have this", &[])
            .await;
        for client in [&mut cast.deputy, &mut cast.lead, &mut cast.coordinator] {
            let queue = client.get("/incidents?show=new").await;
            assert!(!queue.html().contains(&url));
        }
    });
}

#[test]
fn a_child_at_risk_takes_the_lead_in_at_once() {
    covers(&["C-011"]);
    for pack in [JUNIOR, PRIMARY] {
        for answer in ["yes", "not-sure"] {
            on_each_engine(pack, async |app| {
                let mut cast = cast(&app).await;
                let sent = report(&mut cast.teacher, &[("Pip Pupil", "harmed")], answer).await;
                sent.says("designated safeguarding lead");
                let urgent = app
                    .count("select count(*) as count from notice where urgent and kind = 'incident-for-you'")
                    .await;
                assert_eq!(urgent, if pack == JUNIOR { 1 } else { 2 });
                let url = newest(&app).await;
                cast.lead.get(&url).await.says("Child protection");
            });
        }
    }
}

#[test]
fn a_report_sent_twice_is_stored_once() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let checked = check(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let first = cast.teacher.submit(&checked, "Send the report", &[]).await;
        let second = cast.teacher.submit(&checked, "Send the report", &[]).await;
        assert_eq!(first.path, second.path);
        assert_eq!(app.count("select count(*) as count from report").await, 1);
        assert_eq!(app.count("select count(*) as count from incident").await, 1);
    });
}

#[test]
fn mistakes_are_said_at_their_field_and_nothing_typed_is_lost() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.teacher.get("/reports/new").await;
        let bare = cast.teacher.submit(&form, "Continue", &[]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(bare.errors().len(), 3, "{:?}", bare.errors());
        let mut fields = typed(&[("Pip Pupil", ""), ("Nobody Known", "alleged")], "no");
        fields.retain(|(name, _)| *name != "when");
        fields.extend([
            ("when", "other"),
            ("on-day", "1"),
            ("on-month", "1"),
            ("on-year", "2099"),
        ]);
        let wrong = cast.teacher.submit(&form, "Continue", &fields).await;
        let errors = wrong.errors().join("; ");
        assert!(errors.contains("still to come"), "{errors}");
        assert!(
            errors.contains("Say what Pip Pupil has to do with it"),
            "{errors}"
        );
        assert!(
            errors.contains("Nobody called Nobody Known was found"),
            "{errors}"
        );
        wrong.says("Something upsetting was sent round.");
        assert_eq!(app.count("select count(*) as count from report").await, 0);
    });
}

#[test]
fn a_name_that_several_people_have_is_asked_about() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let unclear = check(&mut cast.teacher, &[("Pupil", "harmed")], "no").await;
        unclear.says("Say which Pupil you mean");
        let suggestions = cast.teacher.get("/reports/people?q=pip").await;
        assert_eq!(suggestions.html(), "Pip Pupil, pupil");
        // A governor may not read the register, and still names the headteacher.
        assert_eq!(cast.vice.get("/reports/people?q=pip").await.html(), "");
        let checked = check(&mut cast.vice, &[("the headteacher", "alleged")], "no").await;
        checked.says("This will go to the chair of governors");
    });
}

#[test]
fn an_adult_who_cannot_be_named_is_still_an_adult() {
    covers(&["H-116"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.teacher.get("/reports/new").await;
        let mut fields = typed(&[("a man in the office", "alleged")], "no");
        fields.retain(|(name, _)| *name != "meant");
        fields.push(("meant", "adult"));
        let checked = cast.teacher.submit(&form, "Continue", &fields).await;
        checked.says("This will go to the headteacher");
        checked.says("Nobody else in school can open it");
    });
}

#[test]
fn a_reporter_sees_their_own_report_and_no_other() {
    covers(&["C-120"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let sent = report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        let own = sent.path.trim_end_matches("/sent").to_owned();
        cast.teacher
            .get(&own)
            .await
            .says("Something upsetting was sent round.")
            .says("reported");
        cast.teacher.get("/reports").await.says("reported");
        for other in [
            &mut cast.other,
            &mut cast.head,
            &mut cast.lead,
            &mut cast.chair,
        ] {
            assert_eq!(other.get(&own).await.status, StatusCode::NOT_FOUND);
            other
                .get("/reports")
                .await
                .says("You have reported nothing yet");
        }
    });
}

#[test]
fn whoever_reports_themselves_is_thanked_and_shown_nothing() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let sent = report(&mut cast.other, &[("Oscar Other", "alleged")], "no").await;
        sent.says("Report sent");
        assert_eq!(sent.path, "/reports/sent");
        cast.other
            .get("/reports")
            .await
            .says("You have reported nothing yet");
        let url = newest(&app).await;
        cast.head
            .get(&url)
            .await
            .says("Concern about a member of staff");
    });
}

#[test]
fn a_report_that_comes_late_is_taken_and_marked() {
    covers(&["H-115"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.teacher.get("/reports/new").await;
        let mut fields = typed(&[("Pip Pupil", "harmed")], "no");
        fields.retain(|(name, _)| *name != "when");
        fields.extend([
            ("when", "other"),
            ("on-day", "21"),
            ("on-month", "9"),
            ("on-year", "2026"),
        ]);
        let checked = cast.teacher.submit(&form, "Continue", &fields).await;
        checked.says("21 September 2026");
        cast.teacher.submit(&checked, "Send the report", &[]).await;
        let url = newest(&app).await;
        cast.coordinator
            .get(&url)
            .await
            .says("later than the policy asks");
    });
}
