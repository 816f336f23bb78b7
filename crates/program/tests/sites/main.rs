//! Two real processes: a school's server, and a resolver at another site. The server is killed, and the site
//! is answered on; the server is back, and the site's log arrives, each line once.

#[expect(dead_code, reason = "the test of killed servers uses more of it")]
#[path = "../killed/browser.rs"]
mod browser;
#[path = "../killed/program.rs"]
mod program;

use std::io::Write as _;
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use belisha::db::{Database, Place, sql};

use browser::Browser;
use program::{Program, Server};

/// A folder of this run alone, as the harness of killed servers wants it.
fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("belisha-sites-{name}-{}", std::process::id()))
}

/// A process that ends with the test.
struct Site {
    child: Child,
    dns: SocketAddr,
}

impl Drop for Site {
    fn drop(&mut self) {
        // A test that failed leaves no process behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Questions that were answered: each is a line of the log.
static ANSWERED: AtomicI64 = AtomicI64::new(0);

fn answered() -> i64 {
    ANSWERED.load(Ordering::SeqCst)
}

impl Site {
    /// Starts the site's resolver, and waits until it answers.
    fn start(place: &Path, dns: SocketAddr) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_belisha"))
            .args(["filter", "node", "run", "--every", "1", "--folder"])
            .arg(place)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let site = Self { child, dns };
        until("the site answers", || site.ask("games.example").is_some());
        site
    }

    /// The code of an answer to a question for a name's address.
    fn ask(&self, name: &str) -> Option<u8> {
        let mut packet = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in name.split('.') {
            packet.push(label.len() as u8);
            packet.extend(label.as_bytes());
        }
        packet.extend([0, 0, 1, 0, 1]);
        let socket = UdpSocket::bind("127.0.0.1:0").ok()?;
        socket
            .set_read_timeout(Some(Duration::from_millis(500)))
            .ok()?;
        socket.send_to(&packet, self.dns).ok()?;
        let mut answer = [0; 512];
        let (length, _) = socket.recv_from(&mut answer).ok()?;
        ANSWERED.fetch_add(1, Ordering::SeqCst);
        (length > 12).then_some(answer[3] & 0x0f)
    }

    /// Ends as whoever runs the machine ends it.
    fn end(mut self) {
        let told = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        assert!(told.expect("told").success());
        self.child.wait().expect("it ends");
    }
}

/// Waits for something that is to come about by itself.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    // Between two looks the other process is given its turn; nothing is concluded from the time.
    for _ in 0..2_400 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("it never came about: {what}");
}

/// A port that is free now.
fn free_port() -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    socket.local_addr().expect("an address").port()
}

/// Lists, as whoever runs the server makes them.
fn compile(filter: &Path) {
    let lists = filter.join("lists/games");
    std::fs::create_dir_all(&lists).expect("a folder");
    std::fs::write(lists.join("domains"), "games.example\n").expect("a list");
    let made = Command::new(env!("CARGO_BIN_EXE_belisha"))
        .args(["filter", "compile", "--lists"])
        .arg(filter.join("lists"))
        .arg("--out")
        .arg(filter.join("filter.index"))
        .output()
        .expect("a report");
    assert!(made.status.success(), "{made:?}");
}

fn enrol(browser: &Browser, server: &Server, place: &Path) {
    let page = browser.at(server.address()).submit(
        "/filter/nodes/new",
        "Add the site",
        &[("name", "Annexe")],
    );
    let is_code = |word: &&str| word.len() == 36 && word.matches('-').count() == 4;
    let mut words = page
        .body
        .split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-');
    let code = words.rfind(is_code).expect("a code").to_owned();
    let mut child = Command::new(env!("CARGO_BIN_EXE_belisha"))
        .args(["filter", "node", "enrol", "--server"])
        .arg(format!("http://localhost:{}", server.address().port()))
        .arg("--folder")
        .arg(place)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("an input");
    writeln!(input, "{code}").expect("given");
    drop(input);
    assert!(child.wait().expect("an end").success());
}

/// How many lines of the log the school has.
fn lines(program: &Program) -> i64 {
    count(
        program,
        "select coalesce(cast(sum(lines) as bigint), 0) as count from filter_log_segment",
    )
}

/// One number out of the school's records.
fn count(program: &Program, statement: &'static str) -> i64 {
    let place = Place::File(program.data().join("school/belisha.db"));
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async {
            let (database, _) = Database::open(&place).await.expect("the records open");
            let mut records = database.read().await.expect("the records");
            sql(statement)
                .one(&mut records)
                .await
                .expect("a count")
                .get("count")
                .expect("a number")
        })
}

#[test]
fn a_site_answers_on_while_the_server_is_away_and_its_log_arrives_later_each_line_once() {
    let program = Program::new("sites", None);
    let browser = program.set_up();
    let filter = program.data().join(program.school()).join("filter");
    compile(&filter);
    let port = free_port();
    let server = program.serve_at(port);
    let policy = filter.join("filter-policy.toml");
    until("the settings are made", || policy.exists());
    let place = folder("node");
    enrol(&browser, &server, &place);
    let dns = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let upstream = "127.0.0.1:9";
    let settings = format!(
        "index = \"current/filter.index\"\npolicy = \"current/filter-policy.toml\"\n\
         register = \"current/filter-register.toml\"\nlog = \"log\"\nlisten = [\"{dns}\"]\nupstreams = [\"{upstream}\"]\n"
    );
    std::fs::write(place.join("filter.toml"), settings).expect("written");
    let site = Site::start(&place, dns);
    until("what was asked arrives", || lines(&program) > 0);
    // The site tries its own resolver as each group, and the school hears of it.
    until("the site is tested", || {
        count(
            &program,
            "select count(*) as count from filter_test join filter_node on filter_node.id = filter_test.place
             where filter_test.asked > 0",
        ) > 0
    });
    server.kill();
    // The server is away.
    let before = lines(&program);
    for _ in 0..7 {
        assert_eq!(
            site.ask("games.example"),
            Some(0),
            "answered, with nothing behind it"
        );
    }
    // It starts again also while the server is away.
    site.end();
    let site = Site::start(&place, dns);
    assert!(site.ask("games.example").is_some());
    let server = program.serve_at(port);
    assert!(before < answered());
    until("the log arrives", || lines(&program) >= answered());
    assert_eq!(lines(&program), answered(), "no line is lost or twice");
    // And what comes next finds its place behind it.
    site.ask("games.example").expect("an answer");
    until("the next line arrives", || lines(&program) >= answered());
    assert_eq!(lines(&program), answered());
    server.kill();
    site.end();
    assert!(program.verify().status.success(), "the journal holds");
    let _ = std::fs::remove_dir_all(place);
}
