//! Choices for a made-up school, all drawn from the school's own chance, so that
//! one seed always makes the same school.

use crate::clock::{Chance, random};

/// Draws from a chance.
#[derive(Clone, Copy)]
pub(super) struct Dice<'a>(&'a dyn Chance);

impl<'a> Dice<'a> {
    pub(super) fn of(chance: &'a dyn Chance) -> Self {
        Self(chance)
    }

    /// A number below the limit, which must not be zero. The slight bias of a remainder
    /// does not matter here: nothing secret is drawn this way.
    pub(super) fn below(self, limit: usize) -> usize {
        let drawn = u64::from_be_bytes(random(self.0));
        usize::try_from(drawn % limit as u64).expect("a number below a usize is one")
    }

    /// A number between two, both included.
    pub(super) fn between(self, least: i64, most: i64) -> i64 {
        let span = usize::try_from(most - least + 1).expect("the least comes first");
        least + i64::try_from(self.below(span)).expect("it is below an i64")
    }

    /// One of these.
    pub(super) fn one_of<T>(self, choices: &[T]) -> &T {
        &choices[self.below(choices.len())]
    }

    /// Puts them into another order.
    pub(super) fn shuffle<T>(self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededChance;

    #[test]
    fn the_same_seed_draws_the_same_and_stays_within_its_bounds() {
        let (one, other) = (SeededChance::new(7), SeededChance::new(7));
        let drawn: Vec<i64> = (0..200).map(|_| Dice::of(&one).between(-3, 3)).collect();
        let again: Vec<i64> = (0..200).map(|_| Dice::of(&other).between(-3, 3)).collect();
        assert_eq!(drawn, again);
        assert_eq!(drawn.iter().min(), Some(&-3));
        assert_eq!(drawn.iter().max(), Some(&3));
    }

    #[test]
    fn a_shuffle_loses_nobody() {
        let chance = SeededChance::new(1);
        let mut all: Vec<u32> = (0..50).collect();
        Dice::of(&chance).shuffle(&mut all);
        assert_ne!(all, (0..50).collect::<Vec<_>>());
        all.sort_unstable();
        assert_eq!(all, (0..50).collect::<Vec<_>>());
    }
}
