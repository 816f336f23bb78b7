//! Who owes what, as people start, leave, and versions come into force.

use belisha_policy::{Post, Standing};
use belisha_rules::agreements::{Clauses, Signature, Signer, Signing, shut, standing};
use belisha_rules::calendar::SchoolCalendar;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::super::due::row_of;
use super::super::queries::{Owed, Stands};
use super::{bring_into_force, ends_on, evidence, owe, sign_as, teacher};
use crate::testing::{JUNIOR, PRIMARY, covers, on_each_engine};

#[test]
fn a_new_version_asks_only_those_whose_clauses_changed() {
    on_each_engine(JUNIOR, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        sign_as(&mut ann, "Ann Lee").await;
        // Words that are no part of the agreement: nobody is asked.
        app.at("2026-10-05T09:00:00+01:00");
        let elsewhere = JUNIOR.replace(
            "Agreements suit the reader's age.",
            "Agreements suit each reader's age.",
        );
        assert_ne!(elsewhere, JUNIOR);
        bring_into_force(&app, 2, JUNIOR, &elsewhere).await;
        assert_eq!(evidence(&app).await, ["met"]);
        // Words of one clause of it.
        app.at("2026-10-06T09:00:00+01:00");
        let changed = elsewhere.replace(
            "My private email is on a separate account.",
            "My private email is on another account.",
        );
        assert_ne!(changed, elsewhere);
        bring_into_force(&app, 3, &elsewhere, &changed).await;
        assert_eq!(evidence(&app).await, ["due"]);
        // There are two weeks to sign anew; nobody is shut out meanwhile.
        let mut ann = app.as_person(ann.id()).await;
        let page = ann.get("/agreements/staff/sign").await;
        page.says("Since then these parts of it have changed or are new:");
        assert_eq!(page.html().matches(">Changed<").count(), 1);
        ann.get("/agreements")
            .await
            .says("parts of it have changed since you signed, due by 20 October 2026");
        app.at("2026-10-21T09:00:00+01:00");
        assert_eq!(evidence(&app).await, ["not-met"]);
        let mut ann = app.as_person(ann.id()).await;
        assert!(ann.get("/").await.location.is_some());
        sign_as(&mut ann, "Ann Lee").await;
        assert_eq!(evidence(&app).await, ["met"]);
        // The same words under a further number ask nothing.
        app.at("2026-11-02T09:00:00+00:00");
        bring_into_force(&app, 4, &changed, &changed).await;
        assert_eq!(evidence(&app).await, ["met"]);
    });
}

#[test]
fn a_signature_runs_out_and_a_newcomer_is_not_given_time_by_a_new_version() {
    covers(&["H-084"]);
    on_each_engine(JUNIOR, async |app| {
        let mut ann = teacher(&app, "Ann Lee").await;
        teacher(&app, "Bo Field").await;
        sign_as(&mut ann, "Ann Lee").await;
        assert_eq!(evidence(&app).await, ["met", "due"]);
        // Bo is late on the next day, and stays so under a version with the same words.
        app.at("2026-09-24T09:00:00+01:00");
        assert_eq!(evidence(&app).await, ["not-met", "met"]);
        let elsewhere = JUNIOR.replace(
            "Agreements suit the reader's age.",
            "Agreements suit each reader's age.",
        );
        bring_into_force(&app, 2, JUNIOR, &elsewhere).await;
        owe(&app).await;
        assert_eq!(evidence(&app).await, ["not-met", "met"]);
        // A year on, without anybody doing anything.
        app.at("2027-09-23T09:00:00+01:00");
        assert_eq!(evidence(&app).await, ["not-met", "met"]);
        app.at("2027-09-24T09:00:00+01:00");
        assert_eq!(evidence(&app).await, ["not-met", "due"]);
        owe(&app).await;
        assert_eq!(evidence(&app).await, ["not-met", "due"]);
        app.at("2027-10-12T09:00:00+01:00");
        assert_eq!(evidence(&app).await, ["not-met", "not-met"]);
    });
}

