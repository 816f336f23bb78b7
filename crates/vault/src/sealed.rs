//! The bytes of everything sealed, and the reasons why some will not open.
//!
//! ```text
//! 0        version, 1
//! 1        algorithm: 1 under a key (XChaCha20-Poly1305), 2 for a reader (HPKE, see `envelope`)
//! 2..10    id of the key, or of the reader's public key
//! 10..26   fingerprint of the place
//! 26..     algorithm 1: nonce (24), ciphertext, tag (16)
//!          algorithm 2: encapsulated key (32), ciphertext, tag (16)
//! ```
//!
//! Authenticated with the ciphertext: bytes 0..26, then the encoding of the place.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::chance::{Chance, draw};
use crate::place::{Bond, fingerprint};
use crate::secret::{KeyId, Secret};

const VERSION: u8 = 1;
pub(crate) const HEADER: usize = 26;
const NONCE: usize = 24;
const TAG: usize = 16;

/// Why something sealed was not opened. Each is a reason to stop and look, and none
/// says anything about the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenRefused {
    #[error(
        "This is not something that Belisha sealed, or its end is missing. Restore the record from a backup."
    )]
    NotSealed,
    #[error("This was sealed by a newer Belisha (format {0}). Update this server, then try again.")]
    NewerVersion(u8),
    #[error(
        "This was sealed in a way that does not belong here (algorithm {0}). Restore the record from a backup."
    )]
    OtherAlgorithm(u8),
    #[error(
        "This was sealed under key {sealed_under}, and the key tried is {offered}. Look for the missing key in the key file or its copy."
    )]
    OtherKey { sealed_under: KeyId, offered: KeyId },
    #[error(
        "This was sealed for another record, field, revision or reader, and has been moved here. Report it: sealed text does not move by itself."
    )]
    Moved,
    #[error(
        "This was changed after it was sealed. Report it, and restore the record from a backup."
    )]
    Altered,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    UnderKey = 1,
    ForReader = 2,
}

/// The first bytes of something sealed here and now.
pub(crate) fn header(algorithm: Algorithm, key: KeyId, bond: &[u8]) -> Vec<u8> {
    let mut bytes = vec![VERSION, algorithm as u8];
    bytes.extend_from_slice(&key.0);
    bytes.extend_from_slice(&fingerprint(bond));
    bytes
}

/// The id of the key that something was sealed under.
pub(crate) fn sealed_under(sealed: &[u8]) -> Result<KeyId, OpenRefused> {
    let header = sealed.get(..HEADER).ok_or(OpenRefused::NotSealed)?;
    match header[0] {
        VERSION => {}
        0 => return Err(OpenRefused::NotSealed),
        newer => return Err(OpenRefused::NewerVersion(newer)),
    }
    let mut id = [0; 8];
    id.copy_from_slice(&header[2..10]);
    Ok(KeyId(id))
}

/// Checks the first bytes against what the opener expects, and returns them and the rest.
pub(crate) fn expect<'a>(
    sealed: &'a [u8],
    algorithm: Algorithm,
    key: KeyId,
    bond: &[u8],
) -> Result<(&'a [u8], &'a [u8]), OpenRefused> {
    let sealed_under = sealed_under(sealed)?;
    let (header, rest) = sealed.split_at(HEADER);
    if header[1] != algorithm as u8 {
        return Err(OpenRefused::OtherAlgorithm(header[1]));
    }
    if sealed_under != key {
        let offered = key;
        return Err(OpenRefused::OtherKey {
            sealed_under,
            offered,
        });
    }
    if header[10..] != fingerprint(bond) {
        return Err(OpenRefused::Moved);
    }
    Ok((header, rest))
}

/// Seals `plaintext` under `key`, which is publicly called `id`.
pub(crate) fn seal(
    key: &Secret,
    id: KeyId,
    bond: &Bond<'_>,
    plaintext: &[u8],
    chance: &mut dyn Chance,
) -> Vec<u8> {
    let bond = bond.encode();
    let mut sealed = header(Algorithm::UnderKey, id, &bond);
    let aad = [&sealed, bond.as_slice()].concat();
    let nonce: [u8; NONCE] = draw(chance);
    let ciphertext = XChaCha20Poly1305::new(key.expose().into())
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: plaintext,
                aad: &aad,
            },
        )
        .expect("a text is shorter than the cipher's limit of 256 GiB");
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&ciphertext);
    sealed
}

/// Opens what [`seal`] sealed.
pub(crate) fn open(
    key: &Secret,
    id: KeyId,
    bond: &Bond<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenRefused> {
    let bond = bond.encode();
    let (header, rest) = expect(sealed, Algorithm::UnderKey, id, &bond)?;
    if rest.len() < NONCE + TAG {
        return Err(OpenRefused::NotSealed);
    }
    let (nonce, ciphertext) = rest.split_at(NONCE);
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| OpenRefused::NotSealed)?;
    let aad = [header, bond.as_slice()].concat();
    XChaCha20Poly1305::new(key.expose().into())
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: ciphertext,
                aad: &aad,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| OpenRefused::Altered)
}
