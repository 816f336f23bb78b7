//! Search finds what the searcher may open, and leaves no word of it behind.

use axum::http::StatusCode;
use belisha_policy::Standing;

use super::{cast, newest, report};
use crate::db::sql;
use crate::testing::{Client, JUNIOR, Page, TestSchool, on_each_engine};

async fn sought(client: &mut Client, words: &str, person: &str) -> Page {
    let form = client.get("/incidents/search").await;
    client
        .submit(&form, "Search", &[("words", words), ("person", person)])
        .await
}

async fn lines(app: &TestSchool) -> String {
    let mut records = app.school.database.read().await.expect("records");
    let rows = sql("select line from journal_entry where action = 'incident.searched'")
        .all(&mut records)
        .await
        .expect("lines");
    rows.iter()
        .map(|row| row.get::<String>("line").expect("a line"))
        .collect()
}

#[test]
fn a_search_finds_what_the_searcher_may_open_and_nothing_else() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let pupils = newest(&app).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        let about_head = newest(&app).await;
        for (client, pupils_case, heads_case) in [
            (&mut cast.lead, true, false),
            (&mut cast.head, true, false),
            (&mut cast.chair, false, true),
            (&mut cast.technician, false, false),
            (&mut cast.other, false, false),
        ] {
            let page = sought(client, "UPSETTING round", "").await;
            assert_eq!(page.html().contains(&pupils), pupils_case);
            assert_eq!(page.html().contains(&about_head), heads_case);
            assert!(!page.path.contains("psetting"), "words in an address");
        }
        let lead = &mut cast.lead;
        let page = sought(lead, "upsetting", "").await;
        page.says("Found in 1 case.")
            .says("Something upsetting was sent round.");
        assert!(page.html().contains("<mark>upsetting</mark>"));
        sought(lead, "upsetting library", "pip")
            .await
            .says("Found in 1 case.");
        sought(lead, "upsetting unicorn", "")
            .await
            .says("Nothing was found");
        sought(lead, "upsetting", "quin")
            .await
            .says("Nothing was found");
        sought(lead, "", "pip").await.says("Found in 1 case.");
        // A capital letter with an accent is found by its small one, as in the register.
        app.person("Élise Élève", Standing::Pupil, &[]).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Élise Élève", "harmed")], "no").await;
        sought(lead, "", "élève").await.says("Found in 1 case.");
        sought(lead, "", "ÉLISE").await.says("Found in 1 case.");
        sought(lead, "", "%").await.says("Nothing was found");
        let empty = sought(lead, "", "").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        empty.says("Enter a word");
        let journal = lines(&app).await;
        assert!(journal.contains("incident-search:"));
        assert!(!journal.contains("psetting") && !journal.contains("pip"));
    });
}

#[test]
fn texts_stay_open_while_people_search_and_are_forgotten_afterwards() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        sought(&mut cast.lead, "upsetting", "")
            .await
            .says("Found in 1 case.");
        let open = app.school.opened_texts.count().await;
        assert!(open > 0);
        // What is sealed to persons is never kept open.
        sought(&mut cast.chair, "upsetting", "")
            .await
            .says("Found in 1 case.");
        assert_eq!(app.school.opened_texts.count().await, open);
        // What came since is found.
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        sought(&mut cast.lead, "upsetting", "")
            .await
            .says("Found in 2 cases");
        assert!(app.school.opened_texts.count().await > open);
        app.clock.advance_ms(14 * 60_000);
        app.school
            .opened_texts
            .forget_unused(app.school.clock.now());
        assert!(app.school.opened_texts.count().await > open);
        app.clock.advance_ms(2 * 60_000);
        app.school
            .opened_texts
            .forget_unused(app.school.clock.now());
        assert_eq!(app.school.opened_texts.count().await, 0);
    });
}
