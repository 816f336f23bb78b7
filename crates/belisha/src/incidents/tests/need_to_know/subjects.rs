//! Whatever happens, and in whatever order, a subject finds no trace of their own case.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing, Word as _};
use belisha_rules::ids::PersonId;

use super::super::{Cast, cast, newest, reference, report, triage};
use super::{REASON, appointed, asked, told};
use crate::db::sql;
use crate::jobs;
use crate::testing::{Client, JUNIOR, TestSchool, on_each_engine, on_one_engine};

/// What the subject reaches of their own case: nothing, by any address or list.
async fn is_blind(app: &TestSchool, person: PersonId, url: &str, after: &str) {
    let mut client = app.as_person(person).await;
    let id = url.rsplit('/').next().expect("an id");
    for route in crate::routes::routes() {
        if !route.path.starts_with("/incidents/{id}") {
            continue;
        }
        let path = route
            .path
            .replace("{id}", id)
            .replace("{person}", &person.to_string())
            .replace("{guide}", "allegation")
            .replace("{group}", "threshold");
        // Whatever else an address names, a child of the case or not.
        let path = path
            .split('/')
            .map(|part| if part.starts_with('{') { id } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let page = if route.method == "GET" {
            client.get(&path).await
        } else {
            client.post_only(&path, &[("submission", "blind")]).await
        };
        // The last step asks people for their signatures first: that says nothing either.
        let is_led_away = page.location.is_some_and(|to| !to.contains(id));
        assert!(
            page.status == StatusCode::NOT_FOUND || is_led_away,
            "{path} after {after}: {}",
            page.status
        );
    }
    for list in [
        "/",
        "/notices",
        "/reports",
        "/exports",
        "/incidents",
        "/incidents?show=new",
        "/incidents?show=mine",
        "/incidents?show=overdue",
        "/incidents?show=closed",
        "/incidents?show=low-level",
        "/incidents/low-level",
        "/incidents/handing-over",
        "/incidents/emergency-sights",
        "/journal",
        "/patterns",
        "/patterns/cases?grid=all&row=every",
    ] {
        let page = client.get(list).await;
        assert!(!page.html().contains(id), "{list} after {after}");
    }
    // Cases that they do read, and what those are related to.
    for other in others(app, id).await {
        for below in ["", "/related", "/readers"] {
            let page = client.get(&format!("/incidents/{other}{below}")).await;
            assert!(!page.html().contains(id), "{other}{below} after {after}");
        }
    }
    let found = client
        .post_only("/incidents/search", &[("words", "upsetting")])
        .await;
    assert!(
        found.status == StatusCode::OK || found.location.is_some(),
        "no search after {after}: {}",
        found.status
    );
    assert!(!found.html().contains(id), "search after {after}");
    assert_eq!(
        notices_about(app, person, id).await,
        0,
        "a notice after {after}"
    );
}

async fn name_of(app: &TestSchool, person: PersonId) -> String {
    let mut records = app.school.database.read().await.expect("records");
    sql("select name from person where id = $1")
        .bind(person.to_string())
        .one(&mut records)
        .await
        .expect("a person")
        .get("name")
        .expect("a name")
}

/// The cases but this one.
async fn others(app: &TestSchool, id: &str) -> Vec<String> {
    let mut records = app.school.database.read().await.expect("records");
    sql("select id from incident where id <> $1 order by opened_at, id")
        .bind(id)
        .all(&mut records)
        .await
        .expect("cases")
        .iter()
        .map(|row| row.get("id").expect("an id"))
        .collect()
}

async fn notices_about(app: &TestSchool, person: PersonId, id: &str) -> i64 {
    let mut records = app.school.database.read().await.expect("records");
    sql("select count(*) as count from notice where person = $1 and object = $2")
        .bind(person.to_string())
        .bind(format!("incident:{id}"))
        .one(&mut records)
        .await
        .expect("a count")
        .get("count")
        .expect("a number")
}

/// One thing that may happen while there is a case about Oscar.
async fn happens(app: &TestSchool, cast: &mut Cast, url: &str, step: usize) -> &'static str {
    let oscar = cast.other.id();
    // Each acts in a session of this moment.
    app.clock.advance_ms(31_000);
    let mut head = app.as_person(cast.head.id()).await;
    let mut chair = app.as_person(cast.chair.id()).await;
    match step {
        0 => {
            for to in [oscar, cast.lead.id()] {
                let to = to.to_string();
                let fields = [
                    ("submission", to.as_str()),
                    ("person", &to),
                    ("reason", "Look."),
                ];
                head.post_only(&format!("{url}/sharing"), &fields).await;
            }
            "shares"
        }
        1 => {
            for to in [oscar, cast.lead.id()] {
                let to = to.to_string();
                let fields = [
                    ("submission", to.as_str()),
                    ("person", &to),
                    ("until-day", "1"),
                    ("until-month", "10"),
                    ("until-year", "2026"),
                    ("reason", "Look."),
                ];
                head.post_only(&format!("{url}/delegation"), &fields).await;
            }
            "delegations"
        }
        2 => {
            let to = oscar.to_string();
            let fields = [
                ("submission", "hand"),
                ("person", to.as_str()),
                ("note", "Yours."),
            ];
            head.post_only(&format!("{url}/handing-over"), &fields)
                .await;
            "handing over"
        }
        3 => {
            let reference = reference(app, url).await;
            asked(app, &mut chair, &reference, REASON).await;
            "emergency sight"
        }
        4 => {
            for post in [Post::Headteacher, Post::DesignatedSafeguardingLead] {
                appointed(app, oscar, post).await;
            }
            appointed(app, oscar, Post::ChairOfGovernors).await;
            "promotions"
        }
        5 => {
            let twin = app
                .person("Oscar O. Other", Standing::Staff, &[Post::Headteacher])
                .await;
            let merge = sql("update person set merged_into = $2 where id = $1")
                .bind(twin.to_string())
                .bind(oscar.to_string());
            told(app, vec![merge]).await;
            cast.other = app.as_person(twin).await;
            "a merge"
        }
        6 => {
            let case = head.get(url).await;
            if case.has_button("Acknowledge: I have this") {
                head.submit(&case, "Acknowledge: I have this", &[]).await;
            }
            let fields = [("submission", "reopen"), ("reason", "Something new.")];
            head.post_only(&format!("{url}/reopening"), &fields).await;
            "handling"
        }
        8 => {
            worked_on(&mut head, url, oscar, cast.lead.id()).await;
            "work in the case"
        }
        9 => {
            // A pupil's case that the subject reads is linked with the one about them.
            let mut teacher = app.as_person(cast.teacher.id()).await;
            report(&mut teacher, &[("Pip Pupil", "harmed")], "no").await;
            let pupils = newest(app).await;
            let mut lead = app.as_person(cast.lead.id()).await;
            let to = oscar.to_string();
            let share = [
                ("submission", pupils.as_str()),
                ("person", &to),
                ("reason", "Teaches the class."),
            ];
            lead.post_only(&format!("{pupils}/sharing"), &share).await;
            let reference = reference(app, &pupils).await;
            let link = [
                ("submission", "link"),
                ("reference", &reference),
                ("reason", "The same evening."),
            ];
            head.post_only(&format!("{url}/links/new"), &link).await;
            "a link"
        }
        10 => {
            // A second report of it, and one that the subject sent about somebody else.
            let mut own = app.as_person(oscar).await;
            let mut teacher = app.as_person(cast.teacher.id()).await;
            let name = name_of(app, oscar).await;
            for (client, about) in [(&mut teacher, name.as_str()), (&mut own, "Nils Network")] {
                app.clock.advance_ms(1_000);
                report(client, &[(about, "alleged")], "no").await;
                let second = newest(app).await;
                let mut head = app.as_person(cast.head.id()).await;
                let page = head.get(&second).await;
                if page.has_button("Acknowledge: I have this") {
                    head.submit(&page, "Acknowledge: I have this", &[]).await;
                }
                let reference = reference(app, url).await;
                let form = head.get(&format!("{second}/merging")).await;
                if form.has_button("Merge into the other case") {
                    let merge = [
                        ("reference", reference.as_str()),
                        ("reason", "The same evening."),
                    ];
                    head.submit(&form, "Merge into the other case", &merge)
                        .await;
                }
                is_blind(app, cast.other.id(), url, "a merging").await;
                let form = head.get(&format!("{second}/separation")).await;
                if form.has_button("Separate the two") {
                    let why = [("reason", "Two evenings.")];
                    head.submit(&form, "Separate the two", &why).await;
                }
            }
            "merging and separation"
        }
        11 => {
            // The head is away, the subject stands in, and nobody answers.
            let today = app.school.date_of(app.school.clock.now());
            let away = sql(
                "insert into post_absence (id, person, from_on, until_on, declared_at, declared_by, ended_at, ended_by)
                 values ($1, $2, $3, $4, $5, $6, null, null)",
            )
            .bind(app.school.new_row_id())
            .bind(cast.head.id().to_string())
            .bind(today)
            .bind(today)
            .bind(app.school.clock.now())
            .bind("school:test");
            let stands_in = sql(
                "insert into post_holding (id, post, person, deputy, from_on, until_on)
                 values ($1, $2, $3, true, $4, null)",
            )
            .bind(app.school.new_row_id())
            .bind(Post::Headteacher.key())
            .bind(oscar.to_string())
            .bind(today);
            told(app, vec![away, stands_in]).await;
            app.clock.advance_ms(3_600_000);
            jobs::work_until_idle(&app.school)
                .await
                .expect("the duties");
            "an absence"
        }
        12 => {
            let id = url.rsplit('/').next().expect("an id");
            let form = head.get(&format!("/incidents/{id}/export")).await;
            if form.has_button("Continue") {
                let pack = [
                    ("purpose", "chronology"),
                    ("recipient", "Oscar Other"),
                    ("organisation", "The school"),
                    ("reason", "He asked."),
                ];
                let begun = head.submit(&form, "Continue", &pack).await;
                let mut subject = app.as_person(oscar).await;
                let page = subject.get(&begun.path).await;
                assert!(
                    page.status == StatusCode::NOT_FOUND || page.location.is_some(),
                    "{}: {}",
                    begun.path,
                    page.status
                );
            }
            "a pack"
        }
        13 => {
            let form = head.get("/incidents/search").await;
            let words = [("words", "upsetting"), ("person", "Oscar")];
            // Where the duties asked for signatures, those come first.
            if form.has_button("Search") {
                head.submit(&form, "Search", &words).await;
            }
            "a search"
        }
        _ => {
            let reference = reference(app, url).await;
            let mut oscar = app.as_person(oscar).await;
            if oscar.get("/incidents/emergency-sight").await.status == StatusCode::OK {
                asked(app, &mut oscar, &reference, REASON).await;
            }
            jobs::work_until_idle(&app.school)
                .await
                .expect("the duties");
            "asking and duties"
        }
    }
}

