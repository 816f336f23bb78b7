//! Lengths of time that a setting counts in one unit only, because a machine
//! obeys them: minutes of idleness, hours of a session, days of a guest account.

use std::fmt;

use crate::measure::{Measure, Unit};

/// A number of one unit of time, above zero.
pub trait Count: Copy + PartialEq + fmt::Debug + fmt::Display + Send + Sync + 'static {
    /// The one unit that fits.
    const UNIT: Unit;

    /// The count that this measure states, if it is counted in [`Self::UNIT`].
    fn of(measure: Measure) -> Option<Self>;

    /// The same length as a measure.
    fn measure(self) -> Measure;
}

/// Whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minutes(pub u32);

/// Whole hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hours(pub u32);

/// Days of the calendar, whether school is open or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(pub u32);

impl Minutes {
    pub fn seconds(self) -> u64 {
        u64::from(self.0) * 60
    }
}

impl Hours {
    pub fn seconds(self) -> u64 {
        u64::from(self.0) * 60 * 60
    }
}

impl Count for Minutes {
    const UNIT: Unit = Unit::Minutes;

    fn of(measure: Measure) -> Option<Self> {
        if let Measure::Minutes(number) = measure {
            Some(Self(number))
        } else {
            None
        }
    }

    fn measure(self) -> Measure {
        Measure::Minutes(self.0)
    }
}

impl Count for Hours {
    const UNIT: Unit = Unit::Hours;

    fn of(measure: Measure) -> Option<Self> {
        if let Measure::Hours(number) = measure {
            Some(Self(number))
        } else {
            None
        }
    }

    fn measure(self) -> Measure {
        Measure::Hours(self.0)
    }
}

impl Count for Days {
    const UNIT: Unit = Unit::Days;

    fn of(measure: Measure) -> Option<Self> {
        if let Measure::Days(number) = measure {
            Some(Self(number))
        } else {
            None
        }
    }

    fn measure(self) -> Measure {
        Measure::Days(self.0)
    }
}

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.measure().fmt(f)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.measure().fmt(f)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.measure().fmt(f)
    }
}
