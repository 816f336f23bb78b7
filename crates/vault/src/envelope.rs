//! Sealing a key to one reader's public key, so that only that reader opens it:
//! HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
//! ChaCha20-Poly1305. Anyone may seal; nobody is named as the sender.

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use sha2::{Digest, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::chance::{Chance, ForHpke};
use crate::place::Bond;
use crate::sealed::{Algorithm, OpenRefused, expect, header};
use crate::secret::{KeyId, Secret};

const INFO: &[u8] = b"belisha/v1/envelope";
const ENCAPSULATED: usize = 32;
const TAG: usize = 16;

/// A public key that sealing to cannot fail for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReaderKey([u8; 32]);

impl ReaderKey {
    /// `None` for the few points whose shared secret everybody knows.
    pub(crate) fn read(bytes: [u8; 32]) -> Option<Self> {
        StaticSecret::from([1; 32])
            .diffie_hellman(&PublicKey::from(bytes))
            .was_contributory()
            .then_some(Self(bytes))
    }

    pub(crate) fn of(private: &Secret) -> Self {
        Self(PublicKey::from(&StaticSecret::from(*private.expose())).to_bytes())
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn id(&self) -> KeyId {
        let digest = Sha256::new()
            .chain_update(b"belisha/v1/reader\0")
            .chain_update(self.0)
            .finalize();
        let mut id = [0; 8];
        id.copy_from_slice(&digest[..8]);
        KeyId(id)
    }
}

/// Seals a secret to a reader.
pub(crate) fn seal(
    reader: &ReaderKey,
    bond: &Bond<'_>,
    secret: &Secret,
    chance: &mut dyn Chance,
) -> Vec<u8> {
    let bond = bond.encode();
    let mut sealed = header(Algorithm::ForReader, reader.id(), &bond);
    let aad = [&sealed, bond.as_slice()].concat();
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&reader.0)
        .expect("a reader's key is 32 bytes");
    let (encapsulated, ciphertext) =
        hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256, _>(
            &OpModeS::Base,
            &public,
            INFO,
            secret.expose(),
            &aad,
            &mut ForHpke(chance),
        )
        .expect("a reader's key was checked when it was read");
    sealed.extend_from_slice(&encapsulated.to_bytes());
    sealed.extend_from_slice(&ciphertext);
    sealed
}

/// Opens what [`seal`] sealed to the public half of `private`.
pub(crate) fn open(
    private: &Secret,
    bond: &Bond<'_>,
    sealed: &[u8],
) -> Result<Secret, OpenRefused> {
    let bond = bond.encode();
    let reader = ReaderKey::of(private).id();
    let (header, rest) = expect(sealed, Algorithm::ForReader, reader, &bond)?;
    if rest.len() != ENCAPSULATED + 32 + TAG {
        return Err(OpenRefused::NotSealed);
    }
    let (encapsulated, ciphertext) = rest.split_at(ENCAPSULATED);
    let aad = [header, bond.as_slice()].concat();
    let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated)
        .map_err(|_| OpenRefused::NotSealed)?;
    let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(private.expose())
        .expect("a private key is 32 bytes");
    let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        INFO,
        ciphertext,
        &aad,
    )
    .map(Zeroizing::new)
    .map_err(|_| OpenRefused::Altered)?;
    Secret::copy(&opened).ok_or(OpenRefused::Altered)
}
