//! The extension as browsers install it from here: a signed package and the list of updates that names it.
//!
//! The package is in Chromium's form CRX3: "Cr24", the number 3, the length of a header, the header (a protocol
//! buffer with a P-256 key, its signature, and the id that follows from the key), then a zip file. The key follows
//! from the school's own, so that the id stays for as long as the school does, and nothing more must be kept.
//! <https://chromium.googlesource.com/chromium/src/+/main/components/crx_file/crx3.proto>

use std::fmt::Write as _;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::exports::zip;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::viewer::Here;

macro_rules! part {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!("../../../../../extension/", $name)),
        )
    };
}

/// Every file of the package but for the manifest.
const FILES: &[(&str, &[u8])] = &[
    part!("addresses.js"),
    part!("blocked.css"),
    part!("blocked.html"),
    part!("blocked.js"),
    part!("engines.js"),
    part!("hours.js"),
    part!("icon128.png"),
    part!("icon48.png"),
    part!("managed_schema.json"),
    part!("reports.js"),
    part!("rules.js"),
    part!("settings.js"),
    part!("signed.js"),
    part!("words.js"),
    part!("worker.js"),
];
const MANIFEST: &str = include_str!("../../../../../extension/manifest.json");

/// What stands before the 65 bytes of a P-256 point in a public key (RFC 5480).
const KEY_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// Fields of the header and of what in it is signed.
const SHA256_WITH_ECDSA: u32 = 3;
const SIGNED_HEADER_DATA: u32 = 10_000;

/// The key with which the package is signed.
struct PackageKey {
    secret: Zeroizing<[u8; 32]>,
    point: Vec<u8>,
}

impl PackageKey {
    fn of(school: &School) -> Result<Self, Fault> {
        let seed = school.key_file.journal_seed();
        let from = Hkdf::<Sha256>::new(Some(b"belisha extension package"), seed.expose());
        // One seed in 2^32 gives no key at the first try.
        for attempt in 0..8_u8 {
            let mut secret = Zeroizing::new([0; 32]);
            from.expand(&[attempt], secret.as_mut_slice())
                .map_err(|_| Fault::said("making the key of the package".into()))?;
            if let Ok(key) = p256::SecretKey::from_slice(secret.as_slice()) {
                let point = key.public_key().to_encoded_point(false).as_bytes().to_vec();
                return Ok(Self { secret, point });
            }
        }
        Err(Fault::said("making the key of the package".into()))
    }

    fn public(&self) -> Vec<u8> {
        [KEY_PREFIX.as_slice(), &self.point].concat()
    }

    /// The sixteen bytes of the id.
    fn id(&self) -> [u8; 16] {
        let digest: [u8; 32] = Sha256::digest(self.public()).into();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        id
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let random = SystemRandom::new();
        let wrong = |_| Fault::said("signing the package".into());
        let pair = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_ASN1_SIGNING,
            self.secret.as_slice(),
            &self.point,
            &random,
        )
        .map_err(|error| Fault::at("signing the package".into(), error.to_string()))?;
        Ok(pair
            .sign(&random, message)
            .map_err(wrong)?
            .as_ref()
            .to_vec())
    }
}

/// The id under which browsers know the extension of this school: sixteen bytes, in letters from a to p.
pub(super) fn id(school: &School) -> Result<String, Fault> {
    let mut text = String::with_capacity(32);
    for byte in PackageKey::of(school)?.id() {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from(b'a' + half));
        }
    }
    Ok(text)
}

/// Where browsers look for updates.
pub(super) fn updates_url(school: &School) -> String {
    format!("{}/extension/updates.xml", school.address)
}

pub(super) fn version() -> String {
    let manifest: serde_json::Value = serde_json::from_str(MANIFEST).unwrap_or_default();
    manifest["version"].as_str().unwrap_or_default().to_owned()
}

