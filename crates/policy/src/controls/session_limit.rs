//! Ends sign-ins that have lasted long enough, and limits how many a person has
//! at once. Enforced by `accounts`.

use crate::control::{Assurance, Control};
use crate::count::Hours;
use crate::kind::Number;
use crate::param::Param;
use crate::words::Post;

/// How long a sign-in lasts, busy or not.
pub static HOURS: Param<Hours> = Param::new(
    &CONTROL,
    "hours",
    "How long a sign-in lasts, however busy the person is.",
    Hours(12),
)
.between(1, 12);

/// How many sign-ins one person may have at once.
pub static DEVICES: Param<Number> = Param::new(
    &CONTROL,
    "devices",
    "On how many devices one person may be signed in at once; one more ends the oldest.",
    3,
)
.between(1, 3);

pub static CONTROL: Control = Control {
    key: "session-limit",
    title: "Session limit",
    about: "A sign-in that never ends is an open door on every device that was ever used. \
            Each sign-in ends after so many hours, and a person has only so many at once.",
    params: &[&HOURS, &DEVICES],
    repeats_by: None,
    sentence: |set| {
        let devices = match set.get(&DEVICES) {
            1 => "one device".to_owned(),
            devices => format!("{devices} devices"),
        };
        format!(
            "A sign-in ends after {}, and a person can be signed in on {devices} at a time.",
            set.get(&HOURS)
        )
    },
    objections: None,
    needs: None,
    owner: Post::NetworkManager,
    feature: "accounts",
    assurance: Assurance::Enforced,
    source: None,
};
