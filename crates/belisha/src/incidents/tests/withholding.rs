//! The filter and its log, withheld from whoever runs them while a case about them lasts.

use axum::http::StatusCode;

use super::{Cast, acknowledged, cast, closed, newest, report, triage};
use crate::testing::{Client, JUNIOR, TestSchool, on_each_engine};

/// What the pages of the journal, of alerts and of the filter answer.
async fn seen(technician: &mut Client) -> Vec<StatusCode> {
    let mut seen = Vec::new();
    for page in ["/journal?lines=technical", "/filter/alerts", "/filter"] {
        seen.push(technician.get(page).await.status);
    }
    seen
}

async fn case_about_the_network_manager(app: &TestSchool, cast: &mut Cast) -> String {
    report(&mut cast.teacher, &[("Nils Network", "alleged")], "no").await;
    let url = newest(app).await;
    acknowledged(&mut cast.head, &url).await;
    triage(&mut cast.head, &url, "conduct/rules", "no").await;
    url
}

async fn withheld(head: &mut Client, url: &str) {
    let form = head.get(&format!("{url}/withholding")).await;
    form.says("They are not told");
    let wrong = head.submit(&form, "Withhold them", &[("reason", "")]).await;
    assert_eq!(wrong.errors(), ["Say why they are withheld"]);
    let fields = [("reason", "The log may be evidence.")];
    head.submit(&form, "Withhold them", &fields)
        .await
        .says("withheld from Nils Network since 23 September 2026")
        .says("The log may be evidence.");
}

#[test]
fn whoever_runs_the_filter_loses_it_quietly_while_a_case_about_them_is_dealt_with() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = case_about_the_network_manager(&app, &mut cast).await;
        let before = seen(&mut cast.technician).await;
        assert_eq!(before, [StatusCode::OK; 3]);
        let notices = app.count("select count(*) as count from notice").await;
        withheld(&mut cast.head, &url).await;
        assert_eq!(
            seen(&mut cast.technician).await,
            [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN, StatusCode::OK]
        );
        // They are told what anybody is told, and nothing came to them.
        for who in [&mut cast.technician, &mut cast.other] {
            let refused = who.get("/filter/alerts").await;
            refused.says("Your posts do not allow this.");
        }
        assert_eq!(
            app.count("select count(*) as count from notice").await,
            notices
        );
        for who in [&mut cast.technician, &mut cast.lead, &mut cast.other] {
            for act in [
                "withholding".to_owned(),
                format!("withholding/{}/end", cast.head.id()),
            ] {
                let page = who.get(&format!("{url}/{act}")).await;
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{act}");
            }
        }
        let twice = cast.head.get(&format!("{url}/withholding")).await;
        assert_eq!(twice.status, StatusCode::FORBIDDEN);
        let nobodys = cast
            .head
            .get(&format!("{url}/withholding/{}/end", cast.other.id()))
            .await;
        assert_eq!(nobodys.status, StatusCode::NOT_FOUND);

        let technician = cast.technician.id();
        let form = cast
            .head
            .get(&format!("{url}/withholding/{technician}/end"))
            .await;
        cast.head
            .submit(&form, "Give them back", &[("reason", "It was cleared up.")])
            .await
            .says("It was cleared up.");
        assert_eq!(seen(&mut cast.technician).await, before);
        let journal = app.journal().await;
        assert!(journal.contains(&"incident.withheld".to_owned()));
        assert!(journal.contains(&"incident.given-back".to_owned()));
    });
}

#[test]
fn a_withholding_ends_with_its_case() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = case_about_the_network_manager(&app, &mut cast).await;
        withheld(&mut cast.head, &url).await;
        let form = cast.head.get(&format!("{url}/lowering")).await;
        let fields = [
            ("reason", "A misunderstanding."),
            ("officer", "Below the threshold."),
        ];
        cast.head.submit(&form, "Lower it", &fields).await;
        // Still: the case goes on.
        assert_eq!(
            cast.technician.get("/filter/alerts").await.status,
            StatusCode::FORBIDDEN
        );
        let case = cast.head.get(&url).await;
        let form = cast.head.get(&case.link("Complete this")).await;
        cast.head
            .submit(&form, "It is done", &[("outcome", "Spoke to the officer.")])
            .await;
        closed(&mut cast.head, &url).await.says("Closed the case");
        assert_eq!(
            cast.technician.get("/filter/alerts").await.status,
            StatusCode::OK
        );
    });
}

#[test]
fn nothing_is_withheld_from_somebody_who_runs_nothing() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let url = newest(&app).await;
        acknowledged(&mut cast.head, &url).await;
        let case = cast.head.get(&url).await;
        assert!(!case.text().contains("Withhold the filter"));
        let page = cast.head.get(&format!("{url}/withholding")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        page.says("There is nothing to withhold");
    });
}
