//! The clause page: status, evidence, why, and past days.

use belisha_policy::Post;

use crate::testing::{JUNIOR, on_each_engine};

#[test]
fn an_enforced_clause_says_so_and_shows_its_sentence() {
    on_each_engine(JUNIOR, async |app| {
        let mut teacher = app.signed_in("Tom Teacher", &[]).await;
        let page = teacher.get("/policy/clauses/leaving-a-computer").await;
        page.says("Enforced")
            .says("The screen locks after 10 minutes")
            .says("The network manager answers for it.");
        assert_eq!(teacher.get("/policy/clauses/nothing").await.status, 404);
    });
}

#[test]
fn a_counted_clause_goes_from_not_met_to_met_and_shows_why() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let (post, clause) = a_post_without_deputy();
        head.get(&clause)
            .await
            .says("Not met")
            .says("Measured")
            .says("1 of 1 is empty.")
            .says("Nobody holds this post");
        app.signed_in("Olu Holder", &[post]).await;
        let page = head.get(&clause).await;
        page.says("Olu Holder")
            .says("1 of 1 is filled.")
            .says("23 September 2026");
        assert!(!page.text().contains("Not met"));
    });
}

#[test]
fn names_are_for_those_who_may_see_the_records() {
    on_each_engine(JUNIOR, async |app| {
        let mut teacher = app.signed_in("Tom Teacher", &[]).await;
        let mut technician = app.signed_in("Nell Network", &[Post::NetworkManager]).await;
        let clause = format!("/policy/clauses/{}", clause_with("second-factor"));
        technician
            .get(&clause)
            .await
            .says("Nell Network")
            .says("1 of 1 has a second factor");
        let page = teacher.get(&clause).await;
        page.says("Met")
            .says("The numbers are for those who answer for the school.");
        assert!(!page.text().contains("Nell"));
    });
}

/// A post that a clause of the junior pack names without a deputy, and that clause.
fn a_post_without_deputy() -> (Post, String) {
    use belisha_policy::controls::named_post;
    let policy = belisha_policy::parse(JUNIOR).expect("a pack");
    let bound = policy
        .all(&named_post::CONTROL)
        .find(|bound| {
            !bound.get(&named_post::DEPUTY) && bound.get(&named_post::POST) != Post::Headteacher
        })
        .expect("such a post");
    (
        bound.get(&named_post::POST),
        super::super::clause::url(&bound.clause),
    )
}

#[test]
fn a_past_day_is_counted_where_records_know_it_and_said_not_to_be_known_where_not() {
    on_each_engine(JUNIOR, async |app| {
        let head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let (post, clause) = a_post_without_deputy();
        app.at("2026-09-25T09:00:00+01:00");
        app.signed_in("Olu Holder", &[post]).await;
        let mut head = app.as_person(head.id()).await;
        head.get(&clause).await.says("Olu Holder");
        let then = "?on-day=24&on-month=9&on-year=2026";
        head.get(&format!("{clause}{then}"))
            .await
            .says("as it stood on 24 September 2026")
            .says("Not met");
        let factor = format!("/policy/clauses/{}{then}", clause_with("second-factor"));
        head.get(&factor).await.says("cannot be told");
        let check = async |head: &mut crate::testing::Client, asked: &str, says: &str| {
            let page = head.get(&format!("{clause}?{asked}")).await;
            assert!(page.status == 422 || page.status == 403, "{asked}");
            page.says(says);
        };
        check(
            &mut head,
            "on-day=30&on-month=2&on-year=2026",
            "Enter a real date",
        )
        .await;
        check(
            &mut head,
            "on-day=1&on-month=1&on-year=2027",
            "Enter today’s date or an earlier one",
        )
        .await;
        check(
            &mut head,
            "on-day=1&on-month=1&on-year=2020",
            "No policy was in force on that day",
        )
        .await;
    });
}

fn clause_with(control: &str) -> String {
    belisha_policy::parse(JUNIOR)
        .expect("a pack")
        .controls()
        .find(|bound| bound.control().key == control)
        .expect("the pack sets it")
        .clause
        .clone()
}
