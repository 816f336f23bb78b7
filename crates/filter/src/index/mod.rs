//! All lists in one file: each name to the set of the lists that mean it.
//!
//! A name costs about nine bytes. The file holds 44 bits of a keyed hash for each name and not the
//! name itself, so a name that is on no list is taken for a listed one in one of 2^44 tries; the file
//! of names beside it tells such a chance apart when somebody asks why.

mod build;
mod file;
mod hash;
mod member;
mod names;
mod perfect;
mod read;

pub use build::{BuildRefused, Builder, Counts, Mark};
pub use file::{IndexRefused, WriteRefused, write_whole};
pub use hash::{Key, NameHash};
pub use member::{MOST_LISTS, Member};
pub use names::{Names, names_beside};
pub use read::{Hit, Index, SetId};

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
