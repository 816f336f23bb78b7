use std::cell::Cell;
use std::io::{self, Read, Write};

use super::{PLACE, chance, flipped};
use crate::files::{FileIdentity, FileProblem, FileRecipient, decrypt, encrypt};
use crate::{DataKey, Kit, Place, Record};

fn identity(seed: u8) -> FileIdentity {
    FileIdentity::new(&mut chance(seed))
}

fn sealed(plain: &[u8], recipients: &[FileRecipient]) -> Vec<u8> {
    let mut sealed = Vec::new();
    let count = encrypt(&mut &*plain, &mut sealed, recipients).unwrap();
    assert_eq!(count, plain.len() as u64);
    sealed
}

fn opened(sealed: &[u8], identity: &FileIdentity) -> Result<Vec<u8>, FileProblem> {
    let mut plain = Vec::new();
    let count = decrypt(&mut &*sealed, &mut plain, identity)?;
    assert_eq!(count, plain.len() as u64);
    Ok(plain)
}

#[test]
fn a_file_of_any_length_comes_back() {
    let identity = identity(1);
    for length in [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000] {
        let plain: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        let sealed = sealed(&plain, &[identity.recipient()]);
        assert_eq!(opened(&sealed, &identity).unwrap(), plain, "{length} bytes");
    }
}

#[test]
fn each_recipient_opens_a_file_and_nobody_else() {
    let (kit, drill) = (Kit::new(&mut chance(1)), identity(2));
    let sealed = sealed(
        b"backup",
        &[kit.recipient().file_recipient(), drill.recipient()],
    );
    assert_eq!(opened(&sealed, &kit.file_identity()).unwrap(), b"backup");
    assert_eq!(opened(&sealed, &drill).unwrap(), b"backup");
    assert!(matches!(
        opened(&sealed, &identity(3)),
        Err(FileProblem::OtherKey)
    ));
}

#[test]
fn a_file_of_a_record_opens_only_in_its_place() {
    let key = DataKey::new(&mut chance(1));
    let plain = b"a photograph of a poster";
    let sealed = sealed(plain, &[key.file_identity(&PLACE).recipient()]);
    assert_eq!(opened(&sealed, &key.file_identity(&PLACE)).unwrap(), plain);
    let elsewhere = Record {
        id: "incident-8",
        ..PLACE.record
    };
    for place in [
        Place {
            field: "attachment",
            ..PLACE
        },
        Place {
            revision: 4,
            ..PLACE
        },
        Place {
            record: elsewhere,
            ..PLACE
        },
    ] {
        let refused = opened(&sealed, &key.file_identity(&place));
        assert!(matches!(refused, Err(FileProblem::OtherKey)), "{place:?}");
    }
    let other = DataKey::new(&mut chance(2));
    assert!(matches!(
        opened(&sealed, &other.file_identity(&PLACE)),
        Err(FileProblem::OtherKey)
    ));
}

#[test]
fn every_changed_byte_and_every_missing_end_is_refused() {
    let identity = identity(1);
    let sealed = sealed(b"term letter", &[identity.recipient()]);
    for at in 0..sealed.len() {
        assert!(
            opened(&flipped(&sealed, at, 1), &identity).is_err(),
            "byte {at}"
        );
    }
    for length in 0..sealed.len() {
        assert!(
            opened(&sealed[..length], &identity).is_err(),
            "{length} bytes"
        );
    }
    assert!(opened(&[sealed.as_slice(), b"x"].concat(), &identity).is_err());
}

#[test]
fn a_file_that_ends_between_two_chunks_is_damaged() {
    let identity = identity(1);
    let sealed = sealed(&vec![7; 3 * 65_536], &[identity.recipient()]);
    let header = sealed.len() - 3 * (65_536 + 16);
    for chunks in 0..3 {
        let cut = &sealed[..header + chunks * (65_536 + 16)];
        assert!(
            matches!(opened(cut, &identity), Err(FileProblem::Damaged)),
            "{chunks} chunks"
        );
    }
}

#[test]
fn what_is_wrong_is_said() {
    let identity = identity(1);
    assert!(matches!(
        opened(b"", &identity),
        Err(FileProblem::NotEncrypted)
    ));
    assert!(matches!(
        opened(b"PK\x03\x04 a spreadsheet", &identity),
        Err(FileProblem::NotEncrypted)
    ));
    let nobody = encrypt(&mut &b"text"[..], &mut Vec::new(), &[]);
    assert!(matches!(nobody, Err(FileProblem::NoRecipient)));
    assert!(matches!(
        "age1x".parse::<FileRecipient>(),
        Err(FileProblem::NotARecipient(_))
    ));
    assert!(matches!(
        FileIdentity::read("AGE-SECRET-KEY-1"),
        Err(FileProblem::NotAnIdentity)
    ));
}

#[test]
fn a_full_disk_is_not_taken_for_damage() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let identity = identity(1);
    let sealed = sealed(b"backup", &[identity.recipient()]);
    let refused = decrypt(&mut sealed.as_slice(), &mut Full, &identity);
    assert!(matches!(refused, Err(FileProblem::Disk(_))));
    let refused = encrypt(&mut &b"backup"[..], &mut Full, &[identity.recipient()]);
    assert!(matches!(refused, Err(FileProblem::Disk(_))));
}

/// Never more than a few chunks are held between reading and writing, however long the file.
#[test]
fn streams_hold_little() {
    const LENGTH: usize = 8 * 1024 * 1024;
    struct Source<'a>(&'a Cell<usize>);
    impl Read for Source<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(LENGTH - self.0.get());
            self.0.set(self.0.get() + count);
            Ok(count)
        }
    }
    struct Sink<'a> {
        read: &'a Cell<usize>,
        written: usize,
        most_held: usize,
    }
    impl Write for Sink<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.most_held = self
                .most_held
                .max(self.read.get().saturating_sub(self.written));
            self.written += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let read = Cell::new(0);
    let mut sink = Sink {
        read: &read,
        written: 0,
        most_held: 0,
    };
    encrypt(&mut Source(&read), &mut sink, &[identity(1).recipient()]).unwrap();
    assert!(sink.written > LENGTH);
    assert!(
        sink.most_held <= 256 * 1024,
        "{} bytes held",
        sink.most_held
    );
}

#[test]
fn an_identity_reads_back() {
    let text = identity(1).text();
    assert!(text.starts_with("AGE-SECRET-KEY-1"));
    let again = FileIdentity::read(&format!("{}\n", *text)).unwrap();
    assert_eq!(
        again.recipient().to_string(),
        identity(1).recipient().to_string()
    );
}

/// One file made here and opened with the standard age tool, one made with that tool;
/// both must open for as long as schools keep backups.
#[test]
fn files_of_today_open_tomorrow() {
    let identity = FileIdentity::read(IDENTITY).unwrap();
    for (made_by, sealed) in [
        ("belisha", include_bytes!("made-by-belisha.age").as_slice()),
        ("age 1.1.1", include_bytes!("made-by-age.age").as_slice()),
    ] {
        assert_eq!(opened(sealed, &identity).unwrap(), LETTER, "{made_by}");
    }
}
const LETTER: &[u8] = b"Dear families,\nthe amber beacons are lit again.\n";
const IDENTITY: &str = "AGE-SECRET-KEY-1QGLNWGP6Y3MVGFTX5CWV2HPU4P6AHDXVG8QDADUFLRNMLZQCXCUQE2XHWM";
