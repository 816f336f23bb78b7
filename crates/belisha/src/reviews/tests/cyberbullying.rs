//! Cyberbullying that is found to be so: met, investigated, put right, taken down or not,
//! and closed only when all of it is on record.

use axum::http::StatusCode;

use super::{FIRST_STEPS, KEEP, answer, cast, noted, reported, triaged};
use crate::testing::{Client, PRIMARY, Page, covers, on_each_engine};

/// The page with a moment beside the other fields.
async fn answer_at(
    who: &mut Client,
    review: &str,
    page: &str,
    moment: &str,
    fields: &[(&str, &str)],
) -> Page {
    let parts = [
        ("day", "23"),
        ("month", "9"),
        ("year", "2026"),
        ("time", "8:30"),
    ]
    .map(|(part, value)| (format!("{moment}-{part}"), value));
    let mut all: Vec<(&str, &str)> = parts
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    all.extend_from_slice(fields);
    answer(who, review, page, &all).await
}

#[test]
fn a_proved_case_is_met_investigated_put_right_and_answered_before_it_closes() {
    covers(&[
        "C-052", "H-019", "C-217", "C-219", "C-230", "C-231", "C-241", "C-244", "C-245", "C-249",
    ]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.head, &url, "conduct/bullying", "no").await;
        let review = format!("{url}/reviews/cyberbullying");
        let head = &mut cast.head;
        let image = [("indecent", "no"), ("indecent-why", "Only words.")];
        answer(head, &review, "image", &image).await;
        // Whether the sender was blocked and reported is written down, done or not.
        let form = head.get(&format!("{review}/pages/first-steps")).await;
        let bare = [("not-answered", "yes"), ("blocked", "no")];
        let wrong = head.submit(&form, KEEP, &bare).await;
        assert_eq!(wrong.errors().len(), 2, "{:?}", wrong.errors());
        answer(head, &review, "first-steps", FIRST_STEPS).await;
        // To say that the evidence is noted is not enough: the log must have it.
        let form = head.get(&format!("{review}/pages/evidence")).await;
        let said = [("noted", "yes")];
        let wrong = head.submit(&form, KEEP, &said).await;
        assert_eq!(
            wrong.errors(),
            ["The evidence log of the case is empty. Note each item there first"]
        );
        noted(head, &url).await.says("Four messages.");
        answer(head, &review, "evidence", &said)
            .await
            .says("Whoever keeps an item brings it");
        // Nothing is investigated before both were met.
        let locked = head.get(&format!("{review}/pages/investigation")).await;
        assert_eq!(locked.status, StatusCode::FORBIDDEN);
        locked.says("The meeting comes first.");
        let form = head.get(&format!("{review}/pages/meeting")).await;
        let unmet = [
            ("met-reporter", "no"),
            ("met-target", "no"),
            ("met-facts", "Since Monday."),
        ];
        let wrong = head.submit(&form, KEEP, &unmet).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.errors().len(), 3, "{:?}", wrong.errors());
        let met = [
            ("met-reporter", "yes"),
            ("met-target", "yes"),
            ("met-facts", "Since Monday, every evening."),
        ];
        answer_at(head, &review, "meeting", "met-when", &met).await;
        let form = head.get(&format!("{review}/pages/law")).await;
        let wrong = head.submit(&form, KEEP, &[("flags", "none")]).await;
        assert_eq!(
            wrong.errors(),
            ["Choose an answer: Are the police brought in?"]
        );
        let law = [
            ("flags", "none"),
            ("police", "no"),
            ("police-why", "Unkind, and no crime."),
        ];
        answer(head, &review, "law", &law).await;
        let investigation = [
            ("investigator", "Hazel Head"),
            ("investigated", "Spoke to both and to their parents."),
        ];
        answer(head, &review, "investigation", &investigation).await;
        // Found, and of this school: the conversation and the way to put it right are owed.
        let form = head.get(&format!("{review}/pages/finding")).await;
        let bare = [("finding", "school"), ("finding-why", "They said so.")];
        let wrong = head.submit(&form, KEEP, &bare).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let finding = [
            ("finding", "school"),
            ("finding-why", "They said so."),
            ("seriousness", "A talk with both parents present."),
            ("route", "mediation"),
            ("route", "discipline"),
            ("route-why", "Both want to be friends again."),
        ];
        answer(head, &review, "finding", &finding).await;
        // A refusal to take it down asks for the next sanction.
        let form = head.get(&format!("{review}/pages/removal")).await;
        let refused = [("removal", "refused"), ("removal-why", "They would not.")];
        let wrong = head.submit(&form, KEEP, &refused).await;
        assert_eq!(
            wrong.errors(),
            ["Write an answer: Which more severe sanction follows the refusal?"]
        );
        // Not signed yet, so the case does not close.
        head.get(&format!("{url}/closure"))
            .await
            .says("Cyberbullying");
        let refused = [
            ("removal", "refused"),
            ("removal-why", "They would not."),
            ("sanctions", "The headteacher’s warning."),
        ];
        answer(head, &review, "removal", &refused).await;
        let support = [
            ("support-target", "A talk each Monday, with Tessa Teacher."),
            ("support-other", "A mentor."),
            ("answered", "Rang home on Wednesday."),
        ];
        answer(head, &review, "support", &support).await;
        let form = head.get(&format!("{review}/signature")).await;
        let signature = [("way", "answered"), ("states", "answered-0")];
        let signed = head.submit(&form, "Sign the review", &signature).await;
        signed.says("Investigated and answered");
        let closure = head.get(&format!("{url}/closure")).await;
        assert!(
            !closure.text().contains("“Cyberbullying”"),
            "{}",
            closure.text()
        );
        let history = head.get(&format!("{review}/history")).await;
        history
            .says("Has whoever sends it been blocked?")
            .says("It cannot be done there")
            .says("Unkind, and no crime.")
            .says("Mediation; Discipline")
            .says("A talk with both parents present.")
            .says("The headteacher’s warning.");
    });
}

#[test]
fn cyberbullying_that_a_parent_reports_goes_through_the_same_steps() {
    covers(&["C-215", "C-216", "C-228"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        // Each audience has a page that asks for it.
        for (client, page, asks) in [
            (&mut cast.teacher, "/reports/new", "matter/bullying"),
            (&mut app.nobody(), "/concern", "matter/bullying"),
            (&mut app.nobody(), "/tell", "Tell"),
        ] {
            assert!(client.get(page).await.html().contains(asks), "{page}");
        }
        let mut parent = app.nobody();
        let form = parent.get("/concern").await;
        form.says("police at once");
        assert!(!form.html().contains("type=\"file\""));
        let typed = [
            ("sender", "parent"),
            ("words", "My child was sent horrible messages."),
            ("about-whom", "child"),
            ("names", "Pip Pupil"),
            ("at-risk", "no"),
            ("told-police", "yes"),
            ("matter", "matter/bullying"),
            ("name", "A Parent"),
            ("contact", "01632 960 001"),
        ];
        let checked = parent.submit(&form, "Continue", &typed).await;
        parent.submit(&checked, "Send it", &[]).await;
        let mut records = app.school.database.read().await.expect("records");
        let row = crate::db::sql("select id from incident")
            .one(&mut records)
            .await
            .expect("a case");
        let url = format!("/incidents/{}", row.get::<String>("id").expect("an id"));
        drop(records);
        // The triage chooses another risk, and what the parent named still opens the steps.
        let case = triaged(&mut cast.head, &url, "conduct/aggression", "no").await;
        case.says("They say that they have told the police.")
            .says("Cyberbullying");
    });
}
