//! Lists as the world publishes them, read line by line.

mod entry;
mod folder;
mod format;
mod hashed;
mod intake;
mod keep;
mod lines;
mod page;
mod rpz;

pub use entry::{Entry, Reach, What};
pub use folder::{FolderRefused, ListFile, ListFiles, scan};
pub use format::{Format, Held, Memory, Wrong, guess, line};
pub use hashed::{Hashed, HashedRefused, digest};
pub use intake::{Intake, Limits, read};
pub use keep::{Hold, Keep, Kept, version_of};
pub use lines::{Fault, Lines, open};
pub(crate) use page::without_port;
pub use page::{beginnings, path_of, split as split_page};

/// What a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Its names belong to a category that a group may not reach.
    Block,
    /// Its names outweigh block lists that mean no more precise a name.
    Allow,
    /// Nobody may reach it, nothing switches it off, and it is never shown.
    Illegal,
}

/// What an index knows of one of its lists.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ListInfo {
    /// Its place in the folder of lists: `ut1/games`.
    pub name: String,
    /// The key of its category: `games`.
    pub category: String,
    pub kind: Kind,
    pub entries: u64,
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
