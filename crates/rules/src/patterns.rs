//! Numbers about cases for those who may not see the cases: few enough that somebody could
//! guess who they are is said as "fewer than 5", and the rest is rounded, so that nothing
//! small comes out when one number is taken from another.

/// From this number on a count gives nobody away.
pub const FEW: usize = 5;

/// A count as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// The viewer may open every case behind it.
    Exact(usize),
    /// Nought to four: which of them, nobody can tell.
    Few,
    /// Rounded to the nearest five.
    About(usize),
}

impl Figure {
    /// How a count is shown to somebody who may open so many of its cases.
    pub fn of(count: usize, may_open: usize) -> Self {
        if may_open >= count && count > 0 {
            Self::Exact(count)
        } else if count < FEW {
            Self::Few
        } else {
            Self::About((count + FEW / 2) / FEW * FEW)
        }
    }

    /// The same where the viewer may open all cases there are, so that nought is nought.
    pub fn open(count: usize) -> Self {
        Self::Exact(count)
    }

    pub fn words(self) -> String {
        match self {
            Self::Exact(count) => count.to_string(),
            Self::Few => format!("fewer than {FEW}"),
            Self::About(count) => format!("about {count}"),
        }
    }

    /// How warm a cell is drawn beside the warmest: none to three.
    pub fn heat(self, warmest: Self) -> u8 {
        let size = |figure| match figure {
            Self::Exact(count) | Self::About(count) => count,
            Self::Few => 0,
        };
        match (size(self), size(warmest)) {
            (0, _) | (_, 0) => 0,
            (count, most) if count * 3 > most * 2 => 3,
            (count, most) if count * 3 > most => 2,
            _ => 1,
        }
    }
}

/// The middle of several numbers; none where there are none.
pub fn median(mut numbers: Vec<i64>) -> Option<i64> {
    numbers.sort_unstable();
    numbers.get(numbers.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_counts_are_said_as_few_and_larger_ones_are_rounded() {
        let check = |count, may_open, expected| {
            assert_eq!(Figure::of(count, may_open), expected, "{count} {may_open}");
        };
        check(0, 0, Figure::Few);
        check(1, 0, Figure::Few);
        check(4, 3, Figure::Few);
        check(4, 4, Figure::Exact(4));
        check(5, 0, Figure::About(5));
        check(7, 6, Figure::About(5));
        check(8, 0, Figure::About(10));
        check(12, 12, Figure::Exact(12));
        assert_eq!(Figure::Few.words(), "fewer than 5");
        assert_eq!(Figure::About(10).words(), "about 10");
    }

    #[test]
    fn the_middle_is_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![9]), Some(9));
        assert_eq!(median(vec![9, 1, 5]), Some(5));
        assert_eq!(median(vec![4, 1, 9, 5]), Some(4));
    }

    proptest! {
        /// Whoever takes one cell from a total learns a multiple of five and never the cell
        /// that was held back.
        #[test]
        fn subtraction_tells_no_small_count(cells in prop::collection::vec(0_usize..40, 1..12)) {
            let total: usize = cells.iter().sum();
            for held in &cells {
                let rest = total - held;
                if let (Figure::About(all), Figure::About(others)) = (Figure::of(total, 0), Figure::of(rest, 0)) {
                    prop_assert_eq!((all - others.min(all)) % FEW, 0);
                }
                // Any other small count would have been shown in the same way.
                if *held < FEW {
                    for other in 0..FEW {
                        prop_assert_eq!(Figure::of(other, 0), Figure::of(*held, 0));
                    }
                }
            }
        }
    }
}
