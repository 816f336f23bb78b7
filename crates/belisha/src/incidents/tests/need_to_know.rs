//! Who may see a case, for how long and by whose act: emergency sight, delegation, handing
//! over, ending a share, and cases whose readers have left.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing, Word as _};
use belisha_rules::ids::PersonId;
use belisha_vault::Kit;

use super::{Cast, cast, newest, report};
use crate::actor::Actor;
use crate::clock::ForVault;
use crate::db::{Statement, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::jobs;
use crate::testing::{Client, JUNIOR, PRIMARY, Page, TestSchool, on_each_engine};

const REASON: &str = "The child has not come home and nobody of the school answers.";

async fn reference(app: &TestSchool, url: &str) -> String {
    let id = url.rsplit('/').next().expect("an id");
    let mut records = app.school.database.read().await.expect("records");
    sql("select reference from incident where id = $1")
        .bind(id)
        .one(&mut records)
        .await
        .expect("a case")
        .get("reference")
        .expect("a reference")
}

/// Runs statements that the test's story needs and no act of a case makes.
async fn told(app: &TestSchool, statements: Vec<Statement>) {
    let mut tx = app
        .school
        .write(Actor::School("set-up"))
        .await
        .expect("a transaction");
    for statement in statements {
        tx.run(statement).await.expect("a change");
    }
    let entry = Entry::of(EntryKind::PersonChanged, Object::new("school", "test"));
    tx.commit(entry).await.expect("a commit");
}

async fn appointed(app: &TestSchool, person: PersonId, post: Post) {
    let statement = sql(
        "insert into post_holding (id, post, person, deputy, from_on, until_on)
         values ($1, $2, $3, false, $4, null)",
    )
    .bind(app.school.new_row_id())
    .bind(post.key())
    .bind(person.to_string())
    .bind(app.school.date_of(app.school.clock.now()));
    told(app, vec![statement]).await;
}

/// Somebody's last day was yesterday.
async fn left(app: &TestSchool, person: PersonId) {
    let yesterday = app
        .school
        .date_of(app.school.clock.now())
        .yesterday()
        .expect("a day");
    let statement = sql("update person set ends_on = $2 where id = $1")
        .bind(person.to_string())
        .bind(yesterday);
    let post =
        sql("update post_holding set from_on = '2026-01-01', until_on = $2 where person = $1")
            .bind(person.to_string())
            .bind(yesterday);
    told(app, vec![statement, post]).await;
}

async fn asked(app: &TestSchool, client: &mut Client, reference: &str, reason: &str) -> Page {
    let code = crate::accounts::tests::code_of(app, client.id()).await;
    let form = client.get("/incidents/emergency-sight").await;
    client
        .submit(
            &form,
            "Alert them and open the case",
            &[
                ("reference", reference),
                ("category", "danger-now"),
                ("reason", reason),
                ("code", &code),
            ],
        )
        .await
}

async fn notices_of(app: &TestSchool, kind: &str, person: PersonId) -> i64 {
    let mut records = app.school.database.read().await.expect("records");
    sql("select count(*) as count from notice where kind = $1 and person = $2")
        .bind(kind)
        .bind(person.to_string())
        .one(&mut records)
        .await
        .expect("a count")
        .get("count")
        .expect("a number")
}

#[test]
fn emergency_sight_opens_a_case_for_an_hour_after_others_were_alerted() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let reference = reference(&app, &url).await;
        let chair = &mut cast.chair;
        assert_eq!(chair.get(&url).await.status, StatusCode::NOT_FOUND);
        for client in [&mut cast.teacher, &mut cast.technician, &mut cast.vice] {
            let page = client.get("/incidents/emergency-sight").await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
        }
        let short = asked(&app, chair, &reference, "Please.").await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        short.says("Say in 30 letters or more");
        assert_eq!(short.field("reference"), reference);
        assert_eq!(chair.get(&url).await.status, StatusCode::NOT_FOUND);

        let case = asked(&app, chair, &reference.to_lowercase(), REASON).await;
        case.says("Something upsetting was sent round.");
        for act in [
            "Triage",
            "Write in the chronology",
            "Share the case",
            "Close the case",
        ] {
            assert!(!case.has_link(act) && !case.has_button(act), "{act}");
        }
        let form = chair.get(&format!("{url}/entries/new")).await;
        assert_eq!(form.status, StatusCode::FORBIDDEN);
        // Told before the case was opened, and never whoever asked.
        let journal = app.journal().await;
        let place = |action: &str| journal.iter().rposition(|kind| kind == action);
        assert!(place("incident.sight-taken") < place("incident.opened"));
        for (person, expected) in [
            (cast.lead.id(), 1),
            (cast.head.id(), 1),
            (cast.chair.id(), 0),
            (cast.deputy.id(), 0),
        ] {
            assert_eq!(
                notices_of(&app, "incident-sight-taken", person).await,
                expected
            );
        }
        let readers = cast.lead.get(&format!("{url}/readers")).await;
        readers.says("has emergency sight, until 23 September 2026 at 9:55am");
        let opened = cast.lead.get(&url).await;
        opened.says("Took emergency sight of the case");

        // Another person judges it, once.
        let list = cast.chair.get("/incidents/emergency-sights").await;
        let own = cast.chair.get(&list.link("23 September 2026")).await;
        assert!(!own.has_button("Save the judgement"));
        let path = own.path.clone();
        let refused = cast
            .chair
            .post_only(
                &path,
                &[("submission", "1"), ("finding", "right"), ("reason", "x")],
            )
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        for client in [
            &mut cast.teacher,
            &mut cast.coordinator,
            &mut cast.technician,
        ] {
            assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND);
        }
        let form = cast.lead.get(&path).await;
        form.says(REASON).says("30 September 2026");
        let nothing = cast.lead.submit(&form, "Save the judgement", &[]).await;
        nothing.says("Say whether it was right");
        let judged = cast
            .lead
            .submit(
                &form,
                "Save the judgement",
                &[("finding", "right"), ("reason", "It could not wait.")],
            )
            .await;
        judged
            .says("by Lena Lead: it was right")
            .says("It could not wait.");
        assert_eq!(
            notices_of(&app, "incident-sight-judged", cast.chair.id()).await,
            1
        );
        let again = cast
            .head
            .post_only(
                &path,
                &[
                    ("submission", "2"),
                    ("finding", "not-right"),
                    ("reason", "x"),
                ],
            )
            .await;
        assert_eq!(again.status, StatusCode::FORBIDDEN);

        app.at("2026-09-23T09:55:01+01:00");
        let mut chair = app.as_person(cast.chair.id()).await;
        assert_eq!(chair.get(&url).await.status, StatusCode::NOT_FOUND);
        assert!(!chair.get("/incidents").await.html().contains(&url));
    });
}

