//! The register of requests: from the day one comes to its answer, and who never sees it.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};

use crate::testing::{Client, JUNIOR, PRIMARY, Page, TestSchool, covers, on_each_engine};

struct Cast {
    officer: Client,
    head: Client,
    lead: Client,
    teacher: Client,
    technician: Client,
}

async fn cast(app: &TestSchool) -> Cast {
    app.person("Pip Pupil", Standing::Pupil, &[]).await;
    Cast {
        officer: app
            .signed_in("Olga Officer", &[Post::DataProtectionOfficer])
            .await,
        head: app.signed_in("Hazel Head", &[Post::Headteacher]).await,
        lead: app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await,
        teacher: app.signed_in("Tessa Teacher", &[]).await,
        technician: app.signed_in("Nils Network", &[Post::NetworkManager]).await,
    }
}

const ASKER: &str = "Paula Parent";

async fn recorded(who: &mut Client, kind: &str, about: &str) -> Page {
    let form = who.get(&format!("/data-requests/new/{kind}")).await;
    let mut fields = vec![
        ("received-day", "21"),
        ("received-month", "9"),
        ("received-year", "2026"),
        ("asker", ASKER),
        ("reach", "By letter; she wants it by post"),
        ("words", "Everything about my child."),
    ];
    if !about.is_empty() {
        fields.push(("about", about));
    }
    who.submit(&form, "Save", &fields).await
}

async fn step(who: &mut Client, request: &str, step: &str, day: &str, words: &str) -> Page {
    let form = who.get(&format!("{request}/steps/{step}")).await;
    if form.status != StatusCode::OK {
        return form;
    }
    let fields = [
        ("on-day", day),
        ("on-month", "9"),
        ("on-year", "2026"),
        ("words", words),
    ];
    who.submit(&form, "Save", &fields).await
}

#[test]
fn a_request_has_its_last_day_from_the_check_of_who_asks_to_the_answer() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let officer = &mut cast.officer;
        let form = officer.get("/data-requests/new/subject-access").await;
        form.says("One calendar month");
        let empty = officer.submit(&form, "Save", &[("words", "All.")]).await;
        assert_eq!(empty.errors().len(), 4, "{:?}", empty.errors());
        assert_eq!(empty.field("words"), "All.");
        let page = recorded(officer, "subject-access", "Pip Pupil").await;
        assert_eq!(page.heading(), ASKER);
        page.says("If you do it today, the answer is due by 23 October 2026.")
            .says("Everything about my child.");
        let request = page.path.clone();
        officer.get("/").await.says("request to see data");
        // What does not fit yet is neither offered nor done.
        let early = officer.get(&format!("{request}/steps/sent")).await;
        assert_eq!(early.status, StatusCode::FORBIDDEN);
        early.says("Check first who asks");

        let wrong = step(officer, &request, "identity-checked", "20", "A passport.").await;
        assert!(wrong.errors()[0].contains("must not lie before the request"));
        let page = step(
            officer,
            &request,
            "identity-checked",
            "22",
            "She showed a passport.",
        )
        .await;
        page.says("answer by 22 October 2026")
            .says("She showed a passport.")
            .says("Olga Officer");
        officer.get("/").await.says("to answer by 22 October 2026");
        let twice = officer
            .get(&format!("{request}/steps/identity-checked"))
            .await;
        assert_eq!(twice.status, StatusCode::FORBIDDEN);
        let unmasked = officer.get(&format!("{request}/steps/sent")).await;
        unmasked.says("other people in it were masked");
        let page = step(
            officer,
            &request,
            "extended",
            "23",
            "Much to read. Told by letter.",
        )
        .await;
        page.says("answer by 22 December 2026");
        step(officer, &request, "masked", "23", "Two other pupils.").await;
        let page = step(officer, &request, "sent", "23", "By recorded post.").await;
        page.says("sent on 23 September 2026");
        let again = officer.get(&format!("{request}/steps/refused")).await;
        assert_eq!(again.status, StatusCode::FORBIDDEN);
        assert!(!officer.get("/").await.text().contains("to see data"));
        officer
            .get("/data-requests")
            .await
            .says(ASKER)
            .says("sent on 23 September 2026");
        // Nothing that was written is on the disk as words.
        let plain = app
            .count("select count(*) as count from data_request where cast(sealed_asker as text) like '%Paula%'")
            .await;
        assert_eq!(plain, 0);
        let journal = app.journal().await;
        assert_eq!(journal.last().unwrap(), "data-request.opened");
        assert!(journal.contains(&"data-request.recorded".to_owned()));
        cast.head
            .get("/policy/clauses/subject-access")
            .await
            .says("1 of 1 was answered in time");
    });
}

