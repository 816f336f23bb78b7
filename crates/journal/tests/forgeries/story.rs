//! A made-up morning in a school, told in as many entries as one asks for and signed
//! after every fourth.

use std::collections::BTreeMap;

use belisha_journal::{
    Actor, Checkpoint, Draft, Export, Factor, Hash, Head, Origin, Outcome, Signer,
};
use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signer as _, SigningKey};

pub(super) const MINUTE_MS: u64 = 60_000;
const EIGHT_O_CLOCK_MS: u64 = 1_788_249_600_000;

/// What a file is made from. Checkpoints stand after that many entries.
#[derive(Clone)]
pub(super) struct Story {
    pub(super) drafts: Vec<Draft>,
    pub(super) checkpoints: Vec<usize>,
}

pub(super) fn signer() -> Signer {
    signer_of("beacon-primary.example/journal", 1)
}

/// The journal of the same name, signed with a key of the forger's own.
pub(super) fn forger() -> Signer {
    signer_of("beacon-primary.example/journal", 2)
}

/// Another school's journal.
pub(super) fn neighbour() -> Signer {
    signer_of("crossing-infant.example/journal", 3)
}

fn signer_of(origin: &str, seed: u8) -> Signer {
    Signer::from_seed(Origin::new(origin).expect("a plain name"), [seed; 32])
}

/// A note whose signature holds, around any text whatever.
pub(super) fn note_over(body: &str) -> String {
    let key = signer().verifier_key().to_string();
    let mut fields = key.splitn(3, '+');
    let (name, id) = (
        fields.next().expect("a name"),
        fields.next().expect("a key number"),
    );
    let mut signature = HEXLOWER.decode(id.as_bytes()).expect("hexadecimal digits");
    signature.extend(
        SigningKey::from_bytes(&[1; 32])
            .sign(body.as_bytes())
            .to_bytes(),
    );
    format!("{body}\n— {name} {}\n", BASE64.encode(&signature))
}

pub(super) fn story(entries: usize) -> Story {
    let checkpoints = match entries {
        0 => vec![0],
        _ => (1..=entries)
            .filter(|size| size % 4 == 0 || *size == entries)
            .collect(),
    };
    Story {
        drafts: (0..entries).map(draft).collect(),
        checkpoints,
    }
}

/// Act number `number`: a system's, a teacher's or a refused one in turn.
pub(super) fn draft(number: usize) -> Draft {
    let (actor, session, factor) = if number.is_multiple_of(4) {
        (
            Actor::System("nightly-duties".to_owned()),
            None,
            Factor::None,
        )
    } else {
        let id = format!("00000000-0000-4000-8000-{number:012x}");
        let person = Actor::Person(id.parse().expect("a well-formed uuid"));
        (
            person,
            Some(format!("s{number}")),
            [Factor::Password, Factor::SecondFactor][number % 2],
        )
    };
    let actions = [
        "backup.made",
        "incident.reported",
        "incident.read",
        "agreement.signed",
    ];
    let sealed = format!("sealed {number}");
    Draft {
        at_ms: EIGHT_O_CLOCK_MS + number as u64 * MINUTE_MS,
        clock_ms: 5_000 + number as u64 * MINUTE_MS,
        actor,
        session,
        factor,
        action: actions[number % 4].to_owned(),
        object: format!("record:{:08x}", 0xbe11_5a00 + number),
        facts: BTreeMap::from([
            (
                "clause".to_owned(),
                "“4.2” — a \\ and a \"quote\"".to_owned(),
            ),
            ("version".to_owned(), number.to_string()),
        ]),
        revision: (number % 2 == 1).then(|| Hash::of(format!("state {number}").as_bytes())),
        result: if number % 5 == 3 {
            Outcome::Refused
        } else {
            Outcome::Done
        },
        payload: (number % 3 == 1).then(|| Hash::of(sealed.as_bytes())),
    }
}

impl Story {
    /// The same story with one act told otherwise.
    pub(super) fn with(mut self, number: usize, change: impl FnOnce(&mut Draft)) -> Self {
        change(&mut self.drafts[number]);
        self
    }

    fn lines(&self) -> Vec<String> {
        let mut head = Head::empty();
        let recorded = self.drafts.iter().map(|draft| head.append(draft.clone()));
        recorded
            .map(|recorded| recorded.expect("the story is well formed").line)
            .collect()
    }

    /// The story's file, honestly signed by `signer`.
    pub(super) fn file(&self, signer: &Signer) -> String {
        sign(signer, &self.lines(), &self.checkpoints)
    }

    /// The story's entries with checkpoints that were signed over something else.
    pub(super) fn file_under(&self, notes: &[String]) -> String {
        let mut lines = self.lines().into_iter();
        let mut file = begin(&signer());
        let mut written = 0;
        for (size, note) in self.checkpoints.iter().zip(notes) {
            for line in lines.by_ref().take(size - written) {
                file.entry(&line).expect("memory takes every line");
            }
            written = *size;
            file.checkpoint(note).expect("memory takes every line");
        }
        text(file)
    }

    /// The signed notes of the story, in order.
    pub(super) fn notes(&self, signer: &Signer) -> Vec<String> {
        let lines = self.lines();
        self.checkpoints
            .iter()
            .map(|size| checkpoint(signer, &lines[..*size]).note())
            .collect()
    }

    /// The slip handed out when the story was `size` entries long.
    pub(super) fn slip(&self, signer: &Signer, size: usize) -> String {
        checkpoint(signer, &self.lines()[..size]).to_slip()
    }
}

/// A file of any lines whatever, signed over exactly these.
pub(super) fn sign(signer: &Signer, lines: &[String], checkpoints: &[usize]) -> String {
    let mut file = begin(signer);
    let mut written = 0;
    for size in checkpoints {
        for line in &lines[written..*size] {
            file.entry(line).expect("memory takes every line");
        }
        written = *size;
        let note = checkpoint(signer, &lines[..*size]).note();
        file.checkpoint(&note).expect("memory takes every line");
    }
    text(file)
}

fn checkpoint(signer: &Signer, lines: &[String]) -> Checkpoint {
    let mut head = Head::empty();
    for line in lines {
        head.replay(line);
    }
    signer.checkpoint(&head, EIGHT_O_CLOCK_MS + lines.len() as u64 * MINUTE_MS)
}

fn begin(signer: &Signer) -> Export<Vec<u8>> {
    let key = signer.verifier_key();
    Export::begin(Vec::new(), key.origin()).expect("memory takes every line")
}

fn text(file: Export<Vec<u8>>) -> String {
    let bytes = file.finish().expect("the story ends with a checkpoint");
    String::from_utf8(bytes).expect("a journal file is text")
}