#[test]
fn emergency_sight_is_refused_a_fourth_time_and_when_nobody_can_be_alerted() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let mut urls = Vec::new();
        for _ in 0..4 {
            app.clock.advance_ms(31_000);
            let mut teacher = app.as_person(cast.teacher.id()).await;
            report(&mut teacher, &[("Quin Pupil", "harmed")], "no").await;
            urls.push(newest(&app).await);
        }
        for (index, url) in urls.iter().enumerate() {
            app.clock.advance_ms(31_000);
            let mut chair = app.as_person(cast.chair.id()).await;
            let page = asked(&app, &mut chair, &reference(&app, url).await, REASON).await;
            if index < 3 {
                assert_eq!(page.status, StatusCode::OK, "{index}");
            } else {
                assert_eq!(page.status, StatusCode::FORBIDDEN);
                page.says("3 times within 24 hours");
                assert_eq!(chair.get(url).await.status, StatusCode::NOT_FOUND);
            }
        }
        for person in [cast.head.id(), cast.lead.id()] {
            left(&app, person).await;
        }
        app.at("2026-09-25T09:00:00+01:00");
        let mut chair = app.as_person(cast.chair.id()).await;
        let page = asked(&app, &mut chair, &reference(&app, &urls[3]).await, REASON).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        page.says("nobody who could be alerted");
        cast.chair = chair;
    });
}

#[test]
fn what_may_not_be_seen_in_an_emergency_looks_like_what_does_not_exist() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        let about_head = reference(&app, &newest(&app).await).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Charles Chair", "alleged")], "no").await;
        let about_chair = reference(&app, &newest(&app).await).await;
        for (mut client, reference) in [
            (cast.head.clone(), &about_head),
            (cast.chair.clone(), &about_chair),
            (cast.head.clone(), &about_chair),
        ] {
            let client = &mut client;
            let mut pages = Vec::new();
            for typed in [reference.as_str(), "ZZZZ-ZZZZ"] {
                let page = asked(&app, client, typed, REASON).await;
                assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
                pages.push(page.html().replace(typed, ""));
            }
            assert_eq!(pages[0], pages[1]);
        }
        let taken = app
            .count("select count(*) as count from incident_sight")
            .await;
        assert_eq!(taken, 0);
    });
}

