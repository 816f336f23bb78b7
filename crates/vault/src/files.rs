//! Files and backups in the age v1 format, so that a school can open its own with the
//! standard tool. Streams in constant memory. The age crate draws its file keys from the
//! operating system, so two encryptions of one file always differ, even from one seed.

use std::fmt;
use std::io::{self, BufReader, Read, Write};
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use age::x25519;
use bech32::{Bech32, Hrp};
use zeroize::Zeroizing;

use crate::chance::Chance;
use crate::secret::Secret;

const BUFFER: usize = 64 * 1024;

/// Who can open a file: an age X25519 recipient (`age1…`).
#[derive(Clone)]
pub struct FileRecipient(x25519::Recipient);

/// What opens a file: an age X25519 identity (`AGE-SECRET-KEY-1…`).
pub struct FileIdentity(x25519::Identity);

/// Why a file was not encrypted or decrypted.
#[derive(Debug, thiserror::Error)]
pub enum FileProblem {
    #[error("Nobody was named who could open the file. Name at least one recipient.")]
    NoRecipient,
    #[error(
        "This is not an encrypted file in the age format. Check that it is the file you meant."
    )]
    NotEncrypted,
    #[error(
        "This key does not open the file. Use the key of the school, record or kit that it was encrypted to."
    )]
    OtherKey,
    #[error(
        "The file is damaged or its end is missing. Use another copy; what was written so far must not be used."
    )]
    Damaged,
    #[error("“{0}” is not an age recipient. It should begin with “age1” and have 62 characters.")]
    NotARecipient(String),
    #[error(
        "This is not an age identity. It should begin with “AGE-SECRET-KEY-1” and have 74 characters."
    )]
    NotAnIdentity,
    #[error("Reading or writing failed. Check the disk, then try again.")]
    Disk(#[source] io::Error),
}

impl FileIdentity {
    /// Draws a new identity, such as the one that opens backups in the nightly drill.
    pub fn new(chance: &mut dyn Chance) -> Self {
        Self::of(&Secret::draw(chance))
    }

    /// Reads an identity as the standard tool writes it.
    pub fn read(text: &str) -> Result<Self, FileProblem> {
        let identity = x25519::Identity::from_str(text.trim());
        identity.map(Self).map_err(|_| FileProblem::NotAnIdentity)
    }

    /// The identity as the standard tool reads it. Whoever sees it can open the file.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }

    pub fn recipient(&self) -> FileRecipient {
        FileRecipient(self.0.to_public())
    }

    pub(crate) fn age(&self) -> &dyn age::Identity {
        &self.0
    }

    pub(crate) fn of(secret: &Secret) -> Self {
        let prefix = Hrp::parse_unchecked("AGE-SECRET-KEY-");
        let text = bech32::encode_upper::<Bech32>(prefix, secret.expose());
        let text = Zeroizing::new(text.expect("32 bytes fit into Bech32"));
        Self(x25519::Identity::from_str(&text).expect("this is how an identity is written"))
    }
}

impl fmt::Debug for FileIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileIdentity(of {})", self.recipient())
    }
}

impl FileRecipient {
    pub(crate) fn age(&self) -> &dyn age::Recipient {
        &self.0
    }
}

impl FromStr for FileRecipient {
    type Err = FileProblem;

    fn from_str(text: &str) -> Result<Self, FileProblem> {
        let recipient = x25519::Recipient::from_str(text.trim());
        let recipient = recipient.map_err(|_| FileProblem::NotARecipient(text.trim().to_owned()));
        recipient.map(Self)
    }
}

impl fmt::Display for FileRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for FileRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileRecipient({self})")
    }
}

/// Encrypts a stream so that each recipient alone can open it. Returns the number of bytes
/// read. When it fails, the output must be thrown away.
pub fn encrypt(
    from: &mut dyn Read,
    to: &mut dyn Write,
    recipients: &[FileRecipient],
) -> Result<u64, FileProblem> {
    let recipients = recipients.iter().map(|one| &one.0 as &dyn age::Recipient);
    let encryptor =
        age::Encryptor::with_recipients(recipients).map_err(|refused| match refused {
            age::EncryptError::Io(error) => FileProblem::Disk(error),
            _ => FileProblem::NoRecipient,
        })?;
    let mut sealing = encryptor.wrap_output(to).map_err(FileProblem::Disk)?;
    let copied = copy(from, &mut sealing, |_| false)?;
    let out = sealing.finish().map_err(FileProblem::Disk)?;
    out.flush().map_err(FileProblem::Disk)?;
    Ok(copied)
}

/// Decrypts a stream. Returns the number of bytes written. Every byte written was
/// authenticated, but a missing end shows only at the end: when this fails, the output
/// must be thrown away.
pub fn decrypt(
    from: &mut dyn Read,
    to: &mut dyn Write,
    identity: &FileIdentity,
) -> Result<u64, FileProblem> {
    let decryptor = age::Decryptor::new_buffered(BufReader::new(from)).map_err(why)?;
    let identities = std::iter::once(&identity.0 as &dyn age::Identity);
    let mut opening = decryptor.decrypt(identities).map_err(why)?;
    let copied = copy(&mut opening, to, is_damage)?;
    to.flush().map_err(FileProblem::Disk)?;
    Ok(copied)
}

pub(crate) fn copy(
    from: &mut dyn Read,
    to: &mut dyn Write,
    is_damage: fn(&io::Error) -> bool,
) -> Result<u64, FileProblem> {
    let mut buffer = Zeroizing::new(vec![0; BUFFER]);
    let mut copied = 0;
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => return Ok(copied),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if is_damage(&error) => return Err(FileProblem::Damaged),
            Err(error) => return Err(FileProblem::Disk(error)),
        };
        to.write_all(&buffer[..count]).map_err(FileProblem::Disk)?;
        copied += count as u64;
    }
}

/// The kinds of error by which the age crate says that a chunk is wrong or missing.
pub(crate) fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}

pub(crate) fn why(refused: age::DecryptError) -> FileProblem {
    match refused {
        age::DecryptError::NoMatchingKeys => FileProblem::OtherKey,
        age::DecryptError::InvalidMac
        | age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed => FileProblem::Damaged,
        age::DecryptError::Io(error) if !is_damage(&error) => FileProblem::Disk(error),
        _ => FileProblem::NotEncrypted,
    }
}
