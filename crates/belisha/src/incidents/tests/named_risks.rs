//! Risks that the policies name: what the choice of each sets in motion.

use axum::http::StatusCode;

use super::{acknowledged, cast, choice, newest, report};
use crate::testing::{Client, JUNIOR, PRIMARY, Page, covers, on_each_engine};

async fn triaged(client: &mut Client, url: &str, category: &str, disturbing: &str) -> Page {
    let page = client.get(url).await;
    if page.has_button("Acknowledge: I have this") {
        client.submit(&page, "Acknowledge: I have this", &[]).await;
    }
    let form = client.get(&format!("{url}/triage")).await;
    client
        .submit(
            &form,
            "Save the triage",
            &[
                ("category", category),
                ("child-at-risk", "no"),
                ("disturbing", disturbing),
                ("imagery", "no"),
                ("outcome", "respond"),
                ("reason", "As it was told."),
            ],
        )
        .await
}

#[test]
fn grooming_tells_the_lead_at_once_and_opens_the_questions_about_referral() {
    covers(&["H-018"]);
    for category in ["contact/grooming", "contact/radicalisation"] {
        on_each_engine(JUNIOR, async |app| {
            let mut cast = cast(&app).await;
            report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
            let url = newest(&app).await;
            let before = cast.lead.get("/notices").await;
            assert!(!before.html().contains(&url));
            let case = triaged(&mut cast.coordinator, &url, category, "no").await;
            case.says("Guided reviews");
            assert_eq!(
                app.count(
                    "select count(*) as count from notice join post_holding on post_holding.person = notice.person
                     where notice.kind = 'incident-for-you' and post_holding.post = 'designated-safeguarding-lead'
                       and notice.urgent"
                )
                .await,
                1
            );
            let guide = category.split('/').nth(1).expect("a guide");
            let review = cast.lead.get(&format!("{url}/reviews/{guide}")).await;
            assert_eq!(review.status, StatusCode::OK, "{}", review.text());
        });
    }
}

#[test]
fn a_clause_that_names_a_risk_counts_its_cases_and_no_others() {
    covers(&["C-049", "C-050"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "alleged")], "no").await;
        let url = newest(&app).await;
        let clause = "/policy/clauses/forbidden-disruption";
        cast.head.get(clause).await.says("nothing to count yet");
        triaged(&mut cast.head, &url, "conduct/rules", "no").await;
        // So few that somebody could guess who they are, are not counted out.
        cast.head
            .get(clause)
            .await
            .says("All were taken up in time.");
        cast.head
            .get("/policy/clauses/forbidden-advertising")
            .await
            .says("nothing to count yet");
        // One that nobody took up in time, and came to be about it afterwards.
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Quin Pupil", "alleged")], "no").await;
        let late = newest(&app).await;
        app.at("2026-10-05T09:00:00+01:00");
        let mut head = app.as_person(cast.head.id()).await;
        triaged(&mut head, &late, "conduct/rules", "no").await;
        head.get(clause)
            .await
            .says("Fewer than 5 were not taken up in time.");
    });
}

#[test]
fn a_privacy_matter_asks_whether_personal_data_was_breached() {
    covers(&["H-022"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let case = triaged(&mut cast.coordinator, &url, "conduct/privacy", "no").await;
        case.says("Breach of personal data");
        assert_eq!(
            app.count(
                "select count(*) as count from incident_category where category = 'conduct/privacy'"
            )
            .await,
            1
        );
    });
}

#[test]
fn a_disturbing_or_unlawful_message_makes_the_decision_about_the_police_compulsory() {
    covers(&["H-188", "H-235"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        const OWED: &str = "Record whether the police were told, and why or why not.";
        // A message by e-mail as any other.
        triaged(&mut cast.coordinator, &url, "commerce/scam", "yes").await;
        let form = cast.coordinator.get(&format!("{url}/closure")).await;
        form.says(OWED);
        let refused = cast
            .coordinator
            .submit(&form, "Close the case", &[("outcome", "It was a hoax.")])
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        refused.says(OWED);
        let form = cast.coordinator.get(&format!("{url}/police")).await;
        let bare = cast
            .coordinator
            .submit(&form, "Save the decision", &[("decision", "told")])
            .await;
        assert_eq!(bare.errors(), ["Give their reference, or the reason"]);
        let told = [("decision", "told"), ("reason", "CAD 1234 of 23 September")];
        let case = cast
            .coordinator
            .submit(&form, "Save the decision", &told)
            .await;
        case.says("CAD 1234 of 23 September");
        let form = cast.coordinator.get(&format!("{url}/closure")).await;
        assert!(!form.text().contains(OWED));
    });
}

#[test]
fn a_breach_by_staff_ends_in_a_decision_of_discipline_that_few_may_know_of() {
    covers(&["H-296"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let url = newest(&app).await;
        triaged(&mut cast.head, &url, "conduct/rules", "no").await;
        let form = cast.head.get(&format!("{url}/sanctions/new")).await;
        let (person, agreed) = (choice(&form, "Oscar Other"), choice(&form, "Hazel Head"));
        let decision = [
            ("person", person.as_str()),
            ("step", "disciplinary"),
            ("agreed", agreed.as_str()),
            ("reason", "It was the second time."),
        ];
        let case = cast
            .head
            .submit(&form, "Save the decision", &decision)
            .await;
        case.says("2. the disciplinary procedure")
            .says("It was the second time.");
        for client in [
            &mut cast.other,
            &mut cast.lead,
            &mut cast.coordinator,
            &mut cast.technician,
        ] {
            assert_eq!(client.get(&url).await.status, StatusCode::NOT_FOUND);
        }
    });
}

