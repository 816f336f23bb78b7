//! Case work beyond the report: whose hands, parents child by child, sanctions, support,
//! lessons, links, merged reports, and what is brought to mind again.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};

use super::{acknowledged, cast, choice, closed, newest, reference, report, triage};
use crate::db::sql;
use crate::jobs;
use crate::testing::{Client, JUNIOR, PRIMARY, Page, covers, on_each_engine};

async fn told(client: &mut Client, url: &str, child: &str) -> Page {
    let form = client.get(&format!("{url}/parents")).await;
    let child = choice(&form, child);
    client
        .submit(
            &form,
            "Save",
            &[
                ("person", &child),
                ("decision", "informed"),
                ("on-day", "23"),
                ("on-month", "9"),
                ("on-year", "2026"),
                ("words", "Rang home."),
            ],
        )
        .await
}

async fn sanctioned(client: &mut Client, url: &str, step: &str, agreed: &str) -> Page {
    let form = client.get(&format!("{url}/sanctions/new")).await;
    let (person, agreed) = (choice(&form, "Quin Pupil"), choice(&form, agreed));
    client
        .submit(
            &form,
            "Save the decision",
            &[
                ("person", &person),
                ("step", step),
                ("agreed", &agreed),
                ("reason", "It was the first time."),
            ],
        )
        .await
}

async fn supported(client: &mut Client, url: &str, who: &str, decision: &str) -> Page {
    let form = client.get(&format!("{url}/support/new")).await;
    let (person, helper) = (choice(&form, who), choice(&form, "Lena Lead"));
    client
        .submit(
            &form,
            "Save",
            &[
                ("person", &person),
                ("decision", decision),
                ("responsible", &helper),
                ("review-day", "30"),
                ("review-month", "9"),
                ("review-year", "2026"),
                ("words", "A talk each Monday."),
            ],
        )
        .await
}

#[test]
fn parents_sanctions_and_support_are_each_persons_own_and_closing_asks_for_all() {
    covers(&["H-182", "C-121", "C-122"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let who = &[("Pip Pupil", "harmed"), ("Quin Pupil", "alleged")];
        report(&mut cast.teacher, who, "no").await;
        let url = newest(&app).await;
        let lead = &mut cast.lead;
        acknowledged(lead, &url).await;
        triage(lead, &url, "conduct/bullying", "no").await;
        let refused = closed(lead, &url).await;
        refused
            .says("Record that the parents were told")
            .says("for 1 person")
            .says("for 2 people");
        told(lead, &url, "Pip Pupil").await;
        closed(lead, &url)
            .await
            .says("for the parents of 1 child more");
        told(lead, &url, "Quin Pupil").await;

        let alone = sanctioned(lead, &url, "letter", "Lena Lead").await;
        assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
        alone.says("The policy asks that the headteacher agrees");
        assert_eq!(alone.field("reason"), "It was the first time.");
        let case = sanctioned(lead, &url, "letter", "Hazel Head").await;
        case.says("2. a talk with the headteacher and a letter home")
            .says("Hazel Head");
        let nothing = sanctioned(lead, &url, "", "Hazel Head").await;
        nothing.says("Choose what is decided");

        supported(lead, &url, "Pip Pupil", "planned")
            .await
            .says("A talk each Monday.");
        closed(lead, &url).await.says("for 1 person");
        supported(lead, &url, "Quin Pupil", "declined")
            .await
            .says("Declined");
        closed(lead, &url)
            .await
            .says("They made it up.")
            .says("Closed");
        // Somebody who comes second learns who was first.
        let second = closed(&mut cast.deputy, &url).await;
        assert_eq!(second.status, StatusCode::FORBIDDEN);
        second.says("Lena Lead has ended it.");
        // Not for those who may not know of the case.
        for below in [
            "sanctions/new",
            "support/new",
            "lessons/new",
            "assignment",
            "related",
        ] {
            let page = cast.other.get(&format!("{url}/{below}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{below}");
        }
        // On the day of the review, whoever sees to it is reminded, once.
        app.at("2026-09-30T09:00:00+01:00");
        jobs::work_until_idle(&app.school).await.expect("the duty");
        app.at("2026-09-30T11:00:00+01:00");
        jobs::work_until_idle(&app.school).await.expect("the duty");
        let reminded =
            "select count(*) as count from notice where kind = 'incident-support-review'";
        assert_eq!(app.count(reminded).await, 1);
    });
}

#[test]
fn a_case_is_given_into_hands_that_can_work_on_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        acknowledged(&mut cast.coordinator, &url).await;
        let form = cast.coordinator.get(&format!("{url}/assignment")).await;
        // The headteacher reads such a case and does not work on it.
        assert!(!form.html().contains("Hazel Head") && !form.html().contains("Tessa Teacher"));
        let nobody = cast
            .coordinator
            .submit(&form, "Give the case", &[("owner", ""), ("note", "")])
            .await;
        nobody
            .says("Choose somebody")
            .says("Say what they should know");
        let lead = choice(&form, "Lena Lead");
        let case = cast
            .coordinator
            .submit(
                &form,
                "Give the case",
                &[("owner", &lead), ("note", "You know the family.")],
            )
            .await;
        case.says("In the hands of")
            .says("Lena Lead")
            .says("You know the family.");
        let mine = cast.lead.get("/incidents?show=mine").await;
        assert!(mine.html().contains(&url));
        let not_mine = cast.coordinator.get("/incidents?show=mine").await;
        assert!(!not_mine.html().contains(&url));
        let told = "select count(*) as count from notice where kind = 'incident-assigned'";
        assert_eq!(app.count(told).await, 1);
    });
}

