//! A backup is made, proved, and brought back onto a bare machine.

use std::sync::Arc;

use belisha_policy::Post;
use belisha_vault::Kit;

use super::restoring::{Restore, Restored, restore};
use crate::clock::{ForVault, SeededChance};
use crate::commands::verify_records;
use crate::db::{Place, sql};
use crate::jobs;
use crate::testing::{JUNIOR, PRIMARY, TestSchool, covers, on_each_engine};

/// Gives the school a kit whose sheets the test knows; the two sheets.
async fn known_kit(app: &TestSchool) -> [String; 2] {
    let school = &app.school;
    let chance = &mut ForVault(&*school.chance);
    let kit = Kit::new(chance);
    let [first, _, third] = kit.split(chance);
    let mut tx = school
        .write(crate::actor::Actor::School("set-up"))
        .await
        .expect("a transaction");
    tx.run(
        sql("update recovery_kit set recipient = $1 where retired_at is null")
            .bind(kit.recipient().to_string()),
    )
    .await
    .expect("a kit");
    tx.commit(crate::entries::Entry::of(
        crate::entries::EntryKind::RecoveryKitMade,
        crate::entries::Object::new("recovery-kit", "test"),
    ))
    .await
    .expect("a commit");
    [first.text().to_owned(), third.text().to_owned()]
}

pub(crate) async fn back_up(app: &TestSchool) -> std::path::PathBuf {
    jobs::ask_for(&app.school, super::BACKUP.key, "person:test")
        .await
        .expect("a request");
    jobs::work_until_idle(&app.school).await.expect("the work");
    let mut records = app.school.database.read().await.expect("records");
    let row = sql("select file_name from backup order by made_at desc limit 1")
        .one(&mut records)
        .await
        .expect("a backup");
    super::folder::of(&app.school).join(row.get::<String>("file_name").expect("a name"))
}

