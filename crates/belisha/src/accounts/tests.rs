//! Coming in and going out, as people do it.

mod coming_in;
