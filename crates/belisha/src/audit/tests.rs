//! What the journal shows to whom, and that a changed row is found.

use belisha_policy::Post;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::checkpoint::take;
use super::exporting::export;
use super::signer::signer;
use super::walk::{Ending, check};
use crate::actor::Actor;
use crate::commands::verify_records;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::testing::{JUNIOR, TestSchool, on_each_engine};

/// Writes entries of these kinds, some with a sealed payload.
async fn act(app: &TestSchool, acts: &[(u8, bool)]) {
    let kinds = [
        EntryKind::PersonChanged,
        EntryKind::SessionStarted,
        EntryKind::IncidentOpened,
        EntryKind::PolicyDrafted,
    ];
    for (which, sealed) in acts {
        let tx = app
            .school
            .write(Actor::School("test"))
            .await
            .expect("a transaction");
        let kind = kinds[usize::from(*which) % kinds.len()];
        let mut entry = Entry::of(kind, Object::new("thing", which)).fact("which", which);
        if *sealed {
            entry = entry.sealed(vec![*which; 40]);
        }
        tx.commit(entry).await.expect("a commit");
        app.clock.advance_ms(1000);
    }
}

#[test]
fn a_random_series_of_acts_leaves_a_sound_journal() {
    let mut runner = TestRunner::new(Config {
        cases: 8,
        failure_persistence: None,
        ..Config::default()
    });
    let acts = prop::collection::vec((any::<u8>(), any::<bool>()), 1..24);
    runner
        .run(&acts, |acts| {
            on_each_engine(JUNIOR, async |app| {
                let (before, after) = acts.split_at(acts.len() / 2);
                act(&app, before).await;
                let mut snapshot = app.school.database.snapshot().await.expect("a look");
                let early = take(&app.school, snapshot.connection())
                    .await
                    .expect("a check")
                    .expect("a checkpoint");
                drop(snapshot);
                act(&app, after).await;
                let mut snapshot = app.school.database.snapshot().await.expect("a look");
                let last = take(&app.school, snapshot.connection())
                    .await
                    .expect("a check")
                    .expect("a checkpoint");
                let file = export(snapshot.connection(), last.origin(), &last, Vec::new())
                    .await
                    .expect("a file");
                let key = signer(&app.school).expect("a signer").verifier_key();
                let verdict = belisha_journal::verify(&file[..], &key, &[early]);
                assert_eq!(verdict.exit_code(), 0, "{verdict}");
            });
            Ok(())
        })
        .expect("every series is sound");
}

#[test]
fn every_changed_row_is_found() {
    on_each_engine(JUNIOR, async |app| {
        if app.school.database.engine_name() != "SQLite" {
            // The check reads rows; which engine kept them makes no difference to it.
            return;
        }
        act(&app, &[(0, true), (1, false), (2, true), (3, false)]).await;
        let sound = verify_records(&app.school, &[]).await.expect("a verdict");
        assert_eq!(sound.exit_code(), 0, "{sound}");
        let only_sqlite = sql;
        // The triggers stand in the way of a faulty program, not of a thief of the file.
        let changes = [
            "update journal_entry set line = replace(line, 'person.changed', 'person.merged') where sequence = 1",
            "update journal_entry set leaf = x'00' where sequence = 2",
            "update journal_entry set at_ms = at_ms + 1 where sequence = 2",
            "update journal_entry set action = 'person.merged' where sequence = 3",
            "update journal_entry set object = 'thing:9' where sequence = 3",
            "update journal_entry set actor = 'system:other' where sequence = 3",
            "update journal_payload set sealed = x'0102' where sequence = 1",
            "update journal_head set head = x'00'",
            "delete from journal_entry where sequence = 4",
            "delete from journal_entry where sequence = 2",
            "update journal_entry set sequence = sequence + 1 where sequence = 4",
        ];
        let signer = signer(&app.school).expect("a signer");
        for change in changes {
            let mut transaction = app.school.database.begin().await.expect("a transaction");
            for statement in [
                "drop trigger journal_entry_stays",
                "drop trigger journal_entry_kept",
                change,
            ] {
                only_sqlite(statement)
                    .run(&mut transaction)
                    .await
                    .expect("a change");
            }
            let found = check(
                transaction.connection(),
                &signer.verifier_key(),
                &[],
                Ending::Sign(&signer, 1),
            )
            .await
            .expect("a verdict");
            assert_eq!(found.verdict.exit_code(), 1, "{change}: {}", found.verdict);
            assert!(found.signed.is_none(), "{change}");
            // Dropped, the transaction undoes itself.
        }
        let sound = verify_records(&app.school, &[]).await.expect("a verdict");
        assert_eq!(sound.exit_code(), 0, "{sound}");
    });
}

#[test]
fn people_see_their_own_lines_and_what_their_posts_allow() {
    on_each_engine(JUNIOR, async |app| {
        act(&app, &[(2, false)]).await;
        let mut teacher = app.signed_in("Tom Reed", &[]).await;
        let page = teacher.get("/journal").await;
        page.says("What you did").says("Signed in").says("Tom Reed");
        assert_eq!(teacher.get("/journal?lines=all").await.status, 404);
        assert_eq!(teacher.get("/journal?lines=technical").await.status, 404);
        assert_eq!(teacher.get("/journal/slip").await.status, 403);

        let mut technician = app.signed_in("Nia Bell", &[Post::NetworkManager]).await;
        let page = technician.get("/journal?lines=technical").await;
        page.says("How Belisha was run").says("Tom Reed");
        assert!(!page.text().contains("Opened the case"));
        assert!(!page.text().contains("Added a person"));
        assert_eq!(technician.get("/journal?lines=all").await.status, 404);

        let mut head = app.signed_in("Ann Marsh", &[Post::Headteacher]).await;
        let page = head.get("/journal?lines=all").await;
        page.says("Added a person");
        assert!(!page.text().contains("Opened the case"), "{}", page.text());
        assert_eq!(
            app.journal().await.last().map(String::as_str),
            Some("journal.read")
        );
        let page = head.get("/journal?lines=all&about=session").await;
        page.says("Signed in");
        assert!(!page.text().contains("Added a person"));
        assert_eq!(
            head.get("/journal?lines=all&about=incident").await.status,
            404
        );
        head.get("/journal/slip").await.says("No slip yet");
    });
}
