//! Makes an index from entries.

use std::collections::HashMap;
use std::num::NonZero;
use std::thread;

use super::hash::{Key, NameHash};
use super::member::{MOST_LISTS, Member};
use super::perfect::{self, Built, PART, Part, part_of};
use crate::lists::{Entry, Hashed, ListInfo, What};

/// Set numbers stand in 20 bits of a slot, and none is 0.
const MOST_SETS: usize = (1 << 20) - 1;

/// Why no index can be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildRefused {
    #[error("more than {MOST_LISTS} lists: leave some out")]
    ManyLists,
    #[error("more than {MOST_SETS} different sets of lists: put lists together")]
    ManySets,
    #[error("the names together are longer than 4 GB: leave some lists out")]
    TooMuch,
    #[error("the hash was unlucky: compile again")]
    Unlucky,
}

/// How much an index holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Different names, pages and internet addresses.
    pub names: u64,
    /// What lists said of them, each list counted.
    pub entries: u64,
    pub sets: u64,
    pub lists: u64,
    /// Digests of illegal content.
    pub hashed: u64,
}

/// Where an entry's text stands, and what one list says of it.
#[derive(Clone, Copy)]
struct Said {
    hash: NameHash,
    at: u32,
    length: u16,
    member: Member,
}

/// Takes entries list by list, and makes the index of all.
pub struct Builder {
    pub(super) key: Key,
    said: Vec<Said>,
    text: String,
    pub(super) lists: Vec<ListInfo>,
    pub(super) hashed: Vec<Hashed>,
    deepest: u8,
}

/// A place to come back to, should a list turn out unusable.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    said: usize,
    text: usize,
    lists: usize,
    hashed: usize,
}

/// All parts of a file, ready to be written.
pub(super) struct Laid {
    pub parts: Vec<Part>,
    pub pilots: Vec<u16>,
    pub slots: Vec<u64>,
    pub sets: Vec<Vec<Member>>,
    /// For each slot, where its name stands in the text.
    pub texts: Vec<(u32, u16)>,
    pub counts: Counts,
    pub deepest: u8,
}

impl Builder {
    pub fn new(key: Key) -> Self {
        Self {
            key,
            said: Vec::new(),
            text: String::new(),
            lists: Vec::new(),
            hashed: Vec::new(),
            deepest: 0,
        }
    }

    /// Begins a list; what is added next is its own.
    pub fn begin(&mut self, list: ListInfo) -> Result<(), BuildRefused> {
        if self.lists.len() >= MOST_LISTS {
            return Err(BuildRefused::ManyLists);
        }
        self.lists.push(list);
        Ok(())
    }

    /// Adds what the list that was begun last says.
    pub fn add(&mut self, entry: &Entry<'_>) -> Result<(), BuildRefused> {
        let text = entry.text();
        let hash = match &entry.what {
            What::Page(host, path) => self.key.page(self.key.name(host), path),
            _ => self.key.name(&text),
        };
        if let What::Name(name) = &entry.what {
            let labels = name.bytes().filter(|byte| *byte == b'.').count() + 1;
            self.deepest = self.deepest.max(labels as u8);
        }
        let at = u32::try_from(self.text.len()).map_err(|_| BuildRefused::TooMuch)?;
        self.text.push_str(&text);
        self.said.push(Said {
            hash,
            at,
            length: text.len() as u16,
            member: Member::new(
                self.lists.len().saturating_sub(1),
                entry.reach,
                entry.exception,
            ),
        });
        Ok(())
    }

    /// Ends the list that was begun last, of which so many entries were read.
    pub fn end(&mut self, entries: u64) {
        if let Some(list) = self.lists.last_mut() {
            list.entries = entries;
        }
    }

    /// What there is so far.
    pub fn mark(&self) -> Mark {
        Mark {
            said: self.said.len(),
            text: self.text.len(),
            lists: self.lists.len(),
            hashed: self.hashed.len(),
        }
    }

    /// Takes back whatever came after a mark.
    pub fn back_to(&mut self, mark: Mark) {
        self.said.truncate(mark.said);
        self.text.truncate(mark.text);
        self.lists.truncate(mark.lists);
        self.hashed.truncate(mark.hashed);
    }

    /// The digests that came after a mark.
    pub fn hashed_since(&self, mark: Mark) -> Vec<Hashed> {
        self.hashed[mark.hashed..].to_vec()
    }

    pub fn add_hashed(&mut self, hashed: Hashed) {
        self.hashed.push(hashed);
    }

