//! A child tells someone without an account, reads the answer with four words, and writes
//! back; and nobody learns from the pages who is at the school.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};

use super::{cast, newest};
use crate::db::sql;
use crate::testing::{Client, JUNIOR, PRIMARY, Page, TestSchool, covers, on_each_engine};

/// Answers the questions up to the check; each answer may be another.
async fn tell(child: &mut Client, other: &[(&str, &str)]) -> Page {
    let answer = |name: &'static str, value: &'static str| {
        other
            .iter()
            .find(|(given, _)| *given == name)
            .map_or((name, value.to_owned()), |(_, given)| {
                (name, (*given).to_owned())
            })
    };
    let steps = [
        vec![answer("about", "unkind")],
        vec![answer("words", "They wrote nasty things in the game.")],
        vec![answer("when", "today")],
        vec![answer("who", "child"), answer("who-name", "")],
        vec![answer("safe", "yes")],
        vec![answer("adult", "anyone")],
        vec![answer("named", "no"), answer("name", "")],
    ];
    let start = child.get("/tell").await;
    let mut page = child.submit(&start, "Start", &[]).await;
    for fields in steps {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        page = child
            .submit(&page, "Next", &[&fields[..], &[("press", "next")]].concat())
            .await;
    }
    page
}

/// The four words that the page shows.
fn code(sent: &Page) -> String {
    let html = sent.html();
    let list = html
        .split("belisha-code\">")
        .nth(1)
        .and_then(|rest| rest.split("</ol>").next())
        .expect("a code");
    list.replace("<li>", "")
        .replace("</li>", " ")
        .trim()
        .to_owned()
}

async fn read_answer(child: &mut Client, code: &str) -> Page {
    let form = child.get("/tell/answer").await;
    child.submit(&form, "Open", &[("code", code)]).await
}

#[test]
fn a_child_tells_someone_and_reads_the_answer_with_four_words() {
    covers(&["C-179", "C-180", "C-232", "H-093", "H-094"]);
    for pack in [JUNIOR, PRIMARY] {
        on_each_engine(pack, async |app| {
            let mut cast = cast(&app).await;
            let mut child = app.nobody();
            let start = child.get("/tell").await;
            start
                .says("Tell someone")
                .says("Ring 999")
                .says("Why tell? Then a grown-up can make it stop.")
                .says("worrying you or a friend")
                .says("Lena Lead, designated safeguarding lead")
                .says("0800 1111");
            assert!(start.has_link("Exit this page"));
            let check = tell(&mut child, &[]).await;
            check
                .says("Is this right?")
                .says("They wrote nasty things in the game.");
            assert!(check.has_link("Exit this page"));
            let sent = child.submit(&check, "Send it", &[]).await;
            sent.says("You told us. Well done.")
                .says("Do not write back to them");
            let words = code(&sent);
            assert_eq!(words.split(' ').count(), 4, "{words}");
            // Neither the words nor the story stand in an address.
            assert_eq!(sent.path, "/tell/send");

            read_answer(&mut child, &words)
                .await
                .says("There is no answer yet");
            let url = newest(&app).await;
            let handler = if pack == JUNIOR {
                &mut cast.coordinator
            } else {
                &mut cast.head
            };
            let case = handler.get(&url).await;
            case.says("a pupil, without an account")
                .says("They wrote nasty things in the game.")
                .says("bullying online");
            let form = handler.get(&format!("{url}/answer")).await;
            let empty = handler.submit(&form, "Send the answer", &[]).await;
            assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
            let answered = handler
                .submit(
                    &form,
                    "Send the answer",
                    &[(
                        "words",
                        "Thank you for telling us. Come to the library at lunch.",
                    )],
                )
                .await;
            answered
                .says("Messages with whoever reported")
                .says("not read yet");

            let answer = read_answer(&mut child, &words.to_uppercase()).await;
            answer.says("Come to the library at lunch.");
            assert!(!answer.text().contains("Chronology"));
            let back = child
                .submit(&answer, "Send it", &[("words", "I am scared of Friday.")])
                .await;
            back.says("Thank you. We have it.")
                .says("I am scared of Friday.");
            handler
                .get(&url)
                .await
                .says("I am scared of Friday.")
                .says("We wrote; read");
            assert_eq!(
                app.count(
                    "select count(*) as count from notice where kind = 'incident-wrote-back'"
                )
                .await,
                1
            );
            let journal = app.journal().await;
            for entry in [
                "incident.answered",
                "incident.answer-read",
                "incident.wrote-back",
            ] {
                assert!(journal.contains(&entry.to_owned()), "{entry}");
            }
        });
    }
}