async fn bring_back(
    app: &TestSchool,
    file: &std::path::Path,
    sheets: &[String; 2],
    name: &str,
) -> anyhow::Result<Restored> {
    let bare = app.school.data.join(name);
    std::fs::create_dir_all(bare.join("data")).expect("a bare machine");
    restore(Restore {
        file: file.to_owned(),
        kit: Kit::join(&sheets[0], &sheets[1]).expect("a kit"),
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
}

#[test]
fn a_backup_is_proved_by_restoring_it() {
    on_each_engine(JUNIOR, async |app| {
        covers(&["H-072", "H-203"]);
        let _ = known_kit(&app).await;
        let file = back_up(&app).await;
        assert!(file.exists());
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(
            app.count(
                "select count(*) as count from backup where verified_at is not null and failed is null"
            )
            .await,
            1
        );
        assert_eq!(
            app.count("select count(*) as count from backup_drill where passed")
                .await,
            1
        );
        let mut journal = app.journal().await;
        journal.retain(|kind| kind.starts_with("backup."));
        assert_eq!(journal, ["backup.made", "backup.drilled"]);
        // Nothing of the drill stays behind.
        let left: Vec<_> = std::fs::read_dir(&app.school.data)
            .expect("a folder")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.starts_with(".drill"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    });
}

#[test]
fn the_next_backup_holds_the_row_of_the_one_before_and_is_proved_too() {
    on_each_engine(JUNIOR, async |app| {
        covers(&[]);
        let _ = known_kit(&app).await;
        for made in 1..=3 {
            back_up(&app).await;
            app.clock.advance_ms(24 * 60 * 60 * 1000);
            let drills = "select count(*) as count from backup_drill";
            assert!(app.count(drills).await >= made);
            let failed = "select count(*) as count from backup_drill where not passed";
            assert_eq!(app.count(failed).await, 0);
        }
    });
}

#[test]
fn two_sheets_and_the_file_bring_a_school_back() {
    on_each_engine(JUNIOR, async |app| {
        let sheets = known_kit(&app).await;
        let person = app.signed_in("Ann Marsh", &[Post::Headteacher]).await.id();
        let file = back_up(&app).await;
        let restored = bring_back(&app, &file, &sheets, "bare")
            .await
            .expect("a school");

        let mut records = restored.school.database.read().await.expect("records");
        let row = sql("select name from person where id = $1")
            .bind(person.to_string())
            .one(&mut records)
            .await
            .expect("the person");
        assert_eq!(row.get::<String>("name").expect("a name"), "Ann Marsh");
        let sessions = sql("select count(*) as count from session")
            .one(&mut records)
            .await
            .expect("a count");
        assert_eq!(
            sessions.get::<i64>("count").expect("a count"),
            0,
            "everybody is signed out"
        );
        let last = sql("select action from journal_entry order by sequence desc limit 1")
            .one(&mut records)
            .await
            .expect("an entry");
        assert_eq!(
            last.get::<String>("action").expect("an action"),
            "backup.restored"
        );
        drop(records);
        // The key file came back: it signs, and opens what it sealed.
        let verdict = verify_records(&restored.school, &[])
            .await
            .expect("a verdict");
        assert_eq!(verdict.exit_code(), 0, "{verdict}");
        let sealed = crate::records::seal_aside(&app.school, "draft", "one", b"words");
        let opened = crate::records::open_aside(&restored.school, "draft", "one", &sealed);
        assert_eq!(opened.expect("the words"), b"words");
        // The same place is not written over.
        let again = bring_back(&app, &file, &sheets, "bare").await;
        let error = again.err().expect("a refusal").to_string();
        assert!(error.contains("never overwrites"), "{error}");
    });
}

#[test]
fn a_damaged_backup_restores_nothing() {
    on_each_engine(JUNIOR, async |app| {
        let sheets = known_kit(&app).await;
        let file = back_up(&app).await;
        let whole = std::fs::read(&file).expect("the file");
        let check = async |name: &str, bytes: &[u8]| {
            let copy = app.school.data.join(format!("{name}.age"));
            std::fs::write(&copy, bytes).expect("a copy");
            let refused = bring_back(&app, &copy, &sheets, name).await;
            assert!(refused.is_err(), "{name}");
            let bare = app.school.data.join(name);
            assert!(!bare.join("data/belisha.db").exists(), "{name}");
            assert!(!bare.join("school.keys").exists(), "{name}");
        };
        check("cut-short", &whole[..whole.len() - 1]).await;
        check("cut-in-half", &whole[..whole.len() / 2]).await;
        let mut flipped = whole.clone();
        let middle = flipped.len() - 40;
        flipped[middle] ^= 1;
        check("flipped", &flipped).await;
        check("empty", b"").await;
    });
}

#[test]
fn the_page_of_backups_is_for_those_who_look_after_them() {
    // Under this policy nobody's account waits for a signature.
    on_each_engine(PRIMARY, async |app| {
        let _ = known_kit(&app).await;
        let mut teacher = app.signed_in("Tom Reed", &[]).await;
        assert_eq!(teacher.get("/backups").await.status, 403);
        assert_eq!(teacher.post_only("/backups", &[]).await.status, 403);
        let mut head = app.signed_in("Ann Marsh", &[Post::Headteacher]).await;
        let page = head.get("/backups").await;
        page.says("No backup has been made yet")
            .says("No backups yet");
        assert!(!page.has_button("Back up now"));
        assert_eq!(head.post_only("/backups", &[]).await.status, 403);

        let mut technician = app.signed_in("Nia Bell", &[Post::NetworkManager]).await;
        let page = technician.get("/backups").await;
        let page = technician.submit(&page, "Back up now", &[]).await;
        page.says("A backup is being made");
        // Asked again before it has begun, it is still one.
        technician
            .post("/backups", &[("submission", "again")])
            .await;
        jobs::work_until_idle(&app.school).await.expect("the work");
        assert_eq!(app.count("select count(*) as count from backup").await, 1);
        technician
            .get("/backups/progress")
            .await
            .says("The backup is finished");
        let page = head.get("/backups").await;
        page.says("proved good by restoring it")
            .says("under 10 MB")
            .says("On demand");
    });
}

#[test]
fn tables_that_point_into_themselves_are_the_ones_named() {
    let schema = include_str!("../../schema.sql").to_lowercase();
    let mut found = Vec::new();
    let mut table = "";
    for line in schema.lines() {
        if let Some(rest) = line.strip_prefix("create table ") {
            table = rest.split([' ', '(']).next().unwrap_or_default();
        }
        let points = format!("references {table} (");
        if !table.is_empty() && line.contains(&points) {
            let column = line
                .trim_start_matches([' ', ','])
                .split_whitespace()
                .next();
            found.push((table, column.unwrap_or_default()));
        }
    }
    assert_eq!(found, super::form::POINTS_TO_ITSELF);
}
