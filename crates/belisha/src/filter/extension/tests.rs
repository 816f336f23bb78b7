//! What a school needs to trust of the browser extension's side here.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use belisha_policy::Post;
use serde_json::{Value, json};

use crate::filter::tests::compile_lists;
use crate::filter::{set_now, settings, take_log_now};
use crate::testing::{Client, JUNIOR, Page, TestSchool, on_each_engine};

/// 10:00 by the school’s clock on the day of the tests.
const TEN_MS: i64 = 1_790_154_000_000;

async fn technician(app: &TestSchool) -> Client {
    app.signed_in("Nils Network", &[Post::NetworkManager]).await
}

async fn lead(app: &TestSchool) -> Client {
    app.signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
        .await
}

/// Enrols devices, and gives back their key.
async fn enrol(client: &mut Client, name: &str, group: &str) -> String {
    let form = client.get("/filter/extension/new").await;
    let made = client
        .submit(
            &form,
            "Make the files",
            &[
                ("name", name),
                ("group", group),
                ("domain", "oakfield.example"),
            ],
        )
        .await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    key_on(&made)
}

fn key_on(page: &Page) -> String {
    let html = page.html();
    let start = html.find("belisha_device_").expect("a key");
    html[start..].chars().take(15 + 43).collect()
}

/// A school at ten in the morning with lists, one of them of full addresses.
async fn ready(app: &TestSchool) {
    app.at("2026-09-23T10:00:00+01:00");
    let folder = settings::folder(&app.school).join("lists/games");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("urls"), "www.library.example/Games\n").expect("a list");
    compile_lists(app);
    set_now(&app.school).await.expect("the turn");
}

async fn asked(app: &TestSchool, key: &str, tag: &str) -> Page {
    let request = Request::get("/extension/settings")
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header("belisha-device", "laptop-17")
        .header("belisha-version", "1.0.0")
        .header(header::IF_NONE_MATCH, tag);
    app.nobody().send(request, Body::empty()).await
}

async fn told(app: &TestSchool, key: &str, path: &str, body: &Value) -> Page {
    let request = Request::post(path)
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header("sec-fetch-site", "none")
        .header(header::ORIGIN, "chrome-extension://abc")
        .header(header::CONTENT_TYPE, "application/json");
    app.nobody()
        .send(request, Body::from(body.to_string()))
        .await
}

fn report(events: &Value) -> Value {
    json!({ "device": "laptop-17", "who": "sam@oakfield.example", "events": events })
}

fn term(words: &str) -> Value {
    json!({ "kind": "term", "at": TEN_MS, "engine": "google", "term": words })
}

/// The text that was signed, with its signature proved.
fn opened(app: &TestSchool, page: &Page) -> Value {
    let text = page.html();
    let mut parts = text.splitn(5, '\n');
    assert_eq!(parts.next(), Some("belisha-extension-settings"));
    let origin = parts.next().expect("an origin");
    let signature = BASE64_STANDARD
        .decode(parts.next().expect("a signature"))
        .expect("base64");
    assert_eq!(parts.next(), Some(""));
    let body = parts.next().expect("a text");
    let signer = crate::audit::signer::signer(&app.school).expect("a signer");
    let again = signer.statement("extension-settings", body.as_bytes());
    assert_eq!(signature, again.as_slice());
    let given: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(given["origin"], origin);
    given
}

#[test]
fn devices_get_what_the_policy_and_the_lists_say_signed() {
    on_each_engine(JUNIOR, async |app| {
        ready(&app).await;
        let mut technician = technician(&app).await;
        let key = enrol(&mut technician, "Year 3 laptops", "pupils").await;
        let page = asked(&app, &key, "").await;
        assert_eq!(page.status, StatusCode::OK);
        let given = opened(&app, &page);
        assert_eq!(given["group"], "pupils");
        assert_eq!(
            given["addresses"],
            json!([["library.example/Games", "games"]])
        );
        assert_eq!(given["when"], "school-hours");
        assert_eq!(given["safe_search"], true);
        assert_eq!(given["ask"], Value::Null);
        let watched: Vec<&Value> = given["engines"]
            .as_array()
            .expect("engines")
            .iter()
            .filter(|engine| engine["watched"] == true)
            .map(|engine| &engine["key"])
            .collect();
        assert_eq!(watched, ["google", "bing", "youtube", "duckduckgo"]);
        assert!(
            given["words"]
                .as_array()
                .is_some_and(|words| words.len() > 10)
        );
        assert_eq!(
            given["blocked"]["listed/self-harm"]["help"]["lines"][1]["phone"],
            "0800 1111"
        );
        // Nothing changed: the same number, and a device that has it is not sent it again.
        app.at("2026-09-23T10:02:00+01:00");
        set_now(&app.school).await.expect("the turn");
        let tag = page.headers[header::ETAG]
            .to_str()
            .expect("text")
            .to_owned();
        let again = asked(&app, &key, &tag).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        // Something changed: a higher number.
        let lists = settings::folder(&app.school).join("lists/games");
        std::fs::write(
            lists.join("urls"),
            "library.example/play\nlibrary.example/fun\n",
        )
        .expect("a list");
        compile_lists(&app);
        set_now(&app.school).await.expect("the turn");
        let newer = opened(&app, &asked(&app, &key, &tag).await);
        assert!(newer["number"].as_i64() > given["number"].as_i64());
        assert_eq!(newer["addresses"].as_array().map(Vec::len), Some(2));
        // Staff may ask, and are stopped at less.
        let staff = enrol(&mut technician, "Staff laptops", "staff").await;
        let given = opened(&app, &asked(&app, &staff, "").await);
        assert_eq!(given["addresses"], json!([]));
        assert!(
            given["ask"]
                .as_str()
                .is_some_and(|ask| ask.ends_with("/approvals/new/filter-change"))
        );
        technician
            .get("/filter/extension")
            .await
            .says("Year 3 laptops")
            .says("1 device this week");
    });
}

