//! What a school needs to trust of its cases.

mod journey;