#[test]
fn an_emergency_sight_that_nobody_judges_is_brought_to_mind_and_is_a_gap() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        let reference = reference(&app, &url).await;
        asked(&app, &mut cast.chair, &reference, REASON).await;
        told(
            &app,
            vec![sql(
                "update notice set read_at = made_at where kind = 'incident-sight-taken'",
            )],
        )
        .await;
        app.at("2026-10-01T10:00:00+01:00");
        jobs::work_until_idle(&app.school).await.expect("the duty");
        jobs::work_until_idle(&app.school).await.expect("the duty");
        let unread = app
            .count("select count(*) as count from notice where kind = 'incident-sight-taken' and read_at is null")
            .await;
        assert_eq!(unread, 2, "the lead and the head, once");
        let mut head = app.as_person(cast.head.id()).await;
        head.get("/policy/clauses/emergency-sight")
            .await
            .says("Not met");
    });
}

/// Delegates a case to the lead until the given day of October.
async fn delegated(client: &mut Client, url: &str, to: PersonId, day: &str) -> Page {
    let form = client.get(&format!("{url}/delegation")).await;
    let to = to.to_string();
    client
        .submit(
            &form,
            "Delegate the case",
            &[
                ("person", &to),
                ("until-day", day),
                ("until-month", "10"),
                ("until-year", "2026"),
                ("reason", "She knows the class."),
            ],
        )
        .await
}

async fn written(client: &mut Client, url: &str, words: &str) -> Page {
    let form = client.get(&format!("{url}/entries/new")).await;
    client
        .submit(&form, "Add to the chronology", &[("words", words)])
        .await
}

#[test]
fn a_staff_case_is_delegated_to_the_lead_for_a_time_and_taken_back() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let url = newest(&app).await;
        let case = cast.head.get(&url).await;
        cast.head
            .submit(&case, "Acknowledge: I have this", &[])
            .await;
        written(&mut cast.head, &url, "Written before.").await;
        assert_eq!(cast.lead.get(&url).await.status, StatusCode::NOT_FOUND);
        let form = cast.head.get(&format!("{url}/delegation")).await;
        assert!(!form.html().contains("Cora Coordinator") && !form.html().contains("Oscar Other"));
        let late = delegated(&mut cast.head, &url, cast.lead.id(), "31").await;
        late.says("it was delegated to them, until");
        let seen = cast.lead.get(&url).await;
        seen.says("Written before.");
        for below in ["sharing", "delegation", "entries/new", "closure"] {
            let page = cast.lead.get(&format!("{url}/{below}")).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{below}");
        }

        // Ended: a new key for what is written from now on, wrapped to those who remain.
        let readers = cast.head.get(&format!("{url}/readers")).await;
        let form = cast.head.get(&readers.link("End Lena Lead’s access")).await;
        cast.head
            .submit(&form, "End the access", &[("reason", "It is settled.")])
            .await
            .says("Who can see this");
        assert_eq!(cast.lead.get(&url).await.status, StatusCode::NOT_FOUND);
        written(&mut cast.head, &url, "Written after.")
            .await
            .says("Written before.")
            .says("Written after.");
        let keys = app
            .count(
                "select count(*) as count from record_key_earlier where record like 'incident:%'",
            )
            .await;
        assert_eq!(keys, 1);
        let wrapped = format!(
            "select count(*) as count from record_key_reader where person = '{}'",
            cast.lead.id()
        );
        assert_eq!(app.count(Box::leak(wrapped.into_boxed_str())).await, 0);
        let again = cast.head.get(&format!("{url}/readers")).await;
        assert!(!again.has_link("End Lena Lead’s access"));
    });
}

