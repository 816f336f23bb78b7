//! What a school needs to trust of its other sites: a code is good once, nobody without a token hears anything,
//! what a node sends is taken once, and a silent node is an alert. Two real processes stand in `tests/sites`.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use belisha_filter::node::{Manifest, public_key};
use belisha_policy::Post;

use crate::filter::tests::compile_lists;
use crate::filter::{set_now, take_log_now};
use crate::testing::{Client, JUNIOR, Page, TestSchool, on_each_engine};

/// Adds a site; its code.
async fn invite(client: &mut Client, name: &str) -> (Page, String) {
    let form = client.get("/filter/nodes/new").await;
    let page = client
        .submit(&form, "Add the site", &[("name", name)])
        .await;
    let html = page.html();
    let code = html
        .split(['<', '>'])
        .find(|word| word.len() == 36 && word.matches('-').count() == 4)
        .unwrap_or_default()
        .to_owned();
    (page, code)
}

fn request(method: &str, path: &str, token: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
}

async fn enrol(app: &TestSchool, code: &str) -> (StatusCode, serde_json::Value) {
    let request = Request::builder()
        .method("POST")
        .uri("/filter/node/enrolment")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let mut nobody = app.nobody();
    let page = nobody
        .send(request, Body::from(format!("code={code}")))
        .await;
    (
        page.status,
        serde_json::from_str(&page.html()).unwrap_or_default(),
    )
}

async fn sent(app: &TestSchool, token: &str, from: usize, text: &str) -> (StatusCode, u64) {
    let path = format!("/filter/node/log?file=496000-0000.log&from={from}");
    let mut nobody = app.nobody();
    let page = nobody
        .send(request("POST", &path, token), Body::from(text.to_owned()))
        .await;
    let answer: serde_json::Value = serde_json::from_str(&page.html()).unwrap_or_default();
    (page.status, answer["received"].as_u64().unwrap_or(u64::MAX))
}

#[test]
fn a_site_is_let_in_by_a_code_once_and_hears_only_what_is_signed() {
    on_each_engine(JUNIOR, async |app| {
        let mut technician = app.signed_in("Nils Network", &[Post::NetworkManager]).await;
        let mut coordinator = app
            .signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await;
        compile_lists(&app);
        set_now(&app.school).await.expect("the turn");
        technician
            .get("/filter/nodes")
            .await
            .says("No other site has a resolver of its own");
        assert_ne!(
            coordinator.get("/filter/nodes/new").await.status,
            StatusCode::OK
        );
        let (page, code) = invite(&mut technician, "Infants’ block").await;
        page.says("belisha filter node enrol --server");
        let (twice, _) = invite(&mut technician, "infants’  BLOCK").await;
        assert_eq!(twice.errors(), ["There is a site of this name already"]);
        assert_eq!(enrol(&app, "not-a-code").await.0, StatusCode::UNAUTHORIZED);
        let (status, answer) = enrol(&app, &code).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(enrol(&app, &code).await.0, StatusCode::UNAUTHORIZED, "once");
        let token = answer["token"].as_str().expect("a token").to_owned();
        let key = answer["key"].as_str().expect("a key");
        assert_eq!(
            key,
            public_key(&app.school.key_file.journal_seed().filter_snapshots())
        );
        // Nobody else hears anything.
        let mut nobody = app.nobody();
        for path in ["/filter/node/snapshot", "/filter/node/files/00"] {
            for token in ["", "00"] {
                let page = nobody
                    .send(request("GET", path, token), Body::empty())
                    .await;
                assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
            }
        }
        let page = nobody
            .send(
                request("GET", "/filter/node/snapshot", &token),
                Body::empty(),
            )
            .await;
        let school = app.school.settings().id.clone();
        let manifest = Manifest::proved(page.html().as_bytes(), key, &school).expect("signed");
        let names: Vec<&str> = manifest
            .files
            .iter()
            .map(|file| file.name.as_str())
            .collect();
        assert_eq!(
            names,
            ["filter.index", "filter-policy.toml", "filter-register.toml"]
        );
        let policy = format!("/filter/node/files/{}", manifest.files[1].digest);
        let page = nobody
            .send(request("GET", &policy, &token), Body::empty())
            .await;
        assert!(page.html().contains("[[group]]"));
        technician
            .get("/filter/nodes")
            .await
            .says("At work")
            .says("nothing yet");
        // Out of use, its token opens nothing.
        let list = technician.get("/filter/nodes").await;
        let form = technician.get(&list.link("Take it out of use")).await;
        let bare = technician.submit(&form, "Take it out of use", &[]).await;
        assert_eq!(bare.errors(), ["Say why it is taken out of use"]);
        let gone = [("reason", "The building is sold.")];
        technician.submit(&form, "Take it out of use", &gone).await;
        let page = nobody
            .send(
                request("GET", "/filter/node/snapshot", &token),
                Body::empty(),
            )
            .await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        let journal = app.journal().await;
        for kind in [
            "filter-node.invited",
            "filter-node.enrolled",
            "filter-node.ended",
        ] {
            assert_eq!(
                journal.iter().filter(|found| *found == kind).count(),
                1,
                "{kind}"
            );
        }
    });
}

