//! An open index. It is mapped read-only, so several processes share one copy in memory.

use std::path::Path;

use filebuffer::FileBuffer;

use super::build::{Counts, fingerprint};
use super::file::{
    HEADER, IndexRefused, MAGIC, SECTION_AT, SECTION_SIZE, SECTIONS, VERSION, padding,
};
use super::hash::{Key, NameHash};
use super::member::Member;
use super::names::{Names, names_beside};
use super::perfect::{Part, bucket_of, part_of, slot_of};
use crate::lists::{Hashed, ListInfo};

/// A set of lists, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SetId(pub u32);

/// One ending of a name that stands in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The ending, which may be the whole name.
    pub entry: &'a str,
    /// Whether the ending is the whole name.
    pub itself: bool,
    pub set: SetId,
}

/// An index, open and checked.
pub struct Index {
    file: FileBuffer,
    names: Option<Names>,
    key: Key,
    built_at: i64,
    counts: Counts,
    parts: Vec<Part>,
    pilots: usize,
    slots: usize,
    sets: Vec<Box<[Member]>>,
    lists: Vec<ListInfo>,
    hashed: Vec<Hashed>,
    deepest: usize,
}

impl Index {
    /// Opens an index and checks every byte of it. A damaged one is refused.
    pub fn open(path: &Path) -> Result<Self, IndexRefused> {
        let file = FileBuffer::open(path).map_err(|why| IndexRefused::Io(path.to_owned(), why))?;
        let mut index = Self::over(file)?;
        index.names = Names::open(&names_beside(path), &index.file[..HEADER]);
        Ok(index)
    }

    fn over(file: FileBuffer) -> Result<Self, IndexRefused> {
        let bytes: &[u8] = &file;
        if bytes.len() < HEADER || bytes[..8] != MAGIC {
            return Err(IndexRefused::NotAnIndex);
        }
        let version = u32_at(bytes, 8);
        if version != VERSION {
            return Err(IndexRefused::Version(version));
        }
        if crc32fast::hash(&bytes[..HEADER - 4]) != u32_at(bytes, HEADER - 4) {
            return Err(IndexRefused::Damaged("header"));
        }
        let [parts, sets, lists, pilots, slots, hashed] = sections(bytes)?;
        let parts = read_parts(&bytes[parts], pilots.len() / 2, slots.len() / 8)
            .ok_or(IndexRefused::Damaged("parts"))?;
        let sets = read_sets(&bytes[sets]).ok_or(IndexRefused::Damaged("sets"))?;
        let lists: Vec<ListInfo> =
            serde_json::from_slice(&bytes[lists]).map_err(|_| IndexRefused::Damaged("lists"))?;
        let hashed = read_hashed(&bytes[hashed]).ok_or(IndexRefused::Damaged("hashed lists"))?;
        let members = sets.iter().flatten();
        if members.clone().any(|member| member.list() >= lists.len()) {
            return Err(IndexRefused::Damaged("sets"));
        }
        let mut key = [0; 32];
        key.copy_from_slice(&bytes[24..56]);
        let counts = Counts {
            names: u64_at(bytes, 56),
            entries: u64_at(bytes, 64),
            sets: sets.len() as u64,
            lists: lists.len() as u64,
            hashed: hashed.iter().map(|list| list.len() as u64).sum(),
        };
        Ok(Self {
            key: Key::new(key),
            built_at: u64_at(bytes, 16) as i64,
            counts,
            parts,
            pilots: pilots.start,
            slots: slots.start,
            sets,
            lists,
            hashed,
            deepest: usize::from(bytes[216]),
            names: None,
            file,
        })
    }

    /// The set of one hash, if the index holds it.
    #[inline]
    pub fn find(&self, hash: NameHash) -> Option<SetId> {
        self.slot(hash).map(|(_, set)| set)
    }

    #[inline]
    fn slot(&self, hash: NameHash) -> Option<(usize, SetId)> {
        let (part, rest) = part_of(hash, self.parts.len() as u64);
        let part = self.parts.get(part)?;
        let bucket = part.first_bucket as usize + bucket_of(rest, part.buckets);
        let at = self.pilots + bucket * 2;
        let pilot = u16::from_le_bytes(self.file.get(at..at + 2)?.try_into().ok()?);
        let slot = part.first_slot as usize + slot_of(hash, part.seed, pilot, part.slots);
        let at = self.slots + slot * 8;
        let held = u64::from_le_bytes(self.file.get(at..at + 8)?.try_into().ok()?);
        let set = (held & 0xf_ffff) as u32;
        (held >> 20 == fingerprint(hash) && set != 0 && set as usize <= self.sets.len())
            .then_some((slot, SetId(set)))
    }

