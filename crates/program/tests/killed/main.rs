//! A server that is killed while people act. A real process is killed with SIGKILL in the middle of
//! acts that arrive over HTTP: what it acknowledged is there afterwards, nothing is there by half or
//! twice, and the journal verifies. Twenty rounds; `BELISHA_KILL_ROUNDS` asks for more.

mod browser;
mod program;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use belisha::db::{Database, Place, sql};

use browser::Browser;
use program::Program;

const BROWSERS: usize = 4;

#[test]
fn what_was_acknowledged_survives_a_killed_server_on_sqlite() {
    let program = Program::new("sqlite", None);
    let place = Place::File(program.data().join("school/belisha.db"));
    rounds(&program, &place);
}

#[test]
fn what_was_acknowledged_survives_a_killed_server_on_postgresql() {
    let Ok(address) = std::env::var("BELISHA_TEST_POSTGRES") else {
        return;
    };
    let program = Program::new("postgresql", Some(&address));
    let place = Place::Postgres {
        address,
        schema: format!("school_{}", program.school()),
    };
    rounds(&program, &place);
}

fn rounds(program: &Program, place: &Place) {
    let asked = std::env::var("BELISHA_KILL_ROUNDS").ok();
    let rounds: usize = asked.and_then(|text| text.parse().ok()).unwrap_or(20);
    let office = program.set_up();
    let before = Found::of(place);
    let mut acknowledged = BTreeSet::new();
    let mut sent = BTreeSet::new();
    for round in 0..rounds {
        let (done, tried) = round_of(program, &office, round);
        assert!(!done.is_empty(), "round {round} acknowledged nothing");
        acknowledged.extend(done);
        sent.extend(tried);
        let found = Found::of(place);
        let lost: Vec<_> = acknowledged.difference(&found.names).collect();
        assert!(lost.is_empty(), "round {round} lost {lost:?}");
        assert_eq!(
            found.names.len(),
            found.people - before.people,
            "one was written twice"
        );
        assert!(found.names.is_subset(&sent), "round {round}");
        assert_eq!(
            found.entries - before.entries,
            found.people - before.people,
            "round {round}: a row without its entry, or an entry without its row"
        );
        assert_eq!(
            found.submissions,
            found.people - before.people,
            "round {round}"
        );
    }
    let verdict = program.verify();
    assert!(verdict.status.success(), "{verdict:?}");
}

/// Starts the server, lets several browsers add people, and kills it in their midst.
fn round_of(
    program: &Program,
    office: &Browser,
    round: usize,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let server = program.serve();
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let sent = Arc::new(Mutex::new(BTreeSet::new()));
    let count = Arc::new(AtomicUsize::new(0));
    let browsers: Vec<_> = (0..BROWSERS)
        .map(|number| {
            let browser = office.at(server.address());
            let (acknowledged, sent, count) = (acknowledged.clone(), sent.clone(), count.clone());
            std::thread::spawn(move || {
                for turn in 0.. {
                    let name = format!("Round{round} Browser{number} Turn{turn}");
                    // The form may be lost with the server; the browser then stops.
                    let Some(form) = browser.form("/people/add", "Add the person") else {
                        return;
                    };
                    sent.lock().expect("a list").insert(name.clone());
                    let fields = form.with(&[("name", &name), ("standing", "staff")]);
                    match browser.post("/people/add", &fields) {
                        Some(answer) if answer.status == 303 => {
                            acknowledged.lock().expect("a list").insert(name);
                            count.fetch_add(1, Ordering::SeqCst);
                        }
                        Some(answer) => panic!("{}: {}", answer.status, answer.body),
                        None => return,
                    }
                }
            })
        })
        .collect();
    // Each round lets another number through, so that the kill falls into another moment.
    let enough = 1 + (round * 7) % 23;
    while count.load(Ordering::SeqCst) < enough {
        std::thread::yield_now();
    }
    server.kill();
    for browser in browsers {
        browser.join().expect("a browser");
    }
    let take = |list: Arc<Mutex<BTreeSet<String>>>| list.lock().expect("a list").clone();
    (take(acknowledged), take(sent))
}

/// What stands in the records while no server runs.
struct Found {
    names: BTreeSet<String>,
    people: usize,
    entries: usize,
    submissions: usize,
}

impl Found {
    fn of(place: &Place) -> Self {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(async {
                let (database, _) = Database::open(place).await.expect("the records open");
                let mut records = database.read().await.expect("the records");
                let names = sql("select name from person where name like 'Round%'")
                    .all(&mut records)
                    .await
                    .expect("names")
                    .iter()
                    .map(|row| row.get("name").expect("a name"))
                    .collect();
                let row = sql(
                    "select (select count(*) from person) as people,
                            (select count(*) from journal_entry where action = 'person.added') as entries,
                            (select count(*) from submission) as submissions",
                )
                .one(&mut records)
                .await
                .expect("counts");
                let count = |column| {
                    usize::try_from(row.get::<i64>(column).expect("a count")).expect("a count")
                };
                let found = Self {
                    names,
                    people: count("people"),
                    entries: count("entries"),
                    submissions: count("submissions"),
                };
                drop(records);
                database.close().await;
                found
            })
    }
}

/// A folder of the test's own.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("belisha-killed-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}