#[test]
fn only_whoever_manages_the_filter_enrols_and_an_ended_key_opens_nothing() {
    on_each_engine(JUNIOR, async |app| {
        ready(&app).await;
        for (name, posts) in [
            ("Tessa Teacher", &[][..]),
            ("Cora Coordinator", &[Post::OnlineSafetyCoordinator][..]),
            // The policy names the network manager alone.
            ("Hanna Head", &[Post::Headteacher][..]),
        ] {
            let mut client = app.signed_in(name, posts).await;
            let page = client.get("/filter/extension/new").await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}");
            let sent = [("name", "Laptops"), ("group", "pupils")];
            let page = client.post_only("/filter/extension/new", &sent).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}");
        }
        let mut technician = technician(&app).await;
        let form = technician.get("/filter/extension/new").await;
        let wrong = technician
            .submit(
                &form,
                "Make the files",
                &[("name", ""), ("group", "nobody"), ("domain", "x@y")],
            )
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.errors().len(), 3);
        assert_eq!(wrong.field("domain"), "x@y");
        let key = enrol(&mut technician, "Year 3 laptops", "pupils").await;
        assert!(
            app.journal()
                .await
                .contains(&"filter-enrolment.made".to_owned())
        );
        // Sent twice, made once.
        let fields = [("name", "Twice"), ("group", "pupils")];
        technician.submit(&form, "Make the files", &fields).await;
        technician.submit(&form, "Make the files", &fields).await;
        let count = "select count(*) as count from filter_enrolment";
        assert_eq!(app.count(count).await, 2);
        assert_eq!(asked(&app, &key, "").await.status, StatusCode::OK);
        for other in ["belisha_device_other", ""] {
            assert_eq!(asked(&app, other, "").await.status, StatusCode::FORBIDDEN);
        }
        let list = technician.get("/filter/extension").await;
        assert!(!list.html().contains(&key));
        let mut ending = technician.get(&list.link("End Year 3 laptops")).await;
        ending = technician.submit(&ending, "End it now", &[]).await;
        ending.says("Ended");
        assert_eq!(asked(&app, &key, "").await.status, StatusCode::FORBIDDEN);
        let events = report(&json!([term("i want to die")]));
        let refused = told(&app, &key, "/extension/events", &events).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let gone = technician
            .get("/filter/extension/00000000-0000-4000-8000-000000000000/ending")
            .await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn an_address_that_worries_becomes_an_alert_and_a_private_one_never() {
    on_each_engine(JUNIOR, async |app| {
        ready(&app).await;
        let mut technician = technician(&app).await;
        let mut lead = lead(&app).await;
        let key = enrol(&mut technician, "Year 3 laptops", "pupils").await;
        let address = |at: &str| json!({ "kind": "address", "at": TEN_MS, "address": at });
        let events = report(&json!([
            address("forum.example/t/i-want-to-die"),
            address("forum.example/t/i%20want%20to+die"),
            // Of help, of nothing, and of what is no address.
            address("childline.org.uk/i-want-to-die"),
            address("forum.example/t/times-tables"),
            address("//"),
        ]));
        let sent = told(&app, &key, "/extension/events", &events).await;
        assert_eq!(sent.status, StatusCode::NO_CONTENT);
        // One rule and one device are one alert a day.
        let alerts =
            "select count(*) as count from filter_alert where category = 'self-harm' and at_once";
        assert_eq!(app.count(alerts).await, 1);
        assert_eq!(
            app.count("select count(*) as count from filter_alert")
                .await,
            1
        );
        let list = lead.get("/filter/alerts").await;
        let href = list
            .html()
            .split("href=\"")
            .skip(1)
            .filter_map(|row| row.split('"').next())
            .find(|href| href.starts_with("/filter/alerts/"))
            .expect("an alert")
            .to_owned();
        lead.get(&href)
            .await
            .says("forum.example/t/i-want-to-die")
            .says("laptop-17");
    });
}

