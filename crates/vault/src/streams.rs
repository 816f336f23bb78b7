//! Files that arrive and leave piece by piece, in the same age v1 format as `files`: what
//! is written is sealed at once, and what is read can be read from any place without
//! opening the rest.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use age::stream::{StreamReader, StreamWriter};

use crate::files::{FileIdentity, FileProblem, FileRecipient, why};
use crate::passphrase;

/// A file that is being sealed as it arrives. Dropped without [`Sealing::finish`] it has
/// no end, and opens for nobody.
pub struct Sealing<W: Write>(StreamWriter<W>);

impl<W: Write> Sealing<W> {
    /// Begins a file that each recipient alone can open.
    pub fn begin(to: W, recipients: &[FileRecipient]) -> Result<Self, FileProblem> {
        let recipients = recipients.iter().map(FileRecipient::age);
        let encryptor =
            age::Encryptor::with_recipients(recipients).map_err(|refused| match refused {
                age::EncryptError::Io(error) => FileProblem::Disk(error),
                _ => FileProblem::NoRecipient,
            })?;
        encryptor
            .wrap_output(to)
            .map(Self)
            .map_err(FileProblem::Disk)
    }

    /// Begins a file that a passphrase opens, and the standard tool with it.
    pub fn begin_with_passphrase(to: W, passphrase: &str) -> Result<Self, FileProblem> {
        let recipient = passphrase::recipient(passphrase);
        let recipients = std::iter::once(&recipient as &dyn age::Recipient);
        age::Encryptor::with_recipients(recipients)
            .map_err(|_| FileProblem::NoRecipient)?
            .wrap_output(to)
            .map(Self)
            .map_err(FileProblem::Disk)
    }

    /// Ends the file and gives back what it was written to.
    pub fn finish(self) -> Result<W, FileProblem> {
        let mut out = self.0.finish().map_err(FileProblem::Disk)?;
        out.flush().map_err(FileProblem::Disk)?;
        Ok(out)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A sealed file that is being read. Every byte that comes out was authenticated; a chunk
/// that was changed, moved or cut off is an error of the kind `InvalidData` or
/// `UnexpectedEof`, and whatever was read before must then not be used.
pub struct Opening<R: Read>(StreamReader<BufReader<R>>);

impl<R: Read> Opening<R> {
    /// Begins to read; refused where the identity does not open it.
    pub fn begin(from: R, identity: &FileIdentity) -> Result<Self, FileProblem> {
        let decryptor = age::Decryptor::new_buffered(BufReader::new(from)).map_err(why)?;
        let identities = std::iter::once(identity.age());
        decryptor.decrypt(identities).map(Self).map_err(why)
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read + Seek> Seek for Opening<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}
