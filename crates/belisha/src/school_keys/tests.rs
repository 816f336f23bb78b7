//! A new key for a school that works on.

use std::sync::Arc;

use belisha_policy::Post;
use belisha_vault::KeyFile;

use super::rewrapping::{Kept, Which};
use super::{retirement, rotation};
use crate::actor::Actor;
use crate::backups::restoring::{Restore, restore};
use crate::clock::{ForVault, SeededChance};
use crate::db::{Place, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::Problem;
use crate::records::{self, Tier};
use crate::testing::{JUNIOR, TestSchool, on_each_engine};

/// Records under the school's key, with words in each.
async fn records_of(app: &TestSchool, count: usize) -> Vec<(Object, Vec<u8>)> {
    let mut kept = Vec::with_capacity(count);
    let mut tx = app
        .school
        .write(Actor::School("test"))
        .await
        .expect("a transaction");
    for number in 0..count {
        let object = Object::new("incident", format!("{number:04}"));
        let (open, _) = records::create(&mut tx, &object, &Tier::School)
            .await
            .expect("a record");
        let sealed = open.seal(&app.school, "words", 1, &format!("words {number}"));
        kept.push((object, sealed));
    }
    tx.commit(Entry::of(
        EntryKind::IncidentReported,
        Object::new("test", "records"),
    ))
    .await
    .expect("a commit");
    kept
}

async fn all_open(app: &TestSchool, kept: &[(Object, Vec<u8>)]) {
    let mut connection = app.school.database.read().await.expect("records");
    for (number, (object, sealed)) in kept.iter().enumerate() {
        let open = records::open_for_duty(&mut connection, &app.school, object)
            .await
            .expect("a record");
        let words = open.read("words", 1, sealed).expect("its words");
        assert_eq!(words, format!("words {number}"));
    }
}

async fn left(app: &TestSchool) -> i64 {
    let key = app.school.key_file.keys().current_id();
    let mut connection = app.school.database.read().await.expect("records");
    rotation::left(&mut connection, key).await.expect("a count")
}

/// Everything that lies under the school's key, beside records.
async fn aside(app: &TestSchool) -> crate::testing::Client {
    let mut lead = app
        .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
        .await;
    let kept = lead.post_only("/drafts/report", &[("words", "half")]).await;
    assert_eq!(kept.status, 204);
    app.clock.advance_ms(11 * 60 * 1000);
    lead.post_only("/reports/new", &[("words", "held")]).await;
    lead
}

#[test]
fn a_rotation_that_is_dropped_half_way_goes_on_and_every_record_opens() {
    on_each_engine(JUNIOR, async |app| {
        let kept = records_of(&app, 450).await;
        let lead = aside(&app).await;
        let old = app.school.key_file.keys().current_id();

        let mut rotation = rotation::begin(&app.school).await.expect("a rotation");
        assert!(rotation.is_new);
        assert_ne!(rotation.key, old);
        let first = rotation.step().await.expect("a step").expect("a batch");
        assert_eq!((first.kind, first.rewrapped), (Kept::RecordKeys, 200));
        drop(rotation);
        // Between the two, the school works: old and new open, and what is new lies under the new key.
        all_open(&app, &kept).await;
        assert!(left(&app).await > 0);
        let between = left(&app).await;
        let mut tx = app
            .school
            .write(Actor::School("test"))
            .await
            .expect("a transaction");
        records::create(&mut tx, &Object::new("incident", "new"), &Tier::School)
            .await
            .expect("a record");
        tx.commit(Entry::of(
            EntryKind::IncidentReported,
            Object::new("incident", "new"),
        ))
        .await
        .expect("a commit");
        assert_eq!(left(&app).await, between);
        let refused = retirement::retire(&app.school, &old.to_string()).await;
        let Err(Problem::Refused(refused)) = refused else {
            panic!("an old key that is in use was taken away");
        };
        assert!(refused.why.contains("still lie under"), "{}", refused.why);

        let mut rotation = rotation::begin(&app.school).await.expect("a rotation");
        assert!(!rotation.is_new, "it goes on instead of making a third key");
        let mut done = std::collections::BTreeMap::new();
        while let Some(step) = rotation.step().await.expect("a step") {
            assert!(step.refused.is_empty(), "{step:?}");
            *done.entry(step.kind.key()).or_insert(0) += step.rewrapped;
        }
        assert_eq!(done.get("record-keys"), Some(&250));
        assert_eq!(done.get("drafts"), Some(&1));
        assert_eq!(done.get("held-forms"), Some(&1));
        assert_eq!(done.get("second-factors"), Some(&1));
        assert_eq!(left(&app).await, 0);

        let gone = retirement::retire(&app.school, &old.to_string()).await;
        assert_eq!(gone.expect("the old key"), old);
        assert!(app.school.key_file.keys().old_ids().is_empty());
        all_open(&app, &kept).await;
        let factor = crate::accounts::tests::code_of(&app, lead.id()).await;
        assert_eq!(factor.len(), 6);
        let mut back = app.as_person(lead.id()).await;
        back.get("/kept-form").await.says("held");
        let journal = app.journal().await;
        let count = |kind: &str| journal.iter().filter(|entry| *entry == kind).count();
        assert_eq!(count("keys.rotated"), 1);
        assert_eq!(count("keys.rewrapped"), 6);
        assert_eq!(count("keys.retired"), 1);
    });
}

#[test]
fn a_server_that_runs_takes_up_the_key_that_a_console_made() {
    on_each_engine(JUNIOR, async |app| {
        let kept = records_of(&app, 3).await;
        let path = app.school.key_file.path().to_owned();
        let file = KeyFile::open(&path, &app.school.data).expect("the key file");
        let file = file
            .rotate(&mut ForVault(&SeededChance::new(77)))
            .expect("a new key");
        assert_eq!(
            app.school.key_file.keys().current_id(),
            file.keys().current_id()
        );
        all_open(&app, &kept).await;
        // A file that cannot be used is not taken up, and the keys at hand go on.
        std::fs::write(&path, "not a key file").expect("a file");
        all_open(&app, &kept).await;
        std::fs::remove_file(&path).expect("no file");
        all_open(&app, &kept).await;
    });
}

#[test]
fn what_is_damaged_is_named_and_holds_nothing_up() {
    on_each_engine(JUNIOR, async |app| {
        records_of(&app, 5).await;
        let mut tx = app
            .school
            .write(Actor::School("test"))
            .await
            .expect("a transaction");
        let wrapped: Vec<u8> = sql("select wrapped from record_key where record = 'incident:0001'")
            .one(&mut tx)
            .await
            .expect("a key")
            .get("wrapped")
            .expect("bytes");
        let mut damaged = wrapped;
        damaged[60] ^= 1;
        tx.run(
            sql("update record_key set wrapped = $1 where record = 'incident:0001'").bind(damaged),
        )
        .await
        .expect("a row");
        tx.commit(Entry::of(
            EntryKind::PersonChanged,
            Object::new("test", "1"),
        ))
        .await
        .expect("a commit");
        let mut rotation = rotation::begin(&app.school).await.expect("a rotation");
        let step = rotation.step().await.expect("a step").expect("a batch");
        assert_eq!(step.rewrapped, 4);
        assert_eq!(step.refused, ["incident:0001"]);
        while rotation.step().await.expect("a step").is_some() {}
        assert_eq!(left(&app).await, 1);
    });
}

#[test]
fn a_backup_from_before_a_rotation_still_restores() {
    on_each_engine(JUNIOR, async |app| {
        let kept = records_of(&app, 3).await;
        let file = crate::backups::tests::back_up(&app).await;
        let mut rotation = rotation::begin(&app.school).await.expect("a rotation");
        while rotation.step().await.expect("a step").is_some() {}
        let old = app.school.key_file.keys().old_ids();
        retirement::retire(&app.school, &old[0].to_string())
            .await
            .expect("the old key is gone");

        let bare = app.school.data.join("bare");
        std::fs::create_dir_all(bare.join("data")).expect("a bare machine");
        let restored = restore(Restore {
            file,
            kit: app.kit(),
            data: bare.join("data"),
            folder: "school".into(),
            key_path: bare.join("school.keys"),
            place: Place::File(bare.join("data/belisha.db")),
            journal_key: None,
            slips: Vec::new(),
            clock: app.clock.clone(),
            chance: Arc::new(SeededChance::new(7)),
        })
        .await
        .expect("a school");
        let mut connection = restored.school.database.read().await.expect("records");
        for (object, sealed) in &kept {
            let open = records::open_for_duty(&mut connection, &restored.school, object)
                .await
                .expect("a record");
            assert!(open.read("words", 1, sealed).is_ok());
        }
        assert_eq!(restored.school.key_file.keys().current_id(), old[0]);
        let under = Kept::RecordKeys
            .count(&mut connection, Which::Under(old[0]))
            .await;
        assert_eq!(under.expect("a count"), 3);
    });
}

/// Whatever seals something aside wraps it anew too; or it would not open once the old key is retired.
#[test]
fn whoever_seals_aside_can_wrap_anew() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source.clone()];
    let (mut seals, mut rewraps) = (Vec::new(), Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let is_test = path.components().any(|part| part.as_os_str() == "tests")
                || path.ends_with("tests.rs");
            if path == source.join("records.rs") || is_test {
                continue;
            }
            if text.contains("seal_aside(") {
                seals.push(folder.clone());
            }
            if text.contains("rewrap_aside(") {
                rewraps.push(folder.clone());
            }
        }
    }
    assert!(seals.len() >= 4, "{seals:?}");
    for folder in seals {
        assert!(
            rewraps.contains(&folder),
            "{} never wraps anew",
            folder.display()
        );
    }
}
