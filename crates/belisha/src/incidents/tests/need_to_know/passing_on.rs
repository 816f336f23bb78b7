//! Delegation, handing over, ending a share, and cases whose readers have left.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};
use belisha_rules::ids::PersonId;
use belisha_vault::Kit;

use super::super::{cast, newest, report};
use super::{appointed, left, notices_of, told};
use crate::clock::ForVault;
use crate::db::sql;
use crate::jobs;
use crate::testing::{Client, JUNIOR, Page, on_each_engine};

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