#[test]
fn each_law_has_its_own_log_and_its_own_clock() {
    covers(&["C-149", "C-031"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let officer = &mut cast.officer;
        recorded(officer, "subject-access", "Pip Pupil").await;
        let page = recorded(officer, "freedom-of-information", "").await;
        // 20 school days from Monday 21 September, without a closed day between.
        page.says("answer by 19 October 2026");
        let request = page.path.clone();
        let identity = officer
            .get(&format!("{request}/steps/identity-checked"))
            .await;
        identity.says("not for a request of this kind");
        let page = step(officer, &request, "refused", "23", "Section 40.").await;
        page.says("refused on 23 September 2026")
            .says("Section 40.");
        let record = recorded(officer, "educational-record", "Pip Pupil").await;
        record.says("answer by 12 October 2026");
        for (kind, lines) in [
            ("subject-access", 1),
            ("educational-record", 1),
            ("freedom-of-information", 1),
        ] {
            let list = officer.get(&format!("/data-requests?kind={kind}")).await;
            assert_eq!(list.text().matches(ASKER).count(), lines, "{kind}");
        }
        // The notice to whoever uses the mailbox stands in what they sign.
        officer
            .get("/policy/clauses/staff-mail-disclosure")
            .await
            .says("freedom of information law");
    });
}

#[test]
fn nobody_works_on_a_request_about_themselves_or_has_no_post_for_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let about_head = recorded(&mut cast.officer, "subject-access", "Hazel Head")
            .await
            .path;
        cast.lead.get(&about_head).await.says(ASKER);
        let missing = cast
            .head
            .get("/data-requests/00000000-0000-4000-8000-000000000000")
            .await;
        let hidden = cast.head.get(&about_head).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        assert_eq!(hidden.text(), missing.text());
        assert!(!cast.head.get("/").await.text().contains("to see data"));
        let list = cast.head.get("/data-requests").await;
        assert!(!list.text().contains(ASKER));
        for who in [&mut cast.teacher, &mut cast.technician] {
            for page in ["/data-requests", "/data-requests/new/subject-access"] {
                let page = who.get(page).await;
                assert_eq!(page.status, StatusCode::NOT_FOUND);
            }
            assert_eq!(who.get(&about_head).await.status, StatusCode::NOT_FOUND);
            let step = who
                .get(&format!("{about_head}/steps/identity-checked"))
                .await;
            assert_eq!(step.status, StatusCode::NOT_FOUND);
        }
        let unknown = cast.officer.get("/data-requests/new/other").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_last_day_is_brought_to_mind_before_it_and_after_it() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let request = recorded(&mut cast.officer, "subject-access", "Hazel Head")
            .await
            .path;
        step(
            &mut cast.officer,
            &request,
            "identity-checked",
            "23",
            "By letter.",
        )
        .await
        .says("answer by 23 October 2026");
        let told = async || {
            crate::jobs::work_until_idle(&app.school)
                .await
                .expect("the work is done");
            let of = |who: &Client| who.id().to_string();
            let mut unread = Vec::new();
            for who in [of(&cast.officer), of(&cast.lead), of(&cast.head)] {
                let mut records = app.school.database.read().await.expect("a connection");
                let rows = crate::db::sql(
                    "select urgent from notice
                     where kind = 'data-request-due' and person = $1 and read_at is null",
                )
                .bind(who)
                .all(&mut records)
                .await
                .expect("rows");
                let urgent = |row: &crate::db::Row| row.get::<bool>("urgent").expect("a word");
                unread.push(rows.iter().map(urgent).collect::<Vec<_>>());
            }
            unread
        };
        let nobody: [Vec<bool>; 3] = [vec![], vec![], vec![]];
        app.at("2026-10-15T09:00:00Z");
        assert_eq!(told().await, nobody);
        // The headteacher, whom it is about, hears nothing of it.
        app.at("2026-10-16T09:00:00Z");
        assert_eq!(told().await, [vec![false], vec![false], vec![]]);
        app.at("2026-10-17T09:00:00Z");
        assert_eq!(told().await, [vec![false], vec![false], vec![]]);
        app.at("2026-10-24T09:00:00Z");
        let late = told().await;
        assert!(
            late[0].contains(&true) && late[1].contains(&true),
            "{late:?}"
        );
        assert_eq!(late[2], Vec::<bool>::new());
        let reminded = app.journal().await;
        let times = reminded
            .iter()
            .filter(|entry| *entry == "data-request.reminded")
            .count();
        assert_eq!(times, 2);
        let mut officer = app.as_person(cast.officer.id()).await;
        step(
            &mut officer,
            &request,
            "masked",
            "23",
            "Nobody else is in it.",
        )
        .await;
        step(&mut officer, &request, "sent", "24", "By post.").await;
        assert_eq!(told().await, nobody);
    });
}

#[test]
fn two_people_of_one_name_are_told_apart() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let second = app.person("Pip  Pupil", Standing::Parent, &[]).await;
        let mut tx = app
            .school
            .write(crate::actor::Actor::School("test"))
            .await
            .expect("a transaction");
        tx.run(
            crate::db::sql("update person set sort_name = 'pip pupil' where id = $1")
                .bind(second.to_string()),
        )
        .await
        .expect("a row");
        tx.commit(crate::entries::Entry::of(
            crate::entries::EntryKind::PersonChanged,
            crate::entries::Object::new("test", "1"),
        ))
        .await
        .expect("a commit");
        let officer = &mut cast.officer;
        let unclear = recorded(officer, "subject-access", "Pip Pupil").await;
        assert_eq!(unclear.errors(), ["Choose who is meant"]);
        let saved = officer
            .submit(&unclear, "Save", &[("meant", &second.to_string())])
            .await;
        assert_eq!(saved.heading(), ASKER);
        let known = app
            .count("select count(*) as count from data_request where person is not null")
            .await;
        assert_eq!(known, 1);
    });
}