    pub fn key(&self) -> &Key {
        &self.key
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Lays everything out. Threads change the time it takes and nothing else.
    pub(super) fn lay(&mut self) -> Result<Laid, BuildRefused> {
        let entries = self.said.len() as u64;
        let parts = self.said.len().div_ceil(PART).max(1);
        let dealt = deal(std::mem::take(&mut self.said), parts);
        let text = self.text.as_str();
        let built = in_threads(dealt, |said| lay_part(said, text, parts as u64));
        let mut laid = Laid {
            parts: Vec::with_capacity(parts),
            pilots: Vec::new(),
            slots: Vec::new(),
            sets: Vec::new(),
            texts: Vec::new(),
            counts: Counts::default(),
            deepest: self.deepest,
        };
        let mut sets = Sets::default();
        for part in built {
            let (keys, built) = part.ok_or(BuildRefused::Unlucky)?;
            let first_slot = laid.slots.len();
            laid.parts.push(Part {
                first_slot: first_slot as u32,
                slots: built.slots,
                first_bucket: laid.pilots.len() as u32,
                buckets: built.pilots.len() as u32,
                seed: built.seed,
            });
            laid.pilots.extend(&built.pilots);
            laid.slots.resize(first_slot + built.slots as usize, 0);
            laid.texts.resize(first_slot + built.slots as usize, (0, 0));
            for (group, place) in keys.groups.iter().zip(&built.places) {
                let members = &keys.said[group.clone()];
                let set = sets.number(members.iter().map(|said| said.member));
                let slot = first_slot + *place as usize;
                laid.slots[slot] = fingerprint(members[0].hash) << 20 | set;
                laid.texts[slot] = (members[0].at, members[0].length);
            }
            laid.counts.names += keys.groups.len() as u64;
        }
        if sets.sets.len() > MOST_SETS {
            return Err(BuildRefused::ManySets);
        }
        laid.sets = sets.sets;
        laid.counts.entries = entries;
        laid.counts.sets = laid.sets.len() as u64;
        laid.counts.lists = self.lists.len() as u64;
        laid.counts.hashed = self.hashed.iter().map(|list| list.len() as u64).sum();
        Ok(laid)
    }
}

/// 44 bits that share nothing with how the key found its slot.
#[inline]
pub(super) fn fingerprint(hash: NameHash) -> u64 {
    super::hash::fold(
        hash.0 ^ 0x5851_f42d_4c95_7f2d,
        hash.1 ^ 0x1405_7b7e_f767_814f,
    ) >> 20
}

/// What the lists said, grouped by name.
struct Grouped {
    said: Vec<Said>,
    groups: Vec<std::ops::Range<usize>>,
}

fn deal(said: Vec<Said>, parts: usize) -> Vec<Vec<Said>> {
    let mut counts = vec![0usize; parts];
    for one in &said {
        counts[part_of(one.hash, parts as u64).0] += 1;
    }
    let mut dealt: Vec<Vec<Said>> = counts.into_iter().map(Vec::with_capacity).collect();
    for one in said {
        dealt[part_of(one.hash, parts as u64).0].push(one);
    }
    dealt
}

fn lay_part(mut said: Vec<Said>, text: &str, parts: u64) -> Option<(Grouped, Built)> {
    said.sort_unstable_by_key(|one| (one.hash, one.member, one.at));
    said.dedup_by_key(|one| (one.hash, one.member));
    let mut groups = Vec::with_capacity(said.len());
    let mut from = 0;
    for group in said.chunk_by(|one, next| one.hash == next.hash) {
        // Two names with one hash of 128 bits: another key will tell them apart.
        let word = |one: &Said| &text[one.at as usize..one.at as usize + usize::from(one.length)];
        if group.iter().any(|one| word(one) != word(&group[0])) {
            return None;
        }
        groups.push(from..from + group.len());
        from += group.len();
    }
    let keys: Vec<(NameHash, u64)> = groups
        .iter()
        .map(|group| said[group.start].hash)
        .map(|hash| (hash, part_of(hash, parts).1))
        .collect();
    let built = perfect::build(&keys)?;
    Some((Grouped { said, groups }, built))
}

/// Runs the work on every part, on all processors, and keeps the order.
fn in_threads<T: Send, R: Send>(parts: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(8);
    let size = parts.len().div_ceil(threads).max(1);
    let mut shares: Vec<Vec<T>> = Vec::new();
    let mut parts = parts.into_iter().peekable();
    while parts.peek().is_some() {
        shares.push(parts.by_ref().take(size).collect());
    }
    let work = &work;
    thread::scope(|scope| {
        let running: Vec<_> = shares
            .into_iter()
            .map(|share| scope.spawn(move || share.into_iter().map(work).collect::<Vec<R>>()))
            .collect();
        running
            .into_iter()
            .flat_map(|one| {
                one.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

/// Sets of members, each once, numbered from 1.
#[derive(Default)]
struct Sets {
    sets: Vec<Vec<Member>>,
    /// Nearly every name stands in one list alone, and that list is most often the last one's.
    last: Option<(Member, u64)>,
    alone: HashMap<Member, u64>,
    together: HashMap<Vec<Member>, u64>,
}

impl Sets {
    fn number(&mut self, members: impl ExactSizeIterator<Item = Member>) -> u64 {
        let mut members = members;
        let next = self.sets.len() as u64 + 1;
        if members.len() == 1
            && let Some(member) = members.next()
        {
            if let Some((last, number)) = self.last
                && last == member
            {
                return number;
            }
            let number = *self.alone.entry(member).or_insert_with(|| {
                self.sets.push(vec![member]);
                next
            });
            self.last = Some((member, number));
            return number;
        }
        let members: Vec<Member> = members.collect();
        if let Some(number) = self.together.get(&members) {
            return *number;
        }
        self.sets.push(members.clone());
        self.together.insert(members, next);
        next
    }
}