#[test]
fn what_a_site_sends_is_taken_once_and_a_silent_site_is_an_alert() {
    on_each_engine(JUNIOR, async |app| {
        let mut technician = app.signed_in("Nils Network", &[Post::NetworkManager]).await;
        let (_, code) = invite(&mut technician, "Infants’ block").await;
        let (_, answer) = enrol(&app, &code).await;
        let token = answer["token"].as_str().expect("a token").to_owned();
        let now = app.school.clock.now().as_millisecond();
        let line = |at: i64| {
            format!(
                "{}\t10.9.0.2\t\tpupils\tgames.example\t1\tlisted\tgames\tgames\n",
                now + at
            )
        };
        let (one, two) = (line(0), line(1));
        let lines =
            "select coalesce(cast(sum(lines) as bigint), 0) as count from filter_log_segment";
        assert_eq!(sent(&app, &token, 0, "").await, (StatusCode::OK, 0));
        let length = one.len() as u64;
        assert_eq!(sent(&app, &token, 0, &one).await.1, length);
        // The answer was lost, and it comes again with more and with a line that is not whole.
        let again = format!("{one}{two}17900");
        assert_eq!(sent(&app, &token, 0, &again).await.1, length * 2);
        assert_eq!(sent(&app, &token, one.len(), &two).await.1, length * 2);
        // A piece that would leave a hole is not taken.
        assert_eq!(
            sent(&app, &token, again.len() + 50, &one).await.1,
            length * 2
        );
        assert_eq!(app.count(lines).await, 2);
        let mut nobody = app.nobody();
        let elsewhere = request("POST", "/filter/node/log?file=../x&from=0", &token);
        let page = nobody.send(elsewhere, Body::from(one.clone())).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        let stranger = request("POST", "/filter/node/log?file=1-0.log&from=0", "00");
        let page = nobody.send(stranger, Body::from(one)).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        take_log_now(&app.school).await.expect("looked through");
        let alerts = "select count(*) as count from filter_alert where kind = 'silent'";
        assert_eq!(app.count(alerts).await, 0);
        app.at("2026-09-23T13:30:00+01:00");
        take_log_now(&app.school).await.expect("looked through");
        assert_eq!(app.count(alerts).await, 2, "the log here, and the site");
        let mut technician = app.as_person(technician.id()).await;
        technician.get("/filter/nodes").await.says("Silent");
    });
}

async fn trial(app: &TestSchool, method: &str, token: &str, body: &str) -> Page {
    let request = request(method, "/filter/node/trial", token)
        .header(header::CONTENT_TYPE, "application/json");
    app.nobody()
        .send(request, Body::from(body.to_owned()))
        .await
}

#[test]
fn a_site_is_tested_as_each_group_and_what_fails_there_is_not_met() {
    on_each_engine(JUNIOR, async |app| {
        let mut technician = app.signed_in("Nils Network", &[Post::NetworkManager]).await;
        compile_lists(&app);
        set_now(&app.school).await.expect("the turn");
        let (_, code) = invite(&mut technician, "Annexe").await;
        let (_, answer) = enrol(&app, &code).await;
        let token = answer["token"].as_str().expect("a token").to_owned();
        for method in ["GET", "POST"] {
            let refused = trial(&app, method, "00", "[]").await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        }
        // It is asked once it follows what is newest, as it says with its next question.
        assert_eq!(trial(&app, "GET", &token, "").await.html(), "[]");
        let mut nobody = app.nobody();
        let snapshot = "/filter/node/snapshot";
        let first = nobody
            .send(request("GET", snapshot, &token), Body::empty())
            .await;
        let etag = first.headers[header::ETAG].clone();
        let again = request("GET", snapshot, &token).header(header::IF_NONE_MATCH, etag);
        let again = nobody.send(again, Body::empty()).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        let plan = trial(&app, "GET", &token, "").await.html();
        let plan: serde_json::Value = serde_json::from_str(&plan).expect("a plan");
        let groups = plan.as_array().expect("groups").clone();
        assert!(groups.len() > 1);
        assert!(plan.to_string().contains("games.example"), "{plan}");
        let heard = |failed: &str| {
            let said: Vec<serde_json::Value> = groups
                .iter()
                .map(|group| {
                    let failed: Vec<&str> = failed.split_terminator('|').collect();
                    serde_json::json!({"group": group["group"], "asked": 9, "failed": failed})
                })
                .collect();
            serde_json::Value::from(said).to_string()
        };
        let long = "x".repeat(5_000);
        let wrong = heard(&format!(
            "games.example must be blocked and is answered as it is|{long}"
        ));
        let taken = trial(&app, "POST", &token, &wrong).await;
        assert_eq!(taken.status, StatusCode::NO_CONTENT);
        technician
            .get("/filter/evidence")
            .await
            .says("Annexe")
            .says("games.example must be blocked and is answered as it is");
        let too_long = "select count(*) as count from filter_test where length(says) > 1000";
        assert_eq!(app.count(too_long).await, 0);
        // Asked again after some hours, because it failed.
        assert_eq!(trial(&app, "GET", &token, "").await.html(), "[]");
        app.clock.advance_ms(6 * 60 * 60 * 1000);
        assert_ne!(trial(&app, "GET", &token, "").await.html(), "[]");
        trial(&app, "POST", &token, &heard("")).await;
        // What this school has no list for is said of the site too, and nothing that the site heard.
        let newest = "select count(*) as count from filter_test where place <> ''
             and tested_at = (select max(tested_at) from filter_test where place <> '')
             and says like '%games.example%'";
        assert_eq!(app.count(newest).await, 0);
    });
}
