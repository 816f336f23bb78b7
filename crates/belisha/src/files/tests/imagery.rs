//! However a case came to be about a picture of a child that could be indecent, no door of
//! it takes or gives a file: a table of ways and doors.

use axum::http::StatusCode;

use super::{Cast, add, cast, multipart, newest, png, send, triage};
use crate::testing::{Client, PRIMARY, Page, TestSchool, on_each_engine};

/// How a case is classified.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// By what the reporter ticked, whatever the triage chose.
    Reporter(&'static str),
    /// By the risk that the triage chose.
    Risk(&'static str),
    /// By the triage's answer to the question about such a picture.
    Question(&'static str),
    /// By what else the triage ticked.
    Also(&'static str),
    /// By what the triage says of one person's part.
    Person(&'static str),
    /// By an answer in a review.
    Review(&'static str),
    /// Merged into a case that says so, or such a case into it.
    MergedInto,
    MergedFrom,
    /// Linked with a case that says so, from either side.
    LinkedTo,
    LinkedFrom,
}

const SHUT: [Way; 15] = [
    Way::Reporter("matter/nude-image"),
    Way::Reporter("matter/illegal-material"),
    Way::Risk("conduct/nude-image"),
    Way::Risk("content/illegal"),
    Way::Question("yes"),
    Way::Question("unknown"),
    Way::Also("matter/nude-image"),
    Way::Also("matter/illegal-material"),
    Way::Person("conduct/nude-image"),
    Way::Review("yes"),
    Way::Review("unknown"),
    Way::MergedInto,
    Way::MergedFrom,
    Way::LinkedTo,
    Way::LinkedFrom,
];

const OPEN: [Way; 4] = [
    Way::Reporter("matter/bullying"),
    Way::Risk("conduct/bullying"),
    Way::Question("no"),
    Way::Also("matter/hate"),
];

/// A new case, classified by the reporter alone.
async fn opened(app: &TestSchool, cast: &mut Cast, category: &str, at_risk: &str) -> String {
    app.clock.advance_ms(1000);
    let form = cast.teacher.get("/reports/new").await;
    let mut fields = vec![
        ("words", "Pip Pupil was called names by Quin Pupil."),
        ("when", "now"),
        ("place", "The library"),
        ("at-risk", at_risk),
        ("told-lead", "no"),
        ("knows-how", "I saw it"),
        ("who", "Pip Pupil"),
        ("part", "harmed"),
        ("meant", ""),
    ];
    if !category.is_empty() {
        fields.push(("category", category));
    }
    let checked = cast.teacher.submit(&form, "Continue", &fields).await;
    cast.teacher.submit(&checked, "Send the report", &[]).await;
    newest(app).await
}

async fn triaged(client: &mut Client, case: &str, more: &[(&str, &str)]) {
    let form = client.get(&format!("{case}/triage")).await;
    let mut fields = vec![
        ("category", "conduct/rules"),
        ("child-at-risk", "no"),
        ("disturbing", "no"),
        ("imagery", "no"),
        ("outcome", "respond"),
        ("reason", "Looked at again."),
    ];
    for (name, value) in more {
        fields.retain(|(given, _)| given != name);
        fields.push((name, value));
    }
    let page = client.submit(&form, "Save the triage", &fields).await;
    assert_eq!(page.path, case, "{}", page.text());
}

async fn reference(client: &mut Client, case: &str) -> String {
    let text = client.get(case).await.text();
    let at = text.find("Case ").expect("a reference") + 5;
    text[at..at + 9].to_owned()
}

/// Names another case in a form of this one.
async fn joined(client: &mut Client, case: &str, act: &str, button: &str, other: &str) -> Page {
    let reference = reference(client, other).await;
    let form = client.get(&format!("{case}/{act}")).await;
    let fields = [
        ("reference", reference.as_str()),
        ("reason", "The same event."),
    ];
    client.submit(&form, button, &fields).await
}

/// A case classified in this way, with a file in it from before where that can be.
async fn classified(app: &TestSchool, cast: &mut Cast, way: Way) -> String {
    let reported = match way {
        Way::Reporter(category) => category,
        _ => "",
    };
    // A report of such a picture is one of child protection, and two are merged only
    // where both are.
    let at_risk = match way {
        Way::MergedInto | Way::MergedFrom => "yes",
        _ => "no",
    };
    let case = opened(app, cast, reported, at_risk).await;
    let client = &mut cast.deputy;
    if let Way::Reporter(_) = way {
        triage(client, &case, "conduct/rules").await;
        return case;
    }
    let category = match way {
        Way::Review(_) => "conduct/bullying",
        _ => "conduct/rules",
    };
    if let Way::MergedInto = way {
        let page = client.get(&case).await;
        client.submit(&page, "Acknowledge: I have this", &[]).await;
    } else {
        triage(client, &case, category).await;
        let added = add(client, &case, "chat.png", &png(8, 8)).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    }
    match way {
        Way::Reporter(_) => {}
        Way::Risk(risk) => triaged(client, &case, &[("category", risk)]).await,
        Way::Question(answer) => triaged(client, &case, &[("imagery", answer)]).await,
        Way::Also(category) => triaged(client, &case, &[("also", category)]).await,
        Way::Person(category) => triaged(client, &case, &[("said", category)]).await,
        Way::Review(answer) => {
            let form = client
                .get(&format!("{case}/reviews/cyberbullying/pages/image"))
                .await;
            let fields = [("indecent", answer), ("indecent-why", "As was told.")];
            client.submit(&form, "Keep and go on", &fields).await;
        }
        Way::MergedInto | Way::MergedFrom | Way::LinkedTo | Way::LinkedFrom => {
            let other = opened(app, cast, "matter/nude-image", "no").await;
            let client = &mut cast.deputy;
            let page = client.get(&other).await;
            client.submit(&page, "Acknowledge: I have this", &[]).await;
            let (from, to) = match way {
                Way::MergedInto | Way::LinkedTo => (&case, &other),
                _ => (&other, &case),
            };
            let (act, button) = match way {
                Way::MergedInto | Way::MergedFrom => ("merging", "Merge into the other case"),
                _ => ("links/new", "Link the two"),
            };
            let page = joined(client, from, act, button, to).await;
            assert_eq!(page.status, StatusCode::OK, "{way:?}: {}", page.text());
            assert!(page.errors().is_empty(), "{way:?}: {:?}", page.errors());
        }
    }
    case
}

#[test]
fn no_door_takes_or_gives_a_file_however_the_case_was_classified() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let mut number = 0;
        for (ways, shut) in [(&SHUT[..], true), (&OPEN[..], false)] {
            for way in ways {
                let case = classified(&app, &mut cast, *way).await;
                let files = app.count("select count(*) as count from file").await;
                number += 1;
                let submission = format!("sent-{number}");
                let client = &mut cast.lead;
                let list = client.get(&format!("{case}/files")).await;
                let kept: Option<String> = list.has_link("chat.png").then(|| list.link("chat.png"));
                assert!(!(shut && kept.is_some()), "{way:?}: a file is offered");
                assert_eq!(list.has_link("Add a file"), !shut, "{way:?}");
                for url in ["files/question", "files/new"] {
                    let page = client.get(&format!("{case}/{url}")).await;
                    let refused = page.status != StatusCode::OK;
                    assert_eq!(refused, shut, "{way:?} {url}: {}", page.text());
                }
                let fields = [
                    ("submission", submission.as_str()),
                    ("undressed", "no"),
                    ("shows", "a note"),
                ];
                let body = multipart(&fields, "note.txt", b"harmless");
                let sent = send(client, &format!("{case}/files/new"), body).await;
                assert_eq!(
                    sent.status == StatusCode::FORBIDDEN,
                    shut,
                    "{way:?}: upload"
                );
                let more = app.count("select count(*) as count from file").await - files;
                assert_eq!(more == 0, shut, "{way:?}");
                for file in file_ids(&app, &case).await {
                    for door in ["", "/copy", "/preview"] {
                        let page = client.get(&format!("/files/{file}{door}")).await;
                        let given = page.status == StatusCode::OK;
                        assert!(!(shut && given), "{way:?} {door}");
                    }
                }
            }
        }
    });
}

async fn file_ids(app: &TestSchool, case: &str) -> Vec<String> {
    let mut records = app.school.database.read().await.expect("records");
    let incident = case.rsplit('/').next().expect("an id");
    crate::db::sql("select id from file where belongs_to = $1 order by id")
        .bind(format!("incident:{incident}"))
        .all(&mut records)
        .await
        .expect("files")
        .iter()
        .map(|row| row.get("id").expect("an id"))
        .collect()
}

/// A pasted picture is bytes in a text. No door of words takes it, from whomever.
#[test]
fn no_text_takes_a_pasted_picture_whoever_pastes_it() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let pasted = format!("Look: data:image/png;base64,{}", "iVBORw0KGgo".repeat(20));
        let form = cast.teacher.get("/reports/new").await;
        for field in ["words", "place", "knows-how"] {
            let mut fields = vec![
                ("words", "Pip was upset."),
                ("when", "now"),
                ("place", "Hall"),
                ("at-risk", "no"),
                ("told-lead", "no"),
                ("knows-how", "I saw it"),
            ];
            fields.retain(|(name, _)| *name != field);
            fields.push((field, &pasted));
            let page = cast.teacher.submit(&form, "Continue", &fields).await;
            assert!(
                page.errors()
                    .iter()
                    .any(|error| error.contains("Take the picture out")),
                "{field}: {:?}",
                page.errors()
            );
        }
        let case = cast.case.clone();
        for (act, button) in [
            ("entries/new", "Add to the chronology"),
            ("actions/new", "Set the action"),
        ] {
            let form = cast.deputy.get(&format!("{case}/{act}")).await;
            let page = cast
                .deputy
                .submit(&form, button, &[("words", &pasted)])
                .await;
            assert!(
                page.errors()
                    .iter()
                    .any(|error| error.contains("Take the picture out")),
                "{act}: {:?}",
                page.errors()
            );
        }
        // Nor is it kept as a draft, or told about a file.
        let kept = send_draft(&mut cast.teacher, &pasted).await;
        assert_eq!(kept.status, StatusCode::FORBIDDEN);
        let fields = [
            ("submission", "1"),
            ("undressed", "no"),
            ("shows", pasted.as_str()),
        ];
        let body = multipart(&fields, "note.txt", b"harmless");
        let sent = send(&mut cast.deputy, &format!("{case}/files/new"), body).await;
        assert!(sent.errors().join(" ").contains("Take the picture out"));
        assert_eq!(app.count("select count(*) as count from file").await, 0);
        assert_eq!(app.count("select count(*) as count from draft").await, 0);
    });
}

async fn send_draft(client: &mut Client, words: &str) -> Page {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("words", words)
        .finish();
    let request = axum::http::Request::post("/drafts/report")
        .header("sec-fetch-site", "same-origin")
        .header("x-belisha-background", "1")
        .header(
            axum::http::header::CONTENT_TYPE,
            "application/x-www-form-urlencoded",
        );
    client.send(request, axum::body::Body::from(body)).await
}