pub(super) async fn updates(here: Here) -> Result<Response, Problem> {
    let school = &here.school;
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = write!(
        xml,
        "<gupdate xmlns=\"http://www.google.com/update2/response\" protocol=\"2.0\">\n  \
         <app appid=\"{}\">\n    <updatecheck codebase=\"{}/extension/belisha.crx\" version=\"{}\"/>\n  \
         </app>\n</gupdate>\n",
        id(school)?,
        school.address,
        version()
    );
    let kind = HeaderValue::from_static("text/xml; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], xml).into_response())
}

pub(super) async fn crx(here: Here) -> Result<Response, Problem> {
    let kind = HeaderValue::from_static("application/x-chrome-extension");
    Ok(([(header::CONTENT_TYPE, kind)], packed(&here.school)?).into_response())
}

/// The whole package.
pub(super) fn packed(school: &School) -> Result<Vec<u8>, Fault> {
    let key = PackageKey::of(school)?;
    let zip = zipped(school, &key)?;
    let signed_data = field(1, &key.id());
    let mut message = b"CRX3 SignedData\0".to_vec();
    message.extend_from_slice(&(signed_data.len() as u32).to_le_bytes());
    message.extend_from_slice(&signed_data);
    message.extend_from_slice(&zip);
    let proof = [field(1, &key.public()), field(2, &key.sign(&message)?)].concat();
    let head = [
        field(SHA256_WITH_ECDSA, &proof),
        field(SIGNED_HEADER_DATA, &signed_data),
    ]
    .concat();
    let mut packed = b"Cr24".to_vec();
    packed.extend_from_slice(&3_u32.to_le_bytes());
    packed.extend_from_slice(&(head.len() as u32).to_le_bytes());
    packed.extend_from_slice(&head);
    packed.extend_from_slice(&zip);
    Ok(packed)
}

fn zipped(school: &School, key: &PackageKey) -> Result<Vec<u8>, Fault> {
    let wrong = |error: &dyn std::fmt::Display| {
        Fault::at("packing the extension".into(), error.to_string())
    };
    let mut manifest: serde_json::Value =
        serde_json::from_str(MANIFEST).map_err(|error| wrong(&error))?;
    manifest["update_url"] = updates_url(school).into();
    // A browser that loads the unpacked folder finds the same id.
    manifest["key"] = BASE64_STANDARD.encode(key.public()).into();
    let manifest = serde_json::to_vec_pretty(&manifest).map_err(|error| wrong(&error))?;
    let mut zip = zip::Writer::begin(Vec::new());
    zip.add("manifest.json", &manifest)
        .map_err(|error| wrong(&error))?;
    for (name, bytes) in FILES {
        zip.add(name, bytes).map_err(|error| wrong(&error))?;
    }
    zip.finish().map_err(|error| wrong(&error))
}

/// A field of bytes in a protocol buffer.
fn field(number: u32, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 8);
    varint(&mut out, number << 3 | 2);
    varint(&mut out, bytes.len() as u32);
    out.extend_from_slice(bytes);
    out
}

fn varint(out: &mut Vec<u8>, mut number: u32) {
    while number > 0x7f {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_protocol_buffers_have_them() {
        for (number, expected) in [
            (0, &[0][..]),
            (127, &[127]),
            (128, &[0x80, 1]),
            (80_002, &[0x82, 0xf1, 0x04]),
        ] {
            let mut out = Vec::new();
            varint(&mut out, number);
            assert_eq!(out, expected, "{number}");
        }
    }

    #[test]
    fn every_file_that_the_manifest_names_is_packed() {
        let names: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        let manifest: serde_json::Value = serde_json::from_str(MANIFEST).expect("a manifest");
        for place in [
            &manifest["background"]["service_worker"],
            &manifest["storage"]["managed_schema"],
            &manifest["icons"]["48"],
            &manifest["icons"]["128"],
            &manifest["web_accessible_resources"][0]["resources"][0],
        ] {
            let name = place.as_str().expect("a name");
            assert!(names.contains(&name), "{name}");
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../extension");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| {
                entry
                    .expect("a file")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .filter(|name| !["manifest.json", "test", "package.json"].contains(&name.as_str()))
            .collect();
        there.sort();
        assert_eq!(there, names, "a file of the extension is not packed");
    }
}
