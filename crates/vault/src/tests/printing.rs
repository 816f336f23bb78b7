//! No secret is shown by `{:?}`, in whatever form somebody might read it.

use std::fmt::Debug;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

use super::{PERSON, chance, hex};
use crate::secret::Secret;
use crate::{
    Cost, DataKey, FileIdentity, KeyFile, Kit, PasswordWrap, PersonPrivate, SeededChance,
    SessionToken,
};

fn check(shown: &dyn Debug, secrets: &[&[u8]]) {
    for shown in [format!("{shown:?}"), format!("{shown:#?}")] {
        assert!(!shown.is_empty());
        for secret in secrets {
            // Half of a secret would be too much.
            let half = &secret[..secret.len() / 2];
            let list = format!("{half:?}");
            for form in [
                hex(half),
                hex(half).to_uppercase(),
                BASE64_STANDARD.encode(half)[..16].to_owned(),
                BASE64_URL_SAFE_NO_PAD.encode(half)[..16].to_owned(),
                list[1..list.len() - 1].to_owned(),
                half.iter().map(|byte| format!("{byte},")).collect(),
            ] {
                assert!(
                    !shown
                        .replace([' ', '\n'], "")
                        .contains(&form.replace(' ', "")),
                    "{shown}"
                );
            }
        }
    }
}

#[test]
fn no_secret_is_printed() {
    let mut chance = chance(1);
    let secret = Secret::draw(&mut chance);
    let bytes = *secret.expose();
    check(&secret, &[&bytes]);
    check(&DataKey::from_secret(secret.clone()), &[&bytes]);
    check(&SessionToken(secret.clone()), &[&bytes]);
    check(
        &FileIdentity::of(&secret),
        &[&bytes, FileIdentity::of(&secret).text().as_bytes()],
    );
    let private = PersonPrivate::from_secret(secret.clone());
    check(&private, &[&bytes]);
    check(&SeededChance::new(bytes), &[&bytes]);

    let kit = Kit::new(&mut chance);
    check(&kit, &[kit.file_identity().text().as_bytes()]);
    for sheet in kit.split(&mut chance) {
        let shown = format!("{sheet:?}");
        assert!(
            sheet
                .text()
                .split_whitespace()
                .all(|group| !shown.contains(group)),
            "{shown}"
        );
    }

    let wrap = PasswordWrap::new(
        &private,
        &PERSON,
        "beacon",
        Cost::of(8, 1).unwrap(),
        &mut chance,
    );
    let stored = wrap.to_bytes();
    check(&wrap, &[&bytes, &stored[26..58], &stored[58..]]);

    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = KeyFile::create(&folder.path().join("key"), &data, &mut chance).unwrap();
    let seed = *file.journal_seed().expose();
    let key = *file.keys().current().expose();
    check(&file, &[&seed, &key]);
    check(file.keys(), &[&key]);
    check(file.journal_seed(), &[&seed]);
}

/// The check above can fail: it finds each form of a secret that is printed.
#[test]
fn a_printed_secret_would_be_found() {
    let secret: Vec<u8> = (100..132).collect();
    for shown in [
        hex(&secret),
        BASE64_STANDARD.encode(&secret),
        format!("{secret:?}"),
    ] {
        let found = std::panic::catch_unwind(|| {
            check(&format_args!("Key({shown})").to_string(), &[&secret])
        });
        assert!(found.is_err(), "{shown}");
    }
}
