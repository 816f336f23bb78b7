//! What a group may reach at a moment, and why. Pure: lists, policy and moment go in, a verdict with
//! its whole chain of reasons comes out.
//!
//! In this order, and the first that speaks decides:
//!
//! 1. illegal content, whatever anybody allows;
//! 2. what the school itself decided, the most precise name first: an approval in force, a name it
//!    denies, a name it allows;
//! 3. the hours in which a group has no internet;
//! 4. the lists, the most precise name first: a protected name or an allow list, then a category that
//!    is stopped for this group at this hour;
//! 5. for a group that reaches nothing but what is allowed: no;
//! 6. otherwise: yes.

mod calendar;
mod decide;
mod live;
mod policy;
mod protected;

pub use calendar::{Calendar, Hours, Moment, PartOfDay};
pub use decide::{Outcome, Reason, Step, Verdict, decide, decide_page};
pub(crate) use live::AsItIs;
pub use live::{Answer, GroupId, Live};
pub use policy::{Change, Decision, Group, MOST_GROUPS, Own, Policy, PolicyRefused, Restriction};
pub use protected::{is_protected, protected_names};

#[cfg(test)]
mod tests;
