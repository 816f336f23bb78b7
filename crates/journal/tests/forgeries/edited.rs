//! What somebody without the key can do to the sound file with an editor.

use super::page::{Page, sound};
use super::story::{signer, story};
use super::{Vector, vector};

type Edit = (&'static str, &'static str, fn(Page) -> Page);
type ByteEdit = (&'static str, &'static str, fn(Vec<u8>) -> Vec<u8>);

/// Lines changed, deleted, inserted, moved.
const EDITS: &[Edit] = &[
    ("changed-fact", "tampered link 5", |page| {
        page.replace(4, "n\":\"1\"", "n\":\"2\"")
    }),
    ("changed-actor", "tampered link 6", |page| {
        page.replace(5, "000002\"", "000003\"")
    }),
    ("changed-session", "tampered link 5", |page| {
        page.replace(4, "\"s1\"", "null")
    }),
    ("changed-factor", "tampered link 5", |page| {
        page.replace(4, "second-factor", "step-up")
    }),
    ("changed-result", "tampered root 13", |page| {
        page.replace(6, "refused", "done")
    }),
    ("changed-revision", "tampered link 5", |page| {
        page.other_digit(4, "\"revision\":\"")
    }),
    ("changed-payload", "tampered link 5", |page| {
        page.other_digit(4, "\"payload\":\"")
    }),
    ("changed-previous", "tampered link 5", |page| {
        page.other_digit(5, "\"previous\":\"")
    }),
    ("changed-first-entry", "tampered link 4", |page| {
        page.replace(3, "made", "kept")
    }),
    ("changed-last-entry", "tampered root 35", |page| {
        page.replace(28, "signed", "opened")
    }),
    ("changed-readable-time", "tampered time 4", |page| {
        page.replace(4, "T08:01", "T08:02")
    }),
    ("changed-milliseconds", "tampered time 4", |page| {
        page.replace(4, "\"at\":17", "\"at\":16")
    }),
    ("changed-both-times", "tampered link 5", |page| {
        page.replace(4, "T08:01", "T08:02")
            .replace(4, "8249660000", "8249720000")
    }),
    ("deleted-first-entry", "tampered sequence 3", |page| {
        page.delete(3..=3)
    }),
    ("deleted-entry", "tampered sequence 5", |page| {
        page.delete(5..=5)
    }),
    ("deleted-last-entry", "tampered size 34", |page| {
        page.delete(28..=28)
    }),
    (
        "deleted-entries-between-checkpoints",
        "tampered size 20",
        |page| page.delete(14..=17),
    ),
    (
        "deleted-entries-with-checkpoint",
        "tampered sequence 14",
        |page| page.delete(14..=24),
    ),
    ("inserted-copy", "tampered sequence 5", |page| {
        page.copy(4, 5)
    }),
    ("inserted-later-entry", "tampered sequence 4", |page| {
        page.copy(14, 4)
    }),
    ("inserted-words", "tampered form 5", |page| {
        page.insert(5, "All is well.")
    }),
    ("reordered-entries", "tampered sequence 4", |page| {
        page.swap(4, 5)
    }),
    ("reordered-over-checkpoint", "tampered sequence 6", |page| {
        page.swap(6, 14)
    }),
    ("trailing-words", "tampered form 36", |page| {
        page.insert(36, "All is well.")
    }),
    ("trailing-empty-line", "tampered cut-short 37", |page| {
        page.insert(36, "")
    }),
    ("trailing-entry", "tampered unproven 37", |page| {
        // It continues the journal rightly, but nobody has signed for it.
        page.insert(36, Page::of(&story(13).file(&signer())).line(36))
    }),
    ("checkpoint-size-changed", "tampered signature 24", |page| {
        page.set(20, "7")
    }),
    ("checkpoint-root-changed", "tampered signature 24", |page| {
        page.overwrite(32, 21)
    }),
    ("checkpoint-time-changed", "tampered signature 24", |page| {
        page.replace(22, "08:08", "08:09")
    }),
    ("checkpoint-origin-changed", "tampered origin 24", |page| {
        page.replace(19, "beacon", "bacon")
    }),
    ("checkpoint-key-renamed", "tampered key 24", |page| {
        page.replace(24, "beacon", "bacon")
    }),
    ("checkpoint-key-number-changed", "tampered key 24", |page| {
        page.signature(24, |signature| signature[0] ^= 1)
    }),
    (
        "checkpoint-signature-exchanged",
        "tampered signature 24",
        |page| page.overwrite(35, 24),
    ),
    (
        "checkpoint-signature-bit",
        "tampered signature 24",
        |page| page.signature(24, |signature| signature[10] ^= 1),
    ),
    // The same signature with the group order added to its second half: a verifier that
    // does not insist on the smallest number takes both.
    (
        "checkpoint-signature-twin",
        "tampered signature 24",
        |page| page.signature(24, |signature| add_group_order(&mut signature[36..])),
    ),
    (
        "checkpoint-signature-of-zeros",
        "tampered signature 24",
        |page| page.signature(24, |signature| signature[4..].fill(0)),
    ),
    (
        "checkpoint-signature-spare-bits",
        "tampered form 24",
        |page| {
            let spare = page.line(24).replace("=", "");
            let (kept, last) = spare.split_at(spare.len() - 1);
            let next = char::from(last.as_bytes()[0] + 1);
            page.set(24, &format!("{kept}{next}="))
        },
    ),
    ("checkpoint-size-with-zero", "tampered form 24", |page| {
        page.set(20, "08")
    }),
    ("checkpoint-signed-twice", "tampered form 25", |page| {
        page.copy(24, 25)
    }),
    ("checkpoint-moved", "tampered size 14", |page| {
        page.copy(14, 7).delete(15..=15)
    }),
    ("checkpoint-repeated-later", "tampered size 35", |page| {
        (30..=35).fold(page, |page, number| page.overwrite(number - 11, number))
    }),
    ("checkpoint-unsigned", "tampered form 24", |page| {
        page.delete(24..=24)
    }),
    (
        "checkpoint-missing-at-end",
        "tampered unproven 29",
        |page| page.delete(29..=35),
    ),
    (
        "checkpoint-missing-everywhere",
        "tampered unproven 15",
        |page| page.delete(29..=35).delete(18..=24).delete(7..=13),
    ),
];