#[test]
fn an_action_past_its_day_reminds_its_owner_once() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        acknowledged(&mut cast.coordinator, &url).await;
        let form = cast.coordinator.get(&format!("{url}/actions/new")).await;
        let owner = cast.lead.id().to_string();
        cast.coordinator
            .submit(
                &form,
                "Set the action",
                &[
                    ("words", "Speak to both pupils."),
                    ("owner", &owner),
                    ("due-day", "25"),
                    ("due-month", "9"),
                    ("due-year", "2026"),
                ],
            )
            .await;
        let count = "select count(*) as count from notice where kind = 'incident-action-overdue'";
        app.at("2026-09-25T18:00:00+01:00");
        jobs::work_until_idle(&app.school).await.expect("the duty");
        assert_eq!(app.count(count).await, 0);
        for instant in ["2026-09-26T09:00:00+01:00", "2026-09-27T09:00:00+01:00"] {
            app.at(instant);
            jobs::work_until_idle(&app.school).await.expect("the duty");
        }
        assert_eq!(app.count(count).await, 1);
    });
}

#[test]
fn a_lesson_names_the_clause_that_it_bears_on() {
    covers(&["H-186"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let url = newest(&app).await;
        acknowledged(&mut cast.coordinator, &url).await;
        let form = cast.coordinator.get(&format!("{url}/lessons/new")).await;
        let clause = choice(&form, "Telling parents");
        let case = cast
            .coordinator
            .submit(
                &form,
                "Save",
                &[("words", "Ring the same evening."), ("clause", &clause)],
            )
            .await;
        case.says("What was learnt").says("Ring the same evening.");
        let kept = "select count(*) as count from incident_lesson where clause = 'telling-parents'";
        assert_eq!(app.count(kept).await, 1);
    });
}