/// Everything that is written in a case in which somebody works, with the subject offered
/// wherever a person is chosen.
async fn worked_on(head: &mut Client, url: &str, subject: PersonId, lead: PersonId) {
    let page = head.get(url).await;
    if page.has_button("Acknowledge: I have this") {
        head.submit(&page, "Acknowledge: I have this", &[]).await;
    }
    triage(head, url, "conduct/rules", "no").await;
    for to in [subject, lead] {
        let to = to.to_string();
        let acts: [(&str, Vec<(&str, &str)>); 7] = [
            ("assignment", vec![("owner", &to), ("note", "Yours now.")]),
            (
                "actions/new",
                vec![
                    ("words", "Speak to both."),
                    ("owner", &to),
                    ("due-day", "1"),
                    ("due-month", "10"),
                    ("due-year", "2026"),
                ],
            ),
            (
                "sanctions/new",
                vec![
                    ("person", &to),
                    ("step", "nothing"),
                    ("agreed", &to),
                    ("reason", "Not yet."),
                ],
            ),
            (
                "support/new",
                vec![
                    ("person", &to),
                    ("decision", "planned"),
                    ("responsible", &to),
                    ("review-day", "1"),
                    ("review-month", "10"),
                    ("review-year", "2026"),
                    ("words", "A talk."),
                ],
            ),
            ("lessons/new", vec![("words", "Nothing."), ("clause", "")]),
            (
                "investigation",
                vec![
                    ("investigator", "Hazel Head"),
                    ("words", "Spoke to both."),
                    ("finding", "not-shown"),
                    ("clause", ""),
                ],
            ),
            (
                "evidence/new",
                vec![
                    ("what", "A message."),
                    ("place", "A chat"),
                    ("at-day", "22"),
                    ("at-month", "9"),
                    ("at-year", "2026"),
                    ("at-time", "8:00"),
                    ("keeper", "Hazel Head"),
                    ("sent-on", "no"),
                ],
            ),
        ];
        for (below, mut fields) in acts {
            let submission = format!("{below} {to}");
            fields.push(("submission", &submission));
            head.post_only(&format!("{url}/{below}"), &fields).await;
        }
    }
}

#[test]
fn no_sequence_of_acts_lets_a_subject_see_their_own_case() {
    // Orders drawn once, so that each kind of step comes early in one and late in another.
    for (number, order) in [
        [0, 8, 1, 9, 2, 10, 3, 12, 11, 4, 5, 13, 6, 7],
        [9, 10, 4, 8, 11, 5, 3, 2, 12, 13, 1, 0, 6, 7],
        [10, 9, 5, 4, 8, 6, 0, 13, 2, 12, 3, 11, 1, 7],
    ]
    .into_iter()
    .enumerate()
    {
        let walk = async |app: TestSchool| {
            let mut cast = cast(&app).await;
            report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
            let url = newest(&app).await;
            cast.head
                .get(&url)
                .await
                .says("Concern about a member of staff");
            for step in order {
                let after = happens(&app, &mut cast, &url, step).await;
                is_blind(&app, cast.other.id(), &url, after).await;
            }
        };
        // The walks are long, and ask the engine the same each time.
        if number == 0 {
            on_each_engine(JUNIOR, walk);
        } else {
            on_one_engine(JUNIOR, walk);
        }
    }
}
