//! What a node follows, as the server signs it: which files, with their digests, in which order of time.
//!
//! ```text
//! belisha filter snapshot v1
//! school 5f0c…
//! serial 1790000000123
//! file filter.index 9f86d0… 6300000
//! signature MEUCIQ…
//! ```
//!
//! The signature is an Ed25519 signature of everything above its line.

use std::io::Read as _;
use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::{INDEX, POLICY, REGISTER};

pub const SNAPSHOT_PATH: &str = "/filter/node/snapshot";
pub const FILE_PATH: &str = "/filter/node/files";
const HEAD: &str = "belisha filter snapshot v1";

/// A file of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    /// SHA-256, in small hexadecimal digits.
    pub digest: String,
    pub bytes: u64,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub school: String,
    /// Greater with each snapshot, so that an old one cannot be put in the place of a newer.
    pub serial: i64,
    pub files: Vec<File>,
}

/// Why a snapshot is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestRefused {
    #[error("the snapshot is not written as it should be")]
    Text,
    #[error("the snapshot is not signed by the school that this node belongs to")]
    Signature,
    #[error("the snapshot is one of another school")]
    School,
    #[error("the snapshot is older than the one in use")]
    Older,
    #[error("the snapshot names a file that no resolver follows: {0}")]
    Name(String),
    #[error("the key of the school cannot be used")]
    Key,
}

/// The public key, as a node keeps it.
pub fn public_key(seed: &[u8; 32]) -> String {
    BASE64.encode(SigningKey::from_bytes(seed).verifying_key().as_bytes())
}

/// The text of a snapshot, signed.
pub fn sign(manifest: &Manifest, seed: &[u8; 32]) -> String {
    let text = manifest.text();
    let signature = SigningKey::from_bytes(seed).sign(text.as_bytes());
    format!("{text}signature {}\n", BASE64.encode(&signature.to_bytes()))
}

impl Manifest {
    fn text(&self) -> String {
        let mut text = format!("{HEAD}\nschool {}\nserial {}\n", self.school, self.serial);
        for file in &self.files {
            text += &format!("file {} {} {}\n", file.name, file.digest, file.bytes);
        }
        text
    }

    /// Reads a snapshot that this key signed for this school.
    pub fn proved(text: &[u8], key: &str, school: &str) -> Result<Self, ManifestRefused> {
        let text = str::from_utf8(text).map_err(|_| ManifestRefused::Text)?;
        let (body, signature) = text
            .trim_end_matches('\n')
            .rsplit_once('\n')
            .ok_or(ManifestRefused::Text)?;
        let body = format!("{body}\n");
        let signature = signature
            .strip_prefix("signature ")
            .and_then(|text| BASE64.decode(text.as_bytes()).ok())
            .and_then(|bytes| Signature::from_slice(&bytes).ok())
            .ok_or(ManifestRefused::Signature)?;
        verifying(key)?
            .verify_strict(body.as_bytes(), &signature)
            .map_err(|_| ManifestRefused::Signature)?;
        let manifest = Self::read(&body).ok_or(ManifestRefused::Text)?;
        if manifest.school != school {
            return Err(ManifestRefused::School);
        }
        let known = [INDEX, POLICY, REGISTER];
        if let Some(file) = manifest
            .files
            .iter()
            .find(|file| !known.contains(&file.name.as_str()))
        {
            return Err(ManifestRefused::Name(file.name.clone()));
        }
        Ok(manifest)
    }

    fn read(body: &str) -> Option<Self> {
        let mut lines = body.lines();
        if lines.next()? != HEAD {
            return None;
        }
        let school = lines.next()?.strip_prefix("school ")?.to_owned();
        let serial = lines.next()?.strip_prefix("serial ")?.parse().ok()?;
        let files = lines
            .map(|line| {
                let mut words = line.strip_prefix("file ")?.split(' ');
                let file = File {
                    name: words.next()?.to_owned(),
                    digest: words.next()?.to_owned(),
                    bytes: words.next()?.parse().ok()?,
                };
                let is_digest = file.digest.len() == 64
                    && file.digest.bytes().all(|byte| byte.is_ascii_hexdigit());
                (is_digest && words.next().is_none()).then_some(file)
            })
            .collect::<Option<_>>()?;
        Some(Self {
            school,
            serial,
            files,
        })
    }
}

fn verifying(key: &str) -> Result<VerifyingKey, ManifestRefused> {
    BASE64
        .decode(key.as_bytes())
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
        .ok_or(ManifestRefused::Key)
}

/// The digest of a file, as a snapshot names it.
pub fn digest_of(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut part = vec![0; 1 << 16];
    loop {
        match file.read(&mut part)? {
            0 => return Ok(HEXLOWER.encode(&hash.finalize())),
            length => hash.update(&part[..length]),
        }
    }
}
