use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tempfile::TempDir;

use super::{RECORD, chance};
use crate::key_file::{KeyFile, KeyFileProblem, RetireRefused, refuse_shared};
use crate::{BringBackRefused, DataKey, FileProblem, KeyId, Kit};

/// A key file in a folder of its own, beside a data directory.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn create(&self) -> KeyFile {
        KeyFile::create(&self.path(), &self.data(), &mut chance(1)).unwrap()
    }

    fn open(&self) -> Result<KeyFile, KeyFileProblem> {
        KeyFile::open(&self.path(), &self.data())
    }

    fn mode(&self) -> u32 {
        fs::metadata(self.path()).unwrap().permissions().mode() & 0o7777
    }
}

#[test]
fn a_new_key_file_is_private_and_reads_back() {
    let desk = Desk::new();
    let made = desk.create();
    assert_eq!(desk.mode(), 0o600);
    let read = desk.open().unwrap();
    assert_eq!(read.keys().current_id(), made.keys().current_id());
    assert_eq!(read.journal_seed().expose(), made.journal_seed().expose());
    assert_ne!(read.journal_seed().expose(), read.keys().current().expose());
}

#[test]
fn a_key_file_is_never_overwritten() {
    let desk = Desk::new();
    desk.create();
    let before = fs::read(desk.path()).unwrap();
    let refused = KeyFile::create(&desk.path(), &desk.data(), &mut chance(2)).unwrap_err();
    assert!(matches!(refused, KeyFileProblem::Exists(_)), "{refused}");
    assert_eq!(fs::read(desk.path()).unwrap(), before);
}

#[test]
fn a_key_file_that_others_can_use_is_refused_and_told_how_to_mend() {
    let desk = Desk::new();
    desk.create();
    let check = |mode, allowed: bool| {
        fs::set_permissions(desk.path(), fs::Permissions::from_mode(mode)).unwrap();
        match desk.open() {
            Ok(_) => assert!(allowed, "{mode:o} was taken"),
            Err(refused) => {
                assert!(!allowed, "{mode:o}: {refused}");
                let told = refused.to_string();
                assert!(
                    told.contains(&format!("chmod 600 {}", desk.path().display())),
                    "{told}"
                );
                assert!(told.contains(&format!("{mode:04o}")), "{told}");
            }
        }
    };
    check(0o600, true);
    check(0o400, true);
    for others in [
        0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666, 0o777,
    ] {
        check(others, false);
    }
}

#[test]
fn a_key_file_of_somebody_else_is_refused() {
    let path = PathBuf::from("/etc/belisha/key");
    assert!(refuse_shared(&path, 0o100_600, 998, 998).is_ok());
    for (owner, user) in [(0, 998), (998, 0), (998, 999)] {
        let refused = refuse_shared(&path, 0o100_600, owner, user)
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains(&format!("chown {user} /etc/belisha/key")),
            "{refused}"
        );
    }
}

#[test]
fn a_key_file_belongs_outside_the_data_directory() {
    let desk = Desk::new();
    let inside = desk.data().join("key");
    let refused = KeyFile::create(&inside, &desk.data(), &mut chance(1)).unwrap_err();
    assert!(
        matches!(refused, KeyFileProblem::InsideData { .. }),
        "{refused}"
    );
    assert!(!inside.exists());

    // Neither a move nor a link gets it there.
    desk.create();
    fs::rename(desk.path(), &inside).unwrap();
    let refused = KeyFile::open(&inside, &desk.data()).unwrap_err();
    assert!(
        matches!(refused, KeyFileProblem::InsideData { .. }),
        "{refused}"
    );
    std::os::unix::fs::symlink(&inside, desk.path()).unwrap();
    let refused = desk.open().unwrap_err();
    assert!(
        matches!(refused, KeyFileProblem::InsideData { .. }),
        "{refused}"
    );
}

#[test]
fn a_key_file_that_is_not_there_or_not_a_file_is_named() {
    let desk = Desk::new();
    assert!(matches!(
        desk.open().unwrap_err(),
        KeyFileProblem::Missing(_)
    ));
    fs::create_dir(desk.path()).unwrap();
    assert!(matches!(
        desk.open().unwrap_err(),
        KeyFileProblem::NotAFile(_)
    ));
}

