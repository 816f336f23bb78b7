//! Whether what was fetched is what its publisher made.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use minisign_verify::{PublicKey, Signature};
use sha2::{Digest as _, Sha256};

/// Why a file is not believed.
#[derive(Debug, thiserror::Error)]
pub enum ProofFailed {
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("its SHA-256 is {found}, and {expected} was promised")]
    Checksum { expected: String, found: String },
    #[error("the file of checksums does not name “{0}”")]
    NoChecksum(String),
    #[error("its signature is not by the key that was given, or not of this file: {0}")]
    Signature(#[from] minisign_verify::Error),
}

fn pieces(file: &Path, mut take: impl FnMut(&[u8])) -> std::io::Result<()> {
    let mut from = BufReader::with_capacity(1 << 16, File::open(file)?);
    let mut piece = vec![0; 1 << 16];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(()),
            length => take(&piece[..length]),
        }
    }
}

/// Compares with a checksum, which is 64 digits or a line of a file such as `sha256sum` makes.
pub(super) fn checksum(file: &Path, promised: &str, name: &str) -> Result<(), ProofFailed> {
    let expected = promised_for(promised, name)
        .ok_or_else(|| ProofFailed::NoChecksum(name.to_owned()))?
        .to_ascii_lowercase();
    let mut digest = Sha256::new();
    pieces(file, |piece| digest.update(piece))?;
    let found = data_encoding::HEXLOWER.encode(&digest.finalize());
    if found == expected {
        Ok(())
    } else {
        Err(ProofFailed::Checksum { expected, found })
    }
}

pub(super) fn is_sum(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn promised_for<'a>(promised: &'a str, name: &str) -> Option<&'a str> {
    let lines = || {
        promised
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
    };
    let named = lines().find_map(|line| {
        let (sum, file) = line.split_once(char::is_whitespace)?;
        let file = file.trim().trim_start_matches('*').trim_start_matches("./");
        (is_sum(sum) && file == name).then_some(sum)
    });
    let alone = || {
        let mut all = lines();
        let one = all.next().filter(|line| is_sum(line))?;
        all.next().is_none().then_some(one)
    };
    named.or_else(alone)
}

/// Verifies a minisign signature. Only the form that signs the file's digest is taken, so that a large
/// file need not be held in memory.
pub(super) fn signature(file: &Path, key: &str, signature: &str) -> Result<(), ProofFailed> {
    let key = PublicKey::from_base64(key)?;
    let signature = Signature::decode(signature)?;
    let mut verifier = key.verify_stream(&signature)?;
    pieces(file, |piece| verifier.update(piece))?;
    Ok(verifier.finalize()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_stands_alone_or_beside_its_name() {
        let (one, other) = ("1".repeat(64), "2".repeat(64));
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(promised_for(text, "domains.gz"), expected, "{text}");
        };
        check(&one, Some(&one));
        check(&format!("{one}\n"), Some(&one));
        let sums = format!("{other}  urls.gz\n{one} *./domains.gz\n");
        check(&sums, Some(&one));
        check(&format!("{other}  urls.gz\n"), None);
        check(&format!("{one}\n{other}\n"), None);
        check("nonsense", None);
    }
}
