//! Trouble at the start: each a sentence that says what is wrong and what to do.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::open::{Where, open_school};
use crate::clock::{SeededChance, SetClock};
use crate::db::sql;
use crate::school::School;
use crate::web::server;

/// A folder of the test's own, with the records and the keys side by side in it.
struct Machine(PathBuf);

impl Machine {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("belisha-start-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    async fn open(&self, data: &Path) -> anyhow::Result<Arc<School>> {
        let chance = Arc::new(SeededChance::new(1));
        let clock = SetClock::at("2026-09-23T08:00:00Z".parse().expect("an instant"));
        open_school(&Where::here(data, 8080), "school", Arc::new(clock), chance).await
    }

    fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    fn key_file(&self) -> PathBuf {
        self.0.join("data-keys/school.keys")
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(test);
}

fn says(refused: anyhow::Result<Arc<School>>, expected: &[&str]) {
    let error = refused.err().expect("a refusal");
    let text = format!("{error:#}");
    for part in expected {
        assert!(text.contains(part), "“{part}” is not in: {text}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    run(async {
        let machine = Machine::new("folder");
        let file = machine.0.join("file");
        std::fs::write(&file, b"").expect("a file");
        let data = file.join("data");
        says(
            machine.open(&data).await,
            &["cannot be made", "Choose one that this user may write to"],
        );
    });
}

#[test]
fn keys_that_others_can_read_are_refused() {
    run(async {
        let machine = Machine::new("keys");
        let school = machine.open(&machine.data()).await.expect("a school");
        school.database.close().await;
        let open_to_all = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(machine.key_file(), open_to_all).expect("a mode");
        says(
            machine.open(&machine.data()).await,
            &["Others than the owner", "chmod 600"],
        );
        std::fs::remove_file(machine.key_file()).expect("a file");
        says(
            machine.open(&machine.data()).await,
            &["is missing", "Put it back"],
        );
        assert!(
            !machine.key_file().exists(),
            "no new keys are made over old records"
        );
    });
}

#[test]
fn records_of_a_newer_program_are_left_as_they_are() {
    run(async {
        let machine = Machine::new("newer");
        let school = machine.open(&machine.data()).await.expect("a school");
        let only_sqlite = sql;
        let mut transaction = school.database.begin().await.expect("a transaction");
        only_sqlite(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (9999, 'later', true, x'00', 0)",
        )
        .run(&mut transaction)
        .await
        .expect("a step");
        transaction.commit().await.expect("a commit");
        school.database.close().await;
        says(
            machine.open(&machine.data()).await,
            &["a newer Belisha", "Nothing was changed", "step 9999"],
        );
    });
}

#[test]
fn a_port_that_is_taken_is_named() {
    run(async {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = taken.local_addr().expect("an address");
        let error = server::listen(address).await.expect_err("a refusal");
        let text = format!("{error:#}");
        assert!(
            text.contains("something else already answers") && text.contains("--listen"),
            "{text}"
        );
    });
}
