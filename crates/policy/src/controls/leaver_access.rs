//! Ends the access of people who leave. Enforced by `accounts`.

use crate::control::{Assurance, Control};
use crate::words::Post;

pub static CONTROL: Control = Control {
    key: "leaver-access",
    title: "Leavers",
    about: "Somebody who has left has no business in the school's records. At the end of the \
            last day that the staff list gives, every sign-in ends and none can begin.",
    params: &[],
    repeats_by: None,
    sentence: |_| "A person's access ends everywhere at the end of their last day.".to_owned(),
    objections: None,
    needs: None,
    owner: Post::NetworkManager,
    feature: "accounts",
    assurance: Assurance::Enforced,
    source: None,
};
