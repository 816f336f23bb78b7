//! Handling: from acknowledgement to closure and back, and what each policy asks.

use axum::http::StatusCode;

use super::{ACKNOWLEDGE, acknowledged, cast, closed, everybody_seen_to, newest, report, triage};
use crate::testing::{Client, JUNIOR, PRIMARY, Page, covers, on_each_engine};

/// Acknowledges and triages a case, and comes back to it.
async fn triaged(client: &mut Client, url: &str, category: &str, at_risk: &str) -> Page {
    acknowledged(client, url).await;
    triage(client, url, category, at_risk).await
}

async fn informed(client: &mut Client, url: &str) -> Page {
    let form = client.get(&format!("{url}/parents")).await;
    client
        .submit(
            &form,
            "Save",
            &[
                ("decision", "informed"),
                ("on-day", "23"),
                ("on-month", "9"),
                ("on-year", "2026"),
                ("words", "Rang both homes."),
            ],
        )
        .await
}

#[test]
fn a_case_under_the_first_policy_goes_from_report_to_closure_and_back() {
    covers(&["H-003", "H-184", "H-187"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(
            &mut cast.teacher,
            &[("Pip Pupil", "harmed"), ("Quin Pupil", "alleged")],
            "no",
        )
        .await;
        let url = newest(&app).await;
        let who = &mut cast.coordinator;
        let refused = closed(who, &url).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        refused
            .says("Complete the triage.")
            .says("Record that the parents were told");
        let case = triaged(who, &url, "conduct/bullying", "no").await;
        case.says("bullying online").says("Two pupils fell out.");

        let form = who.get(&format!("{url}/actions/new")).await;
        let owner = who.id().to_string();
        let case = who
            .submit(
                &form,
                "Set the action",
                &[
                    ("words", "Speak to both pupils."),
                    ("owner", &owner),
                    ("due-day", "25"),
                    ("due-month", "9"),
                    ("due-year", "2026"),
                ],
            )
            .await;
        case.says("Speak to both pupils.");
        informed(who, &url).await.says("Rang both homes.");
        everybody_seen_to(who, &url).await;
        closed(who, &url)
            .await
            .says("Complete the 1 action that is still open.");
        let case = who.get(&url).await;
        let form = who.get(&case.link("Complete this")).await;
        who.submit(&form, "It is done", &[("outcome", "Both were sorry.")])
            .await
            .says("Both were sorry.")
            .says("Nothing is missing.");
        closed(who, &url)
            .await
            .says("Closed")
            .says("They made it up.");
        assert_eq!(closed(who, &url).await.status, StatusCode::FORBIDDEN);
        cast.coordinator
            .get("/incidents?show=closed")
            .await
            .says("Closed");

        let who = &mut cast.coordinator;
        let form = who.get(&format!("{url}/reopening")).await;
        who.submit(
            &form,
            "Open the case again",
            &[("reason", "It began again.")],
        )
        .await
        .says("Reopened")
        .says("Complete the triage.");
        app.clock.advance_ms(1000);
        triage(who, &url, "conduct/bullying", "no")
            .await
            .says("Nothing is missing.");
        closed(who, &url).await.says("Closed the case");
        for kind in [
            "incident.reported",
            "incident.acknowledged",
            "incident.triaged",
            "incident.action-set",
            "incident.action-done",
            "incident.parents-informed",
            "incident.closed",
            "incident.reopened",
            "incident.opened",
        ] {
            assert!(
                app.journal().await.iter().any(|entry| entry == kind),
                "{kind}"
            );
        }
    });
}

#[test]
fn the_second_policy_asks_for_the_outside_log_and_the_reporters_word() {
    covers(&["C-118", "C-119"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let sent = report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let own = sent.path.trim_end_matches("/sent").to_owned();
        let url = newest(&app).await;
        triaged(&mut cast.head, &url, "content/false", "no").await;
        closed(&mut cast.head, &url)
            .await
            .says("Enter the reference from CPOMS.")
            .says("Ask the reporter to confirm that the record is right.");
        everybody_seen_to(&mut cast.head, &url).await;
        // The headteacher is in charge here, so may act; the reporter confirms for themselves.
        let form = cast.head.get(&format!("{url}/external-record")).await;
        cast.head
            .submit(&form, "Save the reference", &[("reference", "A-17")])
            .await;
        let page = cast.teacher.get(&own).await;
        cast.teacher
            .submit(&page, "This record is right", &[])
            .await;
        closed(&mut cast.head, &url).await.says("Closed the case");
    });
}

#[test]
fn nobody_closes_their_own_report() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.coordinator, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        triaged(&mut cast.coordinator, &url, "conduct/bullying", "no").await;
        informed(&mut cast.coordinator, &url).await;
        everybody_seen_to(&mut cast.coordinator, &url).await;
        closed(&mut cast.coordinator, &url)
            .await
            .says("somebody else closes it");
        closed(&mut cast.lead, &url).await.says("Closed the case");
    });
}

