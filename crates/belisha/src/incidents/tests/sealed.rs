//! Cases about adults: what the disk and the key file open without a person's key, and
//! how an alert moves on when nobody is there.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing, Word as _};

use super::{cast, newest, report};
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::incidents::queries::{object, report_object};
use crate::jobs;
use crate::problem::Problem;
use crate::records;
use crate::testing::{JUNIOR, PRIMARY, TestSchool, covers, on_each_engine};

#[test]
fn without_a_persons_key_nothing_of_a_case_about_an_adult_opens() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        let mut records = app.school.database.read().await.expect("records");
        let row = sql(
            "select incident.id, report.id as report, report.sealed_words,
                    incident_action.sealed_words as sealed_action
             from incident join report on report.incident = incident.id
             join incident_action on incident_action.incident = incident.id",
        )
        .one(&mut records)
        .await
        .expect("a case with its task");
        let incident = row
            .read("id", |text| text.parse().ok())
            .expect("an incident");
        let id = row
            .read("report", |text| text.parse().ok())
            .expect("a report");
        for name in [object(incident), report_object(id)] {
            let opened = records::open_for_duty(&mut records, &app.school, &name).await;
            assert!(matches!(opened, Err(Problem::NotFound)), "{name:?}");
            let key = sql("select tier, wrapped from record_key where record = $1")
                .bind(name.as_str())
                .one(&mut records)
                .await
                .expect("a key");
            assert_eq!(key.get::<i64>("tier").expect("a tier"), 3);
            assert_eq!(key.get::<Option<Vec<u8>>>("wrapped").expect("bytes"), None);
        }
        // The school's own key opens none of the wrapped keys.
        let settings = app.school.settings();
        let wrapped = sql("select record, wrapped from record_key_reader
             union all select record, wrapped_for_recovery from record_key where tier = 3")
        .all(&mut records)
        .await
        .expect("keys");
        assert!(wrapped.len() >= 6, "{}", wrapped.len());
        for row in wrapped {
            let record: String = row.get("record").expect("a record");
            let (kind, id) = record.split_once(':').expect("a kind and an id");
            let place = belisha_vault::Record {
                school: &settings.id,
                kind,
                id,
            };
            let bytes: Vec<u8> = row.get("wrapped").expect("bytes");
            assert!(app.school.key_file.keys().unwrap(&bytes, &place).is_err());
        }
        for column in ["sealed_words", "sealed_action"] {
            let sealed: Vec<u8> = row.get(column).expect("bytes");
            let words = b"upsetting";
            assert!(!sealed.windows(words.len()).any(|part| part == words));
        }
    });
}

#[test]
fn a_concern_about_the_headteacher_asks_for_the_designated_officer() {
    covers(&["H-118", "H-117"]);
    for pack in [JUNIOR, PRIMARY] {
        on_each_engine(pack, async |app| {
            let mut cast = cast(&app).await;
            report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
            let url = newest(&app).await;
            let case = cast.chair.get(&url).await;
            // Reported on Wednesday 23 September; one working day later.
            case.says("contact by 24 September 2026");
            case.says("Contact the local authority designated officer");
            case.says("Record the contact with the local authority designated officer.");
            let case = cast
                .chair
                .submit(&case, "Acknowledge: I have this", &[])
                .await;
            let form = cast.chair.get(&case.link("Complete this")).await;
            let done = cast
                .chair
                .submit(&form, "It is done", &[("outcome", "Spoke to the officer.")])
                .await;
            done.says("contacted 23 September 2026");
            assert!(!done.text().contains("Record the contact with"));
        });
    }
}

#[test]
fn an_alert_that_nobody_answers_moves_on_with_its_key() {
    covers(&["C-012"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        let url = newest(&app).await;
        assert_eq!(cast.vice.get(&url).await.status, StatusCode::NOT_FOUND);
        cast.vice
            .get("/incidents")
            .await
            .says("There is no open case that you can read");
        app.at("2026-09-23T12:50:00+01:00");
        let mut vice = app.as_person(cast.vice.id()).await;
        jobs::work_until_idle(&app.school).await.expect("the duty");
        assert_eq!(vice.get(&url).await.status, StatusCode::NOT_FOUND);
        app.at("2026-09-23T12:56:00+01:00");
        jobs::work_until_idle(&app.school).await.expect("the duty");
        // Wrapped when the report was sent: the vice-chair opens it, and nobody was there.
        let case = vice.get(&url).await;
        case.says("Something upsetting was sent round.");
        case.says("Told the next person, because nobody had answered");
        assert!(case.has_button("Acknowledge: I have this"));
        vice.get("/incidents?show=overdue").await.says("Overdue");
        assert_eq!(
            app.count(
                "select count(*) as count from notice where kind = 'incident-moved-on' and urgent"
            )
            .await,
            1
        );
        assert!(
            app.journal()
                .await
                .contains(&"incident.moved-on".to_owned())
        );
    });
}

#[test]
fn an_alert_that_was_acknowledged_stays_where_it_is() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        let url = newest(&app).await;
        let case = cast.chair.get(&url).await;
        cast.chair
            .submit(&case, "Acknowledge: I have this", &[])
            .await
            .says("Acknowledged");
        app.at("2026-09-24T20:00:00+01:00");
        jobs::work_until_idle(&app.school).await.expect("the duty");
        let mut vice = app.as_person(cast.vice.id()).await;
        assert_eq!(vice.get(&url).await.status, StatusCode::NOT_FOUND);
        assert!(
            !app.journal()
                .await
                .contains(&"incident.moved-on".to_owned())
        );
    });
}

