//! The scanner: absent, answering, silent and back again. Where `BELISHA_TEST_CLAMD` names
//! the program, a real clamd answers, with one signature of its own: that of the test file
//! which scanners agree on.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use axum::http::StatusCode;

use super::{add, cast};
use crate::files::Scanner;
use crate::testing::{JUNIOR, on_each_engine};

/// The harmless file that every scanner calls infected, in two parts so that none does here.
fn eicar() -> Vec<u8> {
    concat!(
        r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD",
        "-ANTIVIRUS-TEST-FILE!$H+H*"
    )
    .as_bytes()
    .to_vec()
}

/// A clamd of the test's own, or one that says what clamd says.
enum Running {
    Real(Child),
    Played,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Self::Real(child) = self {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn start(folder: &Path, socket: &Path) -> Running {
    let Some(program) = std::env::var_os("BELISHA_TEST_CLAMD") else {
        return played(socket);
    };
    let base = folder.join("clamd-signatures");
    std::fs::create_dir_all(&base).expect("a folder");
    let signature: String = eicar().iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(base.join("own.ndb"), format!("Test-File:0:0:{signature}\n"))
        .expect("a signature");
    let configuration = folder.join("clamd.conf");
    std::fs::write(
        &configuration,
        format!(
            "LocalSocket {}\nDatabaseDirectory {}\nForeground yes\nStreamMaxLength 30M\n",
            socket.display(),
            base.display()
        ),
    )
    .expect("a configuration");
    let mut child = Command::new(program)
        .arg("-c")
        .arg(&configuration)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("clamd");
    let mut said = BufReader::new(child.stdout.take().expect("its words"));
    let mut line = String::new();
    while !line.contains("Self checking") {
        line.clear();
        assert_ne!(said.read_line(&mut line).expect("a line"), 0, "clamd ended");
    }
    // It goes on speaking; nobody need listen.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    Running::Real(child)
}

/// Answers as clamd does, for machines without one.
fn played(socket: &Path) -> Running {
    let listener = UnixListener::bind(socket).expect("a socket");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut command = [0; 10];
            if stream.read_exact(&mut command).is_err() {
                continue;
            }
            let mut whole = Vec::new();
            loop {
                let mut length = [0; 4];
                if stream.read_exact(&mut length).is_err() {
                    break;
                }
                let length = u32::from_be_bytes(length) as usize;
                if length == 0 {
                    break;
                }
                let mut piece = vec![0; length];
                stream.read_exact(&mut piece).expect("a piece");
                whole.extend(piece);
            }
            let found = whole.windows(40).any(|here| here == &eicar()[..40]);
            let answer: &[u8] = if found {
                b"stream: Test-File FOUND\0"
            } else {
                b"stream: OK\0"
            };
            let _ = stream.write_all(answer);
        }
    });
    Running::Played
}

fn socket_in(folder: &Path) -> PathBuf {
    folder.join("clamd.sock")
}

#[test]
fn what_the_scanner_finds_is_refused_and_what_it_passes_is_clean() {
    on_each_engine(JUNIOR, async |mut app| {
        let socket = socket_in(&app.school.data);
        let _running = start(&app.school.data.clone(), &socket);
        app.with_scanner(Scanner::Socket(socket)).await;
        let mut cast = cast(&app).await;
        let refused = add(&mut cast.deputy, &cast.case, "harmless.txt", &eicar()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("The virus scanner found something harmful");
        assert_eq!(app.count("select count(*) as count from file").await, 0);
        assert_eq!(
            app.count("select count(*) as count from file_piece").await,
            0
        );
        let sent = add(&mut cast.deputy, &cast.case, "note.txt", b"a note").await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        cast.deputy
            .get(&format!("{}/files", cast.case))
            .await
            .says("Scanned, nothing found");
    });
}

#[test]
fn a_file_that_cannot_be_scanned_is_held_back_and_let_go_when_the_scanner_is_back() {
    on_each_engine(JUNIOR, async |mut app| {
        let socket = socket_in(&app.school.data);
        app.with_scanner(Scanner::Socket(socket.clone())).await;
        let mut cast = cast(&app).await;
        add(&mut cast.deputy, &cast.case, "first.txt", b"a first note").await;
        add(&mut cast.deputy, &cast.case, "harmful.txt", &eicar()).await;
        let list = cast.deputy.get(&format!("{}/files", cast.case)).await;
        list.says("Held back: the scanner did not answer");
        let first = list.link("first.txt");
        let harmful = list.link("harmful.txt");
        let copy = cast.deputy.get(&format!("{first}/copy")).await;
        assert_eq!(copy.status, StatusCode::FORBIDDEN);
        copy.says("has not looked at it yet");
        let page = cast.deputy.get(&first).await;
        let silent = cast
            .deputy
            .submit(&page, "Ask the scanner again now", &[])
            .await;
        silent.says("The scanner does not answer");

        let _running = start(&app.school.data.clone(), &socket);
        // A reader asks about the first, the duty about the other.
        let page = cast.deputy.get(&first).await;
        cast.deputy
            .submit(&page, "Ask the scanner again now", &[])
            .await
            .says("Scanned, nothing found");
        let copy = cast.deputy.get(&format!("{first}/copy")).await;
        assert_eq!(copy.body, b"a first note");
        // The duty alone: other duties would have everybody sign agreements first.
        crate::files::rescan::rescan(&app.school)
            .await
            .expect("the work");
        let locked = cast.deputy.get(&harmful).await;
        locked.says("Locked: something harmful was found");
        let copy = cast.deputy.get(&format!("{harmful}/copy")).await;
        assert_eq!(copy.status, StatusCode::FORBIDDEN);
        assert_eq!(
            app.count("select count(*) as count from notice where kind = 'file-locked'")
                .await,
            1
        );
        // Nothing was thrown away.
        assert_eq!(app.count("select count(*) as count from file").await, 2);
    });
}
