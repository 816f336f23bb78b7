//! A file on its way in or out: sealed from its first byte, in a file without a name, so
//! that whatever stops half-way leaves nothing behind.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use axum::body::Bytes;
use belisha_rules::files::LARGEST_BYTES;
use belisha_vault::{FileIdentity, FileProblem, Opening, Sealing};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::problem::Fault;

/// How many pieces wait at most between the browser and the file.
const WAITING: usize = 8;

/// The sealed bytes, in a file that has no name.
pub(super) struct Spooled {
    file: File,
    identity: FileIdentity,
    pub(super) size_bytes: u64,
    pub(super) commitment: [u8; 32],
}

/// What arrives is being sealed.
pub(super) struct Spooling {
    pieces: mpsc::Sender<Bytes>,
    done: JoinHandle<Result<Option<Spooled>, FileProblem>>,
}

/// A file without a name, for this process alone; gone when it is closed.
pub(crate) fn nameless(folder: &Path, name: &str) -> io::Result<File> {
    let path = folder.join(format!(".arriving-{name}"));
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// The journal's word on a file's content: nobody can guess the content from it, since
/// the salt is drawn for each file and sealed with it.
pub(crate) fn begin_commitment(salt: &[u8; 32]) -> Sha256 {
    Sha256::new()
        .chain_update(b"belisha/v1/file-content\0")
        .chain_update(salt)
}

impl Spooling {
    /// Begins. The file's own name tells nothing.
    pub(super) fn begin(
        folder: &Path,
        name: &str,
        identity: FileIdentity,
        salt: [u8; 32],
    ) -> Result<Self, Fault> {
        let file = nameless(folder, name)
            .map_err(|error| Fault::at("beginning to take a file".into(), error))?;
        let (pieces, mut waiting) = mpsc::channel::<Bytes>(WAITING);
        let done = tokio::task::spawn_blocking(move || {
            let mut sealing = Sealing::begin(file, &[identity.recipient()])?;
            let mut hash = begin_commitment(&salt);
            let mut size_bytes: u64 = 0;
            while let Some(piece) = waiting.blocking_recv() {
                size_bytes += piece.len() as u64;
                if size_bytes > LARGEST_BYTES {
                    return Ok(None);
                }
                hash.update(&piece);
                sealing.write_all(&piece).map_err(FileProblem::Disk)?;
            }
            Ok(Some(Spooled {
                file: sealing.finish()?,
                identity,
                size_bytes,
                commitment: hash.finalize().into(),
            }))
        });
        Ok(Self { pieces, done })
    }

    /// Takes the next piece. False once there is too much.
    pub(super) async fn take(&self, piece: Bytes) -> bool {
        self.pieces.send(piece).await.is_ok()
    }

    /// Ends; nothing where the file was too large.
    pub(super) async fn finish(self) -> Result<Option<Spooled>, Fault> {
        drop(self.pieces);
        self.done
            .await
            .map_err(|error| Fault::at("taking a file".into(), error))?
            .map_err(|problem| Fault::at("taking a file".into(), problem))
    }
}

impl Spooled {
    /// Takes over what was written to a nameless file.
    pub(super) fn of(file: File, identity: FileIdentity, size_bytes: u64) -> Self {
        Self {
            file,
            identity,
            size_bytes,
            commitment: [0; 32],
        }
    }

    /// The plain bytes, from the first.
    pub(super) fn open(&mut self) -> Result<Opening<&mut File>, FileProblem> {
        self.file
            .seek(SeekFrom::Start(0))
            .map_err(FileProblem::Disk)?;
        Opening::begin(&mut self.file, &self.identity)
    }

    /// The plain bytes, for a stream that outlives this.
    pub(super) fn into_open(mut self) -> Result<Opening<File>, FileProblem> {
        self.file
            .seek(SeekFrom::Start(0))
            .map_err(FileProblem::Disk)?;
        Opening::begin(self.file, &self.identity)
    }

    /// Whether every byte is as it was sealed, and what the journal committed to.
    pub(super) fn holds(
        &mut self,
        salt: &[u8; 32],
        commitment: &[u8; 32],
    ) -> Result<(), FileProblem> {
        let expected = self.size_bytes;
        let mut opening = self.open()?;
        let mut hash = begin_commitment(salt);
        let mut buffer = vec![0; 64 * 1024];
        let mut size: u64 = 0;
        loop {
            match opening.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    hash.update(&buffer[..count]);
                    size += count as u64;
                }
                Err(_) => return Err(FileProblem::Damaged),
            }
        }
        let found: [u8; 32] = hash.finalize().into();
        if size == expected && found == *commitment {
            Ok(())
        } else {
            Err(FileProblem::Damaged)
        }
    }

    /// The sealed bytes, piece by piece, for the records.
    pub(super) fn sealed_pieces(&mut self, size: usize) -> io::Result<Pieces<'_>> {
        self.file.seek(SeekFrom::Start(0))?;
        Ok(Pieces {
            file: &mut self.file,
            size,
        })
    }
}

/// Pieces of one size, the last one shorter.
pub(super) struct Pieces<'a> {
    file: &'a mut File,
    size: usize,
}

impl Iterator for Pieces<'_> {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut piece = Vec::with_capacity(self.size);
        match io::Read::take(&mut *self.file, self.size as u64).read_to_end(&mut piece) {
            Ok(0) => None,
            Ok(_) => Some(Ok(piece)),
            Err(error) => Some(Err(error)),
        }
    }
}