#[test]
fn an_adult_who_is_the_target_reaches_a_senior_leader_and_an_unanswered_report_shows() {
    covers(&["C-229", "C-233"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Tessa Teacher", "harmed")], "no").await;
        let url = newest(&app).await;
        cast.head.get(&url).await.says("Tessa Teacher");
        let overdue = cast.head.get("/incidents?show=overdue").await;
        assert!(!overdue.html().contains(&url));
        // Nobody has taken it up by the time that the policy gives.
        app.at("2026-09-23T12:00:00+01:00");
        let mut head = app.as_person(cast.head.id()).await;
        let overdue = head.get("/incidents?show=overdue").await;
        assert!(overdue.html().contains(&url), "{}", overdue.text());
        overdue.says("Overdue");
        let page = head.get(&url).await;
        head.submit(&page, "Acknowledge: I have this", &[]).await;
        let overdue = head.get("/incidents?show=overdue").await;
        assert!(!overdue.html().contains(&url));
    });
}

#[test]
fn anybody_reports_for_somebody_else_and_both_times_are_kept() {
    covers(&["C-085"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        // A child has a page of their own, without an account.
        let tell = app.nobody().get("/tell").await;
        assert_eq!(tell.status, StatusCode::OK);
        // It is five to nine; the child told the teacher what was seen at half past eight.
        let form = cast.teacher.get("/reports/new").await;
        let mut fields = super::typed(&[("Pip Pupil", "harmed")], "no");
        fields.retain(|(name, _)| *name != "when");
        fields.extend([
            ("when", "today"),
            ("today-time", "8:30"),
            ("how", "was-told"),
        ]);
        let checked = cast.teacher.submit(&form, "Continue", &fields).await;
        assert!(checked.errors().is_empty(), "{:?}", checked.errors());
        cast.teacher.submit(&checked, "Send the report", &[]).await;
        assert_eq!(
            app.count("select (reported_at - happened_at) / 60000 as count from report")
                .await,
            25
        );
        assert_eq!(
            app.count(
                "select count(*) as count from incident_reader
                 join post_holding on post_holding.person = incident_reader.person
                 where incident_reader.why = 'first' and post_holding.post = 'headteacher'"
            )
            .await,
            1
        );
    });
}

#[test]
fn an_account_whose_password_was_stolen_is_made_safe_from_its_case() {
    covers(&["H-020"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "harmed")], "no").await;
        let url = newest(&app).await;
        let case = triaged(&mut cast.coordinator, &url, "contact/identity", "no").await;
        assert!(
            case.link("Make somebody’s account safe")
                .ends_with("/accounts/new")
        );
        let form = cast.coordinator.get(&format!("{url}/accounts/new")).await;
        let bare = cast
            .coordinator
            .submit(&form, "Make it safe", &[("reason", "")])
            .await;
        assert_eq!(
            bare.errors(),
            [
                "Choose whose account it is",
                "Choose what happens to the password",
                "Say what happened to the password"
            ]
        );
        let oscar = cast.other.id().to_string();
        let stolen = [
            ("person", oscar.as_str()),
            ("how", "new-password"),
            ("reason", "It was written on a note that is gone."),
        ];
        cast.coordinator
            .submit(&bare, "Make it safe", &stolen)
            .await;
        let case = cast.coordinator.get(&url).await;
        case.says("The password of Oscar Other must be changed at the next sign-in.");
        case.says("It was written on a note that is gone.");
        // He is out, everywhere, and whoever has the password comes no further than to a new one.
        let sent = cast.other.get("/account").await;
        assert!(sent.location.is_some_and(|to| to.starts_with("/sign-in")));
        assert_eq!(
            app.count(
                "select count(*) as count from session where ended_at is null and person in
                       (select person from account where must_change_password)"
            )
            .await,
            0
        );
        // Somebody who opens the case list sees it; whoever runs accounts has a state and no reason.
        let entries = app.journal().await;
        assert!(entries.contains(&"incident.account-made-safe".to_owned()));

        // Shut, nothing but a code opens it.
        let form = cast.coordinator.get(&format!("{url}/accounts/new")).await;
        let shut = [
            ("person", oscar.as_str()),
            ("how", "shut"),
            ("reason", "His telephone is gone as well."),
        ];
        cast.coordinator.submit(&form, "Make it safe", &shut).await;
        assert_eq!(
            app.count("select count(*) as count from account where password_known_at is not null")
                .await,
            1
        );
        cast.technician
            .get(&format!("/accounts/{oscar}"))
            .await
            .says("Oscar Other");
    });
}

#[test]
fn nobody_said_to_have_done_it_is_shut_out_and_no_case_about_an_adult_shuts_anybody_out() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(
            &mut cast.teacher,
            &[("Pip Pupil", "harmed"), ("Oscar Other", "alleged")],
            "no",
        )
        .await;
        let url = newest(&app).await;
        acknowledged(&mut cast.head, &url).await;
        let form = cast.head.get(&format!("{url}/accounts/new")).await;
        assert_eq!(form.status, StatusCode::NOT_FOUND);
        app.clock.advance_ms(1);
        let who = [("Quin Pupil", "harmed"), ("Pip Pupil", "alleged")];
        report(&mut cast.teacher, &who, "no").await;
        let url = newest(&app).await;
        acknowledged(&mut cast.coordinator, &url).await;
        let form = cast.coordinator.get(&format!("{url}/accounts/new")).await;
        form.says("Whose account?")
            .says("Tessa Teacher")
            .says("Quin Pupil");
        assert!(!form.html().contains("Pip Pupil"));
    });
}
