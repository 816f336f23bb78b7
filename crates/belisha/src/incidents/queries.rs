//! Cases as they are read: one case with the facts that decide who may reach it, and
//! the lists that only ever hold what the viewer may read.

mod case;
mod imagery;
mod lists;
mod standing;

pub(crate) use case::{
    Case, Involved, Reading, facts_at, find, load, object, report_object, settle,
};
pub(crate) use lists::{Row, Show, lines, list, readable, waiting_for};