#[test]
fn leavers_owe_nothing_and_each_is_told_once() {
    on_each_engine(PRIMARY, async |app| {
        let ann = teacher(&app, "Ann Lee").await;
        app.person("Pip Pupil", Standing::Pupil, &[]).await;
        owe(&app).await;
        owe(&app).await;
        assert_eq!(
            app.count("select count(*) as count from notice").await,
            1,
            "once, and only those who are asked"
        );
        let looks = app
            .journal()
            .await
            .iter()
            .filter(|kind| *kind == "agreement.owed")
            .count();
        assert_eq!(looks, 1, "one that changes nothing is not recorded");
        ends_on(&app, ann.id(), "2026-09-22").await;
        assert!(evidence(&app).await.is_empty());
    });
}

#[test]
fn a_merged_entry_keeps_its_signature() {
    on_each_engine(PRIMARY, async |app| {
        let mut twice = teacher(&app, "A Lee").await;
        sign_as(&mut twice, "A Lee").await;
        let kept = app
            .person("Ann Lee", Standing::Staff, &[Post::Headteacher])
            .await;
        let mut tx = app
            .school
            .write(crate::actor::Actor::School("set-up"))
            .await
            .expect("a transaction");
        tx.run_one(
            crate::db::sql("update person set merged_into = $2 where id = $1")
                .bind(twice.id().to_string())
                .bind(kept.to_string()),
        )
        .await
        .expect("a row");
        for person in [twice.id(), kept] {
            super::super::person_changed(&mut tx, person)
                .await
                .expect("what they owe");
        }
        tx.commit(crate::entries::Entry::of(
            crate::entries::EntryKind::PersonMerged,
            crate::entries::Object::new("person", kept),
        ))
        .await
        .expect("a commit");
        assert_eq!(evidence(&app).await, ["met"]);
        owe(&app).await;
        assert_eq!(evidence(&app).await, ["met"]);
    });
}

fn days_before(day: Date, days: i64) -> Date {
    day.checked_sub(jiff::ToSpan::days(days)).expect("a day")
}

proptest! {
    /// The table says of any later day what the rules say of it, however long ago it was written.
    #[test]
    fn the_table_says_what_the_rules_say(
        later in 0_i64..900, since_start in 0_i64..900, since_in_force in 0_i64..900,
        signed in proptest::collection::vec((0_i64..900, any::<bool>()), 0..3),
        account in any::<bool>(),
    ) {
        let written = date(2028, 3, 1);
        let looked = days_before(written, -later);
        let (starts, in_force) =
            (days_before(written, since_start), days_before(written, since_in_force));
        let policy = if account { JUNIOR } else { PRIMARY };
        let policy = belisha_policy::parse(policy).expect("a policy");
        let agreement = belisha_rules::agreements::Agreement::all(&policy, in_force)
            .pop()
            .expect("an agreement");
        let signer = Signer {
            standings: [Standing::Staff].into(),
            starts_on: starts,
            ends_on: None,
        };
        let signatures: Vec<Signature> = signed
            .iter()
            .map(|(on, whole)| Signature {
                signed_on: days_before(written, *on),
                clauses: if *whole {
                    agreement.clauses.clone()
                } else {
                    agreement.clauses.iter().skip(1).map(|(id, mark)| (id.clone(), mark.clone())).collect::<Clauses>()
                },
            })
            .collect();
        let calendar = SchoolCalendar::of_england_and_wales();
        let row = row_of(&agreement, &signer, &signatures, written, &calendar).expect("a row");
        let ruled = standing(&agreement, &signer, &signatures, looked, &calendar);
        let owed = Owed {
            of: "staff".into(),
            due_on: row.due_on,
            signed_on: row.signed_on,
            until_on: row.until_on,
            changed: row.changed_clauses.split_whitespace().map(str::to_owned).collect(),
        };
        let expected = match &ruled {
            Signing::NotRequired => unreachable!("they are asked"),
            Signing::Signed { .. } => Stands::Signed,
            Signing::Due { overdue: true, .. } => Stands::Overdue,
            Signing::Due { overdue: false, .. } => Stands::Due,
        };
        prop_assert_eq!(owed.stands(looked), expected);
        // The gate's condition, as the statement in `holds` has it.
        let lapsed = row.signed_on.is_none() || row.until_on.is_some_and(|until| until < looked);
        let never = row.signed_on.is_none() && row.changed_clauses.is_empty();
        let held = never || (row.due_on < looked && lapsed);
        prop_assert_eq!(held, shut(&agreement, &ruled).is_some());
    }
}
