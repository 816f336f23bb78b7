//! Limits how long an account for a guest lasts. Enforced by `accounts`.

use crate::control::{Assurance, Control};
use crate::count::Days;
use crate::param::Param;
use crate::words::Post;

/// The longest that a guest's account lasts.
pub static LONGEST: Param<Days> = Param::new(
    &CONTROL,
    "longest",
    "The longest that a guest's account lasts before somebody must open it anew.",
    Days(30),
)
.between(1, 90);

pub static CONTROL: Control = Control {
    key: "guest-account",
    title: "Guest accounts",
    about: "A shared guest account tells nobody who did what. Each guest account names one \
            person, and it ends on a day that is set when it is opened.",
    params: &[&LONGEST],
    repeats_by: None,
    sentence: |set| {
        format!(
            "A guest account names one person and ends after {} at most.",
            set.get(&LONGEST)
        )
    },
    objections: None,
    needs: None,
    owner: Post::NetworkManager,
    feature: "accounts",
    assurance: Assurance::Enforced,
    source: None,
};
