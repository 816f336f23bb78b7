//! The keyed hash of a name: 128 bits for every ending of it, in one pass from the right.
//!
//! Whoever writes a list does not know the key, so nobody can write names that collide. The
//! function is part of the file format: a change of it is a new version.

/// Random for each index; it stands in the file's header.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key {
    bytes: [u8; 32],
    words: [u64; 4],
}

/// The hash of one name, or of one ending of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameHash(pub u64, pub u64);

const ONE: u64 = 0x9e37_79b9_7f4a_7c15;
const TWO: u64 = 0xd1b5_4a32_d192_ed03;
const STIRS: [u64; 4] = [
    0x2d35_8dcc_aa6c_78a5,
    0x8bb8_4b93_962e_acc9,
    0x4b33_a62e_d433_d4a3,
    0x4d5a_2da5_1de1_aa47,
];
/// Stands before a path, where no label can stand.
const SLASH: u64 = 0x8bb8_4b93_962e_acc9;

impl Key {
    pub fn new(bytes: [u8; 32]) -> Self {
        // Stirred, so that even a key of a test, which is not random, multiplies well.
        let word = |at: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&bytes[at * 8..at * 8 + 8]);
            let once = fold(u64::from_le_bytes(eight) ^ STIRS[at], ONE);
            fold(once ^ STIRS[at], TWO) | 1
        };
        Self {
            words: [word(0), word(1), word(2), word(3)],
            bytes,
        }
    }

    pub fn bytes(&self) -> [u8; 32] {
        self.bytes
    }

    /// The hash of nothing, to which labels are added from the right.
    #[inline]
    pub fn start(&self) -> NameHash {
        NameHash(self.words[0], self.words[1])
    }

    /// Adds the next label to the left.
    #[inline]
    pub fn add(&self, to: NameHash, label: &[u8]) -> NameHash {
        let NameHash(mut one, two) = to;
        let mut two = two ^ (label.len() as u64).wrapping_mul(ONE);
        let mut chunks = label.chunks_exact(8);
        let mut stir = |word: u64| {
            one = fold(one ^ word, self.words[2]);
            two = fold(two ^ word.rotate_left(32), self.words[3]);
        };
        for chunk in &mut chunks {
            let mut eight = [0; 8];
            eight.copy_from_slice(chunk);
            stir(u64::from_le_bytes(eight));
        }
        let rest = chunks.remainder();
        if !rest.is_empty() || label.is_empty() {
            let mut eight = [0; 8];
            eight[..rest.len()].copy_from_slice(rest);
            stir(u64::from_le_bytes(eight));
        }
        // The length must reach both halves.
        NameHash(one ^ (label.len() as u64).wrapping_mul(TWO), two)
    }

    /// The hash of a whole name in its one form.
    pub fn name(&self, name: &str) -> NameHash {
        name.rsplit('.')
            .fold(self.start(), |hash, label| self.add(hash, label.as_bytes()))
    }

    /// The hash of a host and the beginning of a path.
    pub fn page(&self, host: NameHash, path: &str) -> NameHash {
        let below = NameHash(host.0 ^ SLASH, host.1);
        self.add(below, path.as_bytes())
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Key(…)")
    }
}

/// Both halves of the product: every bit of either side reaches every bit of the result.
#[inline]
pub(crate) fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    (product as u64) ^ ((product >> 64) as u64)
}

/// A number below `bound`, even where `bound` is no power of two.
#[inline]
pub(crate) fn below(hash: u64, bound: u64) -> u64 {
    ((u128::from(hash) * u128::from(bound)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn key() -> Key {
        Key::new(std::array::from_fn(|at| {
            (at as u8).wrapping_mul(37).wrapping_add(11)
        }))
    }

    #[test]
    fn names_that_are_near_have_hashes_that_are_far() {
        let mut seen = HashSet::new();
        let mut halves = (HashSet::new(), HashSet::new());
        for at in 0..200_000u32 {
            let name = match at % 4 {
                0 => format!("{at}.example"),
                1 => format!("a.{at}"),
                2 => format!("a{at}.b"),
                _ => format!("{at:032}.long.example"),
            };
            let hash = key().name(&name);
            assert!(seen.insert(hash), "{name}");
            halves.0.insert(hash.0);
            halves.1.insert(hash.1);
        }
        assert_eq!((halves.0.len(), halves.1.len()), (200_000, 200_000));
    }

    #[test]
    fn where_the_dots_stand_matters() {
        let key = key();
        assert_ne!(key.name("ab.c"), key.name("a.bc"));
        assert_ne!(key.name("a.b"), key.name("b.a"));
        assert_ne!(key.name("a"), key.name("a\0"));
        assert_ne!(key.page(key.name("a"), "b"), key.name("b.a"));
    }

    #[test]
    fn another_key_gives_another_hash() {
        let other = Key::new([9; 32]);
        assert_ne!(key().name("example.com"), other.name("example.com"));
        assert_eq!(Key::new(key().bytes()), key());
    }
}
