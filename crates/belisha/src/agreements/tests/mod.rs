//! Agreements as people meet them, on each engine.

mod copies;
mod due;
mod lists;
mod signing;

use belisha_policy::controls::agreement;
use belisha_policy::{Assurance, Standing};
use belisha_rules::ids::PersonId;

use super::look::look;
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::testing::{Client, Page, TestSchool};

/// A person of the staff who owes what the policy asks of them, signed in.
async fn teacher(app: &TestSchool, name: &str) -> Client {
    let client = app.signed_in(name, &[]).await;
    owe(app).await;
    client
}

/// The look at who owes what.
async fn owe(app: &TestSchool) {
    look(&app.school).await.expect("the look");
}

/// Reads the agreement and signs it in this name.
async fn sign_as(client: &mut Client, name: &str) -> Page {
    let page = client.get("/agreements/staff/sign").await;
    client
        .submit(
            &page,
            "Sign the agreement",
            &[
                ("full-name", name),
                ("post", "Class teacher"),
                ("policy-read", "yes"),
                ("agree", "yes"),
            ],
        )
        .await
}

/// How the agreement's clause counts each person today: `met`, `due` or `not-met`.
async fn evidence(app: &TestSchool) -> Vec<String> {
    let Assurance::Counted(query) = agreement::CONTROL.assurance else {
        panic!("an agreement is counted");
    };
    let mut records = app.school.database.read().await.expect("records");
    sql(query.sql)
        .bind("staff")
        .bind(app.school.today())
        .all(&mut records)
        .await
        .expect("evidence")
        .iter()
        .map(|row| row.get("standing").expect("a standing"))
        .collect()
}

/// Brings a changed text into force, as an approval does, and works out who owes what.
async fn bring_into_force(app: &TestSchool, number: i64, old: &str, new: &str) {
    let read = |text| belisha_policy::parse(text).expect("a policy");
    let mut tx = app
        .school
        .write(Actor::School("set-up"))
        .await
        .expect("a transaction");
    let (now, today, id) = (tx.now(), tx.today(), app.school.new_row_id());
    tx.run(sql(
        "update policy_version set state = 'superseded' where state = 'in-force'",
    ))
    .await
    .expect("a row");
    tx.run(
        sql(
            "insert into policy_version (id, number, text, pack, state, revision, made_at, made_by,
                                         in_force_on, reviewed_on, next_review_on)
             values ($1, $2, $3, 'test', 'in-force', 1, $4, 'system:set-up', $5, $5, null)",
        )
        .bind(&id)
        .bind(number)
        .bind(new)
        .bind(now)
        .bind(today),
    )
    .await
    .expect("a row");
    super::versions_changed(&mut tx, &read(old), &read(new))
        .await
        .expect("who owes what");
    tx.commit(Entry::of(
        EntryKind::PolicyInForce,
        Object::new("policy", id),
    ))
    .await
    .expect("a commit");
}

/// Changes one column of a person, as the register does, and tells agreements.
async fn ends_on(app: &TestSchool, person: PersonId, day: &str) {
    let mut tx = app
        .school
        .write(Actor::School("set-up"))
        .await
        .expect("a transaction");
    tx.run_one(
        sql("update person set ends_on = $2 where id = $1")
            .bind(person.to_string())
            .bind(day),
    )
    .await
    .expect("a row");
    super::person_changed(&mut tx, person)
        .await
        .expect("what they owe");
    tx.commit(Entry::of(
        EntryKind::PersonChanged,
        Object::new("person", person),
    ))
    .await
    .expect("a commit");
}

/// A person who is not of the staff.
async fn somebody(app: &TestSchool, name: &str, standing: Standing) -> Client {
    let person = app.person(name, standing, &[]).await;
    owe(app).await;
    app.as_person(person).await
}
