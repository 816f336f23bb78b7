//! What a node believes, and what it does not.

use super::*;

const SEED: [u8; 32] = [5; 32];

fn manifest() -> Manifest {
    Manifest {
        school: "school-1".to_owned(),
        serial: 1_790_000_000_123,
        files: [INDEX, POLICY, REGISTER]
            .map(|name| File {
                name: name.to_owned(),
                digest: "0f".repeat(32),
                bytes: 17,
            })
            .into(),
    }
}

fn proved(text: &str) -> Result<Manifest, ManifestRefused> {
    Manifest::proved(text.as_bytes(), &public_key(&SEED), "school-1")
}

#[test]
fn a_snapshot_is_believed_as_it_was_signed_and_in_no_other_way() {
    let text = sign(&manifest(), &SEED);
    assert_eq!(proved(&text), Ok(manifest()));
    for at in 0..text.len() - 1 {
        let mut other = text.clone().into_bytes();
        other[at] ^= 1;
        let read = Manifest::proved(&other, &public_key(&SEED), "school-1");
        assert!(read.is_err(), "byte {at} may be changed");
    }
    let other = sign(&manifest(), &[6; 32]);
    assert_eq!(proved(&other), Err(ManifestRefused::Signature));
    let elsewhere = Manifest {
        school: "school-2".to_owned(),
        ..manifest()
    };
    assert_eq!(
        proved(&sign(&elsewhere, &SEED)),
        Err(ManifestRefused::School)
    );
    let mut away = manifest();
    away.files[0].name = "../../etc/passwd".to_owned();
    let refused = proved(&sign(&away, &SEED));
    assert!(
        matches!(refused, Err(ManifestRefused::Name(_))),
        "{refused:?}"
    );
    for text in ["", "\n", "belisha filter snapshot v1\n", "signature \n"] {
        assert!(proved(text).is_err(), "{text}");
    }
    assert_eq!(
        Manifest::proved(text.as_bytes(), "no key", "school-1"),
        Err(ManifestRefused::Key)
    );
}

#[test]
fn nothing_travels_in_the_clear_but_on_this_machine() {
    for server in [
        "http://belisha.school.example",
        "ftp://localhost",
        "belisha",
        "",
    ] {
        assert!(Client::new(server, None).is_err(), "{server}");
    }
    for server in [
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
    ] {
        assert!(Client::new(server, None).is_ok(), "{server}");
    }
}

#[test]
fn the_link_leads_to_one_snapshot_or_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["snapshot-1", "snapshot-2"] {
        std::fs::create_dir(folder.path().join(name)).expect("made");
        std::fs::write(folder.path().join(name).join(INDEX), name).expect("written");
        swap(folder.path(), name).expect("swapped");
        let read = std::fs::read_to_string(folder.path().join(CURRENT).join(INDEX));
        assert_eq!(read.expect("readable"), name);
    }
}