#[test]
fn one_question_a_page_asks_again_kindly_and_keeps_what_was_said() {
    on_each_engine(JUNIOR, async |app| {
        let mut child = app.nobody();
        let start = child.get("/tell").await;
        let first = child.submit(&start, "Start", &[]).await;
        first.says("Question 1 of 7").says("What happened?");
        let again = child.submit(&first, "Next", &[("press", "next")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        again.says("Choose one picture");
        let second = child
            .submit(&again, "Next", &[("about", "else"), ("press", "next")])
            .await;
        let wordless = child.submit(&second, "Next", &[("press", "next")]).await;
        wordless.says("Write a word or two");
        let third = child
            .submit(&second, "Next", &[("words", "مرحبا 🙂"), ("press", "next")])
            .await;
        third.says("When was it?");
        let back = child.submit(&third, "Go back", &[("press", "back")]).await;
        assert_eq!(back.field("words"), "مرحبا 🙂");
        // The whole path, and a change of one answer leads back to the check.
        let check = tell(&mut child, &[]).await;
        let change = child
            .submit(&check, "Change “When was it?”", &[("press", "when")])
            .await;
        change.says("When was it?");
        let checked = child
            .submit(&change, "Next", &[("when", "before"), ("press", "next")])
            .await;
        checked.says("Is this right?").says("Before today");
        assert_eq!(app.count("select count(*) as count from report").await, 0);
    });
}

#[test]
fn nothing_of_the_pages_stays_in_the_browser() {
    on_each_engine(JUNIOR, async |app| {
        let mut child = app.nobody();
        let check = tell(&mut child, &[]).await;
        for page in [
            child.get("/tell").await,
            check,
            child.get("/tell/answer").await,
        ] {
            let kept = page.headers["cache-control"].to_str().expect("text");
            assert!(kept.contains("no-store"), "{}", page.path);
            assert!(page.headers.get("set-cookie").is_none(), "{}", page.path);
        }
        let exit = child
            .send(axum::http::Request::get("/exit"), axum::body::Body::empty())
            .await;
        assert_eq!(exit.status, StatusCode::SEE_OTHER);
        assert_eq!(exit.headers["clear-site-data"], "\"cache\"");
        assert!(exit.location.expect("a place").starts_with("https://"));
    });
}

#[test]
fn a_form_sent_twice_shows_the_same_words_and_is_stored_once() {
    on_each_engine(JUNIOR, async |app| {
        cast(&app).await;
        let mut child = app.nobody();
        let check = tell(&mut child, &[]).await;
        let first = child.submit(&check, "Send it", &[]).await;
        let second = child.submit(&check, "Send it", &[]).await;
        assert_eq!(code(&first), code(&second));
        assert_eq!(app.count("select count(*) as count from report").await, 1);
        // The number of the form, from which the words follow, is kept nowhere.
        let number = check.field("submission");
        let mut records = app.school.database.read().await.expect("records");
        for row in sql("select id from submission")
            .all(&mut records)
            .await
            .expect("rows")
        {
            assert!(!row.get::<String>("id").expect("an id").contains(&number));
        }
    });
}

#[test]
fn a_child_who_was_asked_to_meet_reaches_the_lead_at_once() {
    covers(&["C-182", "C-188"]);
    for pack in [JUNIOR, PRIMARY] {
        on_each_engine(pack, async |app| {
            let mut cast = cast(&app).await;
            let mut child = app.nobody();
            let check = tell(&mut child, &[("about", "meet"), ("who", "stranger")]).await;
            child.submit(&check, "Send it", &[]).await;
            let url = newest(&app).await;
            cast.lead
                .get(&url)
                .await
                .says("Child protection")
                .says("asked to meet");
            assert!(
                app.count("select count(*) as count from notice where urgent and kind = 'incident-for-you'")
                    .await
                    >= 1
            );
        });
    }
}

#[test]
fn a_concern_about_a_grown_up_at_school_is_sealed_and_never_reaches_them() {
    let check = |who: &'static str, readers: &'static [&'static str]| {
        on_each_engine(JUNIOR, async |app| {
            let mut cast = cast(&app).await;
            let mut child = app.nobody();
            let page = tell(&mut child, &[("who", "grown-up"), ("who-name", who)]).await;
            // Whoever is meant, the page says the same.
            page.says("If it is about one of them, that one does not see it.");
            let sent = child.submit(&page, "Send it", &[]).await;
            let words = code(&sent);
            let url = newest(&app).await;
            let mut handler = None;
            for (name, client) in [
                ("head", &mut cast.head),
                ("lead", &mut cast.lead),
                ("chair", &mut cast.chair),
                ("vice", &mut cast.vice),
                ("teacher", &mut cast.teacher),
                ("other", &mut cast.other),
            ] {
                let status = client.get(&url).await.status;
                let expected = readers.contains(&name);
                assert_eq!(status == StatusCode::OK, expected, "{who}: {name}");
                if expected {
                    handler = Some(client.clone());
                }
            }
            assert_eq!(
                app.count("select count(*) as count from record_key where tier = 3")
                    .await,
                3,
                "{who}"
            );
            // What is written for the child opens with the words alone, and with no server's key.
            let mut handler = handler.expect("somebody reads it");
            let form = handler.get(&format!("{url}/answer")).await;
            handler
                .submit(
                    &form,
                    "Send the answer",
                    &[("words", "You are safe with me.")],
                )
                .await;
            let answer = read_answer(&mut child, &words).await;
            answer.says("You are safe with me.");
            let back = child
                .submit(&answer, "Send it", &[("words", "Thank you.")])
                .await;
            back.says("Thank you.");
            handler
                .get(&url)
                .await
                .says("They wrote")
                .says("Thank you.");
        });
    };
    check("Mrs Head", &["chair"]);
    check("the headteacher", &["chair"]);
    check("Oscar Other", &["head"]);
    check("", &["head"]);
    check("somebody I cannot name", &["head"]);
    // A first name is enough.
    check("Charles", &["vice"]);
}

#[test]
fn the_grown_up_a_child_chose_is_told_where_they_may_read_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let teacher = app.person("Tara Class", Standing::Staff, &[]).await;
        put_in_class(&app, teacher).await;
        let mut chosen = app.as_person(teacher).await;
        let mut child = app.nobody();
        let id = teacher.to_string();
        let check = tell(&mut child, &[("adult", id.as_str())]).await;
        check.says("Tara Class");
        child.submit(&check, "Send it", &[]).await;
        let url = newest(&app).await;
        chosen
            .get(&url)
            .await
            .says("They wrote nasty things in the game.");
        // About herself it does not reach her, and it does not reach her about a colleague.
        for who in ["Tara Class", "Oscar Other"] {
            let check = tell(
                &mut child,
                &[
                    ("adult", id.as_str()),
                    ("who", "grown-up"),
                    ("who-name", who),
                ],
            )
            .await;
            app.clock.advance_ms(60_000);
            child.submit(&check, "Send it", &[]).await;
            let sealed = newest(&app).await;
            assert_ne!(sealed, url);
            assert_eq!(
                chosen.get(&sealed).await.status,
                StatusCode::NOT_FOUND,
                "{who}"
            );
            assert_eq!(cast.head.get(&sealed).await.status, StatusCode::OK, "{who}");
        }
        // Nobody can be chosen whom the page does not offer.
        let technician = cast.technician.id().to_string();
        let refused = tell(&mut child, &[("adult", technician.as_str())]).await;
        refused.says("Choose one picture");
    });
}

