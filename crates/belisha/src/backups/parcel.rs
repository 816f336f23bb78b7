//! The parcel around a backup: lines go in, an encrypted file comes out, and the other
//! way about. Neither side ever holds the whole, and no plain copy touches the disk.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use belisha_vault::{FileIdentity, FileProblem, FileRecipient, decrypt, encrypt};
use flate2::Compression;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::problem::Fault;

/// How many lines wait at most between the records and the file.
const WAITING: usize = 512;

/// A file as it was written.
pub(crate) struct Written {
    pub(crate) size_bytes: u64,
    pub(crate) sha256: String,
}

/// A parcel that is being packed.
pub(crate) struct Packing {
    lines: mpsc::Sender<Vec<u8>>,
    done: JoinHandle<Result<Written, FileProblem>>,
}

impl Packing {
    /// Begins a file, readable by its owner alone, where there is none yet.
    pub(crate) fn begin(path: &Path, recipients: Vec<FileRecipient>) -> Result<Self, Fault> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(|error| Fault::at("making a backup file".into(), error))?;
        let (lines, waiting) = mpsc::channel(WAITING);
        let done = tokio::task::spawn_blocking(move || {
            let mut out = Hashing {
                file,
                hash: Sha256::new(),
                size_bytes: 0,
            };
            let plain = Arriving {
                waiting,
                rest: Vec::new(),
                at: 0,
            };
            let mut zipped = flate2::read::GzEncoder::new(plain, Compression::default());
            encrypt(&mut zipped, &mut out, &recipients)?;
            out.file.sync_all().map_err(FileProblem::Disk)?;
            Ok(Written {
                size_bytes: out.size_bytes,
                sha256: data_encoding::HEXLOWER.encode(&out.hash.finalize()),
            })
        });
        Ok(Self { lines, done })
    }

    /// Adds a line; its line end is added here.
    pub(crate) async fn line(&mut self, text: &str) -> Result<(), Fault> {
        let mut bytes = text.as_bytes().to_vec();
        bytes.push(b'\n');
        // A receiver that is gone has failed, and says why at the end.
        let _ = self.lines.send(bytes).await;
        Ok(())
    }

    /// Where many lines, each with its line end, can be sent.
    pub(crate) fn lines(&self) -> &mpsc::Sender<Vec<u8>> {
        &self.lines
    }

    /// Ends the file.
    pub(crate) async fn finish(self) -> Result<Written, Fault> {
        drop(self.lines);
        let packed = self
            .done
            .await
            .map_err(|error| Fault::at("writing a backup".into(), error))?;
        packed.map_err(|problem| Fault::at("writing a backup".into(), problem))
    }
}

/// A parcel that is being opened.
pub(crate) struct Opening {
    lines: mpsc::Receiver<String>,
    done: JoinHandle<Result<u64, FileProblem>>,
}

impl Opening {
    /// Begins to decrypt a file.
    pub(crate) fn begin(path: &Path, identity: FileIdentity) -> Result<Self, Fault> {
        let mut file =
            File::open(path).map_err(|error| Fault::at("opening a backup file".into(), error))?;
        let (sender, lines) = mpsc::channel(WAITING);
        let done = tokio::task::spawn_blocking(move || {
            let leaving = Leaving {
                sender,
                rest: Vec::new(),
            };
            let mut unzipping = flate2::write::GzDecoder::new(leaving);
            let size = decrypt(&mut file, &mut unzipping, &identity)?;
            unzipping.finish().map_err(|_| FileProblem::Damaged)?;
            Ok(size)
        });
        Ok(Self { lines, done })
    }

    /// The next line, or none at the end.
    pub(crate) async fn line(&mut self) -> Option<String> {
        self.lines.recv().await
    }

    /// Whether the file was whole and genuine to its last byte. What was read before must
    /// not be used if not.
    pub(crate) async fn finish(self) -> Result<(), FileProblem> {
        drop(self.lines);
        match self.done.await {
            Ok(opened) => opened.map(drop),
            Err(_) => Err(FileProblem::Damaged),
        }
    }
}

/// The hash of a file as it lies there.
pub(crate) fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(data_encoding::HEXLOWER.encode(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}

/// Lines that arrive from the records, as a stream of bytes.
struct Arriving {
    waiting: mpsc::Receiver<Vec<u8>>,
    rest: Vec<u8>,
    at: usize,
}

impl Read for Arriving {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.rest.len() {
            match self.waiting.blocking_recv() {
                None => return Ok(0),
                Some(line) => (self.rest, self.at) = (line, 0),
            }
        }
        let left = &self.rest[self.at..];
        let count = left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&left[..count]);
        self.at += count;
        Ok(count)
    }
}

/// Bytes that leave towards the records, as lines.
struct Leaving {
    sender: mpsc::Sender<String>,
    rest: Vec<u8>,
}

impl Write for Leaving {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        let mut begin = 0;
        while let Some(length) = self.rest[begin..].iter().position(|byte| *byte == b'\n') {
            let line = String::from_utf8(self.rest[begin..begin + length].to_vec())
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            begin += length + 1;
            self.sender
                .blocking_send(line)
                .map_err(|_| io::ErrorKind::BrokenPipe)?;
        }
        self.rest.drain(..begin);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file whose bytes are hashed and counted on their way.
struct Hashing {
    file: File,
    hash: Sha256,
    size_bytes: u64,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.size_bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
