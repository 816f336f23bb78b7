//! What a report is about: said by the reporter if they like, decided at triage, and for
//! each person in the words of their own part.

use belisha_policy::Post;

use super::{cast, newest, report, typed};
use crate::testing::{JUNIOR, PRIMARY, covers, on_each_engine};

#[test]
fn a_reporter_may_say_what_it_is_about_and_the_triage_decides() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.teacher.get("/reports/new").await;
        let mut fields = typed(&[("Pip Pupil", "harmed"), ("Quin Pupil", "alleged")], "no");
        fields.extend([
            ("category", "matter/bullying"),
            ("category", "matter/made-up"),
            ("service", "whatsapp"),
            ("how", "saw"),
        ]);
        let checked = cast.teacher.submit(&form, "Continue", &fields).await;
        checked
            .says("Somebody was bullied or treated unkindly online")
            .says("WhatsApp")
            .says("I saw or heard it");
        cast.teacher.submit(&checked, "Send the report", &[]).await;
        let url = newest(&app).await;
        let case = cast.coordinator.get(&url).await;
        case.says("bullying online").says("WhatsApp");
        assert_eq!(
            app.count("select count(*) as count from incident_category")
                .await,
            1
        );
        let case = cast
            .coordinator
            .submit(&case, "Acknowledge: I have this", &[])
            .await;
        let triage = cast.coordinator.get(&case.link("Triage")).await;
        let html = triage.html();
        // Each in the words of their own part; nobody is made a victim.
        assert!(html.contains("harmed or upset: aggressive conduct"));
        assert!(html.contains("said to have done or shared: aggressive conduct"));
        assert!(!html.to_lowercase().contains("victim"));
        let people: Vec<String> = html
            .split("name=\"of\" value=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect();
        assert_eq!(people.len(), 2);
        let triaged = cast
            .coordinator
            .submit(
                &triage,
                "Save the triage",
                &[
                    ("category", "conduct/aggression"),
                    ("also", "hate/race"),
                    ("of", &people[0]),
                    ("said", "conduct/aggression"),
                    ("of", &people[1]),
                    ("said", "conduct/aggression"),
                    ("child-at-risk", "no"),
                    ("disturbing", "no"),
                    ("imagery", "no"),
                    ("outcome", "respond"),
                    ("reason", "They agree on what happened."),
                ],
            )
            .await;
        triaged
            .says("harmed or upset: aggressive conduct")
            .says("said to have done or shared: aggressive conduct")
            .says("hate or abuse because of race");
        assert!(!triaged.text().contains("What it is about bullying online"));
        assert_eq!(
            app.count("select count(*) as count from incident_category where removed_at is null")
                .await,
            4
        );
    });
}

#[test]
fn a_failure_of_the_filter_reaches_the_technician_without_the_report() {
    covers(&["C-137"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.teacher.get("/reports/new").await;
        let mut fields = typed(&[("Pip Pupil", "witness")], "no");
        fields.extend([("category", "matter/filter-failure"), ("service", "search")]);
        let checked = cast.teacher.submit(&form, "Continue", &fields).await;
        checked.says("This will go to the headteacher");
        cast.teacher.submit(&checked, "Send the report", &[]).await;
        let url = newest(&app).await;
        let notices = cast.technician.get("/notices").await;
        notices.says("A report named a fault of the systems");
        let fault = cast
            .technician
            .get(&notices.link("A report named a fault of the systems"))
            .await;
        let place = fault.location.clone().unwrap_or(fault.path.clone());
        let fault = cast.technician.get(&place).await;
        fault
            .says("a failure of the filter")
            .says("a search engine");
        let text = fault.text();
        for secret in ["Pip", "upsetting", "library", "Tessa"] {
            assert!(!text.contains(secret), "{secret}");
        }
        let seen = cast
            .technician
            .submit(&fault, "I have looked into it", &[])
            .await;
        seen.says("Looked into");
        assert_eq!(cast.technician.get(&url).await.status.as_u16(), 404);
        assert!(cast.teacher.get(&place).await.status.is_client_error());
    });
}

#[test]
fn a_suspect_message_goes_to_whom_the_policy_names() {
    covers(&["C-033"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.other.get("/reports/new").await;
        let mut fields = typed(&[], "no");
        fields.push(("category", "matter/suspect-message"));
        let checked = cast.other.submit(&form, "Continue", &fields).await;
        checked.says("This will go to the headteacher");
        cast.other.submit(&checked, "Send the report", &[]).await;
        assert_eq!(
            app.count("select count(*) as count from notice where kind = 'technical-fault'")
                .await,
            1
        );
    });
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.other.get("/reports/new").await;
        let mut fields = typed(&[], "no");
        fields.push(("category", "matter/data-breach"));
        let checked = cast.other.submit(&form, "Continue", &fields).await;
        checked.says("This will go to the headteacher, and to the online safety co-ordinator");
    });
}

#[test]
fn while_the_school_is_shut_the_reporter_is_told_and_the_lead_hears() {
    on_each_engine(JUNIOR, async |app| {
        let head = app
            .person(
                "Hazel Head",
                belisha_policy::Standing::Staff,
                &[Post::Headteacher],
            )
            .await;
        let _ = head;
        app.signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await;
        app.signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await;
        app.person("Pip Pupil", belisha_policy::Standing::Pupil, &[])
            .await;
        app.at("2026-09-26T20:00:00+01:00");
        let mut teacher = app.signed_in("Tessa Teacher", &[]).await;
        let form = teacher.get("/reports/new").await;
        let checked = teacher
            .submit(&form, "Continue", &typed(&[("Pip Pupil", "harmed")], "no"))
            .await;
        checked
            .says("This will go to the online safety co-ordinator and the designated safeguarding lead")
            .says("The school is shut until Monday 28 September.")
            .says("999");
        app.at("2026-09-28T10:00:00+01:00");
        let mut teacher = app.as_person(teacher.id()).await;
        let sent = report(&mut teacher, &[("Pip Pupil", "harmed")], "no").await;
        sent.says("We have told the online safety co-ordinator.");
    });
}