#[test]
fn a_child_at_risk_found_at_triage_becomes_the_leads() {
    covers(&["C-086", "H-056"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        cast.coordinator
            .get(&format!("{url}/triage"))
            .await
            .says("When a child may be at risk of significant harm")
            .says("asked for pictures, secrets or a meeting");
        triaged(&mut cast.coordinator, &url, "contact/grooming", "yes")
            .await
            .says("Child protection");
        cast.lead.get("/incidents").await.says("grooming");
        assert_eq!(
            app.count(
                "select count(*) as count from notice where kind = 'incident-for-you' and urgent"
            )
            .await,
            2
        );
        // The risk list asks about the police, and the case stays open until it is answered.
        informed(&mut cast.coordinator, &url).await;
        everybody_seen_to(&mut cast.coordinator, &url).await;
        closed(&mut cast.coordinator, &url)
            .await
            .says("Record whether the police were told");
        let form = cast.coordinator.get(&format!("{url}/police")).await;
        cast.coordinator
            .submit(
                &form,
                "Save the decision",
                &[("decision", "told"), ("reason", "Reference 123.")],
            )
            .await
            .says("in the review “Grooming or sexual exploitation”, and sign it.");
        let answered = closed(&mut cast.coordinator, &url).await;
        assert!(!answered.text().contains("whether the police were told"));
    });
}

#[test]
fn only_the_lead_holds_back_from_parents_and_says_why() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        triaged(&mut cast.coordinator, &url, "conduct/bullying", "no").await;
        let held = [
            ("decision", "held"),
            ("words", "It could hinder the police."),
        ];
        let form = cast.coordinator.get(&format!("{url}/parents")).await;
        cast.coordinator
            .submit(&form, "Save", &held)
            .await
            .says("Only the designated safeguarding lead or a deputy");
        everybody_seen_to(&mut cast.lead, &url).await;
        let form = cast.lead.get(&format!("{url}/parents")).await;
        cast.lead
            .submit(&form, "Save", &held)
            .await
            .says("It could hinder the police.")
            .says("Nothing is missing.");
    });
}

#[test]
fn an_entry_is_corrected_by_another_and_stays() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let who = &mut cast.coordinator;
        let early = who.get(&format!("{url}/entries/new")).await;
        let refused = who
            .submit(&early, "Add to the chronology", &[("words", "Too early.")])
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let case = who.get(&url).await;
        who.submit(&case, ACKNOWLEDGE, &[]).await;
        let form = who.get(&format!("{url}/entries/new")).await;
        let case = who
            .submit(
                &form,
                "Add to the chronology",
                &[("words", "Spoke to Quinn.")],
            )
            .await;
        // The same form again adds nothing.
        let again = who
            .submit(
                &form,
                "Add to the chronology",
                &[("words", "Spoke to Quinn.")],
            )
            .await;
        assert_eq!(again.path, case.path);
        assert_eq!(
            app.count("select count(*) as count from incident_entry")
                .await,
            1
        );
        let correct = case.link("Correct this entry");
        let form = who.get(&correct).await;
        let unchanged = who
            .submit(&form, "Add the correction", &[("words", "Spoke to Quinn.")])
            .await;
        assert_eq!(unchanged.status, StatusCode::UNPROCESSABLE_ENTITY);
        let case = who
            .submit(&form, "Add the correction", &[("words", "Spoke to Quin.")])
            .await;
        case.says("Spoke to Quin.")
            .says("Corrected by a later entry.");
        assert!(case.html().contains("<del><p>Spoke to Quinn.</p></del>"));
        let form = who.get(&correct).await;
        let twice = who
            .submit(
                &form,
                "Add the correction",
                &[("words", "Spoke to nobody.")],
            )
            .await;
        assert_eq!(twice.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn two_editors_do_not_write_over_one_another() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        triaged(&mut cast.coordinator, &url, "conduct/bullying", "no").await;
        let stale = cast.lead.get(&format!("{url}/triage")).await;
        triage(&mut cast.coordinator, &url, "conduct/privacy", "no").await;
        let late = cast
            .lead
            .submit(
                &stale,
                "Save the triage",
                &[
                    ("category", "content/hate"),
                    ("child-at-risk", "no"),
                    ("disturbing", "no"),
                    ("imagery", "no"),
                    ("outcome", "respond"),
                    ("reason", "I did not look."),
                ],
            )
            .await;
        late.says("Somebody else changed this first");
        cast.lead
            .get(&url)
            .await
            .says("personal details given away");
        // Acknowledging again says who has it.
        let twice = cast
            .lead
            .post_only(&format!("{url}/acknowledgement"), &[("submission", "x")])
            .await;
        assert_eq!(twice.status, StatusCode::FORBIDDEN);
        twice.says("Cora Coordinator has it.");
    });
}

