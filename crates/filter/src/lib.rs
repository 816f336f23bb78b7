//! What devices may reach: lists of names in one index, a policy, and a verdict with its reasons.
//!
//! The crate stands alone and knows nobody else of the house. Lists are read (`lists`) and compiled
//! into an index (`compile`, `index`); a policy over it gives verdicts (`verdict`), and a resolver
//! answers by them (`resolver`). `update` brings lists from their publishers.

pub mod categories;
#[cfg(test)]
mod chaos;
pub mod compile;
pub mod decided;
pub mod index;
pub mod line;
pub mod lists;
pub mod name;
pub mod node;
pub mod preview;
pub mod resolver;
mod trust;
pub mod update;
pub mod verdict;
