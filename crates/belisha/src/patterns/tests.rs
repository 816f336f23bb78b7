//! Patterns as those see them who may open the cases, and those who may not.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};

use crate::db::sql;
use crate::testing::{Client, JUNIOR, Page, TestSchool, covers, on_each_engine};

async fn reported(client: &mut Client, harmed: &str) -> Page {
    reported_on(client, harmed, None).await
}

async fn reported_on(client: &mut Client, harmed: &str, service: Option<&str>) -> Page {
    let form = client.get("/reports/new").await;
    let mut fields = vec![
        ("words", "Something upsetting was sent round."),
        ("when", "now"),
        ("place", "The library"),
        ("at-risk", "no"),
        ("told-lead", "no"),
        ("knows-how", "I saw it"),
        ("who", harmed),
        ("part", "harmed"),
        ("meant", ""),
    ];
    fields.extend(service.map(|service| ("service", service)));
    let checked = client.submit(&form, "Continue", &fields).await;
    client.submit(&checked, "Send the report", &[]).await
}

async fn school(app: &TestSchool, cases: usize) -> Client {
    app.person("Quin Pupil", Standing::Pupil, &[]).await;
    for post in [
        Post::OnlineSafetyCoordinator,
        Post::DesignatedSafeguardingLead,
    ] {
        app.person(
            &format!("The {}", belisha_policy::Word::key(post)),
            Standing::Staff,
            &[post],
        )
        .await;
    }
    let mut teacher = app.signed_in("Tessa Teacher", &[]).await;
    for _ in 0..cases {
        app.clock.advance_ms(1);
        reported(&mut teacher, "Quin Pupil").await;
    }
    teacher
}

