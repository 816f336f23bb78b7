//! A named person's word for a clause that no record proves.

use belisha_policy::Post;

use crate::testing::{JUNIOR, on_each_engine};

const CLAUSE: &str = "/policy/clauses/kinds-of-use";

#[test]
fn a_word_is_shown_as_a_word_until_it_runs_out() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let page = head.get(CLAUSE).await;
        page.says("Stated").says("words only");
        let form = head.get(&page.link("Give your word for this clause")).await;
        let fields = [
            ("says", "I read all three codes aloud in assembly."),
            ("until-day", "1"),
            ("until-month", "7"),
            ("until-year", "2027"),
        ];
        let shown = head.submit(&form, "Give my word", &fields).await;
        shown
            .says("Attested by Hana Head on 23 September 2026")
            .says("I read all three codes aloud");
        assert!(!shown.text().contains("Measured"));
        // Sent twice, it is given once.
        head.submit(&form, "Give my word", &fields).await;
        assert_eq!(
            app.count("select count(*) as count from policy_attestation")
                .await,
            1
        );
        assert!(app.journal().await.contains(&"policy.attested".to_owned()));
        app.at("2027-07-02T09:00:00+01:00");
        let mut head = app.as_person(head.id()).await;
        head.get(CLAUSE)
            .await
            .says("Stated")
            .says("Ran out on 1 July 2027");
    });
}

#[test]
fn what_is_typed_wrongly_is_kept_and_said() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let form = head.get(&format!("{CLAUSE}/attestation")).await;
        let mut check = async |day: &str, year: &str, says: &str, expected: &str| {
            let page = head
                .submit(
                    &form,
                    "Give my word",
                    &[
                        ("says", says),
                        ("until-day", day),
                        ("until-month", "7"),
                        ("until-year", year),
                    ],
                )
                .await;
            assert_eq!(page.status, 422);
            assert!(
                page.errors().iter().any(|error| error.contains(expected)),
                "{:?}",
                page.errors()
            );
            assert_eq!(page.field("until-year"), year);
        };
        check("1", "2027", " ", "Say how you know").await;
        check("31", "2028", "Seen.", "within the next 12 months").await;
        check("1", "2026", "Seen.", "still to come").await;
        check("40", "2027", "Seen.", "real date").await;
    });
}

#[test]
fn staff_give_no_word_and_a_measured_clause_takes_none() {
    on_each_engine(JUNIOR, async |app| {
        let mut teacher = app.signed_in("Tom Teacher", &[]).await;
        assert!(!teacher.get(CLAUSE).await.has_link("Give your word"));
        assert_eq!(
            teacher.get(&format!("{CLAUSE}/attestation")).await.status,
            403
        );
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let page = head
            .get("/policy/clauses/leaving-a-computer/attestation")
            .await;
        assert_eq!(page.status, 403);
        page.says("needs nobody’s word");
        assert_eq!(
            head.get("/policy/clauses/none/attestation").await.status,
            404
        );
    });
}
