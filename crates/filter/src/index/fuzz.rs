//! The opener of the index, on damaged files. Checksums are made right again in most of them, so that what lies
//! behind them is reached.

use super::file::{HEADER, SECTION_AT, SECTION_SIZE, SECTIONS};
use super::tests::{build, small};
use super::*;
use crate::chaos::{Chaos, runs};

fn make_right(bytes: &mut [u8]) {
    if bytes.len() < HEADER {
        return;
    }
    for section in 0..SECTIONS {
        let at = SECTION_AT + section * SECTION_SIZE;
        let number = |at: usize| {
            let eight = bytes[at..at + 8].try_into().expect("eight bytes");
            usize::try_from(u64::from_le_bytes(eight)).unwrap_or(usize::MAX)
        };
        let (offset, length) = (number(at), number(at + 8));
        let Some(held) = offset
            .checked_add(length)
            .and_then(|end| bytes.get(offset..end))
        else {
            continue;
        };
        let crc = crc32fast::hash(held).to_le_bytes();
        bytes[at + 16..at + 20].copy_from_slice(&crc);
    }
    let crc = crc32fast::hash(&bytes[..HEADER - 4]).to_le_bytes();
    bytes[HEADER - 4..HEADER].copy_from_slice(&crc);
}

#[test]
fn fuzz_indexes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = build(folder.path(), &small());
    let names = std::fs::read(names_beside(&path)).expect("names");
    let whole = std::fs::read(&path).expect("an index");
    let mut chaos = Chaos::new(5);
    let damaged = folder.path().join("damaged");
    let mut opened = 0;
    for run in 0..runs() / 10 {
        let mut bytes = whole.clone();
        for _ in 0..=chaos.below(4) {
            let at = chaos.below(bytes.len());
            match chaos.below(5) {
                0 => bytes[at] ^= 1 << chaos.below(8),
                1 => bytes[at] = chaos.next() as u8,
                2 => bytes[at] = 0xff,
                3 => bytes[at] = 0,
                _ if run % 16 == 0 => bytes.truncate(at),
                _ => bytes[at] = bytes[at].wrapping_add(1),
            }
            if bytes.is_empty() {
                break;
            }
        }
        if run % 8 != 0 {
            make_right(&mut bytes);
        }
        std::fs::write(&damaged, &bytes).expect("written");
        let held = match run % 4 {
            0 => names.clone(),
            _ => chaos.mutated(std::slice::from_ref(&names)),
        };
        std::fs::write(names_beside(&damaged), held).expect("written");
        let Ok(index) = Index::open(&damaged) else {
            continue;
        };
        opened += 1;
        for name in ["example.com", "x.b.example.com", "a.example.com", "other"] {
            for hit in index.hits(name) {
                let _ = index.set(hit.set);
                let _ = index.confirms(hit.entry);
            }
        }
        let _ = index.page_hits("example.com", "a/b");
        for (entry, set) in index.entries() {
            assert!(entry.len() < 70_000);
            let _ = index.set(set);
        }
        for (_, members) in index.sets() {
            assert!(
                members
                    .iter()
                    .all(|member| member.list() < index.lists().len())
            );
        }
    }
    // Otherwise nothing behind the checksums was reached.
    assert!(opened > runs() / 500, "{opened}");
}
