//! Says whether every breach of the rules is investigated. Enforced by `incidents`.

use crate::control::{Assurance, Control};
use crate::kind::YesNo;
use crate::param::Param;
use crate::words::Post;

pub static EVERY_BREACH: Param<YesNo> = Param::new(
    &CONTROL,
    "every_breach",
    "Whether a case about broken rules closes only after what was found, and the decision about the police, are written down.",
    false,
);

pub static CONTROL: Control = Control {
    key: "breach-investigation",
    title: "Investigating breaches",
    about: "Whoever triages a case can ask for an investigation. This control asks for one whenever \
            the rules for devices, networks or the work of others were broken: the case then stays \
            open until somebody has written down what was found, which clause was broken, and \
            whether the police are told.",
    params: &[&EVERY_BREACH],
    repeats_by: None,
    sentence: |set| {
        if set.get(&EVERY_BREACH) {
            "Every breach of our rules is investigated, and each time it is decided and written down whether the police are told.".to_owned()
        } else {
            "Whoever triages a case decides whether it is investigated.".to_owned()
        }
    },
    objections: None,
    needs: None,
    owner: Post::Headteacher,
    feature: "incidents",
    assurance: Assurance::Enforced,
    source: None,
};
