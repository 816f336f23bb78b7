//! The program itself, as a process that can be killed, and a school that it serves.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;

use crate::browser::Browser;
use crate::folder;

const PROGRAM: &str = env!("CARGO_BIN_EXE_belisha");
const PASSWORD: &str = "saddle marmot quarry 27 lantern";

pub(crate) struct Program {
    folder: PathBuf,
    postgres: Option<String>,
    /// The name of the school's folder; on PostgreSQL it names the schema.
    school: String,
}

impl Program {
    pub(crate) fn new(name: &str, postgres: Option<&str>) -> Self {
        let school = match postgres {
            Some(_) => format!("killed{}", std::process::id()),
            None => "school".to_owned(),
        };
        let this = Self {
            folder: folder(name),
            postgres: postgres.map(str::to_owned),
            school,
        };
        std::fs::create_dir_all(this.data().join(&this.school)).expect("a folder");
        this
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(crate) fn school(&self) -> &str {
        &self.school
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(words).arg("--data").arg(self.data());
        if let Some(address) = &self.postgres {
            command.arg("--postgres").arg(address);
        }
        command
    }

    pub(crate) fn serve(&self) -> Server {
        self.serve_at(0)
    }

    /// Serves at a port of this machine; at whichever is free, where it is none.
    pub(crate) fn serve_at(&self, port: u16) -> Server {
        let listen = format!("127.0.0.1:{port}");
        Server::start(self.command(&["serve", "--listen", &listen]))
    }

    pub(crate) fn verify(&self) -> Output {
        self.command(&["journal", "verify"])
            .output()
            .expect("a verdict")
    }

    /// Goes through the set-up; the browser in which its first person is signed in.
    pub(crate) fn set_up(&self) -> Browser {
        let server = self.serve();
        let browser = Browser::new(server.address());
        let code = server.code();
        browser.submit("/set-up", "Begin", &[("code", &code)]);
        browser.submit(
            "/set-up/school",
            "Continue",
            &[("name", "Larkfield School"), ("town", "Larkfield")],
        );
        browser.submit("/set-up/terms", "Continue", &[]);
        let people = [
            ("Ann Marsh", "head@school.example"),
            ("Tom Reed", "lead@school.example"),
            ("Ida Fell", "chair@school.example"),
        ];
        let mut fields = Vec::new();
        for at in 0..9 {
            let (name, email) = match at {
                // The head looks after the network too.
                6 => people[0],
                _ => people.get(at).copied().unwrap_or_default(),
            };
            fields.push(("name".to_owned(), name.to_owned()));
            fields.push(("email".to_owned(), email.to_owned()));
        }
        browser.post("/set-up/people", &fields).expect("an answer");
        let kit = browser
            .get("/set-up/recovery-kit")
            .map(|_| browser.post("/set-up/recovery-kit", &[]).expect("the kit"))
            .expect("a page");
        let sheet = kit.body.split("<pre>").nth(2).expect("the second sheet");
        let sheet = sheet.split("</pre>").next().expect("its end");
        let groups: Vec<&str> = sheet.split_whitespace().collect();
        let groups = groups[groups.len() - 2..].join(" ");
        browser
            .post(
                "/set-up/recovery-kit/confirmation",
                &[("groups".to_owned(), groups)],
            )
            .expect("an answer");
        let account = browser.submit(
            "/set-up/policy",
            "Choose this policy",
            // Under this one nobody's account waits for a signature.
            &[("pack", "primary"), ("minute", "")],
        );
        let head = value_beside(&account.body, "Ann Marsh");
        let factor = browser.submit(
            "/set-up/account",
            "Continue",
            &[("person", &head), ("new_password", PASSWORD)],
        );
        let code = one_time_code(&factor.body);
        let seed = value_of(&factor.body, "seed");
        let codes = browser
            .post(
                "/set-up/second-factor",
                &[
                    ("seed".to_owned(), seed),
                    ("code".to_owned(), code),
                    ("then".to_owned(), String::new()),
                ],
            )
            .expect("an answer");
        assert!(codes.body.contains("Your recovery codes"), "{}", codes.body);
        let opened = browser.submit("/set-up/finish", "Open the school", &[]);
        assert!(opened.body.contains("is open"), "{}", opened.body);
        server.kill();
        browser
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    said: mpsc::Receiver<String>,
    before: String,
}

impl Server {
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let stderr = child.stderr.take().expect("what it says");
        let (sender, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut before = String::new();
        let address = loop {
            let line = said
                .recv()
                .unwrap_or_else(|_| panic!("the server stopped:\n{before}"));
            let plain = without_colours(&line);
            before.push_str(&plain);
            before.push('\n');
            if let Some((_, rest)) = plain.split_once("address=")
                && let Ok(address) = rest.trim().parse()
            {
                break address;
            }
        };
        Self {
            child,
            address,
            said,
            before,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The one-time code of a school that is not set up.
    fn code(&self) -> String {
        let (_, rest) = self.before.split_once("Code: ").expect("a code");
        rest.lines().next().unwrap_or_default().to_owned()
    }

    /// SIGKILL: no farewell.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("the server is there to be killed");
        self.child.wait().expect("the server is gone");
        drop(self.said);
    }
}

/// The value of the answer whose label this is.
fn value_beside(body: &str, label: &str) -> String {
    let (before, _) = body.split_once(label).expect("the label");
    let (_, value) = before.rsplit_once("value=\"").expect("a value");
    value.split('"').next().unwrap_or_default().to_owned()
}

fn value_of(body: &str, name: &str) -> String {
    let (_, rest) = body
        .split_once(&format!("name=\"{name}\" value=\""))
        .expect("a field");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// What an authenticator app shows now for the key on the page.
fn one_time_code(body: &str) -> String {
    let (_, rest) = body
        .split_once("type this key into the app: ")
        .expect("a key");
    let letters: String = rest
        .chars()
        .take(39)
        .filter(|letter| *letter != ' ')
        .collect();
    let seed = data_encoding::BASE32_NOPAD
        .decode(letters.as_bytes())
        .expect("base 32");
    let app = totp_rs::Builder::new()
        .with_secret(seed)
        .with_account_name("test".to_owned())
        .build()
        .expect("an app");
    app.generate_current().to_string()
}

/// Log lines are coloured where the terminal is, and sometimes where it is not.
fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            for skipped in letters.by_ref() {
                if skipped == 'm' {
                    break;
                }
            }
        } else {
            plain.push(letter);
        }
    }
    plain
}
