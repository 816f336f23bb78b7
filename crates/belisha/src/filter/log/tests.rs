//! What a school needs to trust of the log of its filter.

use axum::http::StatusCode;
use belisha_policy::Post;

use crate::filter::tests::compile_lists;
use crate::filter::{settings, take_log_now};
use crate::testing::{Client, JUNIOR, TestSchool, covers, on_each_engine};

/// 09:00 by the school’s clock on the day of the tests.
const NINE_MS: i64 = 1_790_150_400_000;
const MINUTE_MS: i64 = 60_000;

/// A line as the resolver writes it, so many minutes after nine.
fn line(minute: i64, device: &str, name: &str, word: &str, list: &str) -> String {
    format!(
        "{}\t{device}\t\tpupils\t{name}\t1\t{word}\t{list}\t{list}\n",
        NINE_MS + minute * MINUTE_MS
    )
}

fn write(app: &TestSchool, file: &str, text: &str) {
    let folder = settings::folder(&app.school).join("log");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join(file), text).expect("a file");
}

async fn take(app: &TestSchool) {
    take_log_now(&app.school).await.expect("the log is taken");
}

/// Two devices of pupils; one keeps trying.
fn morning() -> String {
    let mut text = String::new();
    for minute in 0..4 {
        text += &line(minute, "10.2.0.9", "harm.example", "listed", "self-harm");
    }
    text += &line(5, "10.2.0.8", "games.example", "listed", "games");
    text += &line(6, "10.2.0.8", "library.example", "allowed", "");
    text += &line(7, "10.2.0.8", "bank.example", "allowed", "");
    text
}

const HOUR_FILE: &str = "497264-0000.log";

async fn at_ten(app: &TestSchool) {
    compile_lists(app);
    app.at("2026-09-23T10:00:00+01:00");
    write(app, HOUR_FILE, &morning());
    take(app).await;
}

async fn lead(app: &TestSchool) -> Client {
    app.signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
        .await
}

const LOOK: &[(&str, &str)] = &[
    ("reason", "Following up an alert"),
    ("from-day", "23"),
    ("from-month", "9"),
    ("from-year", "2026"),
    ("to-day", "23"),
    ("to-month", "9"),
    ("to-year", "2026"),
];

#[test]
fn each_line_is_taken_once_and_private_ones_are_not_kept() {
    on_each_engine(JUNIOR, async |app| {
        at_ten(&app).await;
        take(&app).await;
        let mut lead = lead(&app).await;
        let form = lead.get("/filter/log").await;
        let found = lead.submit(&form, "Look it up", LOOK).await;
        found
            .says("6 lines fit.")
            .says("library.example")
            .says("Self-harm, suicide and eating disorders");
        assert!(!found.text().contains("bank.example"));
        // More of the same file: only what is new.
        let more = morning() + &line(8, "10.2.0.8", "play.example", "listed", "games") + "17900";
        write(&app, HOUR_FILE, &more);
        app.at("2026-09-23T10:05:00+01:00");
        take(&app).await;
        // To look again, the lead proves again who they are.
        let mut lead = app.as_person(lead.id()).await;
        let form = lead.get("/filter/log").await;
        let narrowed = [LOOK, &[("name", "play"), ("device", "10.2.0.8")]].concat();
        lead.submit(&form, "Look it up", &narrowed)
            .await
            .says("One line fits.");
        lead.submit(&form, "Look it up", LOOK)
            .await
            .says("7 lines fit.");
        // Numbers count what is not kept.
        assert_eq!(
            app.count("select cast(sum(times) as bigint) as count from filter_tally")
                .await,
            8
        );
        // A file that is over is removed.
        app.at("2026-09-23T12:05:00+01:00");
        take(&app).await;
        let folder = settings::folder(&app.school).join("log");
        assert!(!folder.join(HOUR_FILE).exists());
    });
}

#[test]
fn nobody_looks_without_a_reason_or_without_the_post() {
    on_each_engine(JUNIOR, async |app| {
        at_ten(&app).await;
        for (name, posts) in [
            ("Tessa Teacher", &[][..]),
            ("Nils Network", &[Post::NetworkManager][..]),
            ("Cora Coordinator", &[Post::OnlineSafetyCoordinator][..]),
            ("Greta Governor", &[Post::SafeguardingGovernor][..]),
        ] {
            let mut client = app.signed_in(name, posts).await;
            let page = client.get("/filter/log").await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}");
            let sent = client.post_only("/filter/log", LOOK).await;
            assert_eq!(sent.status, StatusCode::FORBIDDEN, "{name}");
        }
        let mut lead = lead(&app).await;
        let form = lead.get("/filter/log").await;
        let bare = [&LOOK[1..], &[("reason", " ")]].concat();
        let wrong = lead.submit(&form, "Look it up", &bare).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.field("from-day"), "23");
        assert!(
            !app.journal()
                .await
                .contains(&"filter-log.searched".to_owned())
        );
        lead.submit(&form, "Look it up", LOOK).await;
        assert!(
            app.journal()
                .await
                .contains(&"filter-log.searched".to_owned())
        );
    });
}

