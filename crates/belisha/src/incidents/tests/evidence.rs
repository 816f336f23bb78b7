//! The evidence log of a case: each item an entry of its own, corrected only by another.

use axum::http::StatusCode;

use super::{acknowledged, cast, closed, everybody_seen_to, newest, report, triage};
use crate::testing::{Client, JUNIOR, Page, covers, on_each_engine};

const NOTE: &str = "Add to the evidence log";
const CORRECT: &str = "Add the correction";

fn item<'a>(what: &'a str, keeper: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("what", what),
        ("place", "A game’s chat"),
        ("at-day", "23"),
        ("at-month", "9"),
        ("at-year", "2026"),
        ("at-time", "8:30"),
        ("keeper", keeper),
        ("sent-on", "no"),
        ("sent-to", ""),
    ]
}

async fn note(client: &mut Client, url: &str, fields: &[(&str, &str)]) -> Page {
    let form = client.get(&format!("{url}/evidence/new")).await;
    client.submit(&form, NOTE, fields).await
}

#[test]
fn each_item_of_evidence_stands_with_what_where_when_and_who_keeps_it() {
    covers(&["C-220", "C-235"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let who = &mut cast.coordinator;
        acknowledged(who, &url).await;
        // The question about a picture comes before the evidence.
        let early = note(who, &url, &item("Four messages.", "Tessa Teacher")).await;
        assert_eq!(early.status, StatusCode::FORBIDDEN);
        early.says("This case is acknowledged.");
        triage(who, &url, "conduct/bullying", "no").await;
        let form = who.get(&format!("{url}/evidence/new")).await;
        form.says("Nobody sends it on");
        let bare = who.submit(&form, NOTE, &[("what", "Four messages.")]).await;
        assert_eq!(
            bare.errors(),
            [
                "Say where it is",
                "Enter the day and the time, up to now, such as 27 3 2026 and 10:45",
                "Say who keeps it",
                "Say whether it has been sent on",
            ]
        );
        assert_eq!(bare.field("what"), "Four messages.");
        let sent = [("sent-on", "yes"), ("sent-to", "")];
        let mut fields = item("Four messages.", "Tessa Teacher");
        fields.retain(|(name, _)| !name.starts_with("sent"));
        fields.extend(sent);
        let wrong = who.submit(&bare, NOTE, &fields).await;
        assert_eq!(wrong.errors(), ["Say to whom it was sent on, and why"]);

        let case = who
            .submit(&form, NOTE, &item("Four messages.", "Tessa Teacher"))
            .await;
        case.says("Evidence log")
            .says("Four messages.")
            .says("A game’s chat")
            .says("23 September 2026")
            .says("Tessa Teacher")
            .says("Not sent on")
            .says("sends it to nobody");
        // The same form again notes nothing.
        who.submit(&form, NOTE, &item("Four messages.", "Tessa Teacher"))
            .await;
        let count = "select count(*) as count from incident_evidence";
        assert_eq!(app.count(count).await, 1);
        // Nothing of it stands in the database in plain words.
        let plain = "select count(*) as count from incident_evidence
                     where cast(sealed_what as text) like '%messages%'";
        if !app.is_on_postgres() {
            assert_eq!(app.count(plain).await, 0);
        }

        // Corrected only by another, which stands beside it.
        let correct = case.link("Correct this item");
        let form = who.get(&correct).await;
        assert_eq!(form.field("what"), "Four messages.");
        assert_eq!(form.field("at-time"), "8:30");
        let same = who
            .submit(&form, CORRECT, &item("Four messages.", "Tessa Teacher"))
            .await;
        same.says("This is what the log says already");
        let case = who
            .submit(&form, CORRECT, &item("Five messages.", "Hazel Head"))
            .await;
        case.says("Five messages.")
            .says("Corrected by a later item.");
        assert!(case.html().contains("<del><p>Four messages.</p></del>"));
        let twice = who.get(&correct).await;
        let twice = who
            .submit(&twice, CORRECT, &item("Six.", "Hazel Head"))
            .await;
        assert_eq!(twice.status, StatusCode::FORBIDDEN);
        twice.says("Correct the newer one instead");
        assert_eq!(app.count(count).await, 2);
        let entries = app.journal().await;
        let noted = entries
            .iter()
            .filter(|kind| *kind == "incident.evidence-noted");
        assert_eq!(noted.count(), 2);

        // Only for those who may know of the case; and an item belongs to its own case.
        for client in [&mut cast.other, &mut cast.technician, &mut cast.teacher] {
            for path in [format!("{url}/evidence/new"), correct.clone()] {
                assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND);
            }
        }
        let reader = cast.head.get(&format!("{url}/evidence/new")).await;
        assert_eq!(
            reader.status,
            StatusCode::FORBIDDEN,
            "who reads does not add"
        );
        cast.head.get(&url).await.says("Five messages.");
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let another = newest(&app).await;
        let id = correct.split('/').nth(4).expect("an id");
        let elsewhere = cast
            .coordinator
            .get(&format!("{another}/evidence/{id}/correction"))
            .await;
        assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn nothing_of_an_indecent_picture_is_noted_and_nothing_after_the_closure() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let who = &mut cast.lead;
        acknowledged(who, &url).await;
        triage(who, &url, "conduct/aggression", "no").await;
        who.get(&url).await.link("Note evidence");
        for imagery in ["yes", "unknown"] {
            let form = who.get(&format!("{url}/triage")).await;
            let fields = [
                ("category", "conduct/aggression"),
                ("child-at-risk", "no"),
                ("disturbing", "no"),
                ("imagery", imagery),
                ("outcome", "respond"),
                ("reason", "Somebody spoke of a picture."),
            ];
            let case = who.submit(&form, "Save the triage", &fields).await;
            assert!(!case.has_link("Note evidence"), "{imagery}");
            let refused = note(who, &url, &item("A picture.", "Tessa Teacher")).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN);
            refused.says("Nothing of it is kept as evidence");
        }
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        acknowledged(who, &url).await;
        triage(who, &url, "conduct/aggression", "no").await;
        everybody_seen_to(who, &url).await;
        let form = who.get(&format!("{url}/parents")).await;
        let held = [("decision", "held"), ("words", "Not yet.")];
        who.submit(&form, "Save", &held).await;
        closed(who, &url).await.says("Closed");
        let late = note(who, &url, &item("A message.", "Tessa Teacher")).await;
        assert_eq!(late.status, StatusCode::FORBIDDEN);
        late.says("This case is closed.");
    });
}
