use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use super::chance;
use crate::files::{FileIdentity, FileProblem};
use crate::{Opening, Sealing, decrypt_with_passphrase, encrypt_with_passphrase, passphrase};

const CHUNK: usize = 65_536;

fn identity(seed: u8) -> FileIdentity {
    FileIdentity::new(&mut chance(seed))
}

fn plain(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

/// Seals in pieces of an awkward size.
fn sealed(plain: &[u8]) -> Vec<u8> {
    let mut sealing = Sealing::begin(Vec::new(), &[identity(1).recipient()]).unwrap();
    for piece in plain.chunks(1000) {
        sealing.write_all(piece).unwrap();
    }
    sealing.finish().unwrap()
}

fn read_all(sealed: &[u8]) -> Result<Vec<u8>, String> {
    let mut opening =
        Opening::begin(Cursor::new(sealed), &identity(1)).map_err(|error| error.to_string())?;
    let mut whole = Vec::new();
    opening
        .read_to_end(&mut whole)
        .map_err(|error| error.to_string())?;
    Ok(whole)
}

#[test]
fn what_arrives_in_pieces_comes_back_whole_and_from_any_place() {
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 200_000] {
        let plain = plain(length);
        let sealed = sealed(&plain);
        assert_eq!(read_all(&sealed).unwrap(), plain, "{length} bytes");
        let mut opening = Opening::begin(Cursor::new(&sealed), &identity(1)).unwrap();
        for at in [0, length / 2, length.saturating_sub(5), length] {
            opening.seek(SeekFrom::Start(at as u64)).unwrap();
            let mut rest = Vec::new();
            opening.read_to_end(&mut rest).unwrap();
            assert_eq!(rest, plain[at..], "{length} bytes from {at}");
        }
        assert_eq!(opening.seek(SeekFrom::End(0)).unwrap(), length as u64);
    }
}

#[test]
fn chunks_that_are_cut_off_exchanged_doubled_or_changed_are_refused() {
    let sealed = sealed(&plain(3 * CHUNK));
    let chunk = CHUNK + 16;
    let header = sealed.len() - 3 * chunk;
    let part = |n: usize| &sealed[header + n * chunk..header + (n + 1) * chunk];
    let check = |name: &str, parts: &[&[u8]]| {
        let forged = [&sealed[..header], &parts.concat()].concat();
        assert!(read_all(&forged).is_err(), "{name}");
    };
    check("cut after the second", &[part(0), part(1)]);
    check("cut inside the last", &[part(0), part(1), &part(2)[..100]]);
    check("without its first", &[part(1), part(2)]);
    check("exchanged", &[part(1), part(0), part(2)]);
    check("doubled", &[part(0), part(0), part(1), part(2)]);
    check("longer", &[part(0), part(1), part(2), b"x"]);
    for at in [0, header / 2, header, header + chunk, sealed.len() - 1] {
        let mut forged = sealed.clone();
        forged[at] ^= 1;
        assert!(read_all(&forged).is_err(), "a bit at {at}");
    }
}

#[test]
fn a_file_that_was_not_ended_opens_for_nobody() {
    struct Kept(std::rc::Rc<std::cell::RefCell<Vec<u8>>>);
    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let kept = std::rc::Rc::default();
    let mut sealing =
        Sealing::begin(Kept(std::rc::Rc::clone(&kept)), &[identity(1).recipient()]).unwrap();
    sealing.write_all(&plain(2 * CHUNK)).unwrap();
    drop(sealing);
    assert!(read_all(&kept.borrow()).is_err());
}

#[test]
fn another_identity_opens_nothing() {
    let sealed = sealed(b"a screenshot");
    assert!(matches!(
        Opening::begin(Cursor::new(sealed), &identity(2)),
        Err(FileProblem::OtherKey)
    ));
}

#[test]
fn a_passphrase_opens_what_it_sealed_and_no_other_does() {
    let words = passphrase(&mut chance(7));
    assert_eq!(words.len(), 29);
    assert_ne!(words, passphrase(&mut chance(8)));
    let mut sealed = Vec::new();
    encrypt_with_passphrase(&mut &b"a pack"[..], &mut sealed, &words).unwrap();
    let mut opened = Vec::new();
    decrypt_with_passphrase(&mut sealed.as_slice(), &mut opened, &words).unwrap();
    assert_eq!(opened, b"a pack");
    assert!(matches!(
        decrypt_with_passphrase(&mut sealed.as_slice(), &mut Vec::new(), "another"),
        Err(FileProblem::OtherKey | FileProblem::Damaged)
    ));
    let cut = &sealed[..sealed.len() - 3];
    assert!(decrypt_with_passphrase(&mut &*cut, &mut Vec::new(), &words).is_err());
}