#[test]
fn a_case_is_shared_with_those_whose_posts_allow_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let share = |person: &Client| person.id().to_string();
        let form = cast.lead.get(&format!("{url}/sharing")).await;
        let reason = ("reason", "Teaches the class.");
        let technician = share(&cast.technician);
        cast.lead
            .submit(&form, "Share the case", &[("person", &technician), reason])
            .await
            .says("running the system is not reading it");
        let other = share(&cast.other);
        let form = cast.lead.get(&format!("{url}/sharing")).await;
        cast.lead
            .submit(&form, "Share the case", &[("person", &other), reason])
            .await
            .says("Teaches the class.");
        let case = cast.other.get(&url).await;
        case.says("Something upsetting was sent round.");
        assert!(!case.has_link("Share the case"));
        let passed_on = cast.other.get(&format!("{url}/sharing")).await;
        assert_eq!(passed_on.status, StatusCode::FORBIDDEN);
        let readers = cast.lead.get(&format!("{url}/readers")).await;
        readers
            .says("Oscar Other it was shared with them")
            .says("Lena Lead by their post")
            .says("Cora Coordinator was told and is in charge");
    });
}

#[test]
fn a_sealed_case_is_shared_by_wrapping_its_keys() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let url = newest(&app).await;
        assert_eq!(cast.lead.get(&url).await.status, StatusCode::NOT_FOUND);
        let form = cast.head.get(&format!("{url}/sharing")).await;
        let (subject, lead) = (cast.other.id().to_string(), cast.lead.id().to_string());
        let reason = ("reason", "Advises me.");
        cast.head
            .submit(&form, "Share the case", &[("person", &subject), reason])
            .await
            .says("This person cannot be chosen");
        let form = cast.head.get(&format!("{url}/sharing")).await;
        cast.head
            .submit(&form, "Share the case", &[("person", &lead), reason])
            .await;
        cast.lead
            .get(&url)
            .await
            .says("Something upsetting was sent round.");
    });
}

#[test]
fn parts_are_added_and_taken_away_and_an_adult_gets_a_case_of_their_own() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let who = &mut cast.coordinator;
        let form = who.get(&format!("{url}/people")).await;
        let reason = ("reason", "Said so.");
        who.submit(
            &form,
            "Save",
            &[("who", "Quin Pupil"), ("part", "witness"), reason],
        )
        .await
        .says("Quin Pupil saw or heard it");
        let form = who.get(&format!("{url}/people")).await;
        who.submit(
            &form,
            "Save",
            &[("who", "Oscar Other"), ("part", "alleged"), reason],
        )
        .await
        .says("needs a case of its own");
        let form = who.get(&format!("{url}/people")).await;
        let away = option(&form, "Quin Pupil saw or heard it");
        let case = who
            .submit(
                &form,
                "Save",
                &[("away", &away), ("reason", "Was not there.")],
            )
            .await;
        assert!(!case.text().contains("Quin Pupil saw or heard it"));
    });
}

/// The value of the choice with these words.
fn option(page: &Page, words: &str) -> String {
    let html = page.html();
    let before = html.split(words).next().expect("the choice");
    let value = before.rsplit("value=\"").next().expect("a value");
    value.split('"').next().expect("an end").to_owned()
}

#[test]
fn a_case_with_nothing_in_it_ends_by_the_lead_with_a_reason() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "other")], "no").await;
        let url = newest(&app).await;
        triaged(&mut cast.coordinator, &url, "conduct/rules", "no").await;
        let reason = [("reason", "A misunderstanding.")];
        let form = cast
            .coordinator
            .get(&format!("{url}/no-further-action"))
            .await;
        cast.coordinator
            .submit(&form, "End the case", &reason)
            .await
            .says("only by the designated safeguarding lead");
        let form = cast.lead.get(&format!("{url}/no-further-action")).await;
        cast.lead
            .submit(&form, "End the case", &reason)
            .await
            .says("No further action")
            .says("A misunderstanding.");
    });
}

#[test]
fn opening_a_case_marks_the_notice_of_it_as_read() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let unread = "select count(*) as count from notice where read_at is null";
        assert_eq!(app.count(unread).await, 2);
        let who = &mut cast.coordinator;
        who.get("/").await.says("2 notices are unread");
        // From the queue, not from the notice; the other case's notice stays.
        who.get(&url).await;
        assert_eq!(app.count(unread).await, 1);
        who.get("/").await.says("1 notice is unread");
    });
}

#[test]
fn nobody_is_asked_any_more_to_acknowledge_what_is_in_hand() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "yes").await;
        let url = newest(&app).await;
        let asked = "select count(*) as count from notice
                     where read_at is null and kind = 'incident-for-you'";
        assert!(app.count(asked).await > 1, "the head and the lead are told");
        let case = cast.lead.get(&url).await;
        cast.lead.submit(&case, ACKNOWLEDGE, &[]).await;
        assert_eq!(app.count(asked).await, 0);
    });
}
