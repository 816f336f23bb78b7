//! The log of decisions: written behind the answers, never before them.
//!
//! A worker collects lines and hands them on whole; a writer of its own brings them to files of an
//! hour or 64 MB each. When the disk is slow or full, answers go on and the gap is written down as
//! soon as there is room. `docs/filter.md` has the fields and words; one line, parted by tabs:
//!
//! ```text
//! 1790000000123  10.2.0.9  ipad-7  pupils  www.example.com  1  listed  ut1/games  games
//! 1790000000456  gap  1204
//! ```

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use super::query::Lower;

/// Blocks in flight; each is at most about 64 kB.
const IN_FLIGHT: usize = 256;
const BLOCK: usize = 48 * 1024;
const LARGEST_FILE: u64 = 64 << 20;
const HOUR_MS: i64 = 3_600_000;

/// What a line says was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Did<'a> {
    pub word: &'static str,
    pub list: &'a str,
    pub category: &'a str,
}

/// Whose question it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct By<'a> {
    pub from: IpAddr,
    pub device: &'a str,
    pub group: &'a str,
}

enum Part {
    Block(Block),
    /// Nothing more will come.
    End,
}

struct Block {
    text: Vec<u8>,
    lines: u64,
    at_ms: i64,
}

/// One worker's end.
pub(super) struct Log {
    to: Option<SyncSender<Part>>,
    text: Vec<u8>,
    lines: u64,
    lost: Arc<AtomicU64>,
}

impl Log {
    /// A log that keeps nothing.
    pub(super) fn none() -> Self {
        Self {
            to: None,
            text: Vec::new(),
            lines: 0,
            lost: Arc::default(),
        }
    }

    #[inline]
    pub(super) fn line(&mut self, at_ms: i64, by: By<'_>, name: &Lower, kind: u16, did: Did<'_>) {
        if self.to.is_none() {
            return;
        }
        let text = &mut self.text;
        number(text, at_ms.unsigned_abs());
        text.push(b'\t');
        address(text, by.from);
        text.push(b'\t');
        text.extend_from_slice(by.device.as_bytes());
        text.push(b'\t');
        text.extend_from_slice(by.group.as_bytes());
        text.push(b'\t');
        name.write(text);
        text.push(b'\t');
        number(text, u64::from(kind));
        text.push(b'\t');
        text.extend_from_slice(did.word.as_bytes());
        text.push(b'\t');
        text.extend_from_slice(did.list.as_bytes());
        text.push(b'\t');
        text.extend_from_slice(did.category.as_bytes());
        text.push(b'\n');
        self.lines += 1;
        if text.len() >= BLOCK {
            self.hand_on(at_ms);
        }
    }

    /// Hands on what has been collected; if nobody can take it, it is counted as lost.
    pub(super) fn hand_on(&mut self, at_ms: i64) {
        let Some(to) = &self.to else { return };
        if self.lines == 0 {
            return;
        }
        let text = std::mem::replace(&mut self.text, Vec::with_capacity(BLOCK + 1024));
        let lines = std::mem::take(&mut self.lines);
        let part = Part::Block(Block { text, lines, at_ms });
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) = to.try_send(part) {
            self.lost.fetch_add(lines, Ordering::Relaxed);
        }
    }
}