#[test]
fn cases_are_linked_for_those_who_may_read_both() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let one = newest(&app).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let other = newest(&app).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Hazel Head", "alleged")], "no").await;
        let hidden = reference(&app, &newest(&app).await).await;
        let form = cast.lead.get(&format!("{one}/links/new")).await;
        let mut pages = Vec::new();
        for typed in [hidden.as_str(), "ZZZZ-ZZZZ"] {
            let fields = [("reference", typed), ("reason", "Both were there.")];
            let page = cast.lead.submit(&form, "Link the two", &fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            pages.push(page.html().replace(typed, ""));
        }
        assert_eq!(pages[0], pages[1], "hidden looks like missing");
        let fields = [
            ("reference", &*reference(&app, &other).await.to_lowercase()),
            ("reason", "Both were there."),
        ];
        let page = cast.lead.submit(&form, "Link the two", &fields).await;
        page.says("linked");
        assert!(page.html().contains(&other));
        let back = cast.lead.get(&format!("{other}/related")).await;
        assert!(back.html().contains(&one));
        let form = cast.lead.get(&format!("{one}/links/new")).await;
        let again = cast.lead.submit(&form, "Link the two", &fields).await;
        assert_eq!(again.status, StatusCode::FORBIDDEN);
        let form = cast.lead.get(&page.link("Remove the link")).await;
        let gone = cast
            .lead
            .submit(
                &form,
                "Remove the link",
                &[("reason", "It was another Quin.")],
            )
            .await;
        assert!(!gone.html().contains(&other));
    });
}

#[test]
fn brothers_and_sisters_are_offered_where_both_may_be_read() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let parent = app.person("Paula Parent", Standing::Parent, &[]).await;
        let mut tx = app
            .school
            .write(crate::actor::Actor::School("set-up"))
            .await
            .expect("a transaction");
        for (id, name) in [("1", "Pip Pupil"), ("2", "Quin Pupil")] {
            tx.run(
                sql("insert into family_tie (id, pupil, adult, relation, household, parental_responsibility,
                                             may_be_contacted, priority)
                     select $1, id, $2, 'mother', '', true, true, 1 from person where name = $3")
                .bind(id)
                .bind(parent.to_string())
                .bind(name),
            )
            .await
            .expect("a tie");
        }
        let object = crate::entries::Object::new("family", "test");
        tx.commit(crate::entries::Entry::of(
            crate::entries::EntryKind::FamilyTied,
            object,
        ))
        .await
        .expect("a commit");
        report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
        let one = newest(&app).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Quin Pupil", "harmed")], "no").await;
        let other = newest(&app).await;
        let related = cast.lead.get(&format!("{one}/related")).await;
        related.says("Quin Pupil, brother or sister of Pip Pupil");
        assert!(related.html().contains(&other));
        // The co-ordinator no longer reads the other one: it is not offered.
        let mut tx = app
            .school
            .write(crate::actor::Actor::School("set-up"))
            .await
            .expect("a transaction");
        tx.run(
            sql("delete from incident_reader where incident = $1")
                .bind(other.rsplit('/').next().expect("an id").to_owned()),
        )
        .await
        .expect("a change");
        let object = crate::entries::Object::new("family", "test");
        tx.commit(crate::entries::Entry::of(
            crate::entries::EntryKind::FamilyTied,
            object,
        ))
        .await
        .expect("a commit");
        let related = cast.coordinator.get(&format!("{one}/related")).await;
        assert_eq!(related.status, StatusCode::OK);
        assert!(!related.html().contains(&other) && !related.text().contains("sister of"));
    });
}

async fn merged(client: &mut Client, url: &str, into: &str) -> Page {
    let form = client.get(&format!("{url}/merging")).await;
    let fields = [("reference", into), ("reason", "It was the same evening.")];
    client
        .submit(&form, "Merge into the other case", &fields)
        .await
}