/// The same entry in other letters: line 4, which says the same to a lenient reader.
const MISSPELLINGS: &[Edit] = &[
    ("misspelled-space", "tampered entry 4", |page| {
        page.replace(4, ":1,", ": 1,")
    }),
    ("misspelled-order", "tampered entry 4", |page| {
        page.replace(4, "\"sequence\":1,", "")
            .replace(4, "\"clock\"", "\"sequence\":1,\"clock\"")
    }),
    ("misspelled-fact-order", "tampered entry 4", |page| {
        page.replace(4, ",\"version\":\"1\"}", "}").replace(
            4,
            "{\"clause",
            "{\"version\":\"1\",\"clause",
        )
    }),
    ("misspelled-double-key", "tampered entry 4", |page| {
        page.replace(4, "\"result\"", "\"result\":\"refused\",\"result\"")
    }),
    ("misspelled-double-fact", "tampered entry 4", |page| {
        page.replace(4, "\"version\"", "\"version\":\"0\",\"version\"")
    }),
    ("misspelled-unknown-key", "tampered entry 4", |page| {
        page.replace(4, "\"result\"", "\"note\":\"\",\"result\"")
    }),
    ("misspelled-missing-key", "tampered entry 5", |page| {
        page.replace(5, ",\"payload\":null", "")
    }),
    ("misspelled-escape", "tampered entry 4", |page| {
        page.replace(4, "clause", "\\u0063lause")
    }),
    ("misspelled-slash", "tampered entry 4", |page| {
        page.replace(4, "— a", "\\/ a")
    }),
    ("misspelled-number", "tampered entry 4", |page| {
        page.replace(4, ":1,", ":1.0,")
    }),
    ("misspelled-hash", "tampered entry 4", |page| {
        let hash = page.line(4).split("previous\":\"").nth(1).expect("a hash")[..64].to_owned();
        page.replace(4, &hash, &hash.to_uppercase())
    }),
    ("misspelled-turned-text", "tampered entry 4", |page| {
        page.replace(4, "— a", "\u{202e}a")
    }),
    ("misspelled-half-letter", "tampered entry 4", |page| {
        page.replace(4, "— a", "\\ud800 a")
    }),
    ("misspelled-huge-number", "tampered entry 4", |page| {
        page.replace(4, ":1,", &format!(":{},", "9".repeat(5_000)))
    }),
    ("misspelled-clock", "tampered entry 4", |page| {
        page.replace(4, ":65000,", ":9007199254740992,")
    }),
    ("misspelled-digits", "tampered entry 4", |page| {
        page.replace(4, "T08:01", "T٠٨:٠١")
    }),
    ("misspelled-impossible-day", "tampered time 4", |page| {
        page.replace(4, "09-01T", "13-41T")
    }),
    ("misspelled-long-fact", "tampered entry 4", |page| {
        page.replace(4, "— a", &"a".repeat(200))
    }),
    ("misspelled-line-end", "tampered entry 4", |page| {
        let line = format!("{}\r", page.line(4));
        page.set(4, &line)
    }),
    ("misspelled-nesting", "tampered entry 4", |page| {
        page.set(4, &format!("{{{}", "[".repeat(9_000)))
    }),
    ("misspelled-overlong", "tampered form 4", |page| {
        page.replace(4, "— a", &"a".repeat(16 * 1024))
    }),
];

