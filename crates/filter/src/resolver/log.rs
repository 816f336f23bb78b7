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
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use crate::line::Word;

/// Blocks in flight; each is at most about 64 kB.
const IN_FLIGHT: usize = 256;
const BLOCK: usize = 48 * 1024;
/// Blocks that wait to be filled again, so that their memory is taken once.
const SPARE: usize = 8;
const LARGEST_FILE: u64 = 64 << 20;
const HOUR_MS: i64 = 3_600_000;
/// Of a page's address, so much is kept.
const LONGEST_PAGE: usize = 1024;

/// What a line says was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Did<'a> {
    pub word: Word,
    pub list: &'a str,
    pub category: &'a str,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A record of this type.
    Type(u16),
    /// A tunnel through the proxy.
    Connect,
    /// A page of plain HTTP, through the proxy.
    Page,
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
    spare: Arc<Spare>,
    /// The time of the last line and its digits: many lines share it.
    time: (i64, Vec<u8>),
}

type Spare = Mutex<Vec<Vec<u8>>>;

impl Log {
    /// A log that keeps nothing.
    pub(super) fn none() -> Self {
        Self {
            to: None,
            text: Vec::new(),
            lines: 0,
            lost: Arc::default(),
            spare: Arc::default(),
            time: (-1, Vec::new()),
        }
    }

    #[inline]
    pub(super) fn line(
        &mut self,
        at_ms: i64,
        by: By<'_>,
        kind: Kind,
        did: Did<'_>,
        name: impl FnOnce(&mut Vec<u8>),
    ) {
        if self.to.is_none() {
            return;
        }
        let text = &mut self.text;
        if self.time.0 != at_ms {
            self.time.0 = at_ms;
            self.time.1.clear();
            number(&mut self.time.1, at_ms.unsigned_abs());
            self.time.1.push(b'\t');
        }
        text.extend_from_slice(&self.time.1);
        address(text, by.from);
        text.push(b'\t');
        text.extend_from_slice(by.device.as_bytes());
        text.push(b'\t');
        text.extend_from_slice(by.group.as_bytes());
        text.push(b'\t');
        name(text);
        text.push(b'\t');
        match kind {
            Kind::Type(kind) => number(text, u64::from(kind)),
            Kind::Connect => text.extend_from_slice(b"connect"),
            Kind::Page => text.extend_from_slice(b"page"),
        }
        text.push(b'\t');
        text.extend_from_slice(did.word.key().as_bytes());
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
        let spare = self
            .spare
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let next = spare.unwrap_or_else(|| Vec::with_capacity(BLOCK + 1024));
        let text = std::mem::replace(&mut self.text, next);
        let lines = std::mem::take(&mut self.lines);
        let part = Part::Block(Block { text, lines, at_ms });
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) = to.try_send(part) {
            self.lost.fetch_add(lines, Ordering::Relaxed);
        }
    }
}

