//! An index against a plain map, against damage, and against another writer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::lists::{Entry, Kind, ListInfo, Reach, What};

fn list(name: &str) -> ListInfo {
    ListInfo {
        name: name.to_owned(),
        category: name.to_owned(),
        kind: Kind::Block,
        entries: 0,
    }
}

pub(super) fn build(folder: &Path, lists: &[Vec<(String, Reach, bool)>]) -> PathBuf {
    let mut builder = Builder::new(Key::new([3; 32]));
    for (at, entries) in lists.iter().enumerate() {
        builder
            .begin(list(&at.to_string()))
            .expect("room for a list");
        for (name, reach, exception) in entries {
            let mut entry = Entry::name(name.as_str().into(), *reach);
            entry.exception = *exception;
            builder.add(&entry).expect("room for a name");
        }
    }
    let path = folder.join("filter.index");
    builder.write(&path, 1_700_000_000).expect("written");
    path
}

pub(super) fn small() -> Vec<Vec<(String, Reach, bool)>> {
    let one = |name: &str, reach| (name.to_owned(), reach, false);
    vec![
        vec![
            one("example.com", Reach::Both),
            one("a.example.com", Reach::Itself),
        ],
        vec![
            one("example.com", Reach::Below),
            ("b.example.com".to_owned(), Reach::Both, true),
        ],
    ]
}

#[test]
fn a_name_leads_to_every_list_that_means_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = Index::open(&build(folder.path(), &small())).expect("an index");
    let hits = index.hits("x.a.example.com");
    let entries: Vec<_> = hits.iter().map(|hit| (hit.entry, hit.itself)).collect();
    assert_eq!(entries, [("a.example.com", false), ("example.com", false)]);
    let members = index.set(hits[1].set);
    assert_eq!(
        members
            .iter()
            .map(|member| member.list())
            .collect::<Vec<_>>(),
        [0, 1]
    );
    assert!(members[0].reaches(true) && members[0].reaches(false));
    assert!(!members[1].reaches(true) && members[1].reaches(false));
    let exception = index.hits("b.example.com");
    assert!(exception[0].itself && index.set(exception[0].set)[0].is_exception());
    assert_eq!(index.confirms("example.com"), Some(true));
    assert_eq!(index.confirms("example.org"), None);
    assert_eq!(index.counts().names, 3);
    assert_eq!(index.counts().entries, 4);
    assert_eq!(index.built_at(), 1_700_000_000);
    assert_eq!(index.deepest(), 3);
}

#[test]
fn pages_and_addresses_are_no_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut builder = Builder::new(Key::new([3; 32]));
    builder.begin(list("0")).expect("room");
    let page = What::Page("one.example".into(), "games".into());
    builder
        .add(&Entry {
            what: page,
            reach: Reach::Both,
            exception: false,
        })
        .expect("room");
    let address = What::Address("192.0.2.1".parse().expect("an address"));
    builder
        .add(&Entry {
            what: address,
            reach: Reach::Itself,
            exception: false,
        })
        .expect("room");
    let path = folder.path().join("index");
    builder.write(&path, 0).expect("written");
    let index = Index::open(&path).expect("an index");
    assert!(index.hits("one.example").is_empty());
    assert!(index.hits("games.one.example").is_empty());
    let pages = index.page_hits("one.example", "games/chess");
    assert_eq!(
        pages.iter().map(|page| page.0.as_str()).collect::<Vec<_>>(),
        ["one.example/games"]
    );
    assert!(index.page_hits("one.example", "gamesters").is_empty());
    assert_eq!(index.hits("192.0.2.1").len(), 1);
    assert_eq!(index.confirms("one.example/games"), Some(true));
}

#[test]
fn an_empty_index_holds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = Index::open(&build(folder.path(), &[vec![]])).expect("an index");
    assert!(index.hits("example.com").is_empty());
    assert_eq!(index.counts().names, 0);
}

#[test]
fn every_flipped_byte_and_every_cut_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = build(folder.path(), &small());
    let whole = fs::read(&path).expect("readable");
    let damaged = folder.path().join("damaged");
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&damaged, bytes).expect("written");
        assert!(
            Index::open(&damaged).is_err(),
            "byte {at} of {}",
            whole.len()
        );
    }
    for length in 0..whole.len() {
        fs::write(&damaged, &whole[..length]).expect("written");
        assert!(Index::open(&damaged).is_err(), "{length} bytes");
    }
    fs::write(&damaged, [whole.as_slice(), &[0]].concat()).expect("written");
    assert!(Index::open(&damaged).is_err(), "one byte more");
}

