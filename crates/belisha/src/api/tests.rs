use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use belisha_policy::{Post, Standing, Word as _};
use belisha_rules::ids::PersonId;
use jiff::ToSpan as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use utoipa::OpenApi as _;

use super::openapi::Document;
use crate::actor::Actor;
use crate::db::{Statement, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::testing::{JUNIOR, Page, TestSchool, on_each_engine};
use crate::web::route::Needs;

async fn write(app: &TestSchool, kind: EntryKind, statement: Statement) {
    let mut tx = app
        .school
        .write(Actor::School("a-test"))
        .await
        .expect("a transaction");
    tx.run_one(statement).await.expect("one row");
    tx.commit(Entry::of(kind, Object::new("test", "row")))
        .await
        .expect("a commit");
}

/// A key for a person: the text that the program sends.
async fn key(app: &TestSchool, person: PersonId, scopes: &str) -> String {
    let id = app.school.new_row_id();
    let key = format!("key-{id}");
    let now = app.school.clock.now();
    let statement = sql("insert into token (id, token_hash, person, name, scopes, made_at, expires_at, revoked_at, last_used_at)
         values ($1, $2, $3, 'a test', $4, $5, $6, null, null)")
        .bind(&id)
        .bind(Sha256::digest(key.as_bytes()).as_slice())
        .bind(person.to_string())
        .bind(scopes)
        .bind(now)
        .bind(now + 2.hours());
    write(app, EntryKind::TokenMade, statement).await;
    key
}

/// Sends JSON under a number of the program's own.
async fn send(app: &TestSchool, key: &str, path: &str, number: &str, body: &Value) -> Page {
    let request = Request::post(path)
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", number);
    app.nobody()
        .send(request, Body::from(body.to_string()))
        .await
}

fn concern(who: &str) -> Value {
    serde_json::json!({
        "words": "Sent from the bus company’s program.",
        "happened": { "on": "2026-09-22", "time": "15:40" },
        "place": "The bus",
        "people": [{ "who": who, "part": "alleged", "meant": "outside" }],
        "child_at_risk": "no",
        "told_lead": false,
    })
}

async fn ask(app: &TestSchool, key: &str, path: &str) -> Page {
    let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {key}"));
    app.nobody().send(request, Body::empty()).await
}

fn json(page: &Page) -> Value {
    serde_json::from_slice(&page.body).expect("JSON")
}

async fn head(app: &TestSchool) -> PersonId {
    app.person("Bronwen Appleyard", Standing::Staff, &[Post::Headteacher])
        .await
}

#[test]
fn the_document_and_the_routes_name_the_same_addresses() {
    let document = serde_json::to_value(Document::openapi()).expect("JSON");
    let mut documented: Vec<(String, String, Option<String>)> = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let scope = operation["security"][0]["key"][0]
                .as_str()
                .map(str::to_owned);
            documented.push((path.clone(), method.to_uppercase(), scope));
            for (status, answer) in operation["responses"].as_object().expect("responses") {
                let is_error = status.starts_with(['4', '5']);
                let kinds = answer["content"].as_object().expect("a kind of content");
                assert!(
                    !is_error || kinds.contains_key("application/problem+json"),
                    "{path} {status}"
                );
            }
        }
    }
    let mut routes: Vec<(String, String, Option<String>)> = super::routes()
        .iter()
        .map(|route| {
            let scope = match route.needs {
                Needs::Scope(scope) => Some(scope.to_owned()),
                _ => None,
            };
            (route.path.to_owned(), route.method.to_string(), scope)
        })
        .collect();
    documented.sort();
    routes.sort();
    assert_eq!(documented, routes);
}

