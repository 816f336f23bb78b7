//! Every route as every role. What each answers stands in `routes.txt`, which a
//! person reviews; a route that this walk cannot visit fails it.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{Method, Request, header};
use belisha_policy::Post;

use crate::routes::routes;
use crate::testing::{Client, JUNIOR, TestSchool, on_each_engine, on_one_engine};
use crate::web::route::Needs;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/routes.txt");

/// An id that nothing has: for a role that may read everything of a kind, what does
/// not exist answers as what may not be known.
const NOBODYS: &str = "00000000-0000-4000-8000-000000000000";

/// What stands for each part of a path that varies.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| match part {
            "{*path}" => "theme.css".to_owned(),
            "{slug}" | "{of}" => "staff".to_owned(),
            "{clause}" => "leaving-a-computer".to_owned(),
            "{control}" => "idle-lock".to_owned(),
            "{form}" => "report".to_owned(),
            "{post}" => "headteacher".to_owned(),
            "{size}" | "{line}" | "{number}" => "1".to_owned(),
            _ if part.starts_with('{') => NOBODYS.to_owned(),
            fixed => fixed.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

async fn everybody(app: &TestSchool) -> Vec<(&'static str, Client)> {
    let mut people = vec![("nobody", app.nobody())];
    for (role, posts) in [
        ("teacher", &[][..]),
        ("co-ordinator", &[Post::OnlineSafetyCoordinator][..]),
        ("lead", &[Post::DesignatedSafeguardingLead][..]),
        ("head", &[Post::Headteacher][..]),
        ("chair", &[Post::ChairOfGovernors][..]),
        ("governor", &[Post::SafeguardingGovernor][..]),
        ("technician", &[Post::NetworkManager][..]),
        ("office", &[Post::SchoolOffice][..]),
        ("dpo", &[Post::DataProtectionOfficer][..]),
    ] {
        people.push((role, app.signed_in(&format!("The {role}"), posts).await));
    }
    people
}

#[test]
fn every_route_answers_every_role_as_reviewed() {
    on_one_engine(JUNIOR, async |app| {
        let mut people = everybody(&app).await;
        let mut table = String::from(
            "What each route answers to each role, for a thing that does not exist where the path names one.\n\
             UPDATE=1 cargo test every_route_answers rewrites this; read the difference before you keep it.\n\n",
        );
        let names: Vec<&str> = people.iter().map(|(role, _)| *role).collect();
        let _ = writeln!(
            table,
            "{:<6}{:<46}{}",
            "",
            "",
            names
                .iter()
                .map(|name| format!("{name:<13}"))
                .collect::<String>()
                .trim_end()
        );
        let mut rows = Vec::new();
        let mut walked = routes();
        // Last of all, or everybody else's answers would be those of nobody.
        walked.sort_by_key(|route| route.path == crate::accounts::sign_out::url());
        for route in walked {
            let path = filled(route.path);
            let mut answers = String::new();
            for (role, client) in &mut people {
                let mut client = client.clone();
                let mut request = Request::builder().method(route.method.clone()).uri(&path);
                let mut body = Body::empty();
                if route.method == Method::POST {
                    request = request
                        .header("sec-fetch-site", "same-origin")
                        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                    body = Body::from("nothing=here");
                }
                let page = client.send(request, body).await;
                assert!(
                    !page.status.is_server_error(),
                    "{} {} fails for {role}: {}",
                    route.method,
                    route.path,
                    page.text()
                );
                if matches!(route.needs, Needs::Session | Needs::SteppedUp) && *role == "nobody" {
                    assert_eq!(page.status.as_u16(), 303, "{} lets nobody in", route.path);
                }
                let _ = write!(answers, "{:<13}", page.status.as_u16());
            }
            rows.push(format!(
                "{:<6}{:<46}{}",
                route.method.as_str(),
                route.path,
                answers.trim_end()
            ));
        }
        rows.sort_by(|a, b| a[6..].cmp(&b[6..]));
        table.push_str(&rows.join("\n"));
        table.push('\n');
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(FILE, &table).expect("the file");
        }
        let kept = std::fs::read_to_string(FILE).unwrap_or_default();
        assert_eq!(
            kept, table,
            "run UPDATE=1 cargo test every_route_answers and review the difference"
        );
    });
}

#[test]
fn another_site_makes_nobody_act() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("The head", &[Post::Headteacher]).await;
        for route in routes()
            .into_iter()
            .filter(|route| route.method == Method::POST)
        {
            let request = Request::post(filled(route.path))
                .header("sec-fetch-site", "cross-site")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let page = head.send(request, Body::from("a=b")).await;
            assert_eq!(page.status.as_u16(), 403, "{}", route.path);
            page.says("did not come from Belisha");
        }
    });
}

#[test]
fn every_answer_carries_the_headers_that_keep_it_safe() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("The head", &[Post::Headteacher]).await;
        for route in routes()
            .into_iter()
            .filter(|route| route.method == Method::GET)
        {
            let page = head.get(&filled(route.path)).await;
            let header = |name: &str| {
                page.headers
                    .get(name)
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or_else(|| panic!("{} has no {name}", route.path))
            };
            assert!(
                header("content-security-policy").contains("default-src 'none'"),
                "{}",
                route.path
            );
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("referrer-policy"), "no-referrer");
            if !route.path.starts_with("/assets/") {
                assert!(
                    header("cache-control").contains("no-store"),
                    "{} may be kept",
                    route.path
                );
            }
        }
    });
}
