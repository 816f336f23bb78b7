//! What a school needs to trust of its lists: a version that is held waits for a person who sees what it
//! would do, and there is a way back.

use axum::http::StatusCode;
use belisha_filter::index::Index;
use belisha_policy::Post;

use super::look_now;
use crate::filter::lists::index_file;
use crate::filter::tests::compile_lists;
use crate::filter::{settings, take_log_now};
use crate::testing::{Client, JUNIOR, TestSchool, on_each_engine};

/// Puts another version of the games into the folder, and compiles, as the nightly command does.
fn publish(app: &TestSchool, names: &[&str], filler: usize) {
    let place = settings::folder(&app.school).join("lists").join("games");
    std::fs::create_dir_all(&place).expect("a folder");
    let mut text: String = names.iter().map(|name| format!("{name}\n")).collect();
    for at in 0..filler {
        text += &format!("game{at}.example\n");
    }
    std::fs::write(place.join("domains"), text).expect("a list");
    compile_lists_as_they_lie(app);
}

fn compile_lists_as_they_lie(app: &TestSchool) {
    use belisha_filter::compile::{Compile, compile};
    compile(&Compile {
        lists: &settings::folder(&app.school).join("lists"),
        out: &index_file(&app.school),
        key: [7; 32],
        built_at: app.school.clock.now().as_second(),
        limits: belisha_filter::lists::Limits::default(),
        accept: std::collections::BTreeSet::new(),
    })
    .expect("an index");
}

fn blocks(app: &TestSchool, name: &str) -> bool {
    let index = Index::open(&index_file(&app.school)).expect("an index");
    !index.hits(name).is_empty()
}

/// A morning in which pupils asked for names.
async fn traffic(app: &TestSchool, names: &[&str]) {
    let folder = settings::folder(&app.school).join("log");
    std::fs::create_dir_all(&folder).expect("a folder");
    let now = app.school.clock.now().as_millisecond() - 3_600_000;
    let mut text = String::new();
    for (at, name) in names.iter().enumerate() {
        for device in 0..6 {
            let at_ms = now + (at * 10 + device) as i64;
            text += &format!("{at_ms}\t10.2.0.{device}\t\tpupils\t{name}\t1\tallowed\t\t\n");
        }
    }
    std::fs::write(folder.join(format!("{}-0000.log", now / 3_600_000)), text).expect("written");
    take_log_now(&app.school).await.expect("taken");
}

async fn decide(client: &mut Client, button: &str, reason: &str) -> crate::testing::Page {
    let page = client.get("/filter/lists/games").await;
    client.submit(&page, button, &[("reason", reason)]).await
}

#[test]
fn a_held_list_is_taken_or_refused_by_whoever_manages_the_filter_with_its_effect_in_sight() {
    on_each_engine(JUNIOR, async |app| {
        let mut technician = app.signed_in("Nils Network", &[Post::NetworkManager]).await;
        let mut coordinator = app
            .signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await;
        technician
            .get("/filter/lists")
            .await
            .says("No lists are in use");
        compile_lists(&app);
        publish(&app, &["games.example"], 600);
        traffic(
            &app,
            &["tables.example", "library.example", "game7.example"],
        )
        .await;
        // The publisher loses most of its names, and lists the times tables.
        publish(&app, &["games.example", "tables.example"], 0);
        assert!(!blocks(&app, "tables.example") && blocks(&app, "game7.example"));
        look_now(&app.school).await.expect("looked");
        let told = "select count(*) as count from notice where kind = 'filter-list-held'";
        assert_eq!(app.count(told).await, 1);
        technician
            .get("/filter/lists")
            .await
            .says("it would fall from 601 entries to 2");
        let page = technician.get("/filter/lists/games").await;
        page.says("would have blocked 6 more, for 1 site, and opened 6, for 1 site")
            .says("tables.example");
        let bare = technician.submit(&page, "Refuse it", &[]).await;
        assert_eq!(bare.errors(), ["Say why"]);
        // Others see it and decide nothing.
        let seen = coordinator.get("/filter/lists/games").await;
        seen.says("it would fall from 601 entries to 2");
        assert!(!seen.has_button("Take it"));
        for path in ["taking", "refusal", "return"] {
            let url = format!("/filter/lists/games/{path}");
            assert_eq!(coordinator.get(&url).await.status, StatusCode::FORBIDDEN);
        }
        decide(&mut technician, "Refuse it", "Times tables are no game.").await;
        look_now(&app.school).await.expect("looked");
        assert!(!blocks(&app, "tables.example") && blocks(&app, "game7.example"));
        technician
            .get("/filter/lists/games")
            .await
            .says("somebody refused this version")
            .says("Times tables are no game.");
        // On second thoughts it is taken; a form of a version that has gone does nothing.
        let page = technician.get("/filter/lists/games").await;
        decide(&mut technician, "Take it", "The publisher cleaned up.").await;
        look_now(&app.school).await.expect("looked");
        assert!(blocks(&app, "tables.example") && !blocks(&app, "game7.example"));
        let late = technician
            .submit(&page, "Take it", &[("reason", "Again")])
            .await;
        assert_ne!(late.status, StatusCode::OK);
        let gone = technician.get("/filter/lists/nothing").await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        let journal = app.journal().await;
        for kind in [
            "filter-list.refused",
            "filter-list.taken",
            "filter-list.seen",
        ] {
            assert!(journal.iter().any(|found| found == kind), "{kind}");
        }
    });
}

#[test]
fn one_act_goes_back_to_the_version_before_and_no_newer_one_comes_until_somebody_takes_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut technician = app.signed_in("Nils Network", &[Post::NetworkManager]).await;
        compile_lists(&app);
        publish(&app, &["games.example"], 0);
        let first = technician.get("/filter/lists/games").await;
        assert!(
            first.has_button("Go back to it"),
            "to the one with play.example"
        );
        publish(&app, &["games.example", "tables.example"], 0);
        assert!(blocks(&app, "tables.example"), "a small change is not held");
        decide(
            &mut technician,
            "Go back to it",
            "Times tables are no game.",
        )
        .await;
        look_now(&app.school).await.expect("looked");
        assert!(!blocks(&app, "tables.example") && blocks(&app, "games.example"));
        // The next night brings another, with the same mistake.
        publish(
            &app,
            &["games.example", "tables.example", "more.example"],
            0,
        );
        assert!(!blocks(&app, "tables.example"));
        technician
            .get("/filter/lists/games")
            .await
            .says("somebody went back to an earlier version");
        decide(&mut technician, "Take it", "It is mended, I hope.").await;
        look_now(&app.school).await.expect("looked");
        assert!(blocks(&app, "more.example"));
        // Once taken, what comes after is taken by itself again.
        publish(&app, &["games.example"], 0);
        assert!(!blocks(&app, "more.example"));
        let journal = app.journal().await;
        assert!(journal.iter().any(|kind| kind == "filter-list.returned"));
    });
}
