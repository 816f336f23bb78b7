//! Files for somebody outside the school, under a passphrase that is told them by another
//! way: the age v1 format again, so that the standard tool opens them (`age --decrypt`).

use std::io::{BufReader, Read, Write};

use age::secrecy::SecretString;
use zeroize::Zeroizing;

use crate::chance::{Chance, draw};
use crate::files::{FileProblem, copy, is_damage, why};
use crate::streams::Sealing;

/// The work that a guess costs, as a power of two; what the standard tool takes as well.
const WORK: u8 = 18;
/// A file that asks for more than this is made to exhaust whoever opens it.
const MOST_WORK: u8 = 20;
/// Letters and digits that nobody mixes up on the telephone.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// Draws a passphrase: five groups of five, 125 bits.
pub fn passphrase(chance: &mut dyn Chance) -> Zeroizing<String> {
    let bytes: Zeroizing<[u8; 25]> = Zeroizing::new(draw(chance));
    let groups: Vec<String> = bytes
        .chunks(5)
        .map(|group| {
            group
                .iter()
                .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
                .collect()
        })
        .collect();
    Zeroizing::new(groups.join("-"))
}

/// Encrypts a stream under a passphrase. Returns the number of bytes read. When it fails,
/// the output must be thrown away.
pub fn encrypt_with_passphrase(
    from: &mut dyn Read,
    to: &mut dyn Write,
    passphrase: &str,
) -> Result<u64, FileProblem> {
    let mut sealing = Sealing::begin_with_passphrase(to, passphrase)?;
    let copied = copy(from, &mut sealing, |_| false)?;
    sealing.finish()?;
    Ok(copied)
}

pub(crate) fn recipient(passphrase: &str) -> age::scrypt::Recipient {
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(WORK);
    recipient
}

/// Decrypts what [`encrypt_with_passphrase`] or the standard tool encrypted. When it
/// fails, the output must be thrown away.
pub fn decrypt_with_passphrase(
    from: &mut dyn Read,
    to: &mut dyn Write,
    passphrase: &str,
) -> Result<u64, FileProblem> {
    let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(MOST_WORK);
    let decryptor = age::Decryptor::new_buffered(BufReader::new(from)).map_err(why)?;
    let mut opening = decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .map_err(|refused| match refused {
            age::DecryptError::DecryptionFailed | age::DecryptError::KeyDecryptionFailed => {
                FileProblem::OtherKey
            }
            refused => why(refused),
        })?;
    let copied = copy(&mut opening, to, is_damage)?;
    to.flush().map_err(FileProblem::Disk)?;
    Ok(copied)
}
