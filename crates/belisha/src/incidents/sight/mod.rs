//! Emergency sight: a case opens for an hour to somebody who may not read it, after others
//! were alerted; another person judges it. The terms are in `rules::emergency_sight`.

mod asking;
mod judging;
mod list;
mod queries;

pub(super) use asking::{get, may_ask, post};
pub(crate) use judging::url as judge_url;
pub(super) use judging::{get as judge_get, post as judge_post};
pub(super) use list::{get as list_get, url as list_url};
pub(super) use queries::overdue;

/// The page on which sight is asked for.
pub(super) fn url() -> String {
    "/incidents/emergency-sight".to_owned()
}