#[test]
fn a_damaged_key_file_is_refused_by_line() {
    let desk = Desk::new();
    desk.create();
    let whole = fs::read_to_string(desk.path()).unwrap();
    let line = |start: &str| {
        let found = whole.lines().find(|line| line.starts_with(start));
        found.unwrap().to_owned() + "\n"
    };
    let (key, journal) = (line("school-key"), line("journal-seed"));
    let check = |text: &str, expected: &str| {
        fs::write(desk.path(), text).unwrap();
        let told = desk.open().unwrap_err().to_string();
        assert!(told.contains(expected), "{told}");
    };
    check("", "has no content");
    check("a shopping list\n", "line 1");
    check(&whole.replace("version 1", "version 2"), "line 1");
    check(&whole.replace(&journal, ""), "has no journal seed");
    check(&whole.replace(&key, ""), "has no current school key");
    check(
        &(whole.clone() + &key),
        "line 7: there is a second current key",
    );
    check(
        &(whole.clone() + &journal),
        "line 7: there is a second journal seed",
    );
    check(
        &(whole.clone() + "pepper 1 2\n"),
        "line 7: it is not a line of a key file",
    );
    check(
        &whole.replace(&key, &key.replace("=\n", "\n")),
        "line 5: the key is not 32 bytes",
    );
    check(
        &whole.replace(&key, &key.replace("=\n", "AAA=\n")),
        "line 5: the key is not 32 bytes",
    );
    for at in whole.find("school-key").unwrap()..whole.len() {
        let changed = String::from_utf8(super::flipped(whole.as_bytes(), at, 1)).unwrap();
        fs::write(desk.path(), &changed).unwrap();
        assert!(
            at == whole.len() - 1 || desk.open().is_err(),
            "byte {at} of\n{changed}"
        );
    }
    fs::write(desk.path(), [0xff, 0xfe]).unwrap();
    assert!(matches!(
        desk.open().unwrap_err(),
        KeyFileProblem::Disk { .. }
    ));
}

#[test]
fn rotation_keeps_what_still_opens_and_the_journal_as_it_was() {
    let desk = Desk::new();
    let first = desk.create();
    let first_id = first.keys().current_id();
    let mut chance = chance(5);
    let key = DataKey::new(&mut chance);
    let wrapped = first.keys().wrap(&key, &RECORD, &mut chance);
    let seed = *first.journal_seed().expose();

    // What a killed rotation left behind does not stop the next.
    fs::write(desk.folder.path().join("key.new"), "half").unwrap();
    let rotated = first.rotate(&mut chance).unwrap();
    assert_eq!(desk.mode(), 0o600);
    assert!(!desk.folder.path().join("key.new").exists());
    let read = desk.open().unwrap();
    assert_eq!(read.keys().current_id(), rotated.keys().current_id());
    assert_eq!(read.keys().old_ids(), [first_id]);
    assert_eq!(
        read.keys().unwrap(&wrapped, &RECORD).unwrap().id(),
        key.id()
    );
    assert_eq!(*read.journal_seed().expose(), seed);

    let retired = read.retire(first_id).unwrap();
    assert!(retired.keys().unwrap(&wrapped, &RECORD).is_err());
    assert_eq!(desk.open().unwrap().keys().old_ids(), []);
}

#[test]
fn neither_the_current_key_nor_an_unknown_one_can_be_retired() {
    let desk = Desk::new();
    let file = desk.create();
    let before = fs::read(desk.path()).unwrap();
    let current = file.keys().current_id();
    assert!(matches!(
        file.retire(current).unwrap_err(),
        RetireRefused::Current(_)
    ));
    let refused = desk.open().unwrap().retire(KeyId([0; 8])).unwrap_err();
    assert!(matches!(refused, RetireRefused::Unknown(_)));
    assert_eq!(fs::read(desk.path()).unwrap(), before);
}

#[test]
fn two_sheets_bring_a_lost_key_file_back() {
    let desk = Desk::new();
    let mut chance = chance(5);
    let kit = Kit::new(&mut chance);
    let made = desk.create().rotate(&mut chance).unwrap();
    let escrow = made.escrow(&kit.recipient()).unwrap();

    let over = KeyFile::bring_back(&desk.path(), &desk.data(), &kit, &escrow);
    let exists = |refused| {
        matches!(
            refused,
            BringBackRefused::KeyFile(KeyFileProblem::Exists(_))
        )
    };
    assert!(exists(over.unwrap_err()));

    fs::remove_file(desk.path()).unwrap();
    let other = Kit::new(&mut chance);
    let refused = KeyFile::bring_back(&desk.path(), &desk.data(), &other, &escrow).unwrap_err();
    assert!(matches!(
        refused,
        BringBackRefused::Escrow(FileProblem::OtherKey)
    ));
    let refused = KeyFile::bring_back(
        &desk.path(),
        &desk.data(),
        &kit,
        &escrow[..escrow.len() - 1],
    );
    assert!(matches!(
        refused.unwrap_err(),
        BringBackRefused::Escrow(FileProblem::Damaged)
    ));
    assert!(!desk.path().exists());

    let [first, _, third] = kit.split(&mut chance);
    let joined = Kit::join(third.text(), first.text()).unwrap();
    KeyFile::bring_back(&desk.path(), &desk.data(), &joined, &escrow).unwrap();
    assert_eq!(desk.mode(), 0o600);
    let read = desk.open().unwrap();
    assert_eq!(read.keys().current_id(), made.keys().current_id());
    assert_eq!(read.keys().old_ids(), made.keys().old_ids());
    assert_eq!(read.journal_seed().expose(), made.journal_seed().expose());
}
