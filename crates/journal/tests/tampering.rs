//! Whatever is done to a sound file, it is never sound again.

use std::io::{self, BufReader, Read};

use belisha_journal::{
    Actor, Draft, Export, Factor, Head, Origin, Outcome, Signer, StepsBack, Summary, Verdict,
    VerifierKey, verify,
};
use proptest::prelude::*;

/// A file of three entries and two checkpoints, and its key.
fn small() -> (Vec<u8>, VerifierKey) {
    signed_from(1)
}

/// Three entries, signed after each from this number on.
fn signed_from(first: u64) -> (Vec<u8>, VerifierKey) {
    let origin = Origin::new("beacon-primary.example/journal").expect("a plain name");
    let signer = Signer::from_seed(origin.clone(), [7; 32]);
    let mut head = Head::empty();
    let mut file = Export::begin(Vec::new(), &origin).expect("memory takes every line");
    for number in 0..3 {
        let recorded = head
            .append(draft(number))
            .expect("the draft is well formed");
        file.entry(&recorded.line).expect("memory takes every line");
        if number >= first {
            let note = signer.checkpoint(&head, draft(number).at_ms).note();
            file.checkpoint(&note).expect("memory takes every line");
        }
    }
    (
        file.finish().expect("a checkpoint is last"),
        signer.verifier_key(),
    )
}

fn draft(number: u64) -> Draft {
    Draft {
        at_ms: 1_788_249_600_000 + number,
        clock_ms: number,
        actor: Actor::System("nightly-duties".to_owned()),
        session: None,
        factor: Factor::None,
        action: "backup.made".to_owned(),
        object: format!("backup:{number}"),
        facts: [("version".to_owned(), number.to_string())].into(),
        revision: None,
        result: Outcome::Done,
        payload: None,
    }
}

fn exit_code(file: &[u8], key: &VerifierKey) -> u8 {
    verify(file, key, &[]).exit_code()
}

#[test]
fn every_flipped_byte_is_noticed() {
    let (file, key) = small();
    assert_eq!(exit_code(&file, &key), 0);
    for at in 0..file.len() {
        // The neighbour, the other case, the byte that is no text, the opposite.
        for mask in [0x01, 0x20, 0x80, 0xff] {
            let mut forged = file.clone();
            forged[at] ^= mask;
            assert_ne!(exit_code(&forged, &key), 0, "byte {at}, mask {mask:#x}");
        }
    }
}

#[test]
fn every_missing_and_every_doubled_byte_is_noticed() {
    let (file, key) = small();
    for at in 0..file.len() {
        let (before, after) = file.split_at(at);
        assert_ne!(
            exit_code(&[before, &after[1..]].concat(), &key),
            0,
            "without byte {at}"
        );
        assert_ne!(
            exit_code(&[before, &after[..1], after].concat(), &key),
            0,
            "byte {at} twice"
        );
    }
}

/// Cut after a checkpoint, a file is an older copy, which only a slip can tell.
#[test]
fn every_cut_is_noticed_but_one_after_a_checkpoint() {
    let (file, key) = small();
    let text = str::from_utf8(&file).expect("a journal file is text");
    let signed = text.find("\n— ").expect("there is a signature") + 1;
    let end_of_first = signed + text[signed..].find('\n').expect("the line ends") + 1;
    for length in 0..file.len() {
        let sound = exit_code(&file[..length], &key) == 0;
        assert_eq!(sound, length == end_of_first, "cut to {length} bytes");
    }
}

/// A file that a disk stops giving half-way.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("the disk stopped")),
            count => Ok(count),
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_not_called_tampered() {
    let (file, key) = small();
    let verdict = verify(BufReader::new(Failing(&file)), &key, &[]);
    let Verdict::CannotTell { why } = verdict else {
        panic!("{verdict}")
    };
    assert!(why.contains("the disk stopped"), "{why}");
}

#[test]
fn an_endless_line_is_not_read_to_its_end() {
    let (file, key) = small();
    let begin = &file[..file
        .iter()
        .position(|byte| *byte == b'{')
        .expect("an entry")];
    let verdict = verify(BufReader::new(begin.chain(io::repeat(b'{'))), &key, &[]);
    assert_eq!(verdict.headline(), "tampered form 3");
    let verdict = verify(BufReader::new(io::repeat(b'{')), &key, &[]);
    assert_eq!(verdict.headline(), "cannot-tell");
}

#[test]
fn a_slip_of_another_key_says_nothing_of_this_journal() {
    let (file, key) = small();
    let other = Signer::from_seed(key.origin().clone(), [8; 32]);
    let slips = [other.checkpoint(&Head::empty(), 0)];
    assert_eq!(verify(file.as_slice(), &key, &slips).exit_code(), 2);
}