/// Endings that a broken copy or a pair of scissors makes, and bytes that are no text.
const BYTES: &[ByteEdit] = &[
    ("truncated-in-header", "tampered cut-short 2", |file| {
        first_lines(file, 1)
    }),
    ("truncated-after-header", "tampered unproven 3", |file| {
        first_lines(file, 2)
    }),
    ("truncated-in-entry", "tampered cut-short 26", |file| {
        let shorter = first_lines(file, 26);
        shorter[..shorter.len() - 40].to_vec()
    }),
    ("truncated-after-entry", "tampered unproven 27", |file| {
        first_lines(file, 26)
    }),
    ("truncated-in-checkpoint", "tampered cut-short 32", |file| {
        first_lines(file, 31)
    }),
    ("truncated-last-line-end", "tampered cut-short 35", |file| {
        file[..file.len() - 1].to_vec()
    }),
    ("bytes-in-entry", "tampered entry 4", |file| {
        exchange(file, "\"s1\"", b"\"s\xff\"")
    }),
    ("bytes-in-checkpoint", "tampered form 13", |file| {
        exchange(file, "\n\nbeacon", b"\n\nbeaco\xff")
    }),
];

pub(super) fn all() -> Vec<Vector> {
    let pages = EDITS.iter().chain(MISSPELLINGS);
    let pages = pages.map(|(name, headline, edit)| vector(name, headline, edit(sound())));
    let bytes = BYTES
        .iter()
        .map(|(name, headline, edit)| vector(name, headline, edit(sound().text().into_bytes())));
    pages.chain(bytes).collect()
}

fn first_lines(file: Vec<u8>, count: usize) -> Vec<u8> {
    file.split_inclusive(|byte| *byte == b'\n')
        .take(count)
        .flatten()
        .copied()
        .collect()
}

/// Exchanges the one place where `old` stands; it must be there.
fn exchange(file: Vec<u8>, old: &str, new: &[u8]) -> Vec<u8> {
    let at = file
        .windows(old.len())
        .position(|bytes| bytes == old.as_bytes());
    let at = at.expect("the file has the text to exchange");
    [&file[..at], new, &file[at + old.len()..]].concat()
}

fn add_group_order(scalar: &mut [u8]) {
    let order: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, order) in scalar.iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
}