#[test]
fn a_key_opens_what_its_scopes_name_while_its_person_may() {
    on_each_engine(JUNIOR, async |app| {
        let head = head(&app).await;
        let all = key(&app, head, "policy register agreements").await;
        let paths = [
            ("policy", "/api/v1/policy"),
            ("register", "/api/v1/people"),
            ("agreements", "/api/v1/agreements/staff"),
        ];
        for (scope, path) in paths {
            assert_eq!(ask(&app, &all, path).await.status, StatusCode::OK, "{path}");
            let only = key(&app, head, scope).await;
            for (_, other) in paths {
                let expected = if other == path {
                    StatusCode::OK
                } else {
                    StatusCode::FORBIDDEN
                };
                assert_eq!(
                    ask(&app, &only, other).await.status,
                    expected,
                    "{scope} at {other}"
                );
            }
        }
        for wrong in ["", "key-nobodys"] {
            let page = ask(&app, wrong, "/api/v1/policy").await;
            assert_eq!(page.status, StatusCode::FORBIDDEN);
            assert_eq!(
                page.headers[header::CONTENT_TYPE],
                "application/problem+json"
            );
            assert_eq!(json(&page)["status"], 403);
        }
        let page = ask(&app, &all, "/api/v1/agreements/nothing").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_key_that_ended_or_was_revoked_opens_nothing() {
    on_each_engine(JUNIOR, async |app| {
        let head = head(&app).await;
        let revoked = key(&app, head, "policy").await;
        let now = app.school.clock.now();
        let revoke = sql("update token set revoked_at = $1").bind(now);
        write(&app, EntryKind::TokenRevoked, revoke).await;
        let kept = key(&app, head, "policy").await;
        assert_eq!(
            ask(&app, &revoked, "/api/v1/policy").await.status,
            StatusCode::FORBIDDEN
        );
        app.clock.advance_ms(2 * 60 * 60 * 1000 - 1);
        assert_eq!(
            ask(&app, &kept, "/api/v1/policy").await.status,
            StatusCode::OK
        );
        app.clock.advance_ms(1);
        assert_eq!(
            ask(&app, &kept, "/api/v1/policy").await.status,
            StatusCode::FORBIDDEN
        );
    });
}

#[test]
fn a_key_loses_what_its_person_loses() {
    on_each_engine(JUNIOR, async |app| {
        let technician = app
            .person("Idris Kellaway", Standing::Staff, &[Post::NetworkManager])
            .await;
        let office = app
            .person("Marek Fenwick", Standing::Volunteer, &[Post::SchoolOffice])
            .await;
        // A scope is no right: the person must have it too.
        let beyond = key(&app, technician, "agreements").await;
        assert_eq!(
            ask(&app, &beyond, "/api/v1/agreements/staff").await.status,
            StatusCode::NOT_FOUND
        );
        let key = key(&app, office, "register agreements").await;
        assert_eq!(
            ask(&app, &key, "/api/v1/people").await.status,
            StatusCode::OK
        );
        let ended = sql("update post_holding set until_on = '2026-09-22', from_on = '2026-09-01' where person = $1")
            .bind(office.to_string());
        write(&app, EntryKind::PostEnded, ended).await;
        assert_eq!(
            ask(&app, &key, "/api/v1/people").await.status,
            StatusCode::NOT_FOUND
        );
        let left =
            sql("update person set ends_on = '2026-09-22' where id = $1").bind(office.to_string());
        write(&app, EntryKind::PersonChanged, left).await;
        assert_eq!(
            ask(&app, &key, "/api/v1/people").await.status,
            StatusCode::FORBIDDEN
        );
    });
}

#[test]
fn a_key_opens_no_page() {
    on_each_engine(JUNIOR, async |app| {
        let head = head(&app).await;
        let key = key(&app, head, "report cases policy register agreements sign").await;
        for route in crate::routes::routes() {
            if matches!(route.needs, Needs::Session | Needs::SteppedUp)
                && route.method == "GET"
                && !route.path.contains('{')
            {
                let page = ask(&app, &key, route.path).await;
                assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", route.path);
            }
        }
    });
}

#[test]
fn the_register_comes_page_by_page_and_keeps_back_what_is_personal() {
    on_each_engine(JUNIOR, async |app| {
        let head = head(&app).await;
        let key = key(&app, head, "register").await;
        for name in ["Ada Zaman", "Ada Zaman", "Ivo Abara", "Juno Mensah"] {
            let id: PersonId = app.school.new_id();
            let statement = sql("insert into person (id, name, sort_name, standing, job_title, email, telephone, upn,
                                     born_on, starts_on, ends_on, merged_into)
                 values ($1, $2, $3, $4, '', null, '01632 960111', null, '2017-01-31', '2025-09-01', null, null)")
                .bind(id.to_string())
                .bind(name)
                .bind(name.to_lowercase())
                .bind(Standing::Pupil.key());
            write(&app, EntryKind::PersonAdded, statement).await;
        }
        let mut names = Vec::new();
        let mut path = "/api/v1/people?limit=2".to_owned();
        loop {
            let page = ask(&app, &key, &path).await;
            assert_eq!(page.status, StatusCode::OK);
            for secret in ["960111", "2017-01-31", "larkfield.example"] {
                assert!(!page.html().contains(secret), "{secret}");
            }
            let page = json(&page);
            let people = page["people"].as_array().expect("people");
            assert!(people.len() <= 2);
            names.extend(
                people
                    .iter()
                    .map(|person| person["name"].as_str().expect("a name").to_owned()),
            );
            match page["next"].as_str() {
                Some(next) => path = format!("/api/v1/people?limit=2&after={next}"),
                None => break,
            }
        }
        assert_eq!(
            names,
            [
                "Ada Zaman",
                "Ada Zaman",
                "Bronwen Appleyard",
                "Ivo Abara",
                "Juno Mensah"
            ]
        );
        for wrong in [
            "limit=0",
            "limit=501",
            "limit=many",
            "after=nobody",
            "born=2017",
        ] {
            let page = ask(&app, &key, &format!("/api/v1/people?{wrong}")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
    });
}

#[test]
fn the_policy_in_force_is_given_clause_by_clause() {
    on_each_engine(JUNIOR, async |app| {
        let head = head(&app).await;
        let key = key(&app, head, "policy").await;
        let policy = json(&ask(&app, &key, "/api/v1/policy").await);
        assert_eq!(policy["version"], 1);
        let clauses = policy["clauses"].as_array().expect("clauses");
        let lock = clauses
            .iter()
            .find(|clause| clause["controls"][0]["key"] == "idle-lock")
            .expect("the clause on locking");
        assert_eq!(lock["status"], "enforced");
        assert!(
            lock["controls"][0]["says"]
                .as_str()
                .is_some_and(|says| says.contains("10 minutes"))
        );
    });
}

#[test]
fn a_program_reports_once_and_follows_what_it_reported() {
    on_each_engine(JUNIOR, async |app| {
        let teacher = app.person("Tessa Teacher", Standing::Staff, &[]).await;
        app.signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await;
        let other = app.person("Oscar Other", Standing::Staff, &[]).await;
        let key_of_teacher = key(&app, teacher, "report").await;
        let page = send(
            &app,
            &key_of_teacher,
            "/api/v1/reports",
            "1",
            &concern("A stranger"),
        )
        .await;
        assert_eq!(page.status, StatusCode::CREATED, "{}", page.html());
        let first = json(&page);
        assert_eq!(
            first["told"],
            "We have told the online safety co-ordinator."
        );
        let again = send(
            &app,
            &key_of_teacher,
            "/api/v1/reports",
            "1",
            &concern("A stranger"),
        )
        .await;
        assert_eq!(json(&again), first);
        assert_eq!(app.count("select count(*) as count from report").await, 1);
        let channel = "select count(*) as count from report where channel = 'program'";
        assert_eq!(app.count(channel).await, 1);

        let path = format!("/api/v1/reports/{}", first["id"].as_str().expect("an id"));
        assert_eq!(page.headers[header::LOCATION], path.as_str());
        let standing = json(&ask(&app, &key_of_teacher, &path).await);
        assert_eq!(standing["state"], "reported");
        assert_eq!(standing["taken_up_at"], Value::Null);
        // Somebody else's report does not exist, to the byte.
        let of_other = key(&app, other, "report").await;
        let theirs = ask(&app, &of_other, &path).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND);
        let nowhere = "/api/v1/reports/00000000-0000-0000-0000-000000000000";
        let strip = |page: &Page, path: &str| page.html().replace(path, "");
        let missing = ask(&app, &of_other, nowhere).await;
        assert_eq!(strip(&theirs, &path), strip(&missing, nowhere));
    });
}

#[test]
fn a_report_that_is_not_as_documented_says_what_to_correct() {
    on_each_engine(JUNIOR, async |app| {
        let teacher = app.person("Tessa Teacher", Standing::Staff, &[]).await;
        let key = key(&app, teacher, "report").await;
        let wrong = |change: &dyn Fn(&mut Value)| {
            let mut body = concern("A stranger");
            change(&mut body);
            body
        };
        let cases = [
            (wrong(&|body| body["words"] = " ".into()), "words"),
            (
                wrong(&|body| body["child_at_risk"] = "perhaps".into()),
                "child_at_risk",
            ),
            (
                wrong(&|body| body["happened"]["on"] = "23/9/2026".into()),
                "happened",
            ),
            (
                wrong(&|body| body["happened"]["on"] = "2027-01-01".into()),
                "happened",
            ),
            (
                wrong(&|body| body["people"][0]["part"] = "victim".into()),
                "people[0].part",
            ),
            (
                wrong(&|body| body["people"][0]["meant"] = "".into()),
                "people[0].meant",
            ),
            (wrong(&|body| body["kind"] = "allegation".into()), "body"),
        ];
        for (body, field) in &cases {
            let page = send(&app, &key, "/api/v1/reports", field, body).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            let says = json(&page);
            assert_eq!(says["errors"][0]["field"], *field, "{says}");
        }
        let without = send(&app, &key, "/api/v1/reports", "", &concern("A stranger")).await;
        assert_eq!(json(&without)["errors"][0]["field"], "idempotency-key");
        assert_eq!(app.count("select count(*) as count from report").await, 0);
    });
}

#[test]
fn a_program_sees_how_cases_stand_and_nothing_of_a_sealed_one() {
    on_each_engine(JUNIOR, async |app| {
        let head = app
            .signed_in("Bronwen Appleyard", &[Post::Headteacher])
            .await;
        let lead = app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await;
        app.signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await;
        let teacher = app.person("Tessa Teacher", Standing::Staff, &[]).await;
        app.person("Sam Staff", Standing::Staff, &[]).await;
        let reports = key(&app, teacher, "report").await;
        let mut of_staff = concern("Sam Staff");
        of_staff["people"][0]["meant"] = Value::Null;
        for (number, body) in [("1", concern("A stranger")), ("2", of_staff)] {
            let page = send(&app, &reports, "/api/v1/reports", number, &body).await;
            assert_eq!(page.status, StatusCode::CREATED, "{}", page.html());
        }
        assert_eq!(app.count("select count(*) as count from incident").await, 2);
        let sealed = app
            .count("select count(*) as count from incident where kind = 'allegation-staff'")
            .await;
        assert_eq!(sealed, 1);
        let of_head = key(&app, head.id(), "cases").await;
        let page = ask(&app, &of_head, "/api/v1/cases").await;
        assert!(!page.html().contains("Sent from the bus"));
        let listed = json(&page);
        let cases = listed["cases"].as_array().expect("cases");
        assert_eq!(cases.len(), 1, "{listed}");
        assert_eq!(cases[0]["kind"], "pupil-welfare");
        let path = format!("/api/v1/cases/{}", cases[0]["id"].as_str().expect("an id"));
        let one = json(&ask(&app, &of_head, &path).await);
        assert!(
            one["missing"]
                .as_array()
                .is_some_and(|missing| !missing.is_empty())
        );
        assert_eq!(
            ask(&app, &reports, &path).await.status,
            StatusCode::FORBIDDEN
        );
        let of_teacher = key(&app, teacher, "cases").await;
        assert_eq!(
            ask(&app, &of_teacher, &path).await.status,
            StatusCode::NOT_FOUND
        );
        let of_lead = key(&app, lead.id(), "cases").await;
        assert_eq!(ask(&app, &of_lead, &path).await.status, StatusCode::OK);

        let mut records = app.school.database.read().await.expect("records");
        let id: String = sql("select id from incident where kind = 'allegation-staff'")
            .one(&mut records)
            .await
            .expect("a case")
            .get("id")
            .expect("an id");
        drop(records);
        let sealed = ask(&app, &of_head, &format!("/api/v1/cases/{id}")).await;
        assert_eq!(sealed.status, StatusCode::NOT_FOUND);
        for wrong in ["limit=0", "show=all", "after=x", "kind=sealed"] {
            let page = ask(&app, &of_head, &format!("/api/v1/cases?{wrong}")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
    });
}

#[test]
fn a_program_signs_for_its_person_and_for_nobody_else() {
    on_each_engine(JUNIOR, async |app| {
        let teacher = app.person("Tessa Teacher", Standing::Staff, &[]).await;
        crate::jobs::work_until_idle(&app.school)
            .await
            .expect("the work");
        let key = key(&app, teacher, "sign").await;
        let words = json(&ask(&app, &key, "/api/v1/agreements/staff/words").await);
        assert_eq!(words["is_due"], true, "{words}");
        let mut body = serde_json::json!({
            "shown": words["shown"],
            "full_name": "Tessa Teacher",
            "post": "Class teacher",
            "date": "2026-09-23",
            "policy_read": true,
            "agree": true,
        });
        let path = "/api/v1/agreements/staff/signatures";
        for (field, value) in [
            ("full_name", Value::from("Somebody Else")),
            ("date", "2026-09-22".into()),
            ("agree", false.into()),
            ("shown", "".into()),
        ] {
            let right = body[field].take();
            body[field] = value;
            let page = send(&app, &key, path, field, &body).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            body[field] = right;
        }
        let signed = send(&app, &key, path, "one", &body).await;
        assert_eq!(signed.status, StatusCode::CREATED, "{}", signed.html());
        let again = send(&app, &key, path, "one", &body).await;
        assert_eq!(json(&again), json(&signed));
        assert_eq!(
            app.count("select count(*) as count from agreement_signature")
                .await,
            1
        );
        let nothing = send(
            &app,
            &key,
            "/api/v1/agreements/nothing/signatures",
            "2",
            &body,
        )
        .await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn one_person_is_found_by_their_id_while_they_are_here() {
    on_each_engine(JUNIOR, async |app| {
        let head = head(&app).await;
        let key = key(&app, head, "register").await;
        let found = ask(&app, &key, &format!("/api/v1/people/{head}")).await;
        assert_eq!(json(&found)["name"], "Bronwen Appleyard");
        for nobody in ["00000000-0000-0000-0000-000000000000", "nobody"] {
            let page = ask(&app, &key, &format!("/api/v1/people/{nobody}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
        }
    });
}
