//! What the server tells whoever runs it, and nobody else.

use std::sync::Arc;

use crate::testing::{JUNIOR, on_each_engine, on_one_engine};
use crate::web::{self, App};

#[test]
fn metrics_name_routes_and_never_what_stands_in_a_path() {
    on_each_engine(JUNIOR, async |app| {
        let mut nobody = app.nobody();
        nobody.get("/sign-in").await;
        nobody.get("/somebody/by/name").await;
        let page = nobody.get("/metrics").await;
        assert_eq!(page.status, 200);
        let text = page.html();
        for line in [
            "belisha_requests_total{route=\"/sign-in\",method=\"GET\",status=\"200\"}",
            "belisha_request_seconds_bucket{route=\"/sign-in\",method=\"GET\",le=\"0.001\"}",
            "belisha_journal_entries{school=\"school\"}",
            "belisha_jobs_waiting{school=\"school\"} 0",
            "belisha_backup_age_seconds{school=\"school\"}",
            "route=\"none\"",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        assert!(!text.contains("somebody"), "{text}");
    });
}

#[test]
fn a_server_of_several_schools_answers_for_itself_by_any_name() {
    on_one_engine(JUNIOR, async |mut app| {
        // Two schools, neither of which the name that is asked for means.
        let schools = vec![Arc::clone(&app.school), Arc::clone(&app.school)];
        app.router = web::router(App::new(schools, Vec::new(), false));
        let mut nobody = app.nobody();
        assert_eq!(nobody.get("/healthz").await.status, 200);
        assert_eq!(nobody.get("/metrics").await.status, 200);
        for of_a_school in ["/", "/sign-in", "/tell", "/cookies"] {
            assert_eq!(nobody.get(of_a_school).await.status, 404, "{of_a_school}");
        }
    });
}