#[test]
fn damaged_names_say_nothing_false() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = build(folder.path(), &small());
    let names = names_beside(&path);
    let whole = fs::read(&names).expect("readable");
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::write(&names, bytes).expect("written");
        let index = Index::open(&path).expect("the index is whole");
        for name in ["example.com", "a.example.com", "b.example.com"] {
            let _ = index.confirms(name);
        }
        assert_eq!(index.confirms("nothing.example"), None);
    }
    fs::remove_file(&names).expect("removed");
    let index = Index::open(&path).expect("an index without names");
    assert_eq!(
        (
            index.confirms("example.com"),
            index.hits("example.com").len()
        ),
        (None, 1)
    );
}

#[test]
fn who_has_the_old_index_open_keeps_it_while_a_new_one_takes_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = Index::open(&build(folder.path(), &small())).expect("an index");
    let other = vec![vec![("other.example".to_owned(), Reach::Both, false)]];
    let new = Index::open(&build(folder.path(), &other)).expect("an index");
    assert_eq!(
        (
            old.hits("example.com").len(),
            old.hits("other.example").len()
        ),
        (1, 0)
    );
    assert_eq!(
        (
            new.hits("example.com").len(),
            new.hits("other.example").len()
        ),
        (0, 1)
    );
    let left: Vec<_> = fs::read_dir(folder.path()).expect("readable").collect();
    assert_eq!(left.len(), 2, "nothing half written is left");
}

#[test]
fn what_cannot_be_written_leaves_the_old_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    fs::write(&path, "old").expect("written");
    let failed = write_whole(&path, |out| {
        out.write_all(b"half")?;
        Err(std::io::Error::other("the disk is full"))
    });
    assert!(failed.is_err());
    assert_eq!(fs::read_to_string(&path).expect("readable"), "old");
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
}

#[test]
fn two_compilations_of_the_same_lists_are_the_same_file() {
    let (one, two) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let bytes = |folder: &Path| fs::read(build(folder, &small())).expect("readable");
    assert_eq!(bytes(one.path()), bytes(two.path()));
}

fn reach() -> impl Strategy<Value = Reach> {
    prop_oneof![Just(Reach::Both), Just(Reach::Itself), Just(Reach::Below)]
}

fn some_lists() -> impl Strategy<Value = Vec<Vec<(String, Reach, bool)>>> {
    let entry = ("[a-c]{1,2}(\\.[a-c]{1,2}){0,3}", reach(), any::<bool>());
    prop::collection::vec(prop::collection::vec(entry, 0..60), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn an_index_holds_what_a_plain_map_holds(
        lists in some_lists(),
        asked in prop::collection::vec("[a-d]{1,2}(\\.[a-c]{1,2}){0,4}", 60),
    ) {
        let mut plain: BTreeMap<&str, BTreeSet<Member>> = BTreeMap::new();
        for (at, entries) in lists.iter().enumerate() {
            for (name, reach, exception) in entries {
                plain.entry(name).or_default().insert(Member::new(at, *reach, *exception));
            }
        }
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::open(&build(folder.path(), &lists)).expect("an index");
        prop_assert_eq!(index.counts().names, plain.len() as u64);
        let every = plain.keys().map(|name| (*name).to_owned());
        for name in every.chain(asked) {
            let mut expected = Vec::new();
            let mut rest = Some(name.as_str());
            while let Some(ending) = rest {
                if let Some(set) = plain.get(ending) {
                    expected.push((ending, set.iter().copied().collect::<Vec<_>>()));
                }
                rest = ending.split_once('.').map(|(_, above)| above);
            }
            let hits = index.hits(&name);
            let found: Vec<_> = hits.iter().map(|hit| (hit.entry, index.set(hit.set).to_vec())).collect();
            prop_assert_eq!(found, expected);
        }
        let all: BTreeSet<&str> = index.entries().map(|(entry, _)| entry).collect();
        prop_assert_eq!(all, plain.keys().copied().collect::<BTreeSet<_>>());
    }
}

#[test]
fn a_name_costs_at_most_ten_bytes_whatever_its_length() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = |at: u32| {
        (
            format!("a-rather-long-name-{at}.example"),
            Reach::Both,
            false,
        )
    };
    let path = build(folder.path(), &[(0..50_000).map(names).collect()]);
    let bytes = fs::metadata(&path).expect("a file").len();
    assert!(bytes < 500_000, "{bytes} bytes for 50,000 names");
    let index = Index::open(&path).expect("an index");
    for at in (0..50_000).step_by(97) {
        let name = format!("www.a-rather-long-name-{at}.example");
        assert_eq!(index.hits(&name).len(), 1, "{name}");
        assert!(index.hits(&name.replace("name", "nome")).is_empty());
    }
}
