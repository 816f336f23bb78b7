//! What the school decided.

pub mod measure;
pub mod words;

pub use measure::Measure;
pub use words::{About, Post, Standing, Word};