#[test]
fn the_head_sees_when_and_whom_and_opens_the_cases_behind_each_figure() {
    on_each_engine(JUNIOR, async |app| {
        let mut teacher = school(&app, 3).await;
        let mut head = app.signed_in("Hazel Head", &[Post::Headteacher]).await;
        let page = head.get("/patterns").await;
        page.says("Most cases, 3, are in Wednesday, 8am.")
            .says("Autumn 2026")
            .says("Children in three cases or more")
            .says("Quin Pupil");
        let behind = head.get(&page.link("3")).await;
        behind.says("Pupil’s welfare");
        // Behind the child's number stand their cases, and no address says their name.
        let children = page.html();
        let children = children
            .split("Children in three cases or more")
            .nth(1)
            .expect("the table of children");
        let link = children
            .split("href=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a link")
            .replace("&#38;", "&")
            .replace("&amp;", "&");
        assert!(
            link.starts_with("/patterns/cases?") && !link.contains("Pupil"),
            "{link}"
        );
        let behind = head.get(&link).await;
        behind.says("Quin Pupil").says("Pupil’s welfare");
        let file = head.get(&page.link("The same as a file")).await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(
            file.html().contains("Wednesday,0,3,0,0,0,0,0,0,0,0,0"),
            "{}",
            file.html()
        );
        assert!(
            app.journal()
                .await
                .contains(&"patterns.exported".to_owned())
        );
        let file = head
            .get(&page.link("The names as a file for a spreadsheet"))
            .await;
        assert_eq!(file.html(), "Child,Cases\nQuin Pupil,3\n");
        let none = head.get("/patterns?kind=child-protection").await;
        none.says("No case falls into this");
        assert_eq!(teacher.get("/patterns").await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_governor_sees_no_small_number_and_no_name() {
    on_each_engine(JUNIOR, async |app| {
        school(&app, 3).await;
        let mut governor = app
            .signed_in("Gina Governor", &[Post::SafeguardingGovernor])
            .await;
        let few = governor.get("/patterns").await;
        few.says("fewer than 5")
            .says("Too few cases to say anything");
        assert!(!few.text().contains("Quin Pupil") && !few.text().contains("3 cases"));
        let file = governor.get("/patterns/export?grid=time").await;
        assert!(file.html().contains("fewer than 5"));
        let names = governor.get("/patterns/export?grid=child").await;
        assert_eq!(names.status, StatusCode::NOT_FOUND);
        let mut teacher = app.signed_in("Tom Teacher", &[]).await;
        for _ in 0..5 {
            app.clock.advance_ms(1);
            reported(&mut teacher, "Quin Pupil").await;
        }
        let more = governor.get("/patterns").await;
        more.says("about 10");
        let behind = governor.get("/patterns/cases?grid=all&row=every").await;
        behind.says("no case behind this that you may open");
        assert!(!behind.html().contains("/incidents/0"));
    });
}

#[test]
fn a_subjects_own_case_and_a_concern_about_an_adult_are_counted_for_nobody() {
    on_each_engine(JUNIOR, async |app| {
        school(&app, 0).await;
        let mut head = app.signed_in("Hazel Head", &[Post::Headteacher]).await;
        app.person("Oscar Other", Standing::Staff, &[]).await;
        let mut teacher = app.signed_in("Tom Teacher", &[]).await;
        let before = head.get("/patterns").await.text();
        for about in ["Oscar Other", "Hazel Head"] {
            app.clock.advance_ms(1);
            let form = teacher.get("/reports/new").await;
            let checked = teacher
                .submit(
                    &form,
                    "Continue",
                    &[
                        ("words", "Something upsetting was sent round."),
                        ("when", "now"),
                        ("place", "The library"),
                        ("at-risk", "no"),
                        ("told-lead", "no"),
                        ("knows-how", "I saw it"),
                        ("who", about),
                        ("part", "alleged"),
                        ("meant", ""),
                    ],
                )
                .await;
            teacher.submit(&checked, "Send the report", &[]).await;
        }
        assert_eq!(head.get("/patterns").await.text(), before);
    });
}

async fn first_class(app: &TestSchool, pupil: &str) {
    let mut tx = app
        .school
        .write(crate::actor::Actor::School("test"))
        .await
        .expect("a transaction");
    for (class, name) in [("c1", "Oak"), ("c2", "Elm")] {
        tx.run(
            sql("insert into class (id, name, year_group) values ($1, $2, 'Year 4')")
                .bind(class)
                .bind(name),
        )
        .await
        .expect("a class");
    }
    tx.run(
        sql(
            "insert into class_member (id, class, person, part, from_on, until_on)
             select 'm1', 'c1', id, 'pupil', '2026-09-02', null from person where name = $1",
        )
        .bind(pupil),
    )
    .await
    .expect("a member");
    tx.commit(crate::entries::Entry::of(
        crate::entries::EntryKind::ClassChanged,
        crate::entries::Object::new("test", "1"),
    ))
    .await
    .expect("a commit");
}

/// Follows every link of the figures under a heading: each leads to a list of as many cases.
async fn every_figure_opens_its_list(client: &mut Client, page: &Page, title: &str) -> usize {
    let html = page.html();
    let table = html
        .find(title)
        .and_then(|from| html[from..].split("</table>").next())
        .unwrap_or_else(|| panic!("no table {title}"));
    let mut followed = 0;
    for cell in table.split("href=\"/patterns/cases").skip(1) {
        let url = cell.split('"').next().expect("an address");
        let url = url.replace("&#38;", "&").replace("&amp;", "&");
        let figure = cell
            .split('>')
            .nth(1)
            .and_then(|rest| rest.split('<').next())
            .expect("a figure");
        let list = client.get(&format!("/patterns/cases{url}")).await;
        let lines = list.html().matches("href=\"/incidents/").count();
        assert_eq!(figure.trim(), lines.to_string(), "{title} {url}");
        followed += 1;
    }
    followed
}

#[test]
fn each_chart_has_its_finding_its_list_and_its_file() {
    on_each_engine(JUNIOR, async |app| {
        let mut teacher = school(&app, 0).await;
        first_class(&app, "Quin Pupil").await;
        let mut lead = app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await;
        for number in 0..3 {
            app.clock.advance_ms(1);
            let service = (number < 2).then_some("snapchat");
            reported_on(&mut teacher, "Quin Pupil", service).await;
            if number == 2 {
                continue;
            }
            let mut records = app.school.database.read().await.expect("records");
            let id: String = sql("select id from incident order by opened_at desc, id limit 1")
                .one(&mut records)
                .await
                .expect("a case")
                .get("id")
                .expect("an id");
            drop(records);
            let case = lead.get(&format!("/incidents/{id}")).await;
            lead.submit(&case, "Acknowledge: I have this", &[]).await;
            let form = lead.get(&format!("/incidents/{id}/triage")).await;
            let fields = [
                ("category", "conduct/bullying"),
                ("child-at-risk", "no"),
                ("disturbing", "no"),
                ("imagery", "no"),
                ("outcome", "respond"),
                ("reason", "As it was told."),
            ];
            lead.submit(&form, "Save the triage", &fields).await;
        }
        let page = lead.get("/patterns").await;
        page.says("Most cases, 3, are in Wednesday, 8am.")
            .says("Most cases, 2, are in Oak, ")
            .says("In Autumn 2026, 3 cases were reported.")
            .says("is named most often, in 2 cases.")
            .says("Of 3 cases, 2 were acknowledged within an hour.")
            .says("minutes until a report is acknowledged");
        for (title, key, figures) in [
            ("When it happened", "time", 1),
            ("Which class, and what about", "class", 2),
            ("Term by term", "term", 2),
            ("Services and apps that were named", "service", 1),
            ("How soon a report is acknowledged", "wait", 2),
        ] {
            let followed = every_figure_opens_its_list(&mut lead, &page, title).await;
            assert_eq!(followed, figures, "{title}");
            let file = lead.get(&format!("/patterns/export?grid={key}")).await;
            assert_eq!(file.status, StatusCode::OK, "{key}");
            assert!(file.html().lines().count() > 1, "{key}");
        }
        for (row, cases) in [
            ("every", 3),
            ("open", 3),
            ("overdue", 0),
            ("late", 0),
            ("acknowledged", 2),
        ] {
            let list = lead
                .get(&format!("/patterns/cases?grid=all&row={row}"))
                .await;
            let found = list.html().matches("href=\"/incidents/").count();
            assert_eq!(found, cases, "{row}");
        }
        // An hour and a day later the third has waited too long.
        app.clock.advance_ms(25 * 60 * 60 * 1000);
        let mut lead = app.as_person(lead.id()).await;
        let list = lead.get("/patterns/cases?grid=all&row=overdue").await;
        assert_eq!(list.html().matches("href=\"/incidents/").count(), 1);
    });
}

#[test]
fn whoever_may_not_open_the_cases_cannot_tell_a_class_with_one_from_a_class_with_none() {
    on_each_engine(JUNIOR, async |app| {
        let mut teacher = school(&app, 0).await;
        first_class(&app, "Quin Pupil").await;
        let mut governor = app
            .signed_in("Gina Governor", &[Post::SafeguardingGovernor])
            .await;
        let tables = |page: &Page| {
            let html = page.html();
            let from = html.find("Which class, and what about").expect("a table");
            let class = html[from..].split("</table>").next().map(str::to_owned);
            let from = html.find("Services and apps").expect("a table");
            let service = html[from..].split("</table>").next().map(str::to_owned);
            (class, service)
        };
        let before = tables(&governor.get("/patterns").await);
        for _ in 0..4 {
            app.clock.advance_ms(1);
            reported(&mut teacher, "Quin Pupil").await;
        }
        let page = governor.get("/patterns").await;
        assert_eq!(tables(&page), before);
        page.says("Oak").says("Elm");
    });
}

#[test]
fn each_risk_is_seen_term_by_term_and_each_kind_of_reporter_for_itself() {
    covers(&["H-021", "H-172", "H-183"]);
    on_each_engine(JUNIOR, async |app| {
        school(&app, 2).await;
        let mut lead = app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await;
        for _ in 0..2 {
            let queue = lead.get("/incidents?show=new").await;
            let url = queue
                .html()
                .split("href=\"/incidents/")
                .skip(1)
                .filter_map(|rest| rest.split('"').next().map(str::to_owned))
                .find(|id| id.len() == 36)
                .map(|id| format!("/incidents/{id}"))
                .expect("a new case");
            let case = lead.get(&url).await;
            lead.submit(&case, "Acknowledge: I have this", &[]).await;
            let form = lead.get(&format!("{url}/triage")).await;
            let triage = [
                ("category", "conduct/aggression"),
                ("child-at-risk", "no"),
                ("disturbing", "no"),
                ("imagery", "no"),
                ("outcome", "respond"),
                ("reason", "Two pupils fell out."),
            ];
            lead.submit(&form, "Save the triage", &triage).await;
        }
        // Each finds the way to report on the page where they arrive.
        assert!(lead.get("/").await.has_link("Report a concern"));
        let mut parent = app.nobody();
        let arrival = parent.get("/sign-in").await.html();
        assert!(arrival.contains("href=\"/tell\"") && arrival.contains("href=\"/concern\""));
        let form = parent.get("/concern").await;
        let typed = [
            ("sender", "parent"),
            ("words", "My child was sent horrible messages."),
            ("about-whom", "child"),
            ("names", "Quin Pupil"),
            ("at-risk", "no"),
            ("name", "A Parent"),
            ("contact", "01632 960 001"),
        ];
        let checked = parent.submit(&form, "Continue", &typed).await;
        parent.submit(&checked, "Send it", &[]).await;
        let page = lead.get("/patterns").await;
        page.says("What about, term by term")
            .says("aggressive conduct")
            .says("Who reported it")
            .says("A parent or carer");
        let file = lead.get("/patterns/export?grid=risk").await.html();
        assert!(file.contains("aggressive conduct,2"), "{file}");
        assert!(file.contains("not decided,1"), "{file}");
        let file = lead.get("/patterns/export?grid=sender").await.html();
        assert!(file.contains("Somebody with an account,2,0,2"), "{file}");
        assert!(file.contains("A parent or carer,1,0,1"), "{file}");
        let behind = lead
            .get("/patterns/cases?grid=risk&row=aggressive+conduct&column=Autumn+2026")
            .await;
        behind.says("Pupil’s welfare");
    });
}