#[test]
fn a_second_report_is_merged_with_all_its_reporters_and_can_be_separated() {
    for pack in [JUNIOR, PRIMARY] {
        on_each_engine(pack, async |app| {
            let mut cast = cast(&app).await;
            report(&mut cast.teacher, &[("Pip Pupil", "harmed")], "no").await;
            let one = newest(&app).await;
            app.clock.advance_ms(60_000);
            report(&mut cast.other, &[("Quin Pupil", "alleged")], "no").await;
            let other = newest(&app).await;
            let into = reference(&app, &one).await;
            let lead = &mut cast.lead;
            let early = merged(lead, &other, &into).await;
            assert_eq!(early.status, StatusCode::FORBIDDEN);
            acknowledged(lead, &one).await;
            acknowledged(lead, &other).await;
            let whole = merged(lead, &other, &into).await;
            assert_eq!(whole.path, one);
            whole
                .says("Tessa Teacher")
                .says("Oscar Other")
                .says("Quin Pupil")
                .says("8:55am")
                .says("8:56am");
            let gone = lead.get(&other).await;
            gone.says("Merged into another case");
            assert!(!gone.has_link("Open the case again") && !gone.has_link("Close the case"));
            assert!(!lead.get("/incidents").await.html().contains(&other));
            let again = merged(lead, &other, &into).await;
            assert_eq!(again.status, StatusCode::FORBIDDEN);
            // Whoever reported the second still has their own report.
            cast.other.get("/reports").await.says("23 September 2026");

            let related = lead.get(&format!("{other}/related")).await;
            related.says("this case was merged into it");
            let form = lead
                .get(&related.link("Separate from the other case"))
                .await;
            let apart = lead
                .submit(&form, "Separate the two", &[("reason", "Another evening.")])
                .await;
            apart.says("Acknowledged");
            let first = lead.get(&one).await;
            assert!(!first.text().contains("Oscar Other"));
            for kind in ["incident.merged", "incident.separated"] {
                assert!(app.journal().await.contains(&kind.to_owned()));
            }
        });
    }
}

#[test]
fn a_subject_of_the_case_that_lives_on_finds_no_trace_of_it_in_one_merged_into_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let delegated = newest(&app).await;
        acknowledged(&mut cast.head, &delegated).await;
        let form = cast.head.get(&format!("{delegated}/delegation")).await;
        let to = cast.lead.id().to_string();
        let delegation = [
            ("person", to.as_str()),
            ("until-day", "1"),
            ("until-month", "10"),
            ("until-year", "2026"),
            ("reason", "She knows the class."),
        ];
        cast.head
            .submit(&form, "Delegate the case", &delegation)
            .await;
        assert_eq!(cast.lead.get(&delegated).await.status, StatusCode::OK);
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Lena Lead", "alleged")], "no").await;
        let about_lead = newest(&app).await;
        let into = reference(&app, &about_lead).await;
        merged(&mut cast.head, &delegated, &into)
            .await
            .says("Oscar Other");
        for url in [&delegated, &about_lead] {
            assert_eq!(cast.lead.get(url).await.status, StatusCode::NOT_FOUND);
        }
        let closed = cast.lead.get("/incidents?show=closed").await;
        assert!(!closed.html().contains(&delegated));
        let form = cast.head.get(&format!("{delegated}/separation")).await;
        cast.head
            .submit(&form, "Separate the two", &[("reason", "Another evening.")])
            .await;
        assert_eq!(cast.lead.get(&delegated).await.status, StatusCode::OK);
    });
}

#[test]
fn merging_two_concerns_about_adults_bars_the_subjects_of_both() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        report(&mut cast.teacher, &[("Oscar Other", "alleged")], "no").await;
        let one = newest(&app).await;
        app.clock.advance_ms(1);
        report(&mut cast.teacher, &[("Lena Lead", "alleged")], "no").await;
        let other = newest(&app).await;
        for url in [&one, &other] {
            acknowledged(&mut cast.head, url).await;
        }
        let into = reference(&app, &one).await;
        merged(&mut cast.head, &other, &into)
            .await
            .says("Lena Lead");
        let form = cast.head.get(&format!("{one}/sharing")).await;
        assert!(!form.html().contains("Lena Lead") && !form.html().contains("Oscar Other"));
        for person in [&mut cast.lead, &mut cast.other] {
            for url in [&one, &other] {
                assert_eq!(person.get(url).await.status, StatusCode::NOT_FOUND);
            }
        }
        // A post that somebody comes to afterwards brings them neither.
        let mut chair = app
            .signed_in("Second Chair", &[Post::ChairOfGovernors])
            .await;
        for url in [&one, &other] {
            assert_eq!(chair.get(url).await.status, StatusCode::NOT_FOUND);
        }
    });
}