async fn put_in_class(app: &TestSchool, person: belisha_rules::ids::PersonId) {
    let mut tx = app
        .school
        .write(crate::actor::Actor::School("set-up"))
        .await
        .expect("a transaction");
    let class = app.school.new_row_id();
    for statement in [
        sql("insert into class (id, name, year_group) values ($1, 'Oak', '3')").bind(&class),
        sql(
            "insert into class_member (id, class, person, part, from_on, until_on)
             values ($1, $2, $3, 'teacher', '2026-09-01', null)",
        )
        .bind(app.school.new_row_id())
        .bind(&class)
        .bind(person.to_string()),
    ] {
        tx.run(statement).await.expect("a row");
    }
    tx.commit(crate::entries::Entry::of(
        crate::entries::EntryKind::ClassChanged,
        crate::entries::Object::new("class", class),
    ))
    .await
    .expect("a commit");
}

#[test]
fn wrong_words_open_nothing_and_a_guesser_has_to_wait() {
    on_each_engine(JUNIOR, async |app| {
        cast(&app).await;
        let mut child = app.nobody();
        let check = tell(&mut child, &[]).await;
        let words = code(&child.submit(&check, "Send it", &[]).await);
        for wrong in ["", "apple", "apple river seven moon"] {
            let page = read_answer(&mut child, wrong).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            page.says("Those are not the right words");
        }
        let mut tx = app
            .school
            .write(crate::actor::Actor::School("set-up"))
            .await
            .expect("a transaction");
        let hash = app
            .school
            .key_file
            .keys()
            .fingerprint_of_typed_name(b"address 127.0.0.1");
        for _ in 0..40 {
            let (row, now) = (app.school.new_row_id(), tx.now());
            tx.run(
                sql("insert into report_arrival (id, address_hash, kind, at_ms) values ($1, $2, 'code', $3)")
                    .bind(row)
                    .bind(hash.as_slice())
                    .bind(now),
            )
            .await
            .expect("a row");
        }
        tx.commit(crate::entries::Entry::of(
            crate::entries::EntryKind::AccessRefused,
            crate::entries::Object::new("answer-code", "unknown"),
        ))
        .await
        .expect("a commit");
        read_answer(&mut child, &words)
            .await
            .says("Wait five minutes");
        app.clock.advance_ms(5 * 60 * 1000 + 1);
        read_answer(&mut child, &words)
            .await
            .says("There is no answer yet");
        // A code ends, and then looks like one that never was.
        app.at("2027-01-10T10:00:00Z");
        read_answer(&mut child, &words)
            .await
            .says("Those are not the right words");
    });
}

#[test]
fn a_school_that_does_not_open_the_page_sends_a_child_to_a_grown_up() {
    let policy = JUNIOR.replacen(
        "```control tell-someone\nanswered_within",
        "```control tell-someone\npupils = false\nfamilies = false\nanswered_within",
        1,
    );
    on_each_engine(&policy, async |app| {
        app.signed_in("Hazel Head", &[Post::Headteacher]).await;
        let mut child = app.nobody();
        child.get("/tell").await.says("Tell a grown-up you trust");
        child.get("/concern").await.says("takes no reports here");
    });
}
