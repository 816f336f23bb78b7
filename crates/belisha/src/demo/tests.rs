use std::path::PathBuf;

use super::*;
use crate::clock::MachineChance;
use crate::db::sql;
use crate::testing::covers;

const NOW: &str = "2026-11-20T16:00:00Z";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("belisha-demo-test-{}-{name}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn at(&self) -> Where {
        Where::here(&self.0, 8080)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
        let _ = std::fs::remove_dir_all(self.at().keys_folder());
    }
}

fn plan(packs: &[Pack]) -> Plan {
    Plan {
        pupils: 30,
        years: 1,
        packs: packs.to_vec(),
        seed: 7,
        now: NOW.parse().expect("an instant"),
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

/// When, what, about what and the whole line of each entry.
async fn journal(at: &Where, folder: &str) -> Vec<(i64, String, String, String)> {
    let clock = Arc::new(SetClock::at(NOW.parse().expect("an instant")));
    let school = open_school(at, folder, clock, Arc::new(MachineChance))
        .await
        .expect("the school");
    let mut records = school.database.read().await.expect("records");
    let lines = sql("select at_ms, action, object, line from journal_entry order by sequence")
        .all(&mut records)
        .await
        .expect("entries")
        .iter()
        .map(|row| {
            (
                row.get("at_ms").expect("a time"),
                row.get("action").expect("an action"),
                row.get("object").expect("an object"),
                row.get("line").expect("a line"),
            )
        })
        .collect();
    drop(records);
    school.database.close().await;
    lines
}

#[test]
fn each_pack_has_a_life_in_which_every_state_of_a_case_is_met_and_time_runs_forward() {
    covers(&[]);
    run(async {
        let folder = Folder::new("life");
        let handouts = make(&folder.at(), &plan(&[Pack::Junior, Pack::Primary]))
            .await
            .expect("two schools");
        assert_eq!(handouts.len(), 2);
        for handout in &handouts {
            let lines = journal(&folder.at(), &handout.folder).await;
            assert!(lines.is_sorted_by_key(|(at, ..)| *at), "{}", handout.school);
            for kind in [
                "agreement.signed",
                "incident.reported",
                "incident.acknowledged",
                "incident.triaged",
                "incident.closed",
                "policy.drafted",
                "people-import.done",
                "backup.drilled",
            ] {
                let marked = format!("\"{kind}\"");
                assert!(
                    lines.iter().any(|(.., line)| line.contains(&marked)),
                    "{} has no {kind}",
                    handout.school
                );
            }
        }
    });
}

#[test]
fn a_seed_makes_the_same_school_again_and_another_makes_another() {
    run(async {
        let made = async |name: &str, seed: u64| {
            let folder = Folder::new(name);
            let plan = Plan {
                seed,
                ..plan(&[Pack::Junior])
            };
            let handouts = make(&folder.at(), &plan).await.expect("a school");
            let passwords: Vec<String> = handouts[0]
                .people
                .iter()
                .map(|person| person.password.clone())
                .collect();
            // Not the lines themselves: each holds the hash of the one before, and an entry
            // about a backup holds the hash of a file that is never encrypted the same twice.
            let lives: Vec<(i64, String, String)> = journal(&folder.at(), &handouts[0].folder)
                .await
                .into_iter()
                .map(|(at, action, object, _)| (at, action, object))
                .collect();
            (passwords, lives)
        };
        let (one, again, other) = (
            made("one", 3).await,
            made("again", 3).await,
            made("other", 4).await,
        );
        assert_eq!(one, again);
        assert_ne!(one.0, other.0);
    });
}