    /// Every ending of a name that the index holds, the whole name first.
    pub fn hits<'a>(&self, name: &'a str) -> Vec<Hit<'a>> {
        let mut hits = Vec::new();
        let mut hash = self.key.start();
        let mut end = name.len();
        for label in name.rsplit('.') {
            hash = self.key.add(hash, label.as_bytes());
            let from = end - label.len();
            if let Some(set) = self.find(hash) {
                hits.push(Hit {
                    entry: &name[from..],
                    itself: from == 0,
                    set,
                });
            }
            end = from.saturating_sub(1);
        }
        hits.reverse();
        hits
    }

    /// The sets of a full address: its path's beginnings, longest first.
    pub fn page_hits(&self, host: &str, path: &str) -> Vec<(String, SetId)> {
        let host_hash = self.key.name(host);
        crate::lists::beginnings(path)
            .filter_map(|path| {
                let set = self.find(self.key.page(host_hash, path))?;
                Some((format!("{host}/{path}"), set))
            })
            .collect()
    }

    /// Whether the entry truly stands in the lists. None where the file of names is missing.
    pub fn confirms(&self, entry: &str) -> Option<bool> {
        let names = self.names.as_ref()?;
        let hash = match entry.split_once('/') {
            Some((host, path)) => self.key.page(self.key.name(host), path),
            None => self.key.name(entry),
        };
        let (slot, _) = self.slot(hash)?;
        Some(names.at(slot)? == entry)
    }

    /// Every entry with its set, in no order that means anything. Empty without the file of names.
    pub fn entries(&self) -> impl Iterator<Item = (&str, SetId)> {
        let slots: usize = self.parts.iter().map(|part| part.slots as usize).sum();
        let names = self.names.as_ref();
        (0..slots).filter_map(move |slot| {
            let held = u64_at(&self.file, self.slots + slot * 8);
            let entry = names?.at(slot)?;
            (held != 0).then_some((entry, SetId((held & 0xf_ffff) as u32)))
        })
    }

    pub fn set(&self, set: SetId) -> &[Member] {
        (set.0 as usize)
            .checked_sub(1)
            .and_then(|at| self.sets.get(at))
            .map_or(&[], |members| members)
    }

    /// All sets, in order of their numbers.
    pub fn sets(&self) -> impl Iterator<Item = (SetId, &[Member])> {
        (1..).map(SetId).zip(self.sets.iter().map(AsRef::as_ref))
    }

    pub fn lists(&self) -> &[ListInfo] {
        &self.lists
    }

    /// The lists of illegal content: they say whether, never what.
    pub fn hashed(&self) -> &[Hashed] {
        &self.hashed
    }

    pub fn key(&self) -> &Key {
        &self.key
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// When it was compiled, in seconds since 1970.
    pub fn built_at(&self) -> i64 {
        self.built_at
    }

    /// No name in the index has more labels.
    #[inline]
    pub fn deepest(&self) -> usize {
        self.deepest
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Index({:?})", self.counts)
    }
}

type Range = std::ops::Range<usize>;

fn sections(bytes: &[u8]) -> Result<[Range; SECTIONS], IndexRefused> {
    const NAMES: [&str; SECTIONS] = ["parts", "sets", "lists", "pilots", "slots", "hashed lists"];
    let mut ranges: [Range; SECTIONS] = std::array::from_fn(|_| 0..0);
    let mut expected = HEADER;
    for (number, range) in ranges.iter_mut().enumerate() {
        let damaged = || IndexRefused::Damaged(NAMES[number]);
        let at = SECTION_AT + number * SECTION_SIZE;
        let offset = usize::try_from(u64_at(bytes, at)).map_err(|_| damaged())?;
        let length = usize::try_from(u64_at(bytes, at + 8)).map_err(|_| damaged())?;
        let end = offset.checked_add(length).filter(|end| *end <= bytes.len());
        let end = end.ok_or_else(damaged)?;
        if offset != expected || crc32fast::hash(&bytes[offset..end]) != u32_at(bytes, at + 16) {
            return Err(damaged());
        }
        let next = end + padding(length);
        if next > bytes.len() || bytes[end..next].iter().any(|byte| *byte != 0) {
            return Err(damaged());
        }
        expected = next;
        *range = offset..end;
    }
    if expected == bytes.len() {
        Ok(ranges)
    } else {
        Err(IndexRefused::Damaged("end"))
    }
}

fn read_parts(bytes: &[u8], pilots: usize, slots: usize) -> Option<Vec<Part>> {
    let (parts, rest) = bytes.as_chunks::<20>();
    let parts: Vec<Part> = parts
        .iter()
        .map(|part| Part {
            first_slot: u32_at(part, 0),
            slots: u32_at(part, 4),
            first_bucket: u32_at(part, 8),
            buckets: u32_at(part, 12),
            seed: u32_at(part, 16),
        })
        .collect();
    let fits = |part: &Part| {
        part.slots > 0
            && part.buckets > 0
            && u64::from(part.first_slot) + u64::from(part.slots) <= slots as u64
            && u64::from(part.first_bucket) + u64::from(part.buckets) <= pilots as u64
    };
    (rest.is_empty() && parts.iter().all(fits)).then_some(parts)
}

fn read_sets(bytes: &[u8]) -> Option<Vec<Box<[Member]>>> {
    let (count, rest) = bytes.split_at_checked(4)?;
    let count = u32_at(count, 0) as usize;
    let (ends, members) = rest.split_at_checked(count.checked_mul(4)?)?;
    let (members, odd) = members.as_chunks::<2>();
    let mut from = 0usize;
    let mut sets = Vec::with_capacity(count);
    for at in 0..count {
        let end = u32_at(ends, at * 4) as usize;
        let set = members.get(from..end)?;
        sets.push(
            set.iter()
                .map(|two| Member(u16::from_le_bytes(*two)))
                .collect(),
        );
        from = end;
    }
    (odd.is_empty() && from == members.len()).then_some(sets)
}

fn read_hashed(mut bytes: &[u8]) -> Option<Vec<Hashed>> {
    let mut lists = Vec::new();
    while !bytes.is_empty() {
        let (sizes, rest) = bytes.split_at_checked(8)?;
        let (salt, rest) = rest.split_at_checked(u32_at(sizes, 0) as usize)?;
        let (digests, rest) =
            rest.split_at_checked((u32_at(sizes, 4) as usize).checked_mul(16)?)?;
        lists.push(Hashed::new(
            salt.to_vec(),
            digests.as_chunks::<16>().0.to_vec(),
        ));
        bytes = rest;
    }
    Some(lists)
}

/// The callers have checked that the bytes are there.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at + 4)
        .and_then(|four| four.try_into().ok())
        .map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes
        .get(at..at + 8)
        .and_then(|eight| eight.try_into().ok())
        .map_or(0, u64::from_le_bytes)
}
