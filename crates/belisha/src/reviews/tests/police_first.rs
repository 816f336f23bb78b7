//! The second policy: the police before anything else.

use axum::http::StatusCode;

use super::{answer, cast, reported, triaged};
use crate::testing::{PRIMARY, covers, on_each_engine};

#[test]
fn the_police_are_told_at_once_and_then_the_lead_reviews() {
    covers(&["C-087", "C-236", "C-237", "C-238", "C-240"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        let case = triaged(&mut cast.head, &url, "conduct/nude-image", "yes").await;
        case.says("Indecent image of a child: police first")
            .says("Send the 1 referral that is due.");
        let review = format!("{url}/reviews/indecent-image");
        let head = &mut cast.head;
        head.get(&review)
            .await
            .says("ask to see it, copy it, save it, print it or send it on")
            .says("Referral to Police, by 23 September 2026 at")
            .says("The police are told first. Record the referral to them");
        answer(
            head,
            &review,
            "first-steps",
            &[
                ("asked-to-see", "no"),
                ("device", "no"),
                ("device-why", "On its way."),
                ("parent-told", "no"),
            ],
        )
        .await;
        let case = head.get(&url).await;
        case.says("Set the device aside as it is")
            .says("Tell the parent who knows of it to go to the police at once as well.");
        // Whoever was shown it: who, when, where, how.
        let form = head.get(&format!("{review}/pages/shown")).await;
        let wrong = head.submit(&form, super::KEEP, &[("shown", "yes")]).await;
        assert_eq!(wrong.errors().len(), 4);
        answer(
            head,
            &review,
            "shown",
            &[
                ("shown", "yes"),
                ("shown-who", "Tessa Teacher, by a pupil."),
                ("shown-when-day", "23"),
                ("shown-when-month", "9"),
                ("shown-when-year", "2026"),
                ("shown-when-time", "8.30"),
                ("shown-where", "The playground"),
                ("shown-how", "Held up; she turned away and came to me."),
            ],
        )
        .await
        .says("circumstances recorded");
        // The lead's page waits for the police, and is not the headteacher's.
        let hidden = head.get(&format!("{review}/pages/review")).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        let locked = cast.lead.get(&format!("{review}/pages/review")).await;
        assert_eq!(locked.status, StatusCode::FORBIDDEN);
        locked.says("The police are told first.");
        let referral = head.get(&case.link("Police")).await;
        let form = head.get(&referral.link("Record that it was sent")).await;
        head.submit(
            &form,
            "Save",
            &[("how", "telephone"), ("reference", "CAD 77"), ("words", "")],
        )
        .await
        .says("CAD 77");
        let lead = &mut cast.lead;
        answer(
            lead,
            &review,
            "review",
            &[
                ("at-risk", "no"),
                ("at-risk-why", "At home."),
                ("social-care", "yes"),
                ("social-care-why", "The sister too."),
                ("parents", "yes"),
                ("support", "A mentor."),
            ],
        )
        .await
        .says("Referral to Children’s social care");
        let form = lead.get(&format!("{review}/signature")).await;
        lead.submit(
            &form,
            "Sign the review",
            &[("way", "police"), ("states", "police-0")],
        )
        .await
        .says("signed, referral due");
    });
}

#[test]
fn a_device_set_aside_has_its_custody_written_down_and_never_its_content() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.head, &url, "conduct/nude-image", "yes").await;
        let head = &mut cast.head;
        let form = head.get(&format!("{url}/devices/new")).await;
        form.says("Nobody looks through it");
        let fields = [
            ("device", "Black telephone, cracked corner"),
            ("from", "Pip Pupil"),
            ("taken-by", "Tessa Teacher"),
            ("at-day", "23"),
            ("at-month", "9"),
            ("at-year", "2026"),
            ("at-time", "8:40"),
            ("place", "Safe in the office"),
            ("bag", "B-00412"),
        ];
        let wrong = head.submit(&form, "Save", &fields[..3]).await;
        assert_eq!(wrong.errors().len(), 2);
        assert_eq!(wrong.field("device"), "Black telephone, cracked corner");
        let mut later = fields;
        later[6] = ("at-time", "23:40");
        let wrong = head.submit(&form, "Save", &later).await;
        assert_eq!(wrong.errors().len(), 1);
        let case = head.submit(&form, "Save", &fields).await;
        case.says("Devices set aside")
            .says("Kept: Safe in the office. Bag B-00412");
        let form = head.get(&case.link("Hand it on")).await;
        let moved = [
            ("to", "Officer 4711"),
            ("reference", "CAD 77"),
            ("at-day", "23"),
            ("at-month", "9"),
            ("at-year", "2026"),
            ("at-time", "8:50"),
        ];
        let mut early = moved;
        early[5] = ("at-time", "8:30");
        let wrong = head.submit(&form, "Save", &early).await;
        wrong.says("It was set aside later than that");
        head.submit(&form, "Save", &moved)
            .await
            .says("handed to Officer 4711, reference CAD 77");
        let stranger = cast.teacher.get(&format!("{url}/devices/new")).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND);
        let absent = cast
            .head
            .get(&format!(
                "{url}/devices/00000000-0000-4000-8000-000000000000/handover"
            ))
            .await;
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn whoever_was_shown_a_picture_tells_at_once_and_the_head_is_alerted() {
    covers(&["C-239"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let plain = cast.teacher.get("/reports/new").await;
        let form = cast
            .teacher
            .get(&plain.link("I was shown a nude picture of a child"))
            .await;
        form.says("Go to the headteacher or your line manager now")
            .says("Show the picture to nobody")
            .says("Not what is in the picture.");
        assert!(!form.html().contains("type=\"file\""));
        let typed = [
            ("words", "A pupil held a telephone up to me at the gate."),
            ("when", "now"),
            ("place", "The gate"),
            ("at-risk", "not-sure"),
            ("told-lead", "no"),
            ("who", "Pip Pupil"),
            ("part", "harmed"),
            ("meant", ""),
        ];
        // What is wrong with it is said, and the advice stays.
        let wrong = cast.teacher.submit(&form, "Continue", &typed[1..]).await;
        wrong.says("Go to the headteacher or your line manager now");
        let checked = cast.teacher.submit(&wrong, "Continue", &typed).await;
        checked.says("This will go to the headteacher");
        cast.teacher.submit(&checked, "Send the report", &[]).await;
        let urgent = "select count(*) as count from notice join post_holding on post_holding.person = notice.person
             where notice.kind = 'incident-for-you' and notice.urgent and post_holding.post = 'headteacher'";
        assert_eq!(app.count(urgent).await, 1);
        // Nothing of a picture enters, whatever the triage says later.
        let mut records = app.school.database.read().await.expect("records");
        let row = crate::db::sql("select id from incident")
            .one(&mut records)
            .await
            .expect("a case");
        let id: String = row.get("id").expect("an id");
        drop(records);
        let files = cast.head.get(&format!("/incidents/{id}/files")).await;
        assert!(!files.html().contains("type=\"file\""));
    });
}
