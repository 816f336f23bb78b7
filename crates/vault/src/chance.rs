//! Random bytes as an argument, so that a school term can be played from a seed.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Where random bytes come from; everything here that needs some takes one.
pub trait Chance {
    /// Fills `bytes` with random ones, each as likely as any other.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The operating system's random bytes: what a school uses.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    /// Panics when the operating system has none to give: a key drawn from
    /// nothing would be worse than a server that stops.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the chance that all others are handed"
    )]
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// Bytes that follow from a seed: for simulations and tests, where a failure
/// must replay. Never for a real school, whose keys could then be guessed.
pub struct SeededChance(ChaCha20Rng);

impl SeededChance {
    pub fn new(seed: [u8; 32]) -> Self {
        Self(ChaCha20Rng::from_seed(seed))
    }
}

impl Chance for SeededChance {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }
}

impl std::fmt::Debug for SeededChance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SeededChance(hidden)")
    }
}

/// Draws an array of random bytes.
pub(crate) fn draw<const N: usize>(chance: &mut dyn Chance) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill(&mut bytes);
    bytes
}

/// Hands our chance to the HPKE crate.
pub(crate) struct ForHpke<'a>(pub(crate) &'a mut dyn Chance);

impl hpke::rand_core::RngCore for ForHpke<'_> {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(draw(self.0))
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(draw(self.0))
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), hpke::rand_core::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl hpke::rand_core::CryptoRng for ForHpke<'_> {}

/// Hands our chance to the secret-sharing crate.
pub(crate) struct ForShares<'a>(pub(crate) &'a mut dyn Chance);

impl rand_core_10::TryRng for ForShares<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_le_bytes(draw(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_le_bytes(draw(self.0)))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl rand_core_10::TryCryptoRng for ForShares<'_> {}
