//! Bad input and trouble in the middle of a report: each has a clear message, and nothing
//! that was typed is lost.

use axum::http::StatusCode;

use super::{cast, check, newest, report, typed};
use crate::testing::{JUNIOR, PASSWORD, on_each_engine};

#[test]
fn a_text_of_two_hundred_thousand_letters_is_turned_back_whole() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.teacher.get("/reports/new").await;
        // Emoji take twelve bytes each on their way.
        for letter in ["a", "🙂"] {
            let long = letter.repeat(200_000);
            let mut fields = typed(&[("Pip Pupil", "harmed")], "no");
            fields.retain(|(name, _)| *name != "words");
            fields.push(("words", long.as_str()));
            let page = cast.teacher.submit(&form, "Continue", &fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            page.says("Shorten what happened to 100,000 characters");
            assert_eq!(page.field("words").chars().count(), 200_000);
            assert_eq!(page.field("place"), "The library");
        }
        assert_eq!(app.count("select count(*) as count from report").await, 0);
    });
}

#[test]
fn emoji_and_right_to_left_text_arrive_as_they_were_written() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let words = "قال لي كلاماً سيئاً 😢 — she said “שלום” & <b>no</b>";
        let form = cast.teacher.get("/reports/new").await;
        let mut fields = typed(&[("Pip Pupil", "harmed")], "no");
        fields.retain(|(name, _)| *name != "words");
        fields.push(("words", words));
        let checked = cast.teacher.submit(&form, "Continue", &fields).await;
        checked.says(words);
        cast.teacher.submit(&checked, "Send the report", &[]).await;
        let url = newest(&app).await;
        cast.coordinator.get(&url).await.says(words);
    });
}

#[test]
fn a_time_still_to_come_and_a_name_nobody_has_are_said_at_their_field() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.teacher.get("/reports/new").await;
        let mut fields = typed(&[("Nobody Known", "harmed")], "no");
        fields.retain(|(name, _)| *name != "when");
        // It is five to nine.
        fields.extend([("when", "today"), ("today-time", "10:45")]);
        let page = cast.teacher.submit(&form, "Continue", &fields).await;
        page.says("This time is still to come")
            .says("Nobody called Nobody Known was found");
        assert_eq!(page.field("today-time"), "10:45");
        assert_eq!(page.field("who"), "Nobody Known");
    });
}

#[test]
fn a_session_that_ends_in_mid_form_keeps_the_form() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let checked = check(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        // Locked while the teacher was called away.
        app.at("2026-09-23T09:20:00+01:00");
        let locked = cast.teacher.submit(&checked, "Send the report", &[]).await;
        assert_eq!(locked.heading(), "This screen is locked");
        assert_eq!(app.count("select count(*) as count from report").await, 0);
        let kept = cast
            .teacher
            .submit(&locked, "Unlock", &[("password", PASSWORD)])
            .await;
        assert_eq!(kept.heading(), "Your form was kept");
        kept.says("Something upsetting was sent round.");
        // A browser repeats its POST for the answer 307.
        let (path, fields) = kept.form_with("Carry on");
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let again = cast.teacher.post_only(&path, &fields).await;
        assert_eq!(again.status, StatusCode::TEMPORARY_REDIRECT);
        let place = again.location.expect("a place");
        cast.teacher.post(&place, &fields).await.says("Report sent");
        assert_eq!(app.count("select count(*) as count from report").await, 1);
    });
}

#[test]
fn two_people_who_end_a_case_at_once_end_it_once_and_the_second_is_told_who_did() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let page = cast.lead.get(&url).await;
        cast.lead
            .submit(&page, "Acknowledge: I have this", &[])
            .await;
        let form = cast.lead.get(&format!("{url}/triage")).await;
        let triage = [
            ("category", "conduct/rules"),
            ("child-at-risk", "no"),
            ("disturbing", "no"),
            ("imagery", "no"),
            ("outcome", "respond"),
            ("reason", "Nothing to it."),
        ];
        cast.lead.submit(&form, "Save the triage", &triage).await;
        // Both have their page open.
        let of_lead = cast.lead.get(&format!("{url}/no-further-action")).await;
        let of_deputy = cast.deputy.get(&format!("{url}/no-further-action")).await;
        let closing = cast.deputy.get(&format!("{url}/closure")).await;
        let reason = [("reason", "A misunderstanding.")];
        cast.lead.submit(&of_lead, "End the case", &reason).await;
        let second = cast
            .deputy
            .submit(&of_deputy, "End the case", &reason)
            .await;
        assert_eq!(second.status, StatusCode::FORBIDDEN);
        second.says("Lena Lead has ended it.");
        let second = cast
            .deputy
            .submit(&closing, "Close the case", &[("outcome", "They talked.")])
            .await;
        second.says("Lena Lead has ended it.");
        assert_eq!(
            app.count("select count(*) as count from incident_closure")
                .await,
            1
        );
        assert_eq!(
            app.count(
                "select count(*) as count from journal_entry where action = 'incident.closed'"
            )
            .await,
            1
        );
    });
}

#[test]
fn a_clock_that_is_put_back_loses_nothing_and_keeps_the_order() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        // Somebody sets the server two hours back in the middle of the case.
        app.at("2026-09-23T06:55:00+01:00");
        // Screens lock, since nobody can say how long they were left; one signs in again.
        let mut lead = app.as_person(cast.lead.id()).await;
        let mut teacher = app.as_person(cast.teacher.id()).await;
        let page = lead.get(&url).await;
        lead.submit(&page, "Acknowledge: I have this", &[]).await;
        let form = lead.get(&format!("{url}/entries/new")).await;
        let case = lead
            .submit(
                &form,
                "Add to the chronology",
                &[("words", "Rang home at once.")],
            )
            .await;
        case.says("Rang home at once.");
        report(&mut teacher, &[("Quin Pupil", "harmed")], "no").await;
        assert_eq!(app.count("select count(*) as count from report").await, 2);
        // The journal's order is that of what was done, whatever the clock said.
        let ours: Vec<String> = app
            .journal()
            .await
            .into_iter()
            .filter(|kind| kind.starts_with("incident.") && kind != "incident.opened")
            .collect();
        assert_eq!(
            ours,
            [
                "incident.reported",
                "incident.acknowledged",
                "incident.entry-added",
                "incident.reported"
            ]
        );
    });
}