#[test]
fn a_clock_that_goes_back_is_told_with_its_place_and_size() {
    let origin = Origin::new("beacon-primary.example/journal").expect("a plain name");
    let signer = Signer::from_seed(origin.clone(), [7; 32]);
    let mut head = Head::empty();
    let mut file = Export::begin(Vec::new(), &origin).expect("memory takes every line");
    for at_ms in [5_000, 9_000, 8_000, 8_000, 2_500, 7_000] {
        let recorded = head
            .append(Draft { at_ms, ..draft(0) })
            .expect("it is well formed");
        file.entry(&recorded.line).expect("memory takes every line");
    }
    file.checkpoint(&signer.checkpoint(&head, 0).note())
        .expect("memory takes every line");
    let file = file.finish().expect("a checkpoint is last");
    let summary = Summary {
        entries: 6,
        checkpoints: 1,
        slips: 0,
        first_at_ms: Some(5_000),
        last_at_ms: Some(7_000),
        steps_back: StepsBack {
            count: 2,
            largest_ms: 5_500,
            first_line: Some(5),
        },
    };
    let verdict = verify(file.as_slice(), &signer.verifier_key(), &[]);
    assert_eq!(verdict, Verdict::Sound(summary));
}

#[test]
fn an_export_without_a_last_checkpoint_is_refused() {
    let origin = Origin::new("beacon-primary.example/journal").expect("a plain name");
    let begin = || Export::begin(Vec::new(), &origin).expect("memory takes every line");
    assert!(begin().finish().is_err());
    let (mut head, mut file) = (Head::empty(), begin());
    let signer = Signer::from_seed(origin.clone(), [7; 32]);
    file.checkpoint(&signer.checkpoint(&head, 0).note())
        .expect("memory takes every line");
    let line = head
        .append(draft(0))
        .expect("the draft is well formed")
        .line;
    file.entry(&line).expect("memory takes every line");
    assert!(file.finish().is_err());
}

#[derive(Clone, Debug)]
enum Edit {
    Overwrite(usize, Vec<u8>),
    Insert(usize, Vec<u8>),
    Delete(usize, usize),
    /// Moves lines as a person with an editor would.
    MoveLine(usize, usize),
    CopyLine(usize, usize),
    DropLine(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = any::<prop::sample::Index>().prop_map(|index| index.index(1 << 20));
    let bytes = prop::collection::vec(
        prop_oneof![
            any::<u8>(),
            prop::sample::select(&b"\n\"{}:,0123456789abcdef "[..])
        ],
        1..6,
    );
    prop_oneof![
        (place.clone(), bytes.clone()).prop_map(|(at, bytes)| Edit::Overwrite(at, bytes)),
        (place.clone(), bytes).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (place.clone(), 1..300_usize).prop_map(|(at, count)| Edit::Delete(at, count)),
        (place.clone(), place.clone()).prop_map(|(from, to)| Edit::MoveLine(from, to)),
        (place.clone(), place.clone()).prop_map(|(from, to)| Edit::CopyLine(from, to)),
        place.prop_map(Edit::DropLine),
    ]
}

fn apply(file: &mut Vec<u8>, edit: &Edit) {
    let length = file.len().max(1);
    let mut lines: Vec<Vec<u8>> = file
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let count = lines.len().max(1);
    match edit {
        Edit::Overwrite(at, bytes) => {
            for (old, new) in file.iter_mut().skip(at % length).zip(bytes) {
                *old = *new;
            }
            return;
        }
        Edit::Insert(at, bytes) => {
            let at = (at % length).min(file.len());
            file.splice(at..at, bytes.iter().copied());
            return;
        }
        Edit::Delete(at, many) => {
            let at = (at % length).min(file.len());
            file.drain(at..(at + many).min(file.len()));
            return;
        }
        _ if lines.is_empty() => return,
        Edit::MoveLine(from, to) => {
            let line = lines.remove(from % count);
            lines.insert(to % count, line);
        }
        Edit::CopyLine(from, to) => lines.insert(to % count, lines[from % count].clone()),
        Edit::DropLine(at) => drop(lines.remove(at % count)),
    }
    *file = lines.concat();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_edits_never_leave_a_sound_file_that_differs(
        edits in prop::collection::vec(edit(), 1..4)
    ) {
        let (file, key) = small();
        let mut older = sound_prefixes(&file, &key);
        // A copy in which the journal was signed less often holds every entry, and is sound.
        older.push(signed_from(2).0);
        let mut forged = file.clone();
        for edit in &edits {
            apply(&mut forged, edit);
        }
        prop_assert!(older.contains(&forged) || exit_code(&forged, &key) != 0);
    }

    #[test]
    fn any_bytes_at_all_get_a_verdict(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let (_, key) = small();
        prop_assert_ne!(exit_code(&bytes, &key), 0);
        let after_header = [&b"belisha-journal 1\nbeacon-primary.example/journal\n"[..], &bytes];
        prop_assert_ne!(exit_code(&after_header.concat(), &key), 0);
    }
}

/// The true file and its older copy, which are sound by right.
fn sound_prefixes(file: &[u8], key: &VerifierKey) -> Vec<Vec<u8>> {
    let ends = (1..=file.len()).filter(|end| file[end - 1] == b'\n');
    ends.map(|end| file[..end].to_vec())
        .filter(|file| exit_code(file, key) == 0)
        .collect()
}