/// Somebody who was appointed and has not opened their account yet.
async fn take_key(app: &TestSchool, person: belisha_rules::ids::PersonId) {
    let mut tx = app
        .school
        .write(Actor::School("set-up"))
        .await
        .expect("a transaction");
    tx.run(sql("update account set public_key = null where person = $1").bind(person.to_string()))
        .await
        .expect("a change");
    tx.commit(Entry::of(
        EntryKind::PersonChanged,
        Object::new("account", person),
    ))
    .await
    .expect("a commit");
}

#[test]
fn a_reader_without_a_key_is_a_gap_on_the_case() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        take_key(&app, cast.vice.id()).await;
        report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        let url = newest(&app).await;
        cast.chair
            .get(&format!("{url}/readers"))
            .await
            .says("Vera Vice was told and has no account with a key yet");
    });
}

#[test]
fn a_person_merged_or_promoted_stays_blind_to_their_own_case() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let url = newest(&app).await;
        cast.head
            .get(&url)
            .await
            .says("Concern about a member of staff");
        // Oscar becomes head, and his entry turns out to be a duplicate of another.
        let twin = app.person("Oscar O. Other", Standing::Staff, &[]).await;
        let mut tx = app
            .school
            .write(Actor::School("set-up"))
            .await
            .expect("a transaction");
        let (row, today) = (app.school.new_row_id(), tx.today());
        tx.run(
            sql(
                "insert into post_holding (id, post, person, deputy, from_on, until_on)
                 values ($1, $2, $3, false, $4, null)",
            )
            .bind(row)
            .bind(Post::Headteacher.key())
            .bind(twin.to_string())
            .bind(today),
        )
        .await
        .expect("a post");
        tx.run(
            sql("update person set merged_into = $2 where id = $1")
                .bind(cast.other.id().to_string())
                .bind(twin.to_string()),
        )
        .await
        .expect("a merge");
        tx.commit(Entry::of(
            EntryKind::PersonMerged,
            Object::new("person", twin),
        ))
        .await
        .expect("a commit");
        let mut promoted = app.as_person(twin).await;
        assert_eq!(promoted.get(&url).await.status, StatusCode::NOT_FOUND);
        let queue = promoted.get("/incidents").await;
        assert!(!queue.html().contains(&url));
    });
}

#[test]
fn an_extract_of_the_journal_stands_in_the_case_of_the_adult_whom_it_can_clear() {
    covers(&["H-013"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let url = newest(&app).await;
        // Oscar opens a session of his own, and looks at a page; the day before there was none.
        let mut oscar = app.as_person(cast.other.id()).await;
        oscar.get("/").await;
        let head = &mut cast.head;
        let early = head.get(&url).await;
        assert!(!early.has_link("Attach an extract of the journal"));
        super::acknowledged(head, &url).await;
        let case = head.get(&url).await;
        let form = head
            .get(&case.link("Attach an extract of the journal"))
            .await;
        let bare = head.submit(&form, "Attach the extract", &[]).await;
        assert_eq!(
            bare.errors(),
            [
                "Choose whose lines they are",
                "Enter a day such as 27 3 2026",
                "Enter a day up to today, and not before the first",
            ]
        );
        let person = super::choice(&form, "Oscar Other");
        let days = |from: &'static str, until: &'static str| {
            vec![
                ("from-day", from),
                ("from-month", "9"),
                ("from-year", "2026"),
                ("until-day", until),
                ("until-month", "9"),
                ("until-year", "2026"),
            ]
        };
        let mut backwards = days("23", "22");
        backwards.push(("person", &person));
        let wrong = head.submit(&form, "Attach the extract", &backwards).await;
        assert_eq!(
            wrong.errors(),
            ["Enter a day up to today, and not before the first"]
        );
        let mut before = days("20", "22");
        before.push(("person", &person));
        let case = head.submit(&form, "Attach the extract", &before).await;
        case.says("The journal has no entry of these days.");
        let form = head.get(&format!("{url}/extract")).await;
        let mut of_today = days("23", "23");
        of_today.push(("person", &person));
        let case = head.submit(&form, "Attach the extract", &of_today).await;
        case.says("Extract of the journal about Oscar Other, from 23 September 2026")
            .says("signed in")
            .says("(entry ");
        // Nobody else finds it.
        for client in [&mut cast.other, &mut cast.lead, &mut cast.teacher] {
            let page = client.get(&format!("{url}/extract")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
        }
        // A case about pupils has none.
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let pupils = newest(&app).await;
        let page = cast.lead.get(&format!("{pupils}/extract")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn whoever_keeps_the_logs_keeps_them_no_more_while_a_concern_about_them_is_looked_into() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Nils Network", "alleged")], "no").await;
        let url = newest(&app).await;
        let case = cast.head.get(&url).await;
        case.says("Let somebody else look after the filter, its log and the accounts");
        case.says("Complete the 1 action that is still open.");
        assert_eq!(
            cast.technician.get(&url).await.status,
            StatusCode::NOT_FOUND
        );
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let other = newest(&app).await;
        let case = cast.head.get(&other).await;
        assert!(!case.text().contains("Let somebody else look after"));
    });
}
