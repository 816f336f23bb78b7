//! Random and mutated inputs for the fuzz runs, the same for the same seed.
//!
//! `FUZZ_RUNS=2000000 cargo test --release -p belisha-filter --lib fuzz` runs every reader on so many inputs;
//! left out, it is a few thousand, as every test run takes them.

/// A small generator, good enough to break things with.
pub(crate) struct Chaos(u64);

impl Chaos {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    /// Below `bound`, which is not 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    pub(crate) fn bytes(&mut self, most: usize) -> Vec<u8> {
        let length = self.below(most + 1);
        (0..length).map(|_| self.next() as u8).collect()
    }

    /// One of the samples, changed in a few places.
    pub(crate) fn mutated(&mut self, samples: &[Vec<u8>]) -> Vec<u8> {
        const ODD: [u8; 10] = [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff, b'.', b'\n'];
        let mut bytes = samples[self.below(samples.len())].clone();
        for _ in 0..self.below(8) {
            let at = self.below(bytes.len() + 1);
            match self.below(7) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                1 if at < bytes.len() => bytes[at] = ODD[self.below(ODD.len())],
                2 if at < bytes.len() => {
                    bytes.remove(at);
                }
                3 => bytes.insert(at, self.next() as u8),
                4 => bytes.truncate(at),
                5 => {
                    // A piece said twice.
                    let end = (at + self.below(40)).min(bytes.len());
                    let piece = bytes[at..end].to_vec();
                    let to = self.below(bytes.len() + 1);
                    bytes.splice(to..to, piece);
                }
                _ => {
                    // The end of another.
                    let other = &samples[self.below(samples.len())];
                    let from = self.below(other.len() + 1);
                    bytes.truncate(at);
                    bytes.extend_from_slice(&other[from..]);
                }
            }
        }
        bytes
    }
}

/// How many inputs each run takes.
pub(crate) fn runs() -> u64 {
    let wanted = std::env::var("FUZZ_RUNS").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(3_000)
}
