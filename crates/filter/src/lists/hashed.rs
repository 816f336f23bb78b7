//! Hashed lists: what must be blocked and may not be known.
//!
//! The providers of illegal-content lists give them under agreement, so the program takes digests
//! and never the entries. A file is UTF-8 text:
//!
//! ```text
//! belisha-hashed 1            the format and its version
//! salt 9f2c4e…                16 to 64 bytes in hexadecimal
//! # a remark
//! 5d41402abc4b2a76b9719d91…   SHA-256 of the salt and the entry, in hexadecimal; its first half is enough
//! ```
//!
//! An entry is a name in its one form (`example.com`: itself and everything below it), or a host and
//! the beginning of a path (`example.com/a/b`), as `page.rs` puts them. Nothing prints a digest, and
//! no setting switches such a list off.

use std::io::{BufRead, Write};

use sha2::{Digest, Sha256};

use super::format::Wrong;
use super::lines::{Fault, Lines};

const FIRST_LINE: &str = "belisha-hashed 1";

/// The digests of one list.
#[derive(Clone, PartialEq, Eq)]
pub struct Hashed {
    salt: Vec<u8>,
    /// Sorted; the first half of each digest, which is enough to tell any two entries apart.
    digests: Vec<[u8; 16]>,
}

/// Says how many, never which.
impl std::fmt::Debug for Hashed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Hashed({} entries)", self.digests.len())
    }
}

/// Why a hashed list cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum HashedRefused {
    #[error("the first line must be “belisha-hashed 1”")]
    Header,
    #[error("the second line must be “salt” and 32 to 128 hexadecimal digits")]
    Salt,
    #[error(transparent)]
    Read(#[from] std::io::Error),
}

impl Hashed {
    pub fn new(salt: Vec<u8>, mut digests: Vec<[u8; 16]>) -> Self {
        digests.sort_unstable();
        digests.dedup();
        Self { salt, digests }
    }

    /// Reads a file. A line that is no digest is a fault, and the others stand.
    pub fn read(from: impl BufRead, faults: &mut Vec<Fault>) -> Result<Self, HashedRefused> {
        let mut lines = Lines::new(from);
        let mut next = |wanted: HashedRefused| match lines.read_next()? {
            Some((_, Ok(line))) => Ok(line.trim().to_owned()),
            _ => Err(wanted),
        };
        if next(HashedRefused::Header)? != FIRST_LINE {
            return Err(HashedRefused::Header);
        }
        let salt = next(HashedRefused::Salt)?;
        let salt = salt.strip_prefix("salt ").ok_or(HashedRefused::Salt)?;
        let salt = hex(salt).filter(|salt| (16..=64).contains(&salt.len()));
        let salt = salt.ok_or(HashedRefused::Salt)?;
        let mut digests = Vec::new();
        while let Some((number, line)) = lines.read_next()? {
            let line = line.map(str::trim);
            if line.is_ok_and(|line| line.is_empty() || line.starts_with('#')) {
                continue;
            }
            let digest = line.and_then(|line| {
                let bytes = hex(line)
                    .filter(|bytes| matches!(bytes.len(), 16 | 32))
                    .ok_or(Wrong::NoDigest)?;
                bytes[..16].try_into().map_err(|_| Wrong::NoDigest)
            });
            match digest {
                Ok(digest) => digests.push(digest),
                Err(wrong) => faults.push(Fault {
                    line: number,
                    wrong,
                }),
            }
        }
        Ok(Self::new(salt, digests))
    }

    /// Writes the list as a file that `read` reads.
    pub fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        writeln!(out, "{FIRST_LINE}\nsalt {}", hex(&self.salt))?;
        self.digests
            .iter()
            .try_for_each(|digest| writeln!(out, "{}", hex(digest)))
    }

    pub fn len(&self) -> usize {
        self.digests.len()
    }

    pub fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }

    pub fn salt(&self) -> &[u8] {
        &self.salt
    }

    pub fn digests(&self) -> &[[u8; 16]] {
        &self.digests
    }

    /// Whether the list holds this name or one above it.
    pub fn holds_name(&self, name: &str) -> bool {
        let mut rest = Some(name);
        while let Some(name) = rest {
            if self.holds(name) {
                return true;
            }
            rest = name.split_once('.').map(|(_, above)| above);
        }
        false
    }

    /// Whether the list holds the host, or the beginning of this address.
    pub fn holds_page(&self, host: &str, path: &str) -> bool {
        self.holds_name(host)
            || super::page::beginnings(path).any(|path| self.holds(&format!("{host}/{path}")))
    }

    fn holds(&self, entry: &str) -> bool {
        self.digests
            .binary_search(&digest(&self.salt, entry))
            .is_ok()
    }
}

/// The half digest of one entry.
pub fn digest(salt: &[u8], entry: &str) -> [u8; 16] {
    let whole = Sha256::new()
        .chain_update(salt)
        .chain_update(entry)
        .finalize();
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}

fn hex(text: &str) -> Option<Vec<u8>> {
    data_encoding::HEXLOWER_PERMISSIVE
        .decode(text.trim().as_bytes())
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: [u8; 16] = [7; 16];

    fn file(entries: &[&str]) -> String {
        let salt = data_encoding::HEXLOWER.encode(&SALT);
        let mut text = format!("{FIRST_LINE}\nsalt {salt}\n# made up\n\n");
        for entry in entries {
            let whole = Sha256::new()
                .chain_update(SALT)
                .chain_update(entry)
                .finalize();
            text += &format!("{}\n", data_encoding::HEXUPPER.encode(&whole));
        }
        text
    }

    #[test]
    fn a_name_is_held_with_all_below_it_and_an_address_with_all_it_begins() {
        let text = file(&["bad.example", "files.example/x/y"]);
        let list = Hashed::read(text.as_bytes(), &mut Vec::new()).expect("a list");
        let check = |name: &str, expected| assert_eq!(list.holds_name(name), expected, "{name}");
        check("bad.example", true);
        check("deep.under.bad.example", true);
        check("example", false);
        check("notbad.example", false);
        check("files.example", false);
        assert!(list.holds_page("files.example", "x/y/z"));
        assert!(list.holds_page("files.example", "x/y"));
        assert!(!list.holds_page("files.example", "x/yy"));
        assert!(list.holds_page("a.bad.example", "anything"));
        let mut written = Vec::new();
        list.write(&mut written).expect("written");
        assert_eq!(
            Hashed::read(written.as_slice(), &mut Vec::new()).expect("a list"),
            list
        );
    }

    #[test]
    fn nothing_prints_a_digest() {
        let list = Hashed::new(SALT.to_vec(), vec![[1; 16]]);
        assert_eq!(format!("{list:?}"), "Hashed(1 entries)");
    }

    #[test]
    fn a_damaged_list_says_where() {
        let mut faults = Vec::new();
        let text = file(&["bad.example"]) + "zz\nabcd\n";
        let list = Hashed::read(text.as_bytes(), &mut faults).expect("a list");
        assert_eq!(list.len(), 1);
        let lines: Vec<u64> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [6, 7]);
        let refused = |text: &str| Hashed::read(text.as_bytes(), &mut Vec::new()).is_err();
        assert!(refused(""));
        assert!(refused("belisha-hashed 2\nsalt 00\n"));
        assert!(refused("belisha-hashed 1\nsalt 00\n"));
    }
}