#[test]
fn a_search_that_worries_becomes_an_alert_at_once_and_no_other_is_kept() {
    on_each_engine(JUNIOR, async |app| {
        ready(&app).await;
        let mut technician = technician(&app).await;
        let mut lead = lead(&app).await;
        let key = enrol(&mut technician, "Year 3 laptops", "pupils").await;
        // Not on the list, on no engine of the policy, and of no engine at all: nothing is kept of them.
        for event in [
            term("times tables"),
            json!({ "kind": "term", "at": TEN_MS, "engine": "yahoo", "term": "i want to die" }),
            json!({ "kind": "term", "at": TEN_MS, "engine": "x", "term": "i want to die" }),
        ] {
            let sent = told(&app, &key, "/extension/events", &report(&json!([event]))).await;
            assert_eq!(sent.status, StatusCode::NO_CONTENT);
        }
        let kept = "select count(*) as count from filter_log_segment";
        let alerts = "select count(*) as count from filter_alert";
        assert_eq!((app.count(kept).await, app.count(alerts).await), (0, 0));
        let events = report(&json!([term("i want to DIE"), term("everyone hates me")]));
        told(&app, &key, "/extension/events", &events).await;
        // Told again, it is no other alert.
        told(&app, &key, "/extension/events", &events).await;
        assert_eq!(app.count(alerts).await, 2);
        let asked =
            "select count(*) as count from job where kind = 'filter-log' and asked_by is not null";
        assert!(app.count(asked).await > 0, "whoever must know is told now");
        take_log_now(&app.school).await.expect("the log is taken");
        let at_once = "select count(*) as count from filter_alert where told_at is not null";
        assert_eq!(
            app.count(at_once).await,
            1,
            "the other waits for the digest"
        );
        let list = lead.get("/filter/alerts").await;
        list.says("Words that worry").says("Self-harm and suicide");
        let id_of =
            "select count(*) as count from filter_alert where at_once and category = 'self-harm'";
        assert_eq!(app.count(id_of).await, 1);
        let mut pages = String::new();
        for row in list.html().split("href=\"").skip(1) {
            let href = row.split('"').next().unwrap_or_default();
            if href.starts_with("/filter/alerts/") {
                pages += &lead.get(href).await.text();
            }
        }
        assert!(pages.contains("“i want to DIE” on Google"), "{pages}");
        assert!(pages.contains("sam@oakfield.example") && pages.contains("laptop-17"));
        // Whoever runs the systems reads none of it.
        technician.get("/filter/alerts").await.says("No alerts");
        assert!(
            app.journal()
                .await
                .contains(&"filter-extension.heard".to_owned())
        );
        // The log has the search and the rule, and not the words.
        let mut lead = app.as_person(lead.id()).await;
        let form = lead.get("/filter/log").await;
        let look = [
            ("reason", "Following up an alert"),
            ("from-day", "23"),
            ("from-month", "9"),
            ("from-year", "2026"),
            ("to-day", "23"),
            ("to-month", "9"),
            ("to-year", "2026"),
            ("device", "sam@oakfield.example"),
        ];
        let found = lead.submit(&form, "Look it up", &look).await;
        found
            .says("watched word")
            .says("laptop-17 (sam@oakfield.example)");
        assert!(!found.text().contains("want to DIE"));
    });
}

#[test]
fn a_page_that_was_stopped_stands_in_the_log_and_what_is_private_does_not() {
    on_each_engine(JUNIOR, async |app| {
        ready(&app).await;
        let mut technician = technician(&app).await;
        let key = enrol(&mut technician, "Year 3 laptops", "pupils").await;
        let blocked = |address: &str, at: i64| json!({ "kind": "blocked", "at": at, "address": address, "word": "listed", "category": "games" });
        let events = report(&json!([
            blocked("https://www.library.example/Games/?page=1", TEN_MS),
            // A clock that is wrong by years.
            blocked("library.example/Games", 5),
            blocked("https://www.childline.org.uk/talk", TEN_MS),
            blocked("not a\taddress", TEN_MS),
        ]));
        told(&app, &key, "/extension/events", &events).await;
        assert_eq!(
            app.count("select cast(sum(lines) as bigint) as count from filter_log_segment")
                .await,
            2
        );
        assert_eq!(
            app.count(
                "select cast(sum(times) as bigint) as count from filter_tally
                 where on_day = '2026-09-23' and outcome = 'blocked' and category = 'games'"
            )
            .await,
            2
        );
    });
}

