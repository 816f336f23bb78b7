//! The whole table, for those who answer for the school.

use belisha_policy::Post;

use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::testing::{JUNIOR, TestSchool, covers, on_each_engine};

/// So many members of staff owe the staff agreement and have not signed.
async fn owe(app: &TestSchool, people: std::ops::Range<usize>) {
    for number in people {
        let person = app
            .person(
                &format!("Owing {number}"),
                belisha_policy::Standing::Staff,
                &[],
            )
            .await;
        let mut tx = app
            .school
            .write(crate::actor::Actor::School("set-up"))
            .await
            .expect("a transaction");
        tx.run(sql("delete from agreement_due where person = $1").bind(person.to_string()))
            .await
            .expect("a row");
        tx.run(
            sql(
                "insert into agreement_due (person, agreement, due_on, signed_on, until_on, changed_clauses, gate)
                 values ($1, 'staff', '2026-09-02', null, null, '', 'none')",
            )
            .bind(person.to_string()),
        )
        .await
        .expect("a row");
        tx.commit(Entry::of(
            EntryKind::PersonChanged,
            Object::new("person", person),
        ))
        .await
        .expect("a commit");
    }
}

#[test]
fn governors_see_numbers_and_no_names_and_no_small_groups() {
    covers(&["H-112"]);
    on_each_engine(JUNIOR, async |app| {
        owe(&app, 0..3).await;
        let mut governor = app
            .signed_in("Gwen Governor", &[Post::SafeguardingGovernor])
            .await;
        let page = governor.get("/assurance").await;
        assert_eq!(page.status, 200);
        page.says("Fewer than 5 have not signed.")
            .says("clauses are words only");
        assert!(!page.text().contains("Owing"));
        // Each precaution, with its state: the filter, viruses, agreements, training, backups.
        for clause in [
            "filter-blocks",
            "viruses",
            "staff-agreement",
            "regular-training",
            "backups",
        ] {
            let address = format!("\"/policy/clauses/{clause}\"");
            assert!(page.html().contains(&address), "{clause}");
        }
        owe(&app, 3..9).await;
        let page = governor.get("/assurance?status=not-met").await;
        page.says("9 of 9 have not signed.");
        assert!(!page.text().contains("Owing"));
        assert!(
            !page.text().contains("Words only."),
            "the filter leaves the others out"
        );
        let clause = governor.get("/policy/clauses/staff-agreement").await;
        assert!(!clause.text().contains("Owing"), "{}", clause.text());
    });
}

#[test]
fn what_is_not_met_stands_first_in_its_section() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let text = head.get("/assurance").await.text();
        let section = belisha_policy::parse(JUNIOR)
            .expect("a pack")
            .sections()
            .map(|section| format!("{} {}", section.number, section.title))
            .find(|title| {
                let Some(after) = text.rsplit(title.as_str()).next() else {
                    return false;
                };
                after.find("Not met").is_some_and(|at| at < 400)
            });
        assert!(section.is_some(), "a section begins with what is not met");
    });
}