#[test]
fn repeated_attempts_are_told_at_once_and_become_a_report_with_one_press() {
    covers(&["H-015", "H-063"]);
    on_each_engine(JUNIOR, async |app| {
        let mut lead = lead(&app).await;
        let mut technician = app.signed_in("Nils Network", &[Post::NetworkManager]).await;
        let mut teacher = app.signed_in("Tessa Teacher", &[]).await;
        at_ten(&app).await;
        // Some time after they were told.
        lead = app.as_person(lead.id()).await;
        technician = app.as_person(technician.id()).await;
        teacher = app.as_person(teacher.id()).await;
        lead.get("/notices").await.says("alert of the filter");
        let list = lead.get("/filter/alerts").await;
        list.says("Repeated attempts at a grave kind of site")
            .says("At once");
        let url = list.link("Repeated attempts");
        // Whoever runs the systems sees nothing of it; to a teacher there are no alerts.
        technician.get("/filter/alerts").await.says("No alerts");
        assert_eq!(technician.get(&url).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            teacher.get("/filter/alerts").await.status,
            StatusCode::FORBIDDEN
        );
        let alert = lead.get(&url).await;
        alert.says("10.2.0.9").says("harm.example").says("4");
        let report = lead.submit(&alert, "Report it as a concern", &[]).await;
        report.says("The filter stopped harm.example");
        assert_eq!(report.field("on-time"), "9:00");
        lead.get("/filter/alerts").await.says("Reported");
        // It is not raised a second time.
        take(&app).await;
        assert_eq!(
            app.count("select count(*) as count from filter_alert")
                .await,
            1
        );
    });
}

#[test]
fn an_alert_is_looked_into_once_and_says_what_came_of_it() {
    covers(&["H-071"]);
    on_each_engine(JUNIOR, async |app| {
        at_ten(&app).await;
        let mut lead = lead(&app).await;
        let url = lead.get("/filter/alerts").await.link("Repeated attempts");
        let page = lead.get(&url).await;
        let bare = lead.submit(&page, "Record what came of it", &[]).await;
        assert_eq!(bare.errors(), ["Choose what came of it"]);
        // Nothing found is set aside without a reason.
        let bare = lead
            .submit(&page, "Record what came of it", &[("outcome", "nothing")])
            .await;
        assert_eq!(bare.errors(), ["Say why there is nothing in it"]);
        let fields = [("outcome", "nothing"), ("reason", "A class read about it.")];
        let done = lead.submit(&page, "Record what came of it", &fields).await;
        done.says("Nothing in it");
        let again = lead.get(&url).await;
        again.says("A class read about it.");
        let again = lead
            .submit(&again, "Record what came of it", &[("outcome", "watch")])
            .await;
        again.says("Somebody else changed this first");
    });
}

#[test]
fn a_silent_log_and_a_gap_are_alerts_to_the_network_manager() {
    on_each_engine(JUNIOR, async |app| {
        let mut technician = app.signed_in("Nils Network", &[Post::NetworkManager]).await;
        at_ten(&app).await;
        app.at("2026-09-23T12:06:00+01:00");
        take(&app).await;
        let mut technician_now = app.as_person(technician.id()).await;
        let page = technician_now.get("/filter/alerts").await;
        page.says("The log of the filter is silent");
        let alert = page.link("The log of the filter is silent");
        technician_now.get(&alert).await.says("Mended");
        write(
            &app,
            "497267-0000.log",
            &format!("{}\tgap\t1204\n", NINE_MS + 186 * MINUTE_MS),
        );
        app.at("2026-09-23T12:10:00+01:00");
        take(&app).await;
        technician = app.as_person(technician.id()).await;
        let page = technician.get("/filter/alerts").await;
        page.says("The log of the filter has a gap");
        let alert = page.link("The log of the filter has a gap");
        technician.get(&alert).await.says("1204");
    });
}

#[test]
fn the_log_goes_when_its_time_is_over_and_the_numbers_stay() {
    on_each_engine(JUNIOR, async |app| {
        at_ten(&app).await;
        app.at("2027-01-23T10:00:00+00:00");
        take(&app).await;
        assert_eq!(
            app.count("select count(*) as count from filter_log_segment")
                .await,
            0
        );
        assert!(
            app.count("select count(*) as count from filter_tally")
                .await
                > 0
        );
        assert!(
            app.journal()
                .await
                .contains(&"filter-log.forgotten".to_owned())
        );
    });
}

#[test]
fn governors_see_numbers_from_which_no_child_can_be_told() {
    on_each_engine(JUNIOR, async |app| {
        at_ten(&app).await;
        let mut lead = lead(&app).await;
        let mut governor = app
            .signed_in("Greta Governor", &[Post::SafeguardingGovernor])
            .await;
        lead.get("/filter/figures")
            .await
            .says("Self-harm, suicide and eating disorders 4");
        let page = governor.get("/filter/figures").await;
        page.says("Self-harm, suicide and eating disorders fewer than 5")
            .says("Nobody asked for a blocked site in this term.");
        let mut teacher = app.signed_in("Tessa Teacher", &[]).await;
        assert_eq!(
            teacher.get("/filter/figures").await.status,
            StatusCode::FORBIDDEN
        );
    });
}
