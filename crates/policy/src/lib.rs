//! What the school decided: a policy in Markdown is read into clauses and the
//! controls they set. Pure: no files, no network, no clock.

mod block;
pub mod control;
pub mod controls;
pub mod count;
pub mod difference;
mod fault;
mod fingerprint;
pub mod form;
mod handbook;
mod html;
pub mod kind;
pub mod measure;
mod near;
mod outline;
mod param;
mod parse;
pub mod period;
mod policy;
mod prose;
mod reading;
mod report;
mod settings;
mod slug;
pub mod value;
pub mod words;

pub use control::{Argument, Assurance, Bind, Control, Past, Query, Wording};
pub use controls::catalogue;
pub use count::{Count, Days, Hours, Minutes};
pub use difference::difference;
pub use fault::Fault;
pub use fingerprint::fingerprint;
pub use form::Form;
pub use handbook::handbook;
pub use html::as_html;
pub use measure::{Measure, Unit};
pub use param::{Handle, Param, Parameter, Required};
pub use parse::{LONGEST_POLICY, parse};
pub use period::Period;
pub use policy::{Clause, Depth, Policy};
pub use prose::{and, or};
pub use report::check_report;
pub use settings::{Bound, Settings};
pub use value::Value;
pub use words::{About, Post, Standing, Term, Word};
