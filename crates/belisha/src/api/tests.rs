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
fn a_key_opens_no_page_and_no_case() {
    on_each_engine(JUNIOR, async |app| {
        let head = head(&app).await;
        let key = key(&app, head, "report policy register agreements").await;
        for route in crate::routes::routes() {
            if matches!(route.needs, Needs::Session | Needs::SteppedUp)
                && route.method == "GET"
                && !route.path.contains('{')
            {
                let page = ask(&app, &key, route.path).await;
                assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", route.path);
            }
        }
        for scope in super::scopes::SCOPES {
            for action in scope.covers {
                assert!(
                    !belisha_rules::access::Kind::ALL
                        .iter()
                        .any(|kind| kind.is_case() && kind.actions().contains(action)),
                    "{} covers {action:?}",
                    scope.key
                );
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
