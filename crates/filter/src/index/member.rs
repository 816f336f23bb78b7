//! What an index holds of a name: which lists mean it, and how far from the name they reach.

use crate::lists::Reach;

/// At most so many lists stand in one index.
pub const MOST_LISTS: usize = 1 << 13;

/// One list's word on one name, in two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Member(pub(crate) u16);

const ITSELF: u16 = 1;
const BELOW: u16 = 2;
const EXCEPTION: u16 = 4;

impl Member {
    pub fn new(list: usize, reach: Reach, exception: bool) -> Self {
        let reach = match reach {
            Reach::Both => ITSELF | BELOW,
            Reach::Itself => ITSELF,
            Reach::Below => BELOW,
        };
        let exception = if exception { EXCEPTION } else { 0 };
        Self((list as u16) << 3 | reach | exception)
    }

    /// Which list of the index speaks.
    pub fn list(self) -> usize {
        usize::from(self.0 >> 3)
    }

    /// Whether the list means the name that was asked for, which is the entry's own or one below it.
    pub fn reaches(self, itself: bool) -> bool {
        self.0 & if itself { ITSELF } else { BELOW } != 0
    }

    pub fn is_exception(self) -> bool {
        self.0 & EXCEPTION != 0
    }
}
