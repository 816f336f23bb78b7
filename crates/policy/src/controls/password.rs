//! Sets the shortest password. Enforced by `accounts`, which also checks each
//! new password against a list of those that are easily guessed.

use crate::control::{Assurance, Control};
use crate::kind::Number;
use crate::param::Param;
use crate::words::Post;

/// The shortest password, in characters.
pub static LENGTH: Param<Number> = Param::new(
    &CONTROL,
    "length",
    "The fewest characters a password may have.",
    12,
)
.between(12, 64);

pub static CONTROL: Control = Control {
    key: "password",
    title: "Passwords",
    about: "Length keeps a password safe; forced changes do not, because people then choose \
            weaker ones. A password never expires, and one that stands on the list of easily \
            guessed passwords is refused.",
    params: &[&LENGTH],
    repeats_by: None,
    sentence: |set| {
        format!(
            "A password has at least {} characters, is not one that is easily guessed, and \
             does not expire.",
            set.get(&LENGTH)
        )
    },
    objections: None,
    needs: None,
    owner: Post::NetworkManager,
    feature: "accounts",
    assurance: Assurance::Enforced,
    source: None,
};