#[test]
fn a_delegation_ends_by_itself() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let url = newest(&app).await;
        delegated(&mut cast.head, &url, cast.lead.id(), "1").await;
        app.at("2026-10-01T23:00:00+01:00");
        let mut lead = app.as_person(cast.lead.id()).await;
        assert_eq!(lead.get(&url).await.status, StatusCode::OK);
        app.at("2026-10-02T00:00:01+01:00");
        let mut lead = app.as_person(cast.lead.id()).await;
        assert_eq!(lead.get(&url).await.status, StatusCode::NOT_FOUND);
        assert!(!lead.get("/incidents").await.html().contains(&url));
        // On the day before, they could.
        let mut head = app.as_person(cast.head.id()).await;
        let then = head
            .get(&format!("{url}/readers?on-day=1&on-month=10&on-year=2026"))
            .await;
        then.says("Who could see this on 1 October 2026")
            .says("Lena Lead");
        let now = head.get(&format!("{url}/readers")).await;
        assert!(!now.text().contains("it was delegated to them"));
    });
}

#[test]
fn sealed_cases_are_handed_to_the_next_head_and_never_one_about_a_head() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let url = newest(&app).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        let about_head = newest(&app).await;
        let new = app.person("Nora Next", Standing::Staff, &[]).await;
        appointed(&app, new, Post::Headteacher).await;
        let mut next = app.as_person(new).await;
        assert_eq!(next.get(&url).await.status, StatusCode::NOT_FOUND);
        let list = cast.head.get("/incidents/handing-over").await;
        let form = cast.head.get(&list.link("Hand it over")).await;
        let to = new.to_string();
        cast.head
            .submit(
                &form,
                "Hand over the case",
                &[("person", &to), ("note", "Read the report first.")],
            )
            .await
            .says("it was handed over to them");
        next.get(&url)
            .await
            .says("Something upsetting was sent round.");
        next.get("/incidents")
            .await
            .says("Concern about a member of staff");
        // The former head may leave: the case stays readable.
        left(&app, cast.head.id()).await;
        let case = next.get(&url).await;
        next.submit(&case, "Acknowledge: I have this", &[]).await;
        written(&mut next, &url, "I have read it.")
            .await
            .says("I have read it.");

        let form = cast.chair.get(&format!("{about_head}/handing-over")).await;
        assert!(
            !form.html().contains("Nora Next"),
            "a head takes no case about a head"
        );
        let refused = cast
            .chair
            .submit(
                &form,
                "Hand over the case",
                &[("person", &to), ("note", "Yours.")],
            )
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(next.get(&about_head).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_case_whose_readers_have_left_moves_on_or_is_taken_up_with_the_kit() {
    on_each_engine(JUNIOR, async |app| {
        let chance = &mut ForVault(&*app.school.chance);
        let kit = Kit::new(chance);
        let [first, second, _] = kit.split(chance);
        told(
            &app,
            vec![
                sql("update recovery_kit set recipient = $1 where retired_at is null")
                    .bind(kit.recipient().to_string()),
            ],
        )
        .await;
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let url = newest(&app).await;
        let case = cast.head.get(&url).await;
        cast.head
            .submit(&case, "Acknowledge: I have this", &[])
            .await;
        left(&app, cast.head.id()).await;
        jobs::work_until_idle(&app.school).await.expect("the duty");
        // The chair is next in line and holds the key, though it was acknowledged.
        cast.chair
            .get(&url)
            .await
            .says("Something upsetting was sent round.");
        assert_eq!(
            notices_of(&app, "incident-moved-on", cast.chair.id()).await,
            1
        );

        left(&app, cast.chair.id()).await;
        app.at("2026-09-23T11:00:00+01:00");
        jobs::work_until_idle(&app.school).await.expect("the duty");
        // The vice-chair stands at the end of the line and holds the key as well.
        let vice = cast.vice.id();
        assert_eq!(notices_of(&app, "incident-moved-on", vice).await, 1);
        let governor = app
            .signed_in("Gita Governor", &[Post::SafeguardingGovernor])
            .await
            .id();
        left(&app, vice).await;
        app.at("2026-09-23T12:30:00+01:00");
        jobs::work_until_idle(&app.school).await.expect("the duty");
        assert_eq!(
            notices_of(&app, "incident-without-reader", governor).await,
            1
        );
        assert_eq!(
            notices_of(&app, "incident-without-reader", cast.lead.id()).await,
            0
        );
        let mut governor = app.as_person(governor).await;
        assert_eq!(governor.get(&url).await.status, StatusCode::NOT_FOUND);
        for person in [cast.lead.id(), cast.other.id(), cast.technician.id()] {
            let mut client = app.as_person(person).await;
            let page = client.get(&format!("{url}/recovery")).await;
            assert_ne!(page.status, StatusCode::OK);
        }
        let form = governor.get(&format!("{url}/recovery")).await;
        form.says("Fetch any two of the three printed sheets");
        let wrong = governor
            .submit(
                &form,
                "Open the case to me",
                &[
                    ("first-sheet", first.text()),
                    ("second-sheet", "XXXXX"),
                    ("reason", "Left."),
                ],
            )
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let case = governor
            .submit(
                &wrong,
                "Open the case to me",
                &[
                    ("first-sheet", first.text()),
                    ("second-sheet", second.text()),
                    ("reason", "Both have left."),
                ],
            )
            .await;
        case.says("Something upsetting was sent round.")
            .says("Both have left.");
        let gone = governor.get(&format!("{url}/recovery")).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn opening_what_is_restricted_asks_again_who_one_is_and_reporting_never_does() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let sealed = newest(&app).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let pupils = newest(&app).await;
        let later = |minutes: i64| app.clock.advance_ms(minutes * 60_000);
        let mut head = app.as_person(cast.head.id()).await;
        for _ in 0..7 {
            later(9);
            assert_eq!(head.get("/").await.status, StatusCode::OK);
        }
        assert_eq!(head.get(&pupils).await.status, StatusCode::OK);
        assert_eq!(head.get("/reports/new").await.status, StatusCode::OK);
        let before = app.journal().await.len();
        let asked = head.get(&sealed).await;
        let to = asked.location.expect("somewhere to go");
        assert!(to.starts_with("/step-up"), "{to}");
        assert_eq!(app.journal().await.len(), before, "nothing was opened yet");
        let form = head.get(&to).await;
        let case = head
            .submit(&form, "Continue", &[("password", crate::testing::PASSWORD)])
            .await;
        case.says("Something upsetting was sent round.");
    });
}

#[test]
fn low_level_concerns_have_a_list_of_their_own_and_a_pattern_for_the_head_alone() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let mut urls = Vec::new();
        for about in ["Oscar Other", "Oscar Other", "Nils Network"] {
            app.clock.advance_ms(1);
            report(&mut cast.teacher, &[(about, "alleged")], "no").await;
            let url = newest(&app).await;
            let id = url.rsplit('/').next().expect("an id").to_owned();
            let lowered =
                sql("update incident set kind = 'low-level-concern' where id = $1").bind(id);
            told(&app, vec![lowered]).await;
            urls.push(url);
        }
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let everything = cast.head.get("/incidents").await;
        let own = cast.head.get("/incidents?show=low-level").await;
        for url in &urls {
            assert!(
                !everything.html().contains(url.as_str()),
                "mixed with pupils’ cases"
            );
            assert!(own.html().contains(url.as_str()));
        }
        assert!(!own.text().contains("Pupil’s welfare"));
        let pattern = cast.head.get("/incidents/low-level").await;
        pattern
            .says("One adult has more than one low-level concern")
            .says("Oscar Other");
        for client in [
            &mut cast.lead,
            &mut cast.chair,
            &mut cast.other,
            &mut cast.technician,
            &mut cast.coordinator,
        ] {
            let page = client.get("/incidents/low-level").await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
            let list = client.get("/incidents?show=low-level").await;
            assert!(urls.iter().all(|url| !list.html().contains(url.as_str())));
        }
    });
}

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
            .replace("{entry}", id)
            .replace("{action}", id);
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
        "/incidents",
        "/incidents?show=mine",
        "/incidents?show=overdue",
        "/incidents?show=closed",
        "/incidents?show=low-level",
        "/incidents/low-level",
        "/incidents/handing-over",
        "/incidents/emergency-sights",
        "/journal",
    ] {
        let page = client.get(list).await;
        assert!(!page.html().contains(id), "{list} after {after}");
    }
    assert_eq!(
        notices_about(app, person).await,
        0,
        "a notice after {after}"
    );
}

async fn notices_about(app: &TestSchool, person: PersonId) -> i64 {
    let mut records = app.school.database.read().await.expect("records");
    sql("select count(*) as count from notice where person = $1 and object like 'incident%'")
        .bind(person.to_string())
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

#[test]
fn no_sequence_of_acts_lets_a_subject_see_their_own_case() {
    // Orders drawn once, so that each kind of step comes early in one and late in another.
    for order in [
        [0, 1, 2, 3, 4, 5, 6, 7],
        [4, 5, 3, 2, 1, 0, 6, 7],
        [5, 4, 6, 0, 2, 3, 1, 7],
    ] {
        on_each_engine(JUNIOR, async |app| {
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
        });
    }
}
