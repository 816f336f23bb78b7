//! Two schools from one seed, one of which has a case about its headteacher. Everything
//! the headteacher can reach is the same in both, to the byte.

use std::collections::{BTreeMap, BTreeSet};

use super::{cast, newest, report};
use crate::testing::{Client, JUNIOR, PRIMARY, TestSchool, on_each_engine};

/// What proves the whole journal counts every entry there is, sealed ones too, or it
/// would prove nothing. It names none of them and says nothing of what they are about.
const WHOLE_JOURNAL: [&str; 2] = ["/journal/slip", "/journal/export"];

/// Draws a new secret at each reading, whoever reads it.
const DRAWS_A_SECRET: &str = "/account/second-factor";

/// Every page that a person reaches by following links, and what it says.
async fn site(client: &mut Client) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut waiting = BTreeSet::from([
        "/".to_owned(),
        "/incidents".to_owned(),
        "/reports".to_owned(),
    ]);
    while let Some(path) = waiting.pop_first() {
        let page = client.get(&path).await;
        let html = page.html();
        let found = html.split("href=\"").skip(1).filter_map(|rest| {
            let href = rest.split('"').next()?.replace("&#38;", "&");
            let href = href.split('#').next()?.to_owned();
            let goes_on = href.starts_with('/')
                && !href.starts_with("/assets/")
                && href != DRAWS_A_SECRET
                && !WHOLE_JOURNAL.contains(&href.as_str());
            goes_on.then_some(href)
        });
        for href in found {
            if !pages.contains_key(&href) && href != path {
                waiting.insert(href);
            }
        }
        pages.insert(path, format!("{} {html}", page.status));
    }
    pages
}

/// The same words with what chance gave the head's own pages taken out: the ids of
/// forms, which are new at each reading.
fn without_chance(pages: BTreeMap<String, String>) -> BTreeMap<String, String> {
    pages
        .into_iter()
        .map(|(path, html)| {
            let mut parts = html.split("name=\"submission\" value=\"");
            let mut plain = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                plain.push_str("name=\"submission\" value=\"");
                plain.push_str(part.get(36..).unwrap_or_default());
            }
            (path, plain)
        })
        .collect()
}

/// The head's site after a term's life in which there was, or was not, such a case.
async fn heads_site(app: &TestSchool, with_case: bool) -> BTreeMap<String, String> {
    let mut cast = cast(app).await;
    report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
    let pupils = newest(app).await;
    let mut hidden = Vec::new();
    if with_case {
        app.clock.advance_ms(1);
        report(&mut cast.other, &[("Hazel Head", "alleged")], "yes").await;
        let url = newest(app).await;
        app.clock.advance_ms(-1);
        assert_ne!(url, pupils);
        let case = cast.chair.get(&url).await;
        let case = cast
            .chair
            .submit(&case, "Acknowledge: I have this", &[])
            .await;
        case.says("Hazel Head");
        hidden = vec![url];
    }
    let mut pages = site(&mut cast.head).await;
    // Every address of the case, asked for by its id; the twin asks for one that is not there.
    let absent = "/incidents/00000000-0000-4000-8000-000000000000".to_owned();
    let asked = hidden.first().unwrap_or(&absent);
    for route in crate::routes::routes() {
        if route.method == "GET" && route.path.starts_with("/incidents/{id}") {
            let none = "00000000-0000-4000-8000-000000000001";
            let path = route
                .path
                .replace("/incidents/{id}", asked)
                .replace("{entry}", none)
                .replace("{action}", none);
            let page = cast.head.get(&path).await;
            pages.insert(
                format!("asked {}", route.path),
                format!(
                    "{} {}",
                    page.status,
                    page.html().replace(asked.as_str(), "")
                ),
            );
        }
    }
    without_chance(pages)
}

#[test]
fn the_head_cannot_tell_a_school_with_a_case_about_them_from_one_without() {
    for pack in [JUNIOR, PRIMARY] {
        let with = std::cell::RefCell::new(Vec::new());
        let without = std::cell::RefCell::new(Vec::new());
        on_each_engine(pack, async |app| {
            let site = heads_site(&app, true).await;
            with.borrow_mut().push(site);
        });
        on_each_engine(pack, async |app| {
            let site = heads_site(&app, false).await;
            without.borrow_mut().push(site);
        });
        for (with, without) in with.into_inner().iter().zip(without.into_inner()) {
            assert!(with.len() > 10, "the walk found {} pages", with.len());
            let paths: Vec<&String> = with.keys().collect();
            assert_eq!(paths, without.keys().collect::<Vec<_>>());
            let differ: Vec<&String> = with
                .iter()
                .filter(|(path, html)| *html != &without[*path])
                .map(|(path, _)| path)
                .collect();
            assert!(differ.is_empty(), "these pages differ: {differ:?}");
        }
    }
}
