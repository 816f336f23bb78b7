//! A perfect hash: every key of a part has a slot of its own, and one number a bucket finds it.
//!
//! Keys are dealt to parts, a part's keys to buckets of three or four. For each bucket, largest first,
//! a *pilot* is sought under which all of its keys fall on free slots (the idea of PTHash, SIGIR 2021,
//! over parts small enough for the fastest cache). To look a key up: its part, its bucket's pilot,
//! its slot.

use super::hash::{NameHash, below, fold};

/// Keys a part, on average.
pub(super) const PART: usize = 1 << 15;
/// Slots for a hundred keys: some stay free, or the last pilots would be sought for ever.
const SLOTS_PER_100: usize = 103;
/// Buckets for seven keys.
const BUCKETS_PER_7: usize = 2;
const STRIDE: u64 = 0xa076_1d64_78bd_642f;
const SEED: u64 = 0xe703_7ed1_a0b4_28db;

/// How one part is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub first_slot: u32,
    pub slots: u32,
    pub first_bucket: u32,
    pub buckets: u32,
    pub seed: u32,
}

/// A part as built: its pilots, and each key's slot within it.
pub(super) struct Built {
    pub seed: u32,
    pub slots: u32,
    pub pilots: Vec<u16>,
    pub places: Vec<u32>,
}

/// The part that a key is dealt to, and what is left of the hash to deal it on.
#[inline]
pub(super) fn part_of(hash: NameHash, parts: u64) -> (usize, u64) {
    let product = u128::from(hash.0) * u128::from(parts);
    ((product >> 64) as usize, product as u64)
}

#[inline]
pub(super) fn bucket_of(rest: u64, buckets: u32) -> usize {
    below(rest, u64::from(buckets)) as usize
}

#[inline]
pub(super) fn slot_of(hash: NameHash, seed: u32, pilot: u16, slots: u32) -> usize {
    let seeded = hash.1 ^ u64::from(seed).wrapping_mul(SEED);
    let stirred = fold(seeded, (u64::from(pilot) + 1).wrapping_mul(STRIDE));
    below(stirred, u64::from(slots)) as usize
}

/// Builds a part. `keys` are each key's hash and the rest that `part_of` gave; all differ.
pub(super) fn build(keys: &[(NameHash, u64)]) -> Option<Built> {
    let slots = (keys.len() * SLOTS_PER_100 / 100 + 1) as u32;
    let buckets = (keys.len() * BUCKETS_PER_7).div_ceil(7).max(1) as u32;
    let order = by_bucket(keys, buckets);
    (0..16).find_map(|seed| try_seed(keys, &order, seed, slots))
}

/// Keys in order of buckets, and where each bucket begins.
struct Order {
    keys: Vec<u32>,
    begins: Vec<u32>,
    largest_first: Vec<u32>,
}

fn by_bucket(keys: &[(NameHash, u64)], buckets: u32) -> Order {
    let bucket = |rest: u64| bucket_of(rest, buckets);
    let mut begins = vec![0u32; buckets as usize + 1];
    for (_, rest) in keys {
        begins[bucket(*rest) + 1] += 1;
    }
    for at in 0..buckets as usize {
        begins[at + 1] += begins[at];
    }
    let mut next = begins.clone();
    let mut ordered = vec![0u32; keys.len()];
    for (at, (_, rest)) in keys.iter().enumerate() {
        let place = &mut next[bucket(*rest)];
        ordered[*place as usize] = at as u32;
        *place += 1;
    }
    let size = |bucket: u32| begins[bucket as usize + 1] - begins[bucket as usize];
    let mut largest_first: Vec<u32> = (0..buckets).collect();
    largest_first.sort_by_key(|bucket| std::cmp::Reverse(size(*bucket)));
    Order {
        keys: ordered,
        begins,
        largest_first,
    }
}

fn try_seed(keys: &[(NameHash, u64)], order: &Order, seed: u32, slots: u32) -> Option<Built> {
    let mut taken = vec![0u64; (slots as usize).div_ceil(64)];
    let mut pilots = vec![0u16; order.largest_first.len()];
    let mut places = vec![0u32; keys.len()];
    let mut found: Vec<usize> = Vec::with_capacity(32);
    for bucket in &order.largest_first {
        let bucket = *bucket as usize;
        let range = order.begins[bucket] as usize..order.begins[bucket + 1] as usize;
        let members = &order.keys[range];
        if members.is_empty() {
            break;
        }
        let pilot = (0..=u16::MAX).find(|pilot| {
            found.clear();
            members.iter().all(|member| {
                let slot = slot_of(keys[*member as usize].0, seed, *pilot, slots);
                let free = taken[slot / 64] >> (slot % 64) & 1 == 0 && !found.contains(&slot);
                found.push(slot);
                free
            })
        })?;
        pilots[bucket] = pilot;
        for (member, slot) in members.iter().zip(&found) {
            taken[slot / 64] |= 1 << (slot % 64);
            places[*member as usize] = *slot as u32;
        }
    }
    Some(Built {
        seed,
        slots,
        pilots,
        places,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::hash::Key;
    use std::collections::HashSet;

    #[test]
    fn every_key_has_a_slot_of_its_own() {
        let key = Key::new([5; 32]);
        for count in [0, 1, 2, 3, 7, 8, 100, 40_000] {
            let keys: Vec<(NameHash, u64)> = (0..count)
                .map(|at| key.name(&format!("{at}.example")))
                .map(|hash| (hash, part_of(hash, 1).1))
                .collect();
            let built = build(&keys).expect("a part");
            let mut seen = HashSet::new();
            for ((hash, rest), place) in keys.iter().zip(&built.places) {
                let pilot = built.pilots[bucket_of(*rest, built.pilots.len() as u32)];
                let slot = slot_of(*hash, built.seed, pilot, built.slots);
                assert_eq!(slot, *place as usize);
                assert!(seen.insert(slot) && slot < built.slots as usize);
            }
        }
    }
}
