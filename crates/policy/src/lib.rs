//! What the school decided: a policy in Markdown is read into clauses and the
//! controls they set. Pure: no files, no network, no clock.

mod block;
pub mod control;
pub mod controls;
pub mod count;
mod fault;
pub mod form;
pub mod kind;
pub mod measure;
mod near;
mod outline;
mod param;
mod parse;
pub mod period;
mod policy;
mod prose;
mod settings;
pub mod value;
pub mod words;

pub use control::{Argument, Assurance, Bind, Control, Query};
pub use controls::catalogue;
pub use count::{Count, Days, Hours, Minutes};
pub use fault::Fault;
pub use form::Form;
pub use measure::{Measure, Unit};
pub use param::{Handle, Param, Parameter, Required};
pub use parse::{LONGEST_POLICY, parse};
pub use period::Period;
pub use policy::{Clause, Depth, Policy};
pub use prose::{and, or};
pub use settings::{Bound, Settings};
pub use value::Value;
pub use words::{About, Post, Standing, Term, Word};
