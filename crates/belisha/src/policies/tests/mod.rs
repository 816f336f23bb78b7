//! The policy as people meet it: adopted, read, changed, approved, in force, kept.

mod adoption;
mod rows;