fn number(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

fn address(out: &mut Vec<u8>, address: IpAddr) {
    match super::who::plain(address) {
        IpAddr::V4(four) => {
            for (at, octet) in four.octets().into_iter().enumerate() {
                if at > 0 {
                    out.push(b'.');
                }
                number(out, u64::from(octet));
            }
        }
        IpAddr::V6(six) => {
            let _ = write!(out, "{six}");
        }
    }
}

/// Where the lines go.
pub(super) struct Logs {
    to: SyncSender<Part>,
    lost: Arc<AtomicU64>,
}

impl Logs {
    /// Starts the writer, which ends when every log has been dropped.
    pub(super) fn start(folder: &Path) -> io::Result<(Self, std::thread::JoinHandle<()>)> {
        std::fs::create_dir_all(folder)?;
        let (to, from) = sync_channel(IN_FLIGHT);
        let lost: Arc<AtomicU64> = Arc::default();
        let writer = Writer {
            folder: folder.to_owned(),
            file: None,
            owed: 0,
            lost: lost.clone(),
        };
        let thread = std::thread::Builder::new()
            .name("filter-log".into())
            .spawn(move || writer.run(&from))?;
        Ok((Self { to, lost }, thread))
    }

    /// Lets the writer end once it has written what was handed on.
    pub(super) fn end(&self) {
        // If it has ended already, there is nobody to tell.
        let _ = self.to.send(Part::End);
    }

    pub(super) fn log(&self) -> Log {
        Log {
            to: Some(self.to.clone()),
            text: Vec::with_capacity(BLOCK + 1024),
            lines: 0,
            lost: self.lost.clone(),
        }
    }
}

struct Open {
    file: File,
    hour: i64,
    size: u64,
}

struct Writer {
    folder: PathBuf,
    file: Option<Open>,
    /// Lines that could not be written, and of which the log does not say so yet.
    owed: u64,
    lost: Arc<AtomicU64>,
}

impl Writer {
    fn run(mut self, from: &Receiver<Part>) {
        while let Ok(Part::Block(block)) = from.recv() {
            self.owed += self.lost.swap(0, Ordering::Relaxed);
            if self.write(&block).is_err() {
                self.owed += block.lines;
                // A torn line ends with the file, and the next block begins another.
                self.file = None;
            }
        }
    }

    fn write(&mut self, block: &Block) -> io::Result<()> {
        let hour = block.at_ms / HOUR_MS;
        let turn = self
            .file
            .as_ref()
            .is_none_or(|open| open.hour != hour || open.size >= LARGEST_FILE);
        if turn {
            self.file = Some(open(&self.folder, hour)?);
        }
        let Some(open) = &mut self.file else {
            return Ok(());
        };
        if self.owed > 0 {
            let gap = format!("{}\tgap\t{}\n", block.at_ms, self.owed);
            open.file.write_all(gap.as_bytes())?;
            self.owed = 0;
        }
        open.file.write_all(&block.text)?;
        open.size += block.text.len() as u64;
        Ok(())
    }
}

/// The next file of this hour. What the log holds is personal: its owner alone reads it.
fn open(folder: &Path, hour: i64) -> io::Result<Open> {
    use std::os::unix::fs::OpenOptionsExt as _;
    for number in 0..10_000 {
        let path = folder.join(format!("{hour}-{number:04}.log"));
        let made = OpenOptions::new()
            .create_new(true)
            .append(true)
            .mode(0o600)
            .open(path);
        match made {
            Ok(file) => {
                return Ok(Open {
                    file,
                    hour,
                    size: 0,
                });
            }
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {}
            Err(why) => return Err(why),
        }
    }
    Err(io::Error::other("ten thousand files of one hour"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(folder: &Path) -> String {
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .expect("readable")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|end| end == "log"))
            .collect();
        files.sort();
        files
            .iter()
            .map(|path| std::fs::read_to_string(path).expect("text"))
            .collect()
    }

    fn say(log: &mut Log, at_ms: i64, name: &str) {
        let name = Lower::of(name).expect("a name");
        let did = Did {
            word: "listed",
            list: "ut1/games",
            category: "games",
        };
        let by = By {
            from: "10.2.0.9".parse().expect("an address"),
            device: "ipad-7",
            group: "pupils",
        };
        log.line(at_ms, by, &name, 1, did);
        log.hand_on(at_ms);
    }

    #[test]
    fn decisions_reach_the_file_hour_by_hour() {
        let folder = tempfile::tempdir().expect("a folder");
        let (logs, thread) = Logs::start(folder.path()).expect("started");
        let mut log = logs.log();
        say(&mut log, 1_790_000_000_123, "www.example.com");
        say(&mut log, 1_790_000_000_123 + HOUR_MS, "example.org");
        drop((log, logs));
        thread.join().expect("ended");
        assert_eq!(
            read(folder.path()),
            "1790000000123\t10.2.0.9\tipad-7\tpupils\twww.example.com\t1\tlisted\tut1/games\tgames\n\
             1790003600123\t10.2.0.9\tipad-7\tpupils\texample.org\t1\tlisted\tut1/games\tgames\n"
        );
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("readable").count(),
            2
        );
    }

    #[test]
    fn a_gap_is_written_down_when_there_is_room_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("log");
        let mut writer = Writer {
            folder: place.clone(),
            file: None,
            owed: 0,
            lost: Arc::default(),
        };
        let block = |text: &str| Block {
            text: text.as_bytes().to_vec(),
            lines: 1,
            at_ms: 5,
        };
        // The folder is missing, as a disk might be.
        let (to, from) = sync_channel(8);
        to.try_send(Part::Block(block("one\n"))).expect("room");
        drop(to);
        assert!(writer.write(&block("none\n")).is_err());
        writer.owed = 1;
        std::fs::create_dir(&place).expect("made");
        writer.lost.fetch_add(3, Ordering::Relaxed);
        writer.run(&from);
        assert_eq!(read(&place), "5\tgap\t4\none\n");
    }

    #[test]
    fn a_full_channel_costs_lines_and_no_time() {
        let (to, _from) = sync_channel(1);
        let lost: Arc<AtomicU64> = Arc::default();
        let mut log = Log {
            to: Some(to),
            text: Vec::new(),
            lines: 0,
            lost: lost.clone(),
        };
        for _ in 0..5 {
            say(&mut log, 1, "example.com");
        }
        assert_eq!(lost.load(Ordering::Relaxed), 4);
    }
}
