//! A school starts with a pack, once.

use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::policies::{adopt, pack, packs};
use crate::problem::Problem;
use crate::testing::{JUNIOR, on_each_engine};

#[test]
fn every_pack_reads_and_is_ready() {
    for pack in packs() {
        let policy = belisha_policy::parse(pack.text).unwrap_or_else(|f| panic!("{f:?}"));
        assert_eq!(policy.ready(), Ok(()), "{}", pack.key);
    }
    assert!(pack("junior").is_some() && pack("none").is_none());
}

#[test]
fn a_pack_is_adopted_with_its_approvals_and_only_once() {
    on_each_engine(JUNIOR, async |app| {
        let school = &app.school;
        let act = async || {
            school
                .write(Actor::School("set-up"))
                .await
                .expect("a transaction")
        };
        let mut tx = act().await;
        assert!(matches!(
            adopt(&mut tx, &packs()[0], "FGB 12").await,
            Err(Problem::Refused(_))
        ));
        drop(tx);
        let mut tx = act().await;
        tx.run(sql("delete from policy_version")).await.unwrap();
        let id = adopt(&mut tx, &packs()[1], " FGB 12 ").await.unwrap();
        tx.commit(Entry::of(
            EntryKind::PolicyInForce,
            Object::new("policy-version", id),
        ))
        .await
        .unwrap();
        let mut records = school.database.read().await.unwrap();
        let in_force = school.in_force(&mut records).await.unwrap();
        assert_eq!((in_force.id, in_force.number), (id, 1));
        let steps: Vec<String> = sql("select approver from policy_approval
             where decision = 'approved' and minute = 'FGB 12' order by approver")
        .all(&mut records)
        .await
        .unwrap()
        .iter()
        .map(|row| row.get("approver").unwrap())
        .collect();
        let chain = belisha_rules::policies::Chain::of(&in_force.policy, None).unwrap();
        assert_eq!(steps.len(), chain.steps.len());
        assert!(!steps.is_empty());
    });
}
