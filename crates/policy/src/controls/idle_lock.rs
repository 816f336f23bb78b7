//! Locks a session that nobody is using. Enforced by `accounts`.

use crate::control::{Assurance, Control};
use crate::count::Minutes;
use crate::param::Param;
use crate::words::Post;

/// How long a session may lie idle.
pub static AFTER: Param<Minutes> = Param::new(
    &CONTROL,
    "after",
    "How long without a key, a click or a touch.",
    Minutes(10),
)
.between(1, 30);

pub static CONTROL: Control = Control {
    key: "idle-lock",
    title: "Idle lock",
    about: "Somebody who walks away from a computer leaves everything open to the next person \
            who sits down. After this long without an action the screen locks, and the password \
            opens it again; what was half written is kept.",
    params: &[&AFTER],
    repeats_by: None,
    sentence: |set| {
        format!(
            "The screen locks after {} without a key, a click or a touch.",
            set.get(&AFTER)
        )
    },
    objections: None,
    needs: None,
    owner: Post::NetworkManager,
    feature: "accounts",
    assurance: Assurance::Enforced,
    source: None,
};