/// An address of a page, as it stands in a line: what has no place there is written `%09`.
pub(super) fn page(out: &mut Vec<u8>, text: &str) {
    for byte in text.bytes().take(LONGEST_PAGE) {
        match byte {
            0x21..=0x7e => out.push(byte),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
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

/// Each octet as it is written, with a dot after it, and how long that is.
static OCTETS: [([u8; 4], usize); 256] = {
    let mut octets = [([b'.'; 4], 0); 256];
    let mut octet = 0;
    while octet < 256 {
        let digits = [
            b'0' + (octet / 100) as u8,
            b'0' + (octet / 10 % 10) as u8,
            b'0' + (octet % 10) as u8,
        ];
        let skipped = if octet >= 100 {
            0
        } else if octet >= 10 {
            1
        } else {
            2
        };
        let mut at = skipped;
        while at < 3 {
            octets[octet].0[at - skipped] = digits[at];
            at += 1;
        }
        octets[octet].1 = 4 - skipped;
        octet += 1;
    }
    octets
};

fn address(out: &mut Vec<u8>, address: IpAddr) {
    match super::who::plain(address) {
        IpAddr::V4(four) => {
            let mut text = [0; 16];
            let mut end = 0;
            for octet in four.octets() {
                let (digits, length) = OCTETS[usize::from(octet)];
                text[end..end + 4].copy_from_slice(&digits);
                end += length;
            }
            // The last octet has a dot after it, like the others.
            out.extend_from_slice(&text[..end - 1]);
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
    spare: Arc<Spare>,
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
            spare: Arc::default(),
        };
        let spare = writer.spare.clone();
        let thread = std::thread::Builder::new()
            .name("filter-log".into())
            .spawn(move || writer.run(&from))?;
        Ok((Self { to, lost, spare }, thread))
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
            spare: self.spare.clone(),
            time: (-1, Vec::new()),
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
    spare: Arc<Spare>,
}

impl Writer {
    fn run(mut self, from: &Receiver<Part>) {
        // On a machine of one processor an answer comes first. Where the machine refuses, both take turns.
        let _ = rustix::process::nice(10);
        while let Ok(Part::Block(mut block)) = from.recv() {
            self.owed += self.lost.swap(0, Ordering::Relaxed);
            if self.write(&block).is_err() {
                self.owed += block.lines;
                self.take_back();
            }
            let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
            if spare.len() < SPARE {
                block.text.clear();
                spare.push(block.text);
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
            open.size += gap.len() as u64;
            self.owed = 0;
        }
        open.file.write_all(&block.text)?;
        open.size += block.text.len() as u64;
        Ok(())
    }

    /// Takes a torn line out of the file. If that fails too, the line ends with the file and the next block begins
    /// another, which a full disk must not do each time: the names of an hour's files would run out.
    fn take_back(&mut self) {
        self.file = self
            .file
            .take()
            .filter(|open| open.file.set_len(open.size).is_ok());
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
    use crate::resolver::query::Lower;

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
            word: Word::Listed,
            list: "ut1/games",
            category: "games",
        };
        let by = By {
            from: "10.2.0.9".parse().expect("an address"),
            device: "ipad-7",
            group: "pupils",
        };
        log.line(at_ms, by, Kind::Type(1), did, |out| name.write(out));
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
    fn every_octet_is_written_as_a_number() {
        for octet in 0..=255u8 {
            let four = std::net::Ipv4Addr::new(octet, 255 - octet, 10, octet);
            let mut out = Vec::new();
            address(&mut out, four.into());
            assert_eq!(String::from_utf8(out), Ok(four.to_string()));
        }
    }

    #[test]
    fn a_page_cannot_write_a_line_of_its_own() {
        let mut out = Vec::new();
        page(&mut out, "a.example/x\ty\n1\u{fc}");
        assert_eq!(out, b"a.example/x%09y%0A1%C3%BC");
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
            spare: Arc::default(),
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
    fn a_full_disk_does_not_use_up_the_files_of_an_hour() {
        let folder = tempfile::tempdir().expect("a folder");
        // A file that cannot grow, as on a disk that is full.
        let flags = rustix::fs::MemfdFlags::ALLOW_SEALING;
        let full = rustix::fs::memfd_create("full", flags).expect("a file in memory");
        rustix::fs::fcntl_add_seals(&full, rustix::fs::SealFlags::GROW).expect("sealed");
        let full = Open {
            file: full.into(),
            hour: 0,
            size: 0,
        };
        let writer = Writer {
            folder: folder.path().to_owned(),
            file: Some(full),
            owed: 0,
            lost: Arc::default(),
            spare: Arc::default(),
        };
        let (to, from) = sync_channel(8);
        for hour in [0, 0, 0, 1] {
            let block = Block {
                text: b"line\n".to_vec(),
                lines: 1,
                at_ms: hour * HOUR_MS,
            };
            to.try_send(Part::Block(block)).expect("room");
        }
        drop(to);
        writer.run(&from);
        assert_eq!(read(folder.path()), format!("{HOUR_MS}\tgap\t3\nline\n"));
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("readable").count(),
            1
        );
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
            spare: Arc::default(),
            time: (-1, Vec::new()),
        };
        for _ in 0..5 {
            say(&mut log, 1, "example.com");
        }
        assert_eq!(lost.load(Ordering::Relaxed), 4);
    }
}