#[test]
fn a_device_is_told_why_a_page_failed_and_nothing_is_kept_of_it() {
    on_each_engine(JUNIOR, async |app| {
        ready(&app).await;
        let mut technician = technician(&app).await;
        let key = enrol(&mut technician, "Year 3 laptops", "pupils").await;
        for (name, expected) in [
            (
                "www.games.example",
                json!({ "word": "listed", "category": "games" }),
            ),
            ("library.example", json!({ "word": "allowed" })),
            ("www.qwant.com", json!({ "word": "unsafe-search" })),
        ] {
            let asked = json!({ "device": "laptop-17", "name": name });
            let page = told(&app, &key, "/extension/question", &asked).await;
            let answer: Value = serde_json::from_str(&page.html()).expect("JSON");
            assert_eq!(answer, expected, "{name}");
        }
        assert_eq!(
            app.count("select count(*) as count from filter_log_segment")
                .await,
            0
        );
    });
}

#[test]
fn what_is_too_much_or_unreadable_is_turned_back() {
    on_each_engine(JUNIOR, async |app| {
        ready(&app).await;
        let mut technician = technician(&app).await;
        let key = enrol(&mut technician, "Year 3 laptops", "pupils").await;
        let many: Vec<Value> = (0..101).map(|_| term("x")).collect();
        for body in [
            json!({ "device": "laptop-17", "events": many }),
            json!({ "device": "a b", "events": [] }),
            json!({ "device": "laptop-17", "who": "a\tb", "events": [] }),
            json!({ "device": "laptop-17", "events": [], "more": 1 }),
            json!({ "device": "laptop-17", "events": [term(&"x".repeat(70_000))] }),
            json!([]),
        ] {
            let page = told(&app, &key, "/extension/events", &body).await;
            assert!(page.status.is_client_error(), "{}", page.status);
        }
        let mut last = StatusCode::OK;
        for _ in 0..70 {
            last = asked(&app, &key, "").await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
        app.at("2026-09-23T10:01:00+01:00");
        assert_eq!(asked(&app, &key, "").await.status, StatusCode::OK);
    });
}

#[test]
fn an_address_that_the_proxy_saw_is_read_for_watched_words_too() {
    on_each_engine(JUNIOR, async |app| {
        ready(&app).await;
        let log = settings::folder(&app.school).join("log");
        std::fs::create_dir_all(&log).expect("a folder");
        let lines = format!(
            "{TEN_MS}\t10.2.0.9\t\tpupils\tforum.example/how-to-kill-yourself\tpage\tallowed\t\t\n\
             {TEN_MS}\t10.2.0.9\t\tpupils\tforum.example/times-tables\tpage\tallowed\t\t\n"
        );
        std::fs::write(log.join("497265-0000.log"), lines).expect("a file");
        app.at("2026-09-23T10:05:00+01:00");
        take_log_now(&app.school).await.expect("the log is taken");
        take_log_now(&app.school).await.expect("the log is taken");
        assert_eq!(
            app.count(
                "select count(*) as count from filter_alert where kind = 'words' and at_once"
            )
            .await,
            1
        );
        let mut lead = lead(&app).await;
        let list = lead.get("/filter/alerts").await;
        lead.get(&list.link("Words that worry"))
            .await
            .says("forum.example/how-to-kill-yourself");
    });
}

#[test]
fn the_package_is_what_browsers_install_and_its_id_stays() {
    on_each_engine(JUNIOR, async |app| {
        let id = super::package::id(&app.school).expect("an id");
        assert_eq!(id.len(), 32);
        assert!(id.bytes().all(|letter| letter.is_ascii_lowercase()));
        assert_eq!(id, super::package::id(&app.school).expect("an id"));
        let updates = app.nobody().get("/extension/updates.xml").await.html();
        assert!(updates.contains(&id) && updates.contains("/extension/belisha.crx"));
        let packed = super::package::packed(&app.school).expect("a package");
        assert!(packed.starts_with(b"Cr24\x03\0\0\0"));
        assert!(packed.windows(4).any(|four| four == b"PK\x03\x04"));
    });
}

#[test]
fn the_evidence_counts_the_extension_only_where_devices_report_in() {
    on_each_engine(JUNIOR, async |app| {
        ready(&app).await;
        let mut technician = technician(&app).await;
        let mut coordinator = app
            .signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await;
        let key = enrol(&mut technician, "Year 3 laptops", "pupils").await;
        coordinator
            .get("/filter/evidence")
            .await
            .says("No device with the browser extension was heard of this week.");
        asked(&app, &key, "").await;
        coordinator.get("/filter/evidence").await.says(
            "On the one device with the browser extension that was heard of this week, it is so.",
        );
        app.at("2026-10-02T10:00:00+01:00");
        let mut coordinator = app.as_person(coordinator.id()).await;
        coordinator
            .get("/filter/evidence")
            .await
            .says("No device with the browser extension was heard of this week.");
    });
}
